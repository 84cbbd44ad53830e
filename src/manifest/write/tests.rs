use serde_json::json;

use super::*;
use crate::manifest::yaml;

fn written(value: &Json) -> String {
    to_string(&Yaml::from(value))
}

fn read(text: &str) -> Json {
    let (node, findings) = yaml::parse("m.yaml", text.as_bytes()).unwrap_or_else(|error| {
        panic!("{}\n{text}", error.message);
    });
    assert!(findings.is_empty(), "{text}");
    node.to_json()
}

#[test]
fn a_key_that_is_too_long_to_be_found_has_a_sign_before_it() {
    let key = "\u{1}".repeat(600);
    let value = json!({"a": {&key: {"b": ["c"]}}, "list": [{&key: 1}]});
    let text = written(&value);
    assert!(text.contains("\n  ? \"\\x01"), "{text}");
    assert_eq!(read(&text), value);
    assert_eq!(read(&inline(&Yaml::from(&value))), value);
}

#[test]
fn a_person_reads_it_with_pleasure() {
    let value = json!({
        "version": 1,
        "account": "111122223333",
        "settings": {
            "Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireSymbols": true}},
            "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:111122223333:function:greet"},
            "AutoVerifiedAttributes": ["email", "phone_number"],
            "AliasAttributes": [],
            "MfaConfiguration": "ON",
            "VerificationMessageTemplate": {
                "SmsMessage": "Your code is {####}",
                "EmailSubject": "{####} is your code 🔑",
                "EmailMessage": "<p>Hello,</p>\n\n  <b>{####}</b>\n",
            },
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}, {"Priority": 2, "Name": "admin_only"}],
            },
            "UserPoolTags": {"aws/x:y": "yes", "team": "identity"},
            "Empty": {},
        },
    });
    insta::assert_snapshot!(written(&value), @r#"
    version: 1
    account: "111122223333"
    settings:
      Policies:
        PasswordPolicy:
          MinimumLength: 12
          RequireSymbols: true
      LambdaConfig:
        PreSignUp: arn:aws:lambda:eu-west-1:111122223333:function:greet
      AutoVerifiedAttributes: [email, phone_number]
      AliasAttributes: []
      MfaConfiguration: "ON"
      VerificationMessageTemplate:
        SmsMessage: Your code is {####}
        EmailSubject: "{####} is your code 🔑"
        EmailMessage: |
          <p>Hello,</p>

            <b>{####}</b>
      AccountRecoverySetting:
        RecoveryMechanisms:
          - Priority: 1
            Name: verified_email
          - Priority: 2
            Name: admin_only
      UserPoolTags:
        "aws/x:y": "yes"
        team: identity
      Empty: {}
    "#);
    assert_eq!(read(&written(&value)), value);
}

#[test]
fn comments_stand_above_and_behind_and_end_with_their_line() {
    let trigger = CommentedEntry::new("PreSignUp", "arn").behind("another stack's");
    let list = Yaml::Sequence(vec![Yaml::Mapping(vec![CommentedEntry::new("path", "A").above("first")])]);
    let yaml = Yaml::Mapping(vec![
        CommentedEntry::new("version", &json!(1)).above("who reads it\nnever: true").above(""),
        CommentedEntry::new("Text", "a\nb").behind("two lines"),
        CommentedEntry::new("LambdaConfig", Yaml::Mapping(vec![trigger])).behind("triggers"),
        CommentedEntry::new("ignore", list),
    ]);
    let text = to_string(&yaml);
    insta::assert_snapshot!(text, @r"
    # who reads it�never: true

    version: 1
    Text: |-  # two lines
      a
      b
    LambdaConfig:  # triggers
      PreSignUp: arn  # another stack's
    ignore:
      -
        # first
        path: A
    ");
    let expected = json!({"version": 1, "Text": "a\nb", "LambdaConfig": {"PreSignUp": "arn"}, "ignore": [{"path": "A"}]});
    assert_eq!(read(&text), expected);
}

#[test]
fn what_a_reader_would_take_for_something_else_is_quoted() {
    for text in [
        "ON",
        "yes",
        "No",
        "y",
        "~",
        "null",
        "NULL",
        "0123",
        "1_000",
        "12e3",
        "1:20",
        "2026-11-23",
        "0x1F",
        "0o17",
        "+1",
        "-1",
        ".5",
        ".inf",
        ".NaN",
        "=",
        "<<",
        "<<x",
        "",
        " a",
        "a ",
        "a: b",
        "a #b",
        "a:",
        "# a",
        "- a",
        "? a",
        "!a",
        "&a",
        "*a",
        "%a",
        "@a",
        "`a",
        "{a",
        "[a",
        "|",
        ">",
        "'a",
        "\"a",
        "---",
        "...",
        "2026-11-23 10:00:00Z",
        "1.5",
        "a\tb",
        "\u{a0}",
        "a\u{202e}b",
        "\u{feff}a",
        "${var:x}",
    ] {
        let line = written(&json!({ "k": text }));
        let value = line.strip_prefix("k: ").unwrap();
        assert!(value.starts_with(['"', '\'']), "{line}");
        assert_eq!(read(&line), json!({ "k": text }), "{line}");
    }
    for text in ["10 minutes", "v1.2", "e5", "Größe", "<p>{####}</p>", "a:b", "C# it's \"so\"", "🔑"] {
        assert_eq!(written(&json!({ "k": text })), format!("k: {text}\n"));
    }
}

#[test]
fn lines_become_a_block_where_a_block_carries_them() {
    for (text, head) in [
        ("a\nb", "|-"),
        ("a\nb\n", "|"),
        ("a\n\n\n", "|+"),
        (" a\nb", "|2-"),
        ("\na\n", "|2"),
        ("\ta\n b\n", "|2"),
        ("a\n\n  \n\tb  \n", "|"),
        ("a\u{a0}b\n", "|"),
        ("a\r\nb\r\n", "\"\\"),
        ("a\n\u{200d}b", "\"\\"),
        ("a\n  ##[group]b\n\n\tc \n", "\"\\"),
        ("a\n::notice::b\n ::notice::b\\\n\"", "\"\\"),
        ("\n", "\"\\n\""),
        ("a\n  ", "\"\\"),
        ("a\u{85}\n", "\"a\\x85\\n\""),
        ("a\u{2028}\n", "\"a\\u2028\\n\""),
        ("a\0\n", "\"a\\x00\\n\""),
    ] {
        let value = json!({"k": {"a": text, "b": [{"c": text}, text]}, "z": 1});
        let out = written(&value);
        assert!(out.contains(&format!("    c: {head}\n").replace("    ", "")), "{out}");
        assert_eq!(read(&out), value, "{out}");
    }
}

#[test]
fn lines_that_no_block_carries_are_quoted_each_on_one_of_its_own() {
    let text = "Dear \u{200d}\n\n  ##[group]you\n\u{1f600}\u{e0041}\n";
    let expected = "k: \"\\
  Dear \\u200D\\n\\
  \\n\\
  \\  ##\\x5Bgroup]you\\n\\
  \u{1f600}\\U000E0041\\n\"
";
    assert_eq!(written(&json!({ "k": text })), expected);
    assert_eq!(read(expected), json!({ "k": text }));
    let comment =
        to_string(&Yaml::Mapping(vec![CommentedEntry::new("k", "v").above("##[x]").behind("a ##vso[b]")]));
    assert_eq!(comment, "# ##\u{fffd}x]\nk: v  # a ##vso\u{fffd}b]\n");
}

#[test]
fn a_setting_never_reads_as_a_reference() {
    let value = json!({"${k}": ["${a}", "$${b}", "$c", {"d": "1 ${"}], "n": 1});
    let text = to_string(&Yaml::setting(&value));
    assert_eq!(read(&text), json!({"$${k}": ["$${a}", "$$${b}", "$c", {"d": "1 $${"}], "n": 1}));
}

#[test]
fn what_is_too_long_for_its_line_goes_on_below() {
    let value = json!({"settings": {
        "Sms": "Your verification code is {####}. It holds for 24 hours: never give it to anybody else.",
        "Arn": "arn:aws:ses:eu-west-1:111122223333:identity/notifications.customers.identity.example.org",
        "Windows": "Your verification code is {####}.\r\nIt holds for 24 hours: never give it to\r\n  anybody else.\r\n",
        "Blanks": "Your verification code is {####}.  It holds for 24 hours: never give it to anybody else.",
        "Word": format!(" {}", "word".repeat(40)),
        "List": ["a list of words none of which is as long as the line, which they are together", "b"],
    }});
    let text = written(&value);
    insta::assert_snapshot!(text, @r#"
    settings:
      Sms: >-
        Your verification code is {####}. It holds for 24 hours: never give it to
        anybody else.
      Arn:
        arn:aws:ses:eu-west-1:111122223333:identity/notifications.customers.identity.example.org
      Windows: "\
        Your verification code is {####}.\r\n\
        It holds for 24 hours: never give it to\r\n\
        \  anybody else.\r\n"
      Blanks: "Your verification code is {####}.  It holds for 24 hours: never \
        give it to anybody else."
      Word: " wordwordwordwordwordwordwordwordwordwordwordwordwordwordwordword\
        wordwordwordwordwordwordwordwordwordwordwordwordwordwordwordword\
        wordwordwordwordwordwordwordword"
      List:
        - >-
          a list of words none of which is as long as the line, which they are
          together
        - b
    "#);
    assert_eq!(read(&text), value);
    assert!(
        text.lines().all(|line| line.chars().count() <= WIDTH || !line.trim_start().contains(' ')),
        "{text}"
    );
}

#[test]
fn however_wide_a_text_is_it_comes_back() {
    for length in 60..140 {
        for end in ["", "\n", "\r\n", "  ", " x", "\u{1}"] {
            for word in [" {####}", "\u{2028}", "  a", "\r\n b", "\t", "🔑", "\"", " \\ #", ": "] {
                let text = format!("{}{word}{word} end{end}", "x".repeat(length));
                let value = json!({"a": {"key": text, "list": [text, {"key": text}]}});
                let written = written(&value);
                assert_eq!(read(&written), value, "{written}");
                // A literal block has the lines of its text.
                let lines = if written.contains(": |") { "" } else { &written };
                for line in lines.lines().filter(|line| line.trim_start_matches([' ', '-']).contains(' ')) {
                    assert!(line.chars().count() <= WIDTH, "{line}");
                }
            }
        }
    }
}
