//! The published schema in an editor: the language server that editors use for YAML, over its protocol.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::peers;
use crate::harness::{Workspace, scrub_environment};

/// How long the server may take to answer before its test fails.
const LIMIT: Duration = Duration::from_secs(60);

const PLACE: &str = "▲";

/// A language server with a folder of files; it ends with the test, also when that fails.
struct Editor {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    folder: String,
    sent: u64,
}

/// Where the next character would be typed, in a file that is open.
struct Cursor {
    uri: String,
    line: usize,
    character: usize,
}

impl Editor {
    fn new(workspace: &Workspace) -> Self {
        let mut command = Command::new("node");
        command.arg(peers::yaml_language_server()).arg("--stdio").current_dir(workspace.path());
        scrub_environment(&mut command, workspace.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut stdout = stdout;
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take().unwrap();
        let folder = format!("file://{}", std::fs::canonicalize(workspace.path()).unwrap().display());
        let mut editor = Self { child, stdin, messages, folder, sent: 0 };
        let capabilities = json!({ "workspace": { "configuration": true } });
        let hello = json!({ "processId": std::process::id(), "rootUri": editor.folder, "capabilities": capabilities });
        editor.ask("initialize", hello);
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: Value) {
        let mut message = message;
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.stdin.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({ "method": method, "params": params }));
    }

