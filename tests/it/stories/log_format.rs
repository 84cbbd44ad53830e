//! `--log-format json`: what goes to standard error, one JSON object a line.

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};
use crate::harness::{Output, at_once};

/// Every line of standard error, which must be an object that says how much it matters, when, and what.
#[track_caller]
fn lines(output: &Output) -> Vec<Value> {
    let line = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}\n{output}"));
        let level = value["level"].as_str().unwrap();
        assert!(["error", "warning", "info", "debug"].contains(&level), "{line}");
        assert_eq!(value["time"], "[DATE]", "{line}");
        assert!(!value["message"].as_str().unwrap().is_empty(), "{line}");
        assert!(!line.contains(r"\u001b"), "colours in {line}");
        value
    };
    output.stderr.lines().map(line).collect()
}

fn told(world: &World, arguments: &[&str]) -> (Output, Vec<Value>) {
    let output = world.run(&[arguments, &["--log-format", "json", "--color", "always"]].concat()).output();
    let lines = lines(&output);
    (output, lines)
}

/// The lines of this level, as what they say and what to do.
fn of<'a>(lines: &'a [Value], level: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let of = lines.iter().filter(|line| line["level"] == level);
    of.map(|line| (line["message"].as_str().unwrap(), line["help"].as_str())).collect()
}

#[test]
fn an_error_is_one_object_with_its_remedy() {
    let world = World::new(&[]);
    let (output, lines) = told(&world, &["plan", "none.yaml"]);
    assert_eq!(output.code, Some(64));
    let help = Some("name a manifest or a folder of manifests");
    assert_eq!(of(&lines, "error"), [("`none.yaml` not found", help)]);
    assert_eq!(lines.len(), 1);
}

#[test]
fn each_mistake_of_a_manifest_is_one_object_with_its_place_and_its_remedy() {
    let world = World::new(&[]);
    let wrong = format!("version: 1\npool: {POOL}\nsettings:\n  DeletionProtection: MAYBE\n  Nonsense: 1\n");
    world.workspace.write("pool.yaml", wrong);
    let (output, lines) = told(&world, &["plan", "pool.yaml"]);
    assert_eq!((output.code, lines.len()), (Some(1), 2), "{output}");
    let first = &lines[0];
    assert_eq!((&first["level"], &first["code"]), (&json!("error"), &json!("enum")));
    assert_eq!(
        (&first["file"], &first["line"], &first["column"]),
        (&json!("pool.yaml"), &json!(4), &json!(23))
    );
    assert_eq!(first["message"], "`DeletionProtection` cannot be `MAYBE`");
    assert_eq!(first["help"], "write one of the allowed values: ACTIVE, INACTIVE");
    assert_eq!(lines[1]["code"], "unknown-setting");
}

#[test]
fn a_warning_is_one_and_quiet_means_the_same_as_in_text() {
    let world = World::new(&[]);
    let allow = ["plan", "--allow", "trigger-removal@LambdaConfig.PreSignU", "pool.yaml"];
    let (output, lines) = told(&world, &allow);
    assert_eq!((output.code, of(&lines, "warning").len()), (Some(0), 1), "{output}");
    assert!(!lines[0]["message"].as_str().unwrap().starts_with("warning"), "{output}");
    let (quiet, lines) = told(&world, &[&allow[..], &["--quiet"]].concat());
    assert_eq!((quiet.stdout, lines.len()), (output.stdout, 0));
}

