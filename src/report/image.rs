//! Images in values: shown by kind, size and digest.

use sha2::{Digest as _, Sha256};

use crate::document::{Json, bytes, image_kind, json};

/// So many bytes of the digest are shown: enough to see whether two images are the same.
const DIGEST: usize = 4;
const KILOBYTE: usize = 1024;

/// What is shown in the place of an image in base64: its kind, its size and the beginning of its digest, as `sha256sum`
/// prints it. `None` if the text is none.
pub(super) fn described(text: &str) -> Option<String> {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let bytes = text.bytes().take(KILOBYTE).all(is_digit).then(|| bytes::decode(text))??;
    let kind = image_kind(&bytes)?;
    let size = match bytes.len() {
        small if small < KILOBYTE => format!("{small} bytes"),
        large => format!("{} KB", large.div_ceil(KILOBYTE)),
    };
    let digest = Sha256::digest(&bytes);
    let digest: String = digest.iter().take(DIGEST).map(|byte| format!("{byte:02x}")).collect();
    Some(format!("({kind} image, {size}, SHA-256 {digest})"))
}

/// A value with what is shown in the place of its images.
pub(super) fn without_bytes(value: &Json) -> Json {
    json::with_texts(value, &described)
}
