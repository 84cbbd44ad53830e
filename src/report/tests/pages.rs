use unicode_width::UnicodeWidthStr;

use super::see;
use super::world::catalogue;
use crate::explain::{self, Page, PagePart};
use crate::report::{Style, text};

const PLAIN: Style = Style { color: false, unicode: true, width: 80 };

fn pages(topic: &str) -> Vec<Page> {
    explain::explain(catalogue(), topic).unwrap()
}

fn page(topic: &str) -> String {
    text::pages(&pages(topic), &PLAIN)
}

#[test]
fn a_setting_has_a_page() {
    see!("page_scalar", page("Policies.PasswordPolicy.MinimumLength"));
    see!("page_structure", page("SmsConfiguration"));
    see!("page_set", page("Policies.SignInPolicy.AllowedFirstAuthFactors"));
    see!("page_immutable", page("UsernameConfiguration.CaseSensitive"));
    see!("page_map", page(r#"UserPoolTags["a.b"]"#));
    see!("page_element", page("Schema[].Name"));
    see!("page_legacy", page("EmailVerificationMessage"));
}

#[test]
fn a_code_has_a_page() {
    see!("page_risk_blocks", page("trigger-removal"));
    see!("page_risk_speaks", page("tier-upgrade-cost"));
    see!("page_rule_conflict", page("rule:mfa-with-otp-sign-in"));
    see!("page_rule_warning", page("message-placeholder"));
    see!("page_finding", page("immutable-field"));
    see!("page_diagnostic", page("quote"));
    see!("page_two_meanings", page("required-member"));
}

#[test]
fn the_index_names_what_has_a_page() {
    see!("page_index", text::pages(&[explain::index(catalogue())], &PLAIN));
}

#[test]
fn pages_are_read_in_colour_without_unicode_and_in_narrow_and_wide_windows() {
    let with = |style: Style| text::pages(&pages("password-policy-weaker"), &style);
    see!("page_colour", with(Style { color: true, ..PLAIN }));
    see!("page_40", with(Style { width: 40, ..PLAIN }));
    see!("page_200", with(Style { width: 200, ..PLAIN }));
    let ascii = text::pages(&pages("threat-protection-tier"), &Style { unicode: false, ..PLAIN });
    assert!(ascii.is_ascii(), "{ascii}");
}

#[test]
fn no_line_of_any_page_is_longer_than_the_window_unless_a_word_is() {
    let topics = explain::topics(catalogue());
    let all = topics.iter().flat_map(|topic| pages(topic)).chain([explain::index(catalogue())]);
    let all: Vec<Page> = all.collect();
    assert!(all.len() > 200);
    for width in [40, 80, 200] {
        for page in &all {
            let example = |line: &str| {
                let is_it = |part: &PagePart| matches!(part, PagePart::Example(_, text) if text.contains(line.trim()));
                page.parts.iter().any(is_it)
            };
            let out = text::pages(std::slice::from_ref(page), &Style { width, ..PLAIN });
            for line in out.lines() {
                let last = line.trim_start().rsplit("  ").next().unwrap();
                let fits = line.width() <= width.min(100) || !last.contains(' ') || example(line);
                assert!(fits, "{} at {width}: {line}", page.title);
                assert_eq!(line, line.trim_end(), "{} at {width}", page.title);
            }
        }
    }
}
