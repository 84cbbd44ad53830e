//! Whatever a service, a manifest or the name of a file has in it: no output of any command is obeyed by a terminal or
//! by a runner of CI, and none hides anything from a reader.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::LazyLock;
use std::thread;

use poolctl::document::hidden::is_hidden;
use regex::Regex;
use serde_json::{Value, json};

use crate::harness::world::POOL;
use crate::harness::{Output, Workspace, at_once, scrub_environment};

const FORMS: [&str; 9] =
    ["text", "json", "markdown", "html", "github", "sarif", "junit", "codequality", "openmetrics"];
const LEVELS: [&[&str]; 3] = [&["-vv", "--color", "always"], &["-vv", "--log-format", "json"], &["-q"]];
/// What runners of CI obey, anywhere in a line or where one begins, and a colour that no report uses.
const COMMANDS: &str =
    "n##[group]x ##vso[task.debug]y ##teamcity[message 'z'] \u{1b}[8m\u{9b}31m\u{1b}]0;t\u{7}";
const LINES: &str = "::notice::x\n  ::notice file=a::y\n\u{a0}::notice::z\n--- group\n+++ group\nsection_start:1:x\r\u{1b}[0Kz";

/// What a template may have in it.
const MAIL: &str = "::notice::x\n  ::notice file=a::y\n\t::notice::z\u{fe0f}\n--- group\n ##vso[task.debug]y";

/// Every hidden character, and commands; `what` tells two of them apart.
fn hostile(what: &str) -> String {
    let hidden: String = ('\0'..='\u{1ffff}')
        .chain(['\u{e0001}', '\u{e0041}', '\u{e0100}'])
        .filter(|c| is_hidden(*c))
        .collect();
    format!("{COMMANDS}{what}{hidden}\n{LINES}")
}

/// Fails the test where an output has something in it that is no plain text. `is_yaml` lets the blanks pass that texts
/// are set with, since data stays as it is.
#[track_caller]
fn assert_harmless(what: &str, form: &str, is_yaml: bool, output: &Output) {
    static COLORS: LazyLock<Regex> = LazyLock::new(|| Regex::new("\u{1b}\\[[0-79;]+m").unwrap());
    static BLANKS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Zs}").unwrap());
    // Beside the table: what it is about, by the categories of another library and the words of Unicode.
    static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
        let ink = r"\u{600}-\u{605}\u{6DD}\u{70F}\u{890}\u{891}\u{8E2}\u{110BD}\u{110CD}";
        let others = r"\u{34F}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{180B}-\u{180F}\u{3164}\u{FE00}-\u{FE0F}\u{FFA0}\u{2800}\u{16FE4}\u{1D159}\u{E0100}-\u{E01EF}";
        Regex::new(&format!(r"[[\p{{Cc}}\p{{Cf}}\p{{Zs}}\p{{Zl}}\p{{Zp}}{others}]--[{ink} \n]]")).unwrap()
    });
    static ANYWHERE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"##[A-Za-z]*\[").unwrap());
    static AT_START: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^\s*::.*::|^(---|\+\+\+) ").unwrap());
    for (stream, text) in [("standard output", &output.raw), ("standard error", &output.stderr)] {
        let is_data = is_yaml && stream == "standard output";
        let plain = COLORS.replace_all(text, "");
        let plain = if is_data { BLANKS.replace_all(&plain, " ") } else { plain };
        for (number, line) in plain.split('\n').enumerate() {
            let found = HIDDEN.find(line).or_else(|| ANYWHERE.find(line)).or_else(|| {
                let is_ours = form == "github" && stream == "standard output" && line.starts_with("::");
                AT_START.find(line).filter(|_| !is_ours)
            });
            assert!(
                found.is_none(),
                "{:?} in line {number} of {stream} of {what}\n{line:?}",
                found.unwrap().as_str()
            );
        }
    }
}

/// The pool of the quickstart with hostile texts wherever somebody may put them.
fn live(what: &str) -> Value {
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let mut document: Value = serde_json::from_str(seed).unwrap();
    let pool = &mut document["UserPool"];
    let text = hostile(what);
    pool["Name"] = json!(text);
    pool["UserPoolTags"] = json!({ "stage": text, text.clone(): "x" });
    pool["LambdaConfig"]["PreSignUp"] = json!(text);
    pool["VerificationMessageTemplate"]["EmailMessage"] =
        json!(format!("{MAIL}\nold {{####}} ##[group]\u{a0}\u{2028}{text}\n{MAIL}"));
    pool["SmsAuthenticationMessage"] = json!(text);
    pool["FromOtherTimes"] = json!({ text.clone(): text });
    document
}