    /// Asks for something and waits for the answer.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let id = self.sent;
        self.send(json!({ "id": id, "method": method, "params": params }));
        let mut answer = self.wait(method, |message| message.get("method").is_none() && message["id"] == id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// Waits for a message, and answers what the server asks meanwhile.
    fn wait(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + LIMIT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self
                .messages
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("the server never came to {what}"));
            if is_it(&message) {
                return message;
            }
            if let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) {
                let result =
                    if method == "workspace/configuration" { settings(&message) } else { Value::Null };
                self.send(json!({ "id": id, "result": result }));
            }
        }
    }

    /// Opens a manifest with these settings; the mark in them is where the cursor stands.
    fn open(&mut self, name: &str, settings: &str) -> Cursor {
        let text = format!(
            "# yaml-language-server: $schema=../schemas/pool.schema.json\nversion: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n{settings}\n"
        );
        let before = text.split(PLACE).next().unwrap();
        let (line, character) =
            (before.matches('\n').count(), before.rsplit('\n').next().unwrap().chars().count());
        let uri = format!("{}/pools/{name}", self.folder);
        let document =
            json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text.replace(PLACE, "") });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        Cursor { uri, line, character }
    }

    /// What can be typed at the cursor.
    fn completions(&mut self, at: &Cursor) -> Vec<Value> {
        let mut answer = self.ask("textDocument/completion", at.params());
        answer["items"].as_array_mut().map(std::mem::take).unwrap_or_default()
    }

    /// What is shown of the word at the cursor.
    fn hover(&mut self, at: &Cursor) -> String {
        self.ask("textDocument/hover", at.params())["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The mistakes that are marked in a file that has some: the line of each, from 1, and what is said.
    fn mistakes(&mut self, of: &Cursor) -> Vec<String> {
        let marked = self.wait("the mistakes", |message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == of.uri
                && message["params"]["diagnostics"].as_array().is_some_and(|marked| !marked.is_empty())
        });
        let mut mistakes = marked["params"]["diagnostics"].as_array().unwrap().clone();
        let line = |mistake: &Value| mistake["range"]["start"]["line"].as_u64().unwrap() + 1;
        mistakes.sort_by_key(line);
        let told = |mistake| format!("{}: {}", line(mistake), mistake["message"].as_str().unwrap());
        mistakes.iter().map(told).collect()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Cursor {
    fn params(&self) -> Value {
        let position = json!({ "line": self.line, "character": self.character });
        json!({ "textDocument": { "uri": self.uri }, "position": position })
    }
}

/// The editor's settings, as far as the server asks for them. It looks nothing up in the network.
fn settings(message: &Value) -> Value {
    let own =
        json!({ "validate": true, "hover": true, "completion": true, "schemaStore": { "enable": false } });
    let items = message["params"]["items"].as_array().unwrap();
    items.iter().map(|item| if item["section"] == "yaml" { own.clone() } else { Value::Null }).collect()
}

/// The next message; nothing where the server has ended.
fn read(stdout: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = None;
    loop {
        let mut header = String::new();
        if stdout.read_line(&mut header).ok()? == 0 {
            return None;
        }
        match header.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse::<usize>().ok(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length?];
    stdout.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A folder as people have it: the published schema, and manifests beside it.
fn folder() -> Workspace {
    let workspace = Workspace::new();
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/pool.schema.json");
    workspace.write("schemas/pool.schema.json", std::fs::read(published).unwrap());
    workspace
}

/// The patterns of a schema.
fn patterns(schema: &Value, out: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(pattern)) = members.get("pattern") {
                out.push(pattern.clone());
            }
            members.values().for_each(|inner| patterns(inner, out));
        }
        Value::Array(elements) => elements.iter().for_each(|inner| patterns(inner, out)),
        _ => {}
    }
}

/// Texts that dialects of regular expressions see differently.
const TEXTS: &[&str] = &[
    "",
    "a",
    "ab c",
    "a\n",
    "a\r",
    "\u{b}\u{c}",
    "a\u{a0}b",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "e\u{301}",
    "ß_-",
    "²",
    "٣",
    "🎉",
    "{####}",
    "a{####}\n",
    "{####}\u{2028}",
    "{##x##}",
    "{##\u{a0}##}",
    "a@b",
    "a\u{300}@🎉",
    "custom:a",
    "dev:custom:",
    "$${var:a}",
    "${var:a}",
    "${secret:a:-b}",
    "arn:aws:lambda:eu-west-1:111122223333:function:a",
    "Level1",
    "Level1\n",
    "2027-02-28",
    ">=1.0, <2",
];

/// Editors match in JavaScript, the validator of the other tests in Rust.
#[test]
fn the_patterns_mean_the_same_in_the_language_that_they_are_written_for() {
    let folder = folder();
    let schema = folder.path().join("schemas/pool.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    let mut found = Vec::new();
    patterns(&schema, &mut found);
    found.sort();
    found.dedup();
    assert!(found.len() > 20, "{found:?}");
    let script = "const [patterns, texts] = JSON.parse(require('fs').readFileSync(0));
        console.log(JSON.stringify(patterns.map((one) => texts.map((text) => new RegExp(one, 'u').test(text)))));";
    let workspace = Workspace::new();
    let run = workspace.program("node").args(["-e", script]).stdin(json!([found, TEXTS]).to_string());
    let in_javascript = run.output().expect(0).json();
    for (pattern, in_javascript) in found.iter().zip(in_javascript.as_array().unwrap()) {
        let validator = jsonschema::validator_for(&json!({ "pattern": pattern })).unwrap();
        let in_rust: Vec<bool> = TEXTS.iter().map(|text| validator.is_valid(&json!(text))).collect();
        assert_eq!(json!(in_rust), *in_javascript, "{pattern}\n{TEXTS:?}");
    }
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["label"].as_str().unwrap()).collect()
}

#[test]
fn an_editor_offers_the_settings_with_what_they_do_and_the_values_that_they_take() {
    let workspace = folder();
    let mut editor = Editor::new(&workspace);

    let at = editor.open("top.yaml", "  ▲");
    let offered = editor.completions(&at);
    let names = labels(&offered);
    for name in ["Policies", "LambdaConfig", "DeletionProtection", "WebAuthnConfiguration", "Schema"] {
        assert!(names.contains(&name), "{name} is not offered: {names:?}");
    }
    // Older names can be written, and are not what one is led to.
    assert!(!names.contains(&"EmailVerificationMessage"), "{names:?}");
    let protection = offered.iter().find(|item| item["label"] == "DeletionProtection").unwrap();
    assert!(
        protection.to_string().contains("Whether the pool is protected against deletion."),
        "{protection}"
    );

    let at = editor.open("deep.yaml", "  Policies:\n    PasswordPolicy:\n      ▲");
    let offered = editor.completions(&at);
    assert!(labels(&offered).contains(&"TemporaryPasswordValidityDays"), "{offered:?}");

    let at = editor.open("values.yaml", "  MfaConfiguration: ▲");
    let offered = editor.completions(&at);
    let typed: Vec<&str> = offered.iter().map(|item| item["insertText"].as_str().unwrap()).collect();
    assert_eq!(typed, ["OFF", "ON", "OPTIONAL", "null"]);

    let at = editor.open("element.yaml", "  AutoVerifiedAttributes:\n    - ▲");
    let offered = editor.completions(&at);
    assert_eq!(labels(&offered), ["phone_number", "email"]);
}

#[test]
fn an_editor_marks_what_is_wrong_at_its_line_and_lets_references_be() {
    let workspace = folder();
    let mut editor = Editor::new(&workspace);
    let settings = "  DeletionProtection: ${var:protection:-ACTIVE}
  MfaConfiguration: optional
  Policies:
    PasswordPolicy:
      MinimumLength: ${var:length}
      RequireSymbols: yes
      RequireNumbers: ~
  LambdaConfig:
    PreSignup: ${var:function}
  UserPoolTags: { stage: \"${var:stage}\", live: ON, port: 8080 }
  EmailVerificationSubject: Your code";
    let opened = editor.open("wrong.yaml", settings);
    assert_eq!(
        editor.mistakes(&opened),
        [
            r#"6: Value is not accepted. Valid values: "OFF", "ON", "OPTIONAL"."#,
            r#"10: Incorrect type. Expected "boolean | null"."#,
            "13: Property PreSignup is not allowed.",
            r#"14: Incorrect type. Expected "string | null"."#,
            "15: Set VerificationMessageTemplate.EmailSubject instead.",
        ]
    );
}

#[test]
fn an_editor_shows_what_a_setting_does() {
    let workspace = folder();
    let mut editor = Editor::new(&workspace);
    for (name, settings, title, sentence) in [
        (
            "a.yaml",
            "  Mfa▲Configuration: OPTIONAL",
            "MfaConfiguration",
            "Whether sign-in requires a second factor: never (OFF), if the user has one (OPTIONAL), or always (ON).",
        ),
        (
            "b.yaml",
            "  MfaConfiguration: ${var:▲mfa}",
            "MfaConfiguration",
            "Whether sign-in requires a second factor: never (OFF), if the user has one (OPTIONAL), or always (ON).",
        ),
        (
            "c.yaml",
            "  Policies:\n    PasswordPolicy:\n      Minimum▲Length: 12",
            "Policies.PasswordPolicy.MinimumLength",
            "The minimum length of a password. A change may carry the risk password-policy-weaker.",
        ),
        (
            "d.yaml",
            "  AcrConfiguration:\n    Lev▲el1:\n      AcrValue: x",
            "AcrConfiguration.Level1",
            "The value of the acr claim for one authentication level.",
        ),
        ("e.yaml", "  Schema:\n    - Na▲me: tenant", "Schema[].Name", "The attribute's name. "),
    ] {
        let at = editor.open(name, settings);
        let shown = editor.hover(&at);
        let plain = shown.replace('\\', "");
        assert!(plain.starts_with(&format!("#### {title}\n\n{sentence}")), "{name}: {shown}");
    }
}