#[test]
fn calls_carry_what_programs_ask_of_them() {
    let world = World::new(&["DescribeUserPool:throttle*1"]);
    let (output, lines) = told(&world, &["plan", "-vv", "pool.yaml"]);
    assert_eq!(output.code, Some(0), "{output}");
    let calls: Vec<Value> = lines
        .iter()
        .filter(|line| line["operation"] == "DescribeUserPool" && line["reason"] != "rate")
        .map(|line| {
            let is_number = |name: &str| line.get(name).map(|value| value.is_u64());
            let names = ["level", "pool", "attempt", "outcome", "status", "reason"].map(|name| &line[name]);
            json!([names, line["request_id"].is_string(), is_number("duration_ms"), is_number("wait_ms")])
        })
        .collect();
    assert_eq!(
        Value::from(calls),
        json!([
            [["warning", POOL, 1, "throttled", 400, null], true, true, null],
            [["warning", POOL, 1, null, null, null], false, null, null],
            [["warning", POOL, 1, null, null, "throttled"], false, null, true],
            [["debug", POOL, 2, "done", 200, null], true, true, null],
        ]),
        "{output}"
    );
}

#[test]
fn the_words_are_those_of_the_text_and_so_is_how_much_is_said() {
    let ids = regex::Regex::new(r"\(request [0-9a-f-]+\)|\d{8}T\d{6}Z").unwrap();
    at_once([&[][..], &["-v"], &["-vv"], &["-q"]], |flags| {
        let run = |format: &'static str| {
            let world = World::new(&["UpdateUserPool:throttle*1"]);
            // Whether a call waits for a usual rate depends on how long a throttled one has waited.
            let apply =
                ["apply", "--yes", "--settle", "0", "--rate", "1000", "--log-format", format, "pool.yaml"];
            let output = world.run(&[&apply, flags].concat()).output().expect(0);
            (output.stdout.clone(), output)
        };
        let ((stdout, text), (same, json)) = (run("text"), run("json"));
        assert_eq!(stdout, same);
        let scrubbed = |text: &str| {
            // Two reads at a time come in either order.
            let mut lines: Vec<String> =
                text.lines().map(|line| ids.replace_all(line, "[ID]").into_owned()).collect();
            lines.sort();
            lines
        };
        // Progress is a line of a log, and a bar of a terminal.
        let told = lines(&json).into_iter().filter(|line| line["done"].is_null());
        let messages: Vec<String> = told.map(|line| line["message"].as_str().unwrap().to_owned()).collect();
        assert_eq!(scrubbed(&messages.join("\n")), scrubbed(&text.stderr), "{flags:?}");
    });
}

#[test]
fn a_write_that_went_wrong_is_told_line_by_line_and_no_secret_is_in_it() {
    let world = World::new(&["UpdateUserPool:refuse=SmsConfiguration*1"]);
    let manifest = format!(
        "version: 1\npool: {POOL}\nsettings: {{ SmsConfiguration: {{ ExternalId: '${{secret:ID}}' }} }}\n"
    );
    world.workspace.write("pool.yaml", manifest);
    let apply =
        ["apply", "--yes", "-vv", "--settle", "0", "--allow", "sms-role-change", "--log-format", "json"];
    let run = world.run(&[&apply[..], &["pool.yaml"]].concat());
    let output = run.env("POOLCTL_SECRET_ID", "opensesame").output().expect(1);
    let lines = lines(&output);
    assert!(lines.iter().any(|line| line["level"] == "error"), "{output}");
    let update =
        lines.iter().find(|line| line["operation"] == "UpdateUserPool" && line["outcome"].is_string());
    assert_eq!(update.unwrap()["outcome"], "refused", "{output}");
    for secret in ["opensesame", "3f6c1f0e-5f0f-4c3c-9d0c-8d6a1f1f7a11", "testing"] {
        assert!(!output.stderr.contains(secret) && !output.stdout.contains(secret), "{output}");
    }
}

#[test]
fn the_environment_may_ask_for_it_and_a_wrong_command_line_is_told_as_text() {
    let world = World::new(&[]);
    let run = world.run(&["plan", "none.yaml"]).env("POOLCTL_LOG_FORMAT", "json").output().expect(64);
    assert_eq!(lines(&run).len(), 1);
    let wrong = world.run(&["plan", "--log-format", "json", "--no-such"]).output().expect(64);
    assert!(wrong.stderr.starts_with("error: unexpected argument `--no-such`"), "{wrong}");
}
