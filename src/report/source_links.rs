//! Links from places in files to the page where a platform shows them.

use super::place::FilePlace;

/// Where the files of a repository can be read, at the commit of this run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLinks {
    /// The URL of a file, up to the slash in front of its path.
    base: String,
    /// What leads from the file to a line, in front of its number: `#L`.
    line: &'static str,
}

impl SourceLinks {
    /// Links to files below `base`, with `line` in front of the number of a line. `None` if `base` is not a plain URL
    /// of the scheme `https`: the page links to nothing else.
    pub fn new(base: &str, line: &'static str) -> Option<Self> {
        let rest = base.strip_prefix("https://")?;
        let is_plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:%".contains(&byte));
        let (host, _) = rest.split_once('/')?;
        (is_plain && !host.is_empty()).then(|| Self { base: base.trim_end_matches('/').to_owned(), line })
    }

    /// What leads from a file to one of its lines, in front of the number.
    pub(super) fn to_line(&self) -> &'static str {
        self.line
    }

    /// The URL of a place; `None` if its file is not in the repository. `folder` is where in the repository the names
    /// of files begin.
    pub(super) fn url(&self, place: &FilePlace<'_>, folder: &str) -> Option<String> {
        let path = place.path(folder);
        if path.starts_with(['/', '<']) || path.starts_with("..") || path.is_empty() {
            return None;
        }
        let line = place.region.map_or_else(String::new, |region| format!("{}{}", self.line, region.line));
        Some(format!("{}/{}{line}", self.base, encoded(&path)))
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
    fn only_a_plain_https_url_is_a_base() {
        for base in [
            "http://git.example.com/a/blob/1",
            "https://",
            "https:///a",
            "https://host",
            "javascript:alert(1)//",
            "https://user@host/a",
            "https://host/a?b",
            "https://host/a#b",
            "https://host/\"onclick",
            "https://host/a b",
        ] {
            assert_eq!(SourceLinks::new(base, "#L"), None, "{base}");
        }
    }

    #[test]
    fn a_place_in_the_repository_has_a_url() {
        let links = SourceLinks::new("https://github.com/o/r/blob/abc/", "#L").unwrap();
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
    }
}
