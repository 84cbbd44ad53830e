//! What a pool gets once and for ever: attributes are added, and nothing of them ever changes.

use insta::assert_snapshot;
use serde_json::json;

use crate::harness::world::{World, told};

const ATTRIBUTES: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  Schema:
    - { Name: tenant, StringAttributeConstraints: { MaxLength: '64' } }
    - { Name: level, AttributeDataType: Number, Mutable: true }
";

#[test]
fn a_missing_attribute_is_added_by_its_own_call_and_proved() {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", ATTRIBUTES);
    assert_snapshot!(told(&world.apply().expect(0)));
    assert_eq!((world.writes(), world.calls("AddCustomAttributes")), (0, 1));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    let names = world.live()["UserPool"]["SchemaAttributes"].to_string();
    assert!(names.contains(r#""custom:level""#), "{names}");
}

#[test]
fn settings_come_first_and_what_took_effect_is_told_when_the_rest_does_not() {
    let world = World::new(&["AddCustomAttributes:error=LimitExceededException/400*1"]);
    world.workspace.write("pool.yaml", format!("{ATTRIBUTES}  DeletionProtection: ACTIVE\n"));
    assert_snapshot!(told(&world.apply().expect(5)));
    assert_eq!(world.live()["UserPool"]["DeletionProtection"], "ACTIVE");
    let again = world.run(&["apply", "--yes", "--format", "json", "pool.yaml"]).output().expect(0).json();
    assert_eq!(again["pools"][0]["done"], json!(["AddCustomAttributes"]));
}

#[test]
fn a_lost_answer_to_an_addition_is_settled_by_reading() {
    for (fault, calls) in [("AddCustomAttributes:cut-after*1", 1), ("AddCustomAttributes:cut-before*1", 2)] {
        let world = World::new(&[fault]);
        world.workspace.write("pool.yaml", format!("{ATTRIBUTES}  DeletionProtection: ACTIVE\n"));
        world.apply().expect(0);
        assert_eq!((world.writes(), world.calls("AddCustomAttributes")), (1, calls), "{fault}");
    }
}

#[test]
fn what_cannot_change_is_a_conflict_that_says_why_and_what_to_do() {
    let world = World::new(&[]);
    world.workspace.write(
        "pool.yaml",
        "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  UsernameAttributes: [email, phone_number]
  Schema:
    - { Name: tenant, Mutable: false }
",
    );
    assert_snapshot!(told(&world.apply().expect(3)));
    assert_eq!(world.calls("AddCustomAttributes"), 0);
}
