//! Fleets: which pools a run is about, and what becomes of several at a time.

use crate::edges::World;
use crate::harness::Workspace;

/// The id of a pool of [`fleet`].
fn id(number: usize) -> String {
    format!("eu-west-1_Fleet{number:04}")
}

/// So many pools like the quickstart's, and a manifest for each in `pools/even` or `pools/odd` that changes one
/// setting of it.
fn fleet(pools: usize, faults: &[&str]) -> World {
    let workspace = Workspace::new();
    let seed = include_str!("../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
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
    assert!(output.stderr.contains("has a manifest already"), "{output}");
}

#[test]
fn a_saved_plan_is_applied_whole() {
    let world = fleet(2, &[]);
    world.run(&["plan", "--save", "plan.json", "--target", &id(1)]).output().expect(0);
    for choice in [["--target", "*"], ["--exclude", "*"], ["--shard", "1/2"]] {
        let output = world.run(&[&["apply", "plan.json"], &choice[..]].concat()).output().expect(64);
        let told = format!("`{}` does not go with the saved plan", choice[0]);
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
