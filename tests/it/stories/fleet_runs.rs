//! Fleets: which pools a run is about, and what becomes of several at a time.

use std::collections::BTreeMap;

use regex::Regex;

use crate::harness::world::{World, answered, signalled_at};
use crate::harness::{Output, Workspace};

/// The id of a pool of [`fleet`].
fn id(number: usize) -> String {
    format!("eu-west-1_Fleet{number:04}")
}

/// So many pools like the quickstart's, and a manifest for each in `pools/even` or `pools/odd` that changes one
/// setting of it.
fn fleet(pools: usize, faults: &[&str]) -> World {
    let workspace = Workspace::new();
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    for number in 0..pools {
        let id = id(number);
        let name = format!("\"Name\": \"pool-{number}\"");
        let document = seed.replace("eu-west-1_a1B2c3D4E", &id).replace("\"Name\": \"customers\"", &name);
        workspace.write(&format!("seed/{id}.json"), document);
        let folder = if number.is_multiple_of(2) { "even" } else { "odd" };
        let manifest = format!("version: 1\npool: {id}\nsettings:\n  UserPoolTags: {{ owner: fleet }}\n");
        workspace.write(&format!("pools/{folder}/{number:02}.yaml"), manifest);
    }
    World::over(workspace, faults)
}

/// The ids of the pools that a run was about.
fn planned(world: &World, arguments: &[&str]) -> Vec<String> {
    let output = world.run(&[&["plan", "--format", "json"], arguments].concat()).output().expect(0);
    let pools = output.json()["pools"].as_array().unwrap().clone();
    pools.iter().map(|pool| pool["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn pools_are_chosen_by_id_and_by_file_and_left_out_by_either() {
    let world = fleet(6, &[]);
    assert_eq!(planned(&world, &[]).len(), 6);
    assert_eq!(planned(&world, &["--target", "pools/odd/*"]), [id(1), id(3), id(5)]);
    assert_eq!(planned(&world, &["--target", "*/04.yaml,*0001"]), [id(4), id(1)]);
    assert_eq!(planned(&world, &["--target", "pools/odd/*", "--exclude", &id(3)]), [id(1), id(5)]);
    assert_eq!(planned(&world, &["pools/*/0[0-2].yaml"]), [id(0), id(2), id(1)]);
    assert_eq!(planned(&world, &["pools/e*"]), [id(0), id(2), id(4)]);
    // What is left out is not read either.
    world.called();
    planned(&world, &["--target", &id(5)]);
    assert_eq!(world.calls("DescribeUserPool"), 1);
}

/// Most manifests of such a fleet wait as their texts, and are checked once more when their pools are planned.
#[test]
fn each_pool_of_a_fleet_of_more_than_a_thousand_becomes_as_its_manifest_says() {
    let workspace = Workspace::new();
    for number in 0..1_001 {
        let id = id(number);
        let document = format!("{{\"UserPool\": {{\"Id\": \"{id}\", \"Name\": \"p\"}}}}");
        workspace.write(&format!("live/{id}.json"), document);
        let manifest =
            format!("version: 1\npool: {id}\nsettings: {{ UserPoolTags: {{ number: t{number} }} }}\n");
        workspace.write(&format!("pools/{number:04}.yaml"), manifest);
    }
    let output =
        workspace.poolctl(["plan", "--live", "live", "--format", "json", "pools"]).output().expect(0);
    let pools = output.json()["pools"].as_array().unwrap().clone();
    let tags: Vec<&str> = pools.iter().map(|pool| pool["changes"][0]["after"].as_str().unwrap()).collect();
    let expected: Vec<String> = (0..1_001).map(|number| format!("t{number}")).collect();
    assert_eq!(tags, expected);
}

#[test]
fn a_choice_that_fits_nothing_is_said_before_anything_is_read() {
    let world = fleet(3, &[]);
    world.called();
    let cases: [&[&str]; 7] = [
        &["--target", "01.yaml"],
        &["--exclude", "eu-west-1_Flet0001"],
        &["--target", "pools/odd/*", "--exclude", "*_Fleet*"],
        &["pools/q*"],
        &["pools/[ab"],
        &["--shard", "4/3"],
        &["--target", "[a"],
    ];
    let mut told = String::new();
    for case in cases {
        let output = world.run(&[&["apply", "--yes"], case].concat()).output().expect(64);
        assert_eq!(output.stdout, "");
        told += &format!("$ poolctl apply --yes {}\n{}\n", case.join(" "), output.stderr);
    }
    insta::assert_snapshot!("fleet_choice", told);
    assert!(world.called().is_empty());
}

#[test]
fn shards_share_a_fleet_and_an_empty_one_has_nothing_to_do() {
    let world = fleet(6, &[]);
    let mut all: Vec<String> =
        ["1/3", "2/3", "3/3"].into_iter().flat_map(|shard| planned(&world, &["--shard", shard])).collect();
    all.sort();
    assert_eq!(all, (0..6).map(id).collect::<Vec<_>>());
    assert_eq!(planned(&world, &["--shard", "0/3"]), planned(&world, &["--shard", "3/3"]));
    let empty = (1..=50)
        .map(|shard| format!("{shard}/50"))
        .find(|shard| planned(&world, &["--shard", shard]).is_empty());
    let output = world.run(&["apply", "--yes", "--shard", &empty.unwrap()]).output().expect(0);
    assert_eq!(output.stdout, "No changes: there is no pool to plan for.\n");
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_file_that_is_wrong_stops_the_others_unless_its_name_is_left_out() {
    let world = fleet(2, &[]);
    world.workspace.write("pools/odd/wrong.yaml", "version: 1\npool: [\n");
    world.run(&["plan", "--target", &id(0)]).output().expect(1);
    assert_eq!(planned(&world, &["--exclude", "*/wrong.yaml"]), [id(0), id(1)]);
    // A base that is wrong is wrong for whoever extends it, whatever is left out.
    world.workspace.write("pools/even/base.yaml", "version: 1\nsettings: [\n");
    world
        .workspace
        .write("pools/even/00.yaml", format!("version: 1\nextends: [base.yaml]\npool: {}\n", id(0)));
    world.run(&["plan", "--exclude", "*/wrong.yaml", "--exclude", "*/base.yaml"]).output().expect(1);
    // A pool has one manifest, also where one of two is left out.
    world.workspace.write("pools/even/base.yaml", "version: 1\nsettings: {}\n");
    world.workspace.write("pools/odd/wrong.yaml", format!("version: 1\npool: {}\n", id(0)));
    let output = world.run(&["plan", "--exclude", "*/wrong.yaml"]).output().expect(1);
    assert!(output.stderr.contains("two manifests for pool"), "{output}");
}

#[test]
fn a_saved_plan_is_applied_whole() {
    let world = fleet(2, &[]);
    world.run(&["plan", "--save", "plan.json", "--target", &id(1)]).output().expect(0);
    for choice in [["--target", "*"], ["--exclude", "*"], ["--shard", "1/2"]] {
        let output = world.run(&[&["apply", "plan.json"], &choice[..]].concat()).output().expect(64);
        let told = format!("`{}` cannot be used with the saved plan", choice[0]);
        assert!(output.stderr.contains(&told), "{output}");
    }
    world.run(&["apply", "plan.json"]).output().expect(0);
    assert_eq!(world.writes(), 1);
}

#[test]
fn what_the_others_declare_is_known_where_some_are_chosen() {
    let world = fleet(5, &[]);
    std::fs::remove_file(world.workspace.path().join("pools/odd/03.yaml")).unwrap();
    let strays = |arguments: &[&str]| -> Vec<String> {
        let output = world.run(&[&["drift", "--discover", "--format", "json"], arguments].concat()).output();
        let strays = output.expect(2).json()["strays"].as_array().cloned().unwrap_or_default();
        strays.iter().map(|stray| stray["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(strays(&["--target", &id(0)]), [id(3)]);
    // Of the jobs that share a fleet one tells of it.
    let found: Vec<String> =
        ["1/2", "2/2"].into_iter().flat_map(|shard| strays(&["--shard", shard])).collect();
    assert_eq!(found, [id(3)]);
}

/// What a run wrote of each pool, in one word.
fn outcomes(output: &Output) -> BTreeMap<String, usize> {
    let mut outcomes = BTreeMap::new();
    for pool in output.json()["pools"].as_array().unwrap() {
        *outcomes.entry(pool["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    outcomes
}

fn counted<const N: usize>(outcomes: [(&str, usize); N]) -> BTreeMap<String, usize> {
    outcomes.into_iter().map(|(outcome, number)| (outcome.to_owned(), number)).collect()
}

/// The text without the times in the names of backups.
fn undated(text: &str) -> String {
    Regex::new(r"\d{8}T\d{6}Z").unwrap().replace_all(text, "[DATE]").into_owned()
}

const APPLY: [&str; 6] = ["apply", "--yes", "--settle", "0", "--format", "json"];

#[test]
fn every_pool_is_written_and_has_its_line() {
    let world = fleet(10, &[]);
    let output = world.run(&["apply", "--yes", "--target", "pools/odd/*"]).output().expect(0);
    let table = output.stdout.split_once("\n\n✓").map(|(_, table)| format!("✓{table}")).unwrap();
    insta::assert_snapshot!("fleet_table", undated(&table));
    let output = world.run(&APPLY).output().expect(0);
    assert_eq!(outcomes(&output), counted([("applied", 5), ("unchanged", 5)]));
    assert_eq!(world.writes(), 10);
    let output = world.run(&APPLY).output().expect(0);
    assert_eq!(outcomes(&output), counted([("unchanged", 10)]));
    assert_eq!(world.writes(), 10);
}

#[test]
fn one_pool_that_fails_keeps_no_other_from_being_written() {
    let world = fleet(10, &["UpdateUserPool/eu-west-1_Fleet0004:access-denied"]);
    let output = world.run(&APPLY).output().expect(5);
    assert_eq!(outcomes(&output), counted([("applied", 9), ("failed", 1)]));
    // The backup of a pool that was not written is of no use, but does no harm.
    assert_eq!(world.writes(), 10);
}

#[test]
fn after_three_failures_no_further_pool_is_tried() {
    let world = fleet(10, &["UpdateUserPool:access-denied"]);
    let output = world.run(&APPLY).output().expect(1);
    assert_eq!(outcomes(&output), counted([("failed", 3), ("not_reached", 7)]));
    assert_eq!(world.writes(), 3);
    assert!(output.stderr.contains("warning: 3 pools failed: no more pools are written"), "{output}");
    let output = world.run(&[&APPLY[..], &["--max-failures", "5"]].concat()).output().expect(1);
    assert_eq!(outcomes(&output), counted([("failed", 5), ("not_reached", 5)]));
    world.run(&[&APPLY[..], &["--max-failures", "0"]].concat()).output().expect(64);
}

#[test]
fn what_moves_unasked_in_the_first_pool_reaches_no_other() {
    let world =
        fleet(10, &["UpdateUserPool:drift-after=AdminCreateUserConfig.AllowAdminCreateUserOnly:true"]);
    let output = world.run(&["apply", "--yes", "--settle", "0"]).output().expect(5);
    assert_eq!(world.writes(), 1);
    let end = output.stdout.split_once("\n\n✗").map(|(_, end)| format!("✗{end}")).unwrap();
    insta::assert_snapshot!("fleet_moved_first", undated(&format!("{end}--- stderr\n{}", output.stderr)));
}

#[test]
fn a_refused_pool_keeps_all_from_being_written_unless_they_are_to_keep_going() {
    let world = fleet(6, &["DescribeUserPool/eu-west-1_Fleet0003:access-denied"]);
    let risky = format!("version: 1\npool: {}\nsettings:\n  LambdaConfig: {{ PreSignUp: null }}\n", id(1));
    world.workspace.write("pools/odd/01.yaml", risky);
    let output = world.run(&APPLY).output().expect(1);
    assert_eq!(outcomes(&output), counted([("failed", 1), ("refused", 1), ("update", 4)]));
    assert_eq!(world.writes(), 0);
    let keep_going = ["apply", "--yes", "--keep-going", "--parallelism", "1"];
    let output = world.run(&keep_going).output().expect(5);
    insta::assert_snapshot!("fleet_keep_going", undated(&output.to_string()));
    assert_eq!(world.writes(), 4);
    // Where nothing is left to write, it ends as the worst of those that cannot be.
    world.run(&keep_going).output().expect(1);
    world.run(&[&keep_going[..], &["--exclude", &id(3)]].concat()).output().expect(3);
}

#[test]
fn a_pool_in_another_account_is_left_where_the_others_keep_going() {
    let world = fleet(3, &[]);
    let elsewhere = format!(
        "version: 1\naccount: \"999900001111\"\npool: {}\nsettings:\n  UserPoolTags: {{ owner: fleet }}\n",
        id(0)
    );
    world.workspace.write("pools/even/00.yaml", elsewhere);
    world.run(&APPLY).output().expect(3);
    assert_eq!(world.writes(), 0);
    let output = world.run(&[&APPLY[..], &["--keep-going"]].concat()).output().expect(5);
    assert_eq!(outcomes(&output), counted([("applied", 2), ("failed", 1)]));
}

#[test]
fn a_signal_lets_all_calls_in_flight_finish_and_every_pool_is_accounted_for() {
    let world = fleet(8, &["UpdateUserPool@2:latency=1s"]);
    let run = world.run(&APPLY);
    let ended = signalled_at(&world, run, "-INT", ("UpdateUserPool", 3));
    assert_eq!(ended.status.code(), Some(5));
    let told = String::from_utf8(ended.stderr).unwrap();
    assert!(
        told.contains("Interrupted. Finishing the calls in flight: send the signal again to stop at once."),
        "{told}"
    );
    let document: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    let of = |outcome: &str| -> Vec<String> {
        let pools = document["pools"].as_array().unwrap().iter().filter(|pool| pool["outcome"] == outcome);
        pools.map(|pool| pool["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("applied"), [id(0)]);
    assert_eq!(of("deviates"), [id(2), id(4)], "accepted, and not verified\n{told}");
    assert_eq!(of("not_reached").len(), 5);
    assert_eq!(world.writes(), 3);
    // What was said is so: the next run finds the three as they should be.
    world.disarm();
    let output = world.run(&APPLY).output().expect(0);
    assert_eq!(outcomes(&output), counted([("applied", 5), ("unchanged", 3)]));
}

#[test]
fn a_terminal_shows_how_far_the_run_has_come_and_nothing_else_does() {
    let world = fleet(8, &["*:latency=400ms"]);
    let plan = ["plan", "--parallelism", "1"];
    let on_a_terminal = |arguments: &[&str]| {
        let run = world.workspace.terminal(100, arguments).signed().env("TERM", "xterm");
        run.env("AWS_ENDPOINT_URL", world.url()).output().expect(0).raw
    };
    let without = [&plan[..], &["--no-progress"]].concat();
    let (shown, without, piped) = std::thread::scope(|scope| {
        let shown = scope.spawn(|| on_a_terminal(&plan));
        let without = scope.spawn(|| on_a_terminal(&without));
        let piped = world.run(&plan).output().expect(0);
        (shown.join().unwrap(), without.join().unwrap(), piped)
    });
    let bar = Regex::new(r"Reading [━╸ ]{20} [1-7] of 8 pools, \d+s left  eu-west-1_Fleet000\d").unwrap();
    assert!(bar.is_match(&shown), "{shown}");
    assert!(shown.contains("Plan: 8 pools to update."), "{shown}");
    let end = shown.rsplit("Reading").next().unwrap();
    assert!(end.contains("\u{1b}[2K"), "the bar is gone before the plan is told\n{shown}");
    assert!(without.contains("Plan: 8 pools to update.") && !without.contains("Reading"), "{without}");
    assert_eq!(piped.stderr, "");
}

#[test]
fn a_log_has_a_line_for_each_pool_that_is_read_and_for_each_that_is_written() {
    let world = fleet(3, &["UpdateUserPool/eu-west-1_Fleet0002:access-denied"]);
    let lines = |arguments: &[&str], code: i32| -> Vec<serde_json::Value> {
        let output = world.run(&[&["apply", "--yes", "--log-format", "json"], arguments].concat()).output();
        let lines: Vec<serde_json::Value> =
            output.expect(code).stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.into_iter().filter(|line| line["done"].is_u64()).collect()
    };
    let told = lines(&[], 5);
    let words = |line: &serde_json::Value| {
        let word = |name: &str| line[name].as_str().unwrap().to_owned();
        (word("message"), word("pool"), word("outcome"), line["done"].as_u64().unwrap())
    };
    let all: Vec<_> = told.iter().map(words).collect();
    assert_eq!(all.len(), 6, "{all:?}");
    let (read, written) = all.split_at(3);
    assert!(read.iter().all(|(_, _, outcome, _)| outcome == "read"), "{all:?}");
    assert!([read, written].iter().all(|part| part.iter().map(|(.., done)| *done).eq(1..=3)), "{all:?}");
    // The last two are written side by side: which of them ends first is open.
    let failed: Vec<_> = written.iter().filter(|(.., outcome, _)| outcome == "failed").collect();
    assert!(
        matches!(failed[..], [(message, pool, ..)] if message == "finished eu-west-1_Fleet0002" && *pool == id(2)),
        "{all:?}"
    );
    assert!(told.iter().all(|line| line["of"] == 3 && line["region"] == "eu-west-1"));
    assert!(lines(&["--no-progress"], 1).is_empty() && lines(&["--quiet"], 1).is_empty());
}

#[test]
fn while_a_pool_is_not_what_it_should_be_no_other_is_begun() {
    // The move of the second pool is seen at once, and believed after a second: enough for all the others.
    let world = fleet(20, &["UpdateUserPool/eu-west-1_Fleet0002:drift-after=DeletionProtection:\"ACTIVE\""]);
    let apply = ["apply", "--yes", "--settle", "1", "--rate", "1000", "--format", "json"];
    let output = world.run(&apply).output().expect(5);
    // The first alone, then two at a time: one of those is beside the second.
    assert_eq!(outcomes(&output), counted([("applied", 2), ("deviates", 1), ("not_reached", 17)]));
    assert_eq!(world.writes(), 3);
}

#[test]
fn after_a_halt_no_write_is_sent_again() {
    let faults = [
        "UpdateUserPool/eu-west-1_Fleet0002:drift-after=DeletionProtection:\"ACTIVE\"",
        // The write of its neighbour has begun by the time that this one is found to have moved.
        "UpdateUserPool/eu-west-1_Fleet0002:latency=500ms",
        "UpdateUserPool/eu-west-1_Fleet0004:cut-before",
        "DescribeUserPool/eu-west-1_Fleet0004@3:latency=1500ms",
    ];
    let world = fleet(6, &faults);
    let output = world.run(&APPLY).output().expect(5);
    assert!(output.stderr.contains("no more pools are written"), "{output}");
    assert_eq!(world.writes(), 3, "one for each of the first three\n{output}");
}

#[test]
fn a_name_means_that_file_also_where_it_could_be_a_pattern() {
    let world = fleet(2, &[]);
    let manifest = |number| format!("version: 1\npool: {}\n", id(number));
    world.workspace.write("odd/a[1].yaml", manifest(0));
    world.workspace.write("odd/a1.yaml", manifest(1));
    assert_eq!(planned(&world, &["odd", "--exclude", "odd/a[1].yaml"]), [id(1)]);
    assert_eq!(planned(&world, &["odd", "--target", "odd/a[1].yaml"]), [id(0)]);
}

#[cfg(unix)]
#[test]
fn a_file_is_left_out_by_any_of_its_names() {
    let world = fleet(2, &[]);
    let folder = world.workspace.path();
    std::os::unix::fs::symlink("../pools/odd/01.yaml", {
        std::fs::create_dir(folder.join("links")).unwrap();
        folder.join("links/s.yaml")
    })
    .unwrap();
    for paths in [["links", "pools"], ["pools", "links"]] {
        assert_eq!(planned(&world, &[&paths[..], &["--exclude", "pools/odd/*"]].concat()), [id(0)]);
        assert_eq!(planned(&world, &[&paths[..], &["--target", "links/*"]].concat()), [id(1)]);
    }
}

#[test]
fn the_question_about_a_fleet_counts_its_changes_and_names_its_first_pools() {
    let world = fleet(4, &["DescribeUserPool/eu-west-1_Fleet0003:access-denied"]);
    for (options, question) in [
        (
            vec!["--exclude", "*Fleet0003"],
            "Apply 3 changes to 3 pools (pool-0, pool-2, pool-1)? Type `yes` to",
        ),
        (
            vec!["--keep-going"],
            "Apply 3 changes to 3 pools (pool-0, pool-2, pool-1)? 1 of 4 pools will be skipped. Type `yes` to",
        ),
        (vec!["--target", "*Fleet0001"], "Apply 1 change to pool-1 (eu-west-1_Fleet0001)? Type `yes` to"),
    ] {
        let output = answered(&world, &[&["apply"], &options[..]].concat(), "no").expect(3);
        assert!(output.stdout.contains(question), "{output}");
        assert!(output.stdout.contains("The answer was not `yes`. Nothing was written."), "{output}");
    }
    assert_eq!(world.writes(), 0);
}

#[test]
fn the_table_of_a_fleet_has_its_backups() {
    let world = fleet(2, &[]);
    let output = world.run(&["apply", "--yes", "--settle", "0"]).output().expect(0);
    assert_eq!(output.stdout.matches("backup .poolctl/backups/").count(), 2, "{output}");
    assert_eq!(output.stderr, "", "{output}");
    // A program reads no table: the backups are in its log.
    let world = fleet(2, &[]);
    let output = world.run(&["apply", "--yes", "--settle", "0", "--format", "json"]).output().expect(0);
    assert_eq!(output.stderr.matches("backup .poolctl/backups/").count(), 2, "{output}");
}

#[test]
fn an_empty_variable_for_an_endpoint_counts_as_not_set() {
    let world = fleet(1, &[]);
    const OWN: &str = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";
    let url = world.url().to_owned();
    for (empty, other) in
        [(OWN, "AWS_ENDPOINT_URL"), ("AWS_ENDPOINT_URL", OWN), ("AWS_ENDPOINT_URL_STS", OWN)]
    {
        let run = world.run(&["plan", "pools/even/00.yaml"]).env(empty, "").env(other, &url);
        assert!(run.output().expect(0).stdout.contains("Plan: 1 pool to update."), "{empty}");
    }
    // Then Amazon's own endpoint is called, which this test must not reach.
    let run = world.run(&["plan", "pools/even/00.yaml"]).env("AWS_ENDPOINT_URL", "");
    let output = run.env("HTTPS_PROXY", "http://127.0.0.1:1").output().expect(1);
    assert!(output.stderr.contains("cognito-idp.eu-west-1.amazonaws.com"), "{output}");
}

#[test]
fn an_endpoint_of_the_environment_that_is_none_is_an_error() {
    let world = fleet(1, &[]);
    for (name, url, told) in [
        ("AWS_ENDPOINT_URL", "foo", "error: the endpoint `foo` is not a URL\n"),
        ("AWS_ENDPOINT_URL_STS", "localhost:9229", "is not a URL\n"),
    ] {
        let output = world.run(&["plan", "pools/even/00.yaml"]).env(name, url).output().expect(1);
        assert!(output.stderr.contains(told), "{name}={url}\n{output}");
    }
}
