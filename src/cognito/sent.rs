//! What a request says, for the words about its answer.

use crate::document::{Json, Object, Path};

use super::error::one_line;

/// The member of `SetUserPoolMfaConfig` that repeats a setting of the pool, and so is not part of its path.
const REPEATS: &str = "SmsMfaConfiguration";
/// The length from which a text is looked for in an answer; the letters of a shorter one are in every word.
const LONG: usize = 4;

/// The texts of a request, each with the path at which a manifest has it.
pub(super) struct SentTexts(Vec<(Path, String)>);

impl SentTexts {
    /// The texts of this body; empty if it is not an object.
    pub(super) fn of(body: &[u8]) -> Self {
        let mut texts = Vec::new();
        for (name, value) in serde_json::from_slice::<Object>(body).unwrap_or_default() {
            let at = if name == REPEATS { Path::root() } else { Path::root().member(&name) };
            collect(at, value, &mut texts);
        }
        Self(texts)
    }

    /// The settings with an ARN that a refusal is about: the sent ones of `about`, else the settings whose ARN the
    /// message names.
    pub(super) fn blamed(&self, about: &[&str], message: &str) -> Vec<(&Path, &str)> {
        let arns = || self.0.iter().filter(|(_, text)| text.starts_with("arn:"));
        let is_named = |text: &str| has(message, text);
        let mut blamed: Vec<&(Path, String)> =
            arns().filter(|(path, _)| about.iter().any(|about| path.to_string() == *about)).collect();
        if blamed.is_empty() {
            blamed = arns().filter(|(_, text)| is_named(text)).collect();
        } else if blamed.iter().any(|(_, text)| is_named(text)) {
            blamed.retain(|(_, text)| is_named(text));
        }
        blamed.into_iter().map(|(path, text)| (path, text.as_str())).collect()
    }

    /// Where to cut `text`, at `end` or before it: no value of the request is cut in two, since a part of a secret is
    /// not recognised as one.
    pub(super) fn cut(&self, text: &str, mut end: usize) -> usize {
        let quoted = |value: &str| Json::from(value).to_string().trim_matches('"').to_owned();
        let forms = self.0.iter().flat_map(|(_, value)| [one_line(value), one_line(&quoted(value))]);
        let forms: Vec<String> = forms.filter(|form| form.len() >= LONG).collect();
        let halved = |end: usize| {
            let found = forms.iter().flat_map(|form| text.match_indices(form.as_str()));
            found.filter(|(at, form)| *at < end && end < at + form.len()).map(|(at, _)| at).min()
        };
        while let Some(start) = halved(end) {
            end = start;
        }
        end
    }
}

fn collect(at: Path, value: Json, texts: &mut Vec<(Path, String)>) {
    match value {
        Json::String(text) => texts.push((at, text)),
        Json::Object(members) => {
            members.into_iter().for_each(|(name, value)| collect(at.member(&name), value, texts));
        }
        Json::Array(elements) => elements.into_iter().for_each(|value| collect(at.clone(), value, texts)),
        _ => {}
    }
}

/// Whether a message names this ARN, and not a longer one that begins with it.
fn has(message: &str, arn: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || "-_/+=@:".contains(c);
    message.match_indices(arn).any(|(at, _)| !message[at + arn.len()..].starts_with(goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"UserPoolId":"eu-west-1_a","SmsConfiguration":{"SnsCallerArn":"arn:aws:iam::1:role/sms"},
        "EmailConfiguration":{"SourceArn":"arn:aws:ses:x:1:identity/a"},
        "LambdaConfig":{"PreSignUp":"arn:aws:lambda:x:1:function:f"},"Secret":"geh\"eim-12"}"#;

    #[test]
    fn the_setting_that_a_refusal_is_about_is_found_by_its_name_or_by_its_arn() {
        let blamed = |body: &str, about: &[&str], message: &str| {
            let sent = SentTexts::of(body.as_bytes());
            sent.blamed(about, message).iter().map(|(path, arn)| format!("{path} {arn}")).collect::<Vec<_>>()
        };
        let role = "SmsConfiguration.SnsCallerArn arn:aws:iam::1:role/sms";
        assert_eq!(blamed(BODY, &["SmsConfiguration.SnsCallerArn"], "no"), [role]);
        assert_eq!(blamed(BODY, &[], "on resource: arn:aws:iam::1:role/sms because"), [role]);
        assert_eq!(blamed(BODY, &[], "on arn:aws:iam::1:role/sms-2"), [""; 0]);
        assert_eq!(
            blamed(BODY, &[], "arn:aws:lambda:x:1:function:f."),
            ["LambdaConfig.PreSignUp arn:aws:lambda:x:1:function:f"]
        );
        let mfa =
            r#"{"SmsMfaConfiguration":{"SmsConfiguration":{"SnsCallerArn":"arn:aws:iam::1:role/sms"}}}"#;
        assert_eq!(blamed(mfa, &["SmsConfiguration.SnsCallerArn"], "no"), [role]);
        assert_eq!(blamed("no JSON", &["SmsConfiguration.SnsCallerArn"], "no"), [""; 0]);
    }

    #[test]
    fn no_value_of_a_request_is_cut_in_two() {
        let sent = SentTexts::of(BODY.as_bytes());
        for (text, end, cut) in [
            ("it says geh\"eim-12 and more", 12, 8),
            ("it says geh\\\"eim-12 and more", 12, 8),
            ("it says geh\"eim-12 and more", 20, 20),
            ("geh\"eim-12geh\"eim-12", 12, 10),
            ("nothing of the kind", 12, 12),
        ] {
            assert_eq!(sent.cut(text, end), cut, "{text} at {end}");
        }
    }
}