/// A manifest that changes each of these; YAML reads JSON.
fn manifest(settings: Value, more: Value) -> String {
    let mut manifest = json!({ "version": 1, "pool": POOL, "settings": settings });
    manifest.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    manifest.to_string().replace('\u{7f}', "\\u007f").chars().fold(String::new(), |text, c| match c {
        // YAML takes no control as it is.
        c if is_hidden(c) && c != ' ' => {
            c.encode_utf16(&mut [0; 2]).iter().fold(text, |text, unit| text + &format!("\\u{unit:04x}"))
        }
        c => text + &c.to_string(),
    })
}

/// What a manifest may ask for: a message takes few hidden characters, and a tag takes all, some at a time.
fn wanted() -> Value {
    let mail = |line: &str| format!("{MAIL}\n{line} {{####}} ##[group]x\n{MAIL}");
    let text: Vec<char> = hostile("wanted").chars().collect();
    let tags =
        text.chunks(200).enumerate().map(|(number, part)| (format!("t{number}"), part.iter().collect()));
    json!({
        "DeletionProtection": "ACTIVE",
        "UserPoolTags": tags.collect::<BTreeMap<String, String>>(),
        "SmsAuthenticationMessage": format!("{{####}} ##[group]x \u{3000}::notice::y ##vso[task.debug]\u{fe0f}"),
        "VerificationMessageTemplate": { "EmailMessage": mail("new") },
    })
}

/// The file of the manifest: a name that a pull request may give.
const FILE: &str = "p/a##[group]x\u{202e}\u{200b}\u{9b}::notice::x.yaml";
const BROKEN: &str = "q/b\n::notice::x\u{1b}[8m.yaml";

fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(&format!("live/{POOL}.json"), live("live").to_string());
    let allow = json!({ "allow": [{ "risk": "trigger-removal", "reason": hostile("reason") }] });
    workspace.write(FILE, manifest(wanted(), allow));
    let text = hostile("broken");
    let broken = json!({ text.clone(): text, "MfaConfiguration": text, "DeletionProtection": text, "UserPoolTags": { text.clone(): 1 } });
    workspace.write(BROKEN, manifest(broken, json!({ text.clone(): text })));
    workspace.write(
        "raw.yaml",
        "version: 1\n# ##[group]x ::notice::x\n::notice::x\u{202e}\u{3000}: ##vso[task.debug]y\n",
    );
    workspace
}

#[test]
fn no_form_of_any_command_lets_a_hostile_text_through() {
    let workspace = workspace();
    let commands: &[&[&str]] = &[
        &["plan", "--live", "live", "p"],
        &["plan", "--live", "live", "--suggest-ignores", "p"],
        &["plan", "--live", "live", "q"],
        &["plan", "--live", "live", "p", "--baseline", "./live"],
        &["drift", "--live", "live", "p"],
        &["validate", "p", "q", "raw.yaml"],
    ];
    for form in FORMS {
        for level in LEVELS {
            for command in commands {
                let has_form = command[0] != "validate" || !["markdown", "openmetrics"].contains(&form);
                let file = format!("--out={form}=out");
                let out: &[&str] = if has_form { &[&file] } else { &[] };
                let arguments = [&command[..1], level, &["--format", form], out, &command[1..]].concat();
                drop(std::fs::remove_file(workspace.path().join("out")));
                let output = workspace.poolctl(arguments.iter().copied()).output();
                let code = if has_form { &[0, 1, 2, 3][..] } else { &[64] };
                assert!(code.contains(&output.code.unwrap()), "{arguments:?}\n{output}");
                assert_harmless(&format!("{arguments:?}"), form, false, &output);
                if has_form {
                    let raw = std::fs::read_to_string(workspace.path().join("out")).unwrap();
                    let output = Output { raw, stderr: String::new(), stdout: String::new(), code: None };
                    assert_harmless(&format!("the file of {arguments:?}"), form, false, &output);
                }
            }
        }
    }
}

