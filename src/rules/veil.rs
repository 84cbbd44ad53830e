//! Keeps out of excerpts what stands behind a name that people give to secrets, also where the file is too
//! broken to be read.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalogue::sounds_secret;
use crate::manifest::{Diagnostic, Origin, Source};

/// Hides the rest of every line behind such a name, in the files that findings are about.
pub fn veil(findings: &mut [Diagnostic]) {
    let mut known: HashMap<*const Source, Arc<[Origin]>> = HashMap::new();
    for finding in findings {
        let Some((origin, _)) = &finding.label else { continue };
        let source = Arc::clone(&origin.source);
        let found = known.entry(Arc::as_ptr(&source)).or_insert_with(|| named(&source));
        if !found.is_empty() {
            finding.hidden = finding.hidden.iter().chain(found.iter()).cloned().collect();
        }
    }
}

fn named(source: &Arc<Source>) -> Arc<[Origin]> {
    let mut hidden = Vec::new();
    let mut start = 0;
    // How far in the key stands whose value is on the lines below it.
    let mut above: Option<usize> = None;
    for line in source.text.split_inclusive('\n') {
        let content = line.trim_end();
        let value = content.trim_start();
        let indent = content.len() - value.len();
        if above.is_some_and(|above| indent > above || indent == above && value.starts_with('-')) {
            let span = start + indent..start + content.len();
            hidden.extend((!value.is_empty()).then(|| Origin { source: Arc::clone(source), span }));
            start += line.len();
            continue;
        }
        if !value.is_empty() {
            above = None;
        }
        let colon = content.match_indices(':').find(|(at, _)| sounds_secret(name_before(&content[..*at])));
        if let Some((colon, _)) = colon {
            let value = content[colon + 1..].trim_start();
            if value.is_empty() || value.starts_with(['|', '>']) {
                above = Some(indent);
            } else if !super::value::is_elsewhere(value) {
                let end = start + content.len();
                hidden.push(Origin { source: Arc::clone(source), span: end - value.len()..end });
            }
        }
        start += line.len();
    }
    hidden.into()
}

/// The word that ends here.
fn name_before(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(['"', '\'']);
    let start = text
        .rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_secrets_name_is_found_in_any_text() {
        let hidden = |text: &str| -> Vec<String> {
            let source = Arc::new(Source { name: String::new(), text: text.to_owned() });
            named(&source).iter().map(|origin| origin.text().to_owned()).collect()
        };
        assert_eq!(hidden("a: [1\n  ExternalId: 'x y\n  b: c\n"), ["'x y"]);
        assert_eq!(hidden("{ \"ExternalId\" : x, b: c }\r\nMySecret:z"), ["x, b: c }", "z"]);
        assert_eq!(hidden("a:\n  external-id:\n    x\n\n    y\n  b: c\n"), ["x", "y"]);
        assert_eq!(hidden("external-id: >-\n  x\nb: c\nMySecret:\n- z\nd: e"), ["x", "- z"]);
        assert_eq!(hidden("ExternalId: ${secret:A}\nExternalId:\nplain: x\né: y"), Vec::<String>::new());
    }
}
