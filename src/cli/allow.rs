//! What `--allow` takes.

use crate::manifest::similar;
use crate::rules::cross;

/// Reads `rule:CODE`; the answer is the code.
pub(super) fn rule(text: &str) -> Result<String, String> {
    let Some(code) = text.strip_prefix("rule:") else {
        return Err("write `rule:` and the code that a conflict names".to_owned());
    };
    if cross::all().any(|rule| rule.code == code) {
        return Ok(code.to_owned());
    }
    let near = similar(code, cross::all().map(|rule| rule.code));
    let near = near.map_or_else(String::new, |near| format!("; did you mean `rule:{near}`?"));
    Err(format!("there is no rule `{code}`{near}"))
}

#[cfg(test)]
mod tests {
    use super::rule;

    #[test]
    fn a_rule_is_allowed_by_its_code_and_a_wrong_one_is_answered_by_the_nearest() {
        assert_eq!(rule("rule:mfa-with-otp-sign-in"), Ok("mfa-with-otp-sign-in".to_owned()));
        let near = "there is no rule `mfa-with-otp-signin`; did you mean `rule:mfa-with-otp-sign-in`?";
        assert_eq!(rule("rule:mfa-with-otp-signin"), Err(near.to_owned()));
        assert!(rule("trigger-removal").is_err_and(|text| text.contains("`rule:`")));
    }
}