#[test]
fn nor_does_any_command_without_forms_and_no_error_of_the_command_line() {
    let workspace = workspace();
    let text = "##[group]x\u{202e}\u{1b}[8m\n::notice::x";
    let draft = format!("live/{POOL}.json");
    for (is_yaml, arguments) in [
        (false, &["plan", "--live", "live", "--show-request", "p"] as &[&str]),
        (true, &["render", "p"]),
        (true, &["render", "--sources", "p"]),
        (false, &["render", "q"]),
        (true, &["import", "--from", &draft]),
        (true, &["import", "--from", &draft, "--full"]),
        (false, &["import", "--from", &draft, "-o", "##[group]x\u{202e}"]),
        (false, &["adopt", "--live", "live", "--dry-run", "p"]),
        (false, &["iam-policy", "--live", "live", "p"]),
        (false, &["explain", text]),
        (false, &["explain", "--format", "json", text]),
        (false, &["ignore", "add", text, FILE, "--reason", text]),
        (false, &["plan", "--live", text, "p"]),
        (false, &["plan", "--live", "live", "--allow", text, "p"]),
        (false, &["plan", "--live", "live", "--target", text, "p"]),
        (false, &["plan", "--region", text, "p"]),
        (false, &["plan", "--api-model", text, "p"]),
        (false, &["plan", "--baseline", text, "p"]),
        (false, &["plan", "--out", "json=##[x]\u{202e}/y", "p"]),
        (false, &["show", text]),
        (false, &["restore", text]),
        (false, &["apply", text]),
        (false, &[text]),
        (false, &["plan", "--format", text]),
        (false, &["plan", "--rate", text]),
    ] {
        for level in LEVELS {
            let arguments = [arguments, level].concat();
            let output = workspace.poolctl(arguments.iter().copied()).output();
            assert_harmless(&format!("{arguments:?}"), "text", is_yaml, &output);
        }
    }
}

/// A service that has hostile texts in everything that it says.
fn service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // It ends with the process of the test.
    thread::spawn(move || {
        listener.incoming().map_while(Result::ok).for_each(|stream| drop(thread::spawn(|| answer(stream))))
    });
    url
}

fn answer(stream: TcpStream) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut operation, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                if line.trim_end().is_empty() {
                    break;
                }
                continue;
            };
            match name.to_ascii_lowercase().as_str() {
                "x-amz-target" => operation = value.rsplit('.').next()?.to_owned(),
                "content-length" => length = value.parse().ok()?,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        let (status, body) = match operation.as_str() {
            "DescribeUserPool" => (200, live("live").to_string()),
            "GetUserPoolMfaConfig" => (200, json!({ "MfaConfiguration": "OFF" }).to_string()),
            "UpdateUserPool" => {
                let text = hostile("refused");
                (400, json!({ "__type": format!("x#{text}Exception"), "message": text }).to_string())
            }
            _ => (500, hostile("page")),
        };
        let id = "r\u{9b}31m\u{202e}\u{3000} ##[group]x ::notice::x";
        let head = format!(
            "HTTP/1.1 {status} x\r\nx-amzn-requestid: {id}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat()).ok()?;
    }
}

#[test]
fn nor_what_a_service_says_at_any_level() {
    let url = service();
    let run = |workspace: &Workspace, arguments: &[&str]| {
        let run = workspace.program(env!("CARGO_BIN_EXE_poolctl")).args(arguments);
        run.signed().env("AWS_ENDPOINT_URL", &url).env("POOLCTL_SETTLE", "0").output()
    };
    // Most of what such a service says is worth another try, after a while.
    at_once(FORMS.iter().flat_map(|form| LEVELS.map(|level| (form, level))), |(form, level)| {
        let workspace = workspace();
        for command in [
            &["plan", "--save", "plan.json", "p"] as &[&str],
            &["show", "plan.json"],
            &["apply", "--yes", "p"],
            &["apply", "--yes", "plan.json"],
            &["drift", "--discover", "p"],
        ] {
            let arguments = [command, level, &["--format", form]].concat();
            let output = run(&workspace, &arguments);
            assert_harmless(&format!("{arguments:?}"), form, false, &output);
        }
    });
    let commands = [
        &["import", POOL] as &[&str],
        &["import", "--all", "--account", "111122223333"],
        &["adopt", "p", "--dry-run"],
        &["iam-policy", "p"],
    ];
    at_once(commands.iter().flat_map(|command| LEVELS.map(|level| (*command, level))), |(command, level)| {
        let arguments = [command, level].concat();
        let is_yaml = command == ["import", POOL];
        assert_harmless(&format!("{arguments:?}"), "text", is_yaml, &run(&workspace(), &arguments));
    });
    let workspace = workspace();
    run(&workspace, &["plan", "--save", "plan.json", "p"]);
    let saved = std::fs::read_to_string(workspace.path().join("plan.json")).unwrap();
    let output = Output { raw: saved, stderr: String::new(), stdout: String::new(), code: None };
    assert_harmless("the saved plan", "json", false, &output);
    let asked =
        workspace.terminal(80, &["apply", "--color", "never", "p"]).signed().env("AWS_ENDPOINT_URL", &url);
    assert_harmless("the question", "text", false, &asked.output());
}

