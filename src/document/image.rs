//! The kind of an image, from its bytes.

/// The kinds of image by the first bytes of their files, under the service's names where it has one.
const KINDS: [(&str, &[u8]); 5] = [
    ("PNG", b"\x89PNG\r\n\x1a\n"),
    ("JPEG", b"\xff\xd8\xff"),
    ("GIF", b"GIF8"),
    ("WEBP", b"RIFF"),
    ("ICO", b"\0\0\x01\0"),
];

/// The kind of an image, such as `PNG`; `None` if these bytes are of no known kind.
pub fn image_kind(bytes: &[u8]) -> Option<&'static str> {
    let known = KINDS.iter().find(|(_, start)| bytes.starts_with(start)).map(|(kind, _)| *kind);
    known.or_else(|| {
        let text = str::from_utf8(bytes).ok()?.trim_start();
        let has_head = ["<?xml", "<!--", "<!DOCTYPE svg"].iter().any(|head| text.starts_with(head));
        (text.starts_with("<svg") || has_head && text.contains("<svg")).then_some("SVG")
    })
}

#[cfg(test)]
mod tests {
    use super::image_kind;

    #[test]
    fn a_kind_is_told_by_the_first_bytes() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("PNG")),
            (b"\xff\xd8\xff\xe0", Some("JPEG")),
            (b"<?xml version='1.0'?><svg/>", Some("SVG")),
            (b"<!-- drawn by hand -->\n<svg/>", Some("SVG")),
            (b"<!DOCTYPE svg PUBLIC 'x' 'y'>\n<svg/>", Some("SVG")),
            (b" <svg xmlns='http://www.w3.org/2000/svg'/>", Some("SVG")),
            (b"<?xml version='1.0'?><EntityDescriptor/>", None),
            (b"text", None),
            (b"", None),
        ] {
            assert_eq!(image_kind(bytes), kind, "{bytes:?}");
        }
    }
}
