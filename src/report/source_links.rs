//! Links from places in files to the page where a platform shows them.

use super::place::FilePlace;

/// Where the files of a repository can be read, at the commit of this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLinks {
    /// The URL of a file, up to its path.
    base: String,
    /// What leads from the file to a line, in front of its number: `#L`.
    line: String,
}

impl SourceLinks {
    /// Links of a form such as `https://git.example.com/acme/identity/blob/0123abc/{path}#L{line}`.
    ///
    /// `None` if that is not a plain URL of the scheme `https` with both names: the page links to nothing else.
    pub fn of_form(form: &str) -> Option<Self> {
        let (base, line) = form.split_once("{path}")?;
        let line = line.strip_suffix("{line}")?;
        let is_plain = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:%?&=".contains(&byte))
        };
        let (host, _) = base.strip_prefix("https://")?.split_once('/')?;
        let is_sound = !host.is_empty() && is_plain(base) && is_plain(&line.replacen('#', "", 1));
        is_sound.then(|| Self { base: base.to_owned(), line: line.to_owned() })
    }

    /// What leads from a file to one of its lines, in front of the number.
    pub(super) fn to_line(&self) -> &str {
        &self.line
    }

    /// The URL of a place; `None` if its file is not in the repository. `folder` is where in the repository the names
    /// of files begin.
    pub(super) fn url(&self, place: &FilePlace<'_>, folder: &str) -> Option<String> {
        let path = place.path(folder);
        if path.starts_with(['/', '<']) || path.starts_with("..") || path.is_empty() {
            return None;
        }
        let line = place.region.map_or_else(String::new, |region| format!("{}{}", self.line, region.line));
        Some(format!("{}{}{line}", self.base, encoded(&path)))
    }
}

/// A path as part of a URL.
pub(super) fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encoded = path.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    encoded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::place::Region;

    #[test]
    fn only_a_plain_https_url_with_both_names_is_a_form() {
        for form in [
            "http://git.example.com/a/blob/1/{path}#L{line}",
            "https://{path}#L{line}",
            "https:///a/{path}#L{line}",
            "https://host{path}#L{line}",
            "javascript:alert(1)//{path}#L{line}",
            "https://user@host/a/{path}#L{line}",
            "https://host/a#b/{path}#L{line}",
            "https://host/\"onclick/{path}#L{line}",
            "https://host/a b/{path}#L{line}",
            "https://host/{path}\"onclick={line}",
            "https://host/{path}#L{line}x",
            "https://host/{path}",
            "https://host/#L{line}",
            "",
        ] {
            assert_eq!(SourceLinks::of_form(form), None, "{form}");
        }
    }

    #[test]
    fn a_place_in_the_repository_has_a_url() {
        let links = SourceLinks::of_form("https://github.com/o/r/blob/abc/{path}#L{line}").unwrap();
        let region = Some(Region { line: 12, column: 1, end_line: 12, end_column: 2 });
        for (folder, file, region, expected) in [
            ("", "pools/p.yaml", region, Some("https://github.com/o/r/blob/abc/pools/p.yaml#L12")),
            ("id", "../p \"x\".yaml", None, Some("https://github.com/o/r/blob/abc/p%20%22x%22.yaml")),
            ("", "../p.yaml", region, None),
            ("", "/srv/p.yaml", region, None),
            ("", "<stdin>", region, None),
        ] {
            let url = links.url(&FilePlace { file, region }, folder);
            assert_eq!(url.as_deref(), expected);
        }
        let links =
            SourceLinks::of_form("https://dev.azure.com/o/p/_git/r?version=GCabc&path=/{path}&line={line}")
                .unwrap();
        let url = links.url(&FilePlace { file: "pools/p.yaml", region }, "").unwrap();
        assert_eq!(url, "https://dev.azure.com/o/p/_git/r?version=GCabc&path=/pools/p.yaml&line=12");
    }
}