#[test]
fn what_is_data_is_the_same_data() {
    let workspace = workspace();
    let run = |arguments: &[&str]| workspace.poolctl(arguments.iter().copied()).output();
    let plan = run(&["plan", "--live", "live", "--format", "json", "p"]).expect(0).json();
    let changes = plan["pools"][0]["changes"].as_array().unwrap();
    let of = |path: &str| changes.iter().find(|change| change["path_text"] == path).ok_or(changes).unwrap();
    let (before, after) = (live("live"), wanted());
    for path in ["SmsAuthenticationMessage", "UserPoolTags.t0", "UserPoolTags.t1"] {
        let at = format!("/{}", path.replace('.', "/"));
        assert_eq!(
            of(path)["before"],
            before["UserPool"].pointer(&at).cloned().unwrap_or_default(),
            "{path}"
        );
        assert_eq!(Some(&of(path)["after"]), after.pointer(&at), "{path}");
    }
    let request = run(&["plan", "--live", "live", "--show-request", "p"]).expect(0).json();
    assert_eq!(request["UserPoolTags"]["t1"], after["UserPoolTags"]["t1"]);
    assert_eq!(
        request["VerificationMessageTemplate"]["EmailMessage"],
        after["VerificationMessageTemplate"]["EmailMessage"]
    );
    assert_eq!(request["LambdaConfig"]["PreSignUp"], before["UserPool"]["LambdaConfig"]["PreSignUp"]);
    workspace.write("rendered.yaml", run(&["render", "p"]).expect(0).raw);
    let again = run(&["plan", "--live", "live", "--format", "json", "rendered.yaml"]).expect(0).json();
    for change in changes {
        let twin = again["pools"][0]["changes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|twin| twin["path_text"] == change["path_text"]);
        assert_eq!(twin.map(|twin| &twin["after"]), Some(&change["after"]));
    }
}

/// Node.js knows two properties that decide it. A newer Unicode may hide more: then the table is behind.
#[test]
fn the_table_of_hidden_characters_is_unicodes() {
    const SCRIPT: &str = r"
        const hidden = /^[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$/u;
        for (let c = 0; c <= 0x10ffff; c++) if (hidden.test(String.fromCodePoint(c))) console.log(c);
    ";
    let home = Workspace::new();
    let mut node = Command::new("node");
    node.args(["-e", SCRIPT]);
    scrub_environment(&mut node, home.path());
    let output = String::from_utf8(node.output().unwrap().stdout).unwrap();
    let ink = |c: u32| {
        matches!(c, 0x20 | 0x600..=0x605 | 0x6dd | 0x70f | 0x890 | 0x891 | 0x8e2 | 0x110bd | 0x110cd)
    };
    let expected: Vec<u32> = output.lines().map(|line| line.parse().unwrap()).filter(|c| !ink(*c)).collect();
    let blank = |c: u32| matches!(c, 0x2800 | 0x13441 | 0x13442 | 0x16fe4 | 0x1d159);
    let table: Vec<u32> =
        ('\0'..=char::MAX).filter(|c| is_hidden(*c)).map(u32::from).filter(|c| !blank(*c)).collect();
    assert!(expected.len() > 4000, "{} characters", expected.len());
    assert_eq!(table, expected);
}
