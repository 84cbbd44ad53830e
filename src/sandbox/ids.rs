//! Identifiers, dates and the parts of an ARN.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use super::case::Named;
use crate::document::Json;

/// The account of callers whose access key id names no other.
pub(super) const DEFAULT_ACCOUNT: &str = "111122223333";
/// The Region of callers who signed for none.
pub(super) const DEFAULT_REGION: &str = "us-east-1";

/// The most letters that a pool's id may have. **\[M\]**
pub(super) const LONGEST: usize = 55;

/// 64 bits that differ from call to call. Not for secrets: the sandbox has none.
fn noise() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// The id of an answer, as a version 4 UUID.
pub(super) fn request_id() -> String {
    let (high, low) = (noise(), noise());
    let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff);
    let (d, e) = ((low >> 48) & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
}

/// An id for a new pool of `region`: nine letters and digits after the Region, as Amazon's have.
pub(super) fn pool_id(region: &str) -> String {
    let rest = word(9, b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    format!("{region}_{rest}")
}

/// The lower-case letters and the digits.
const SMALL: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// An id for a new app client: as long as Amazon's.
pub(super) fn client_id() -> String {
    word(26, SMALL)
}

/// A secret for an app client: as long as Amazon's, and no secret at all.
pub(super) fn client_secret() -> String {
    word(51, SMALL)
}

/// A word of so many of these letters.
fn word(length: usize, letters: &[u8]) -> String {
    let letter = |_| {
        let index = noise() % u64::try_from(letters.len()).unwrap_or(1);
        char::from(letters[usize::try_from(index).unwrap_or(0)])
    };
    (0..length).map(letter).collect()
}

/// The Region that a pool's id begins with.
pub(super) fn region_of(pool_id: &str) -> Option<&str> {
    Some(pool_id.rsplit_once('_')?.0)
}

/// The ARN of a pool.
pub(super) fn pool_arn(region: &str, account: &str, id: &str) -> String {
    arn("cognito-idp", region, account, &format!("userpool/{id}"))
}

/// The ARN of a service's resource; the Region may be empty.
pub(super) fn arn(service: &str, region: &str, account: &str, resource: &str) -> String {
    format!("arn:{}:{service}:{region}:{account}:{resource}", partition(region))
}

fn partition(region: &str) -> &'static str {
    match region.split('-').collect::<Vec<_>>().as_slice() {
        ["cn", ..] => "aws-cn",
        ["us", "gov", ..] => "aws-us-gov",
        _ => "aws",
    }
}

/// The account that an ARN names, when it names one.
pub(super) fn account_of(arn: &str) -> Option<&str> {
    let account = arn.split(':').nth(4)?;
    (!account.is_empty()).then_some(account)
}

/// Now, as the service writes dates: seconds since 1970 with three decimals.
pub(super) fn now() -> Json {
    date(clock())
}

/// The milliseconds since 1970.
fn clock() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis())
}

/// Moves `LastModifiedDate` on, also when the clock has not moved or runs behind.
pub(super) fn touch(document: &mut impl Named) {
    let before = document.named("LastModifiedDate").and_then(millis).unwrap_or(0);
    document.put("LastModifiedDate", date(clock().max(before.saturating_add(1))));
}

fn date(millis: u128) -> Json {
    let text = format!("{}.{:03}", millis / 1000, millis % 1000);
    text.parse().map_or(Json::Null, Json::Number)
}

fn millis(date: &Json) -> Option<u128> {
    let text = date.as_number()?.as_str();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u128>().ok()?.checked_mul(1000)?.checked_add(fraction.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pool_keeps_its_region_in_its_id() {
        let id = pool_id("eu-west-1");
        assert_eq!(id.len(), "eu-west-1_a1B2c3D4E".len());
        assert_eq!(region_of(&id), Some("eu-west-1"));
        assert_ne!(id, pool_id("eu-west-1"));
    }

    #[test]
    fn an_app_client_has_an_id_of_small_letters_and_another_every_time() {
        let id = client_id();
        let is_small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        assert!(id.len() == 26 && id.chars().all(is_small), "{id}");
        assert_ne!(id, client_id());
        assert!((24..=64).contains(&client_secret().len()));
    }

    #[test]
    fn an_arn_names_partition_region_and_account() {
        let arn = pool_arn("us-gov-west-1", "111122223333", "us-gov-west-1_a");
        assert_eq!(arn, "arn:aws-us-gov:cognito-idp:us-gov-west-1:111122223333:userpool/us-gov-west-1_a");
        assert_eq!(account_of(&arn), Some("111122223333"));
    }

    #[test]
    fn a_request_id_is_a_version_4_uuid() {
        let id = request_id();
        let lengths: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(id.as_bytes()[14], b'4', "{id}");
    }

    #[test]
    fn the_date_moves_even_from_a_date_to_come() {
        for before in ["4102444800", "4102444800.5", "1e3", "-1"] {
            let before: Json = serde_json::from_str(before).unwrap();
            let mut pool = json!({"LastModifiedDate": before}).as_object().cloned().unwrap();
            touch(&mut pool);
            assert_ne!(pool["LastModifiedDate"], before);
        }
        let mut pool = json!({"LastModifiedDate": 4_102_444_800_u64}).as_object().cloned().unwrap();
        touch(&mut pool);
        assert_eq!(pool["LastModifiedDate"].to_string(), "4102444800.001");
    }
}
