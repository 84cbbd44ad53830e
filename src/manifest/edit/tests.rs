use super::super::yaml::{self, parse};
use super::*;
use serde_json::{Value as Json, json};

const LIST: List<'static> = List { key: Some("Name"), ordered: false };

/// The text with the value at `path` set, which reads as it is to.
fn set(text: &str, path: &[&str], value: Json, list: List<'_>) -> String {
    let (root, _) = parse("m.yaml", text.as_bytes()).unwrap();
    let mut at = &root;
    for name in path {
        let yaml::Value::Mapping(entries) = &at.value else { panic!() };
        at = &entries.iter().find(|entry| entry.key == *name).unwrap().value;
    }
    let mut editor = Editor::new(text, &root);
    editor.set(&at.origin.span, &Yaml::setting(&value), list).unwrap();
    let edited = editor.finish().unwrap();
    let mut expected = root.to_json();
    expected.pointer_mut(&format!("/{}", path.join("/"))).map(|at| *at = value).unwrap();
    let (root, _) = parse("m.yaml", edited.as_bytes()).unwrap_or_else(|error| panic!("{error:?}\n{edited}"));
    let is_set = |value: &mut Json| {
        if let Json::Array(elements) = value {
            elements.sort_by_key(Json::to_string);
        }
    };
    let (mut read, mut expected) = (root.to_json(), expected);
    if !list.ordered {
        for json in [&mut read, &mut expected] {
            json.pointer_mut(&format!("/{}", path.join("/"))).map(is_set).unwrap();
        }
    }
    assert_eq!(read, expected, "{edited}");
    edited
}

fn a(text: &str, value: Json) -> String {
    set(text, &["a"], value, LIST)
}

#[test]
fn one_value_takes_the_place_of_another_and_its_comment_stays() {
    for (text, value, edited) in [
        ("a: 1\n", json!(2), "a: 2\n"),
        ("# top\na: 8   # why\nb: 1\n", json!(12), "# top\na: 12   # why\nb: 1\n"),
        ("a: 'x'", json!("ON"), "a: \"ON\""),
        ("a: x\r\nb: 1\r\n", json!("1\n2\n"), "a: |\r\n  1\r\n  2\r\nb: 1\r\n"),
        ("a : null # c\n", json!({"x": 1, "q": ["z"]}), "a : # c\n  x: 1\n  q: [z]\n"),
        ("a: x\n   y  # c\n", json!("z"), "a: z  # c\n"),
        ("a: \"x\n  y\"\n", json!(null), "a: null\n"),
        ("a: [1,\n  2]  # c\nb: 1\n", json!([1, 3]), "a: [1, 3]  # c\nb: 1\n"),
        ("{a: 1, b: x}\n", json!("l\nm"), "{a: \"l\\nm\", b: x}\n"),
        ("{a: {b: 1}, c: 2}\n", json!(null), "{a: null, c: 2}\n"),
    ] {
        assert_eq!(a(text, value), edited, "{text}");
    }
    let inner = "s:\n    p:\n        a: |\n            l\n        # mine\n        b: 1\n";
    let edited = "s:\n    p:\n        a: |-\n          m\n\n          n\n        # mine\n        b: 1\n";
    assert_eq!(set(inner, &["s", "p", "a"], json!("m\n\nn"), LIST), edited);
}

#[test]
fn a_block_of_lines_comes_and_goes_with_its_comment() {
    let block = "a: |  # the mail\n  <p>\n  {####}\n\n# next\nb: 1\n";
    assert_eq!(a(block, json!("short")), "a: short  # the mail\n\n# next\nb: 1\n");
    assert_eq!(a(block, json!("x\ny")), "a: |-  # the mail\n  x\n  y\n\n# next\nb: 1\n");
    assert_eq!(a("a: >-\n  x\n\n  y\nb: 1\n", json!(" x\n")), "a: |2\n   x\nb: 1\n");
    assert_eq!(a("a: x  # c\nb: 1\n", json!("l\nm\n")), "a: |  # c\n  l\n  m\nb: 1\n");
    assert_eq!(a("a: x\n\nb: 1\n", json!("l\n\n")), "a: \"l\\n\\n\"\n\nb: 1\n");
    assert_eq!(a("a: x\nb: 1\n", json!("l\n\n")), "a: |+\n  l\n\nb: 1\n");
}

#[test]
fn a_list_keeps_the_lines_of_the_elements_that_stay() {
    let list = "a:\n  # the first\n  - email  # mail\n  - phone_number\n  # behind\nb: 1\n";
    assert_eq!(
        a(list, json!(["email", "sub"])),
        "a:\n  # the first\n  - email  # mail\n  - sub\n  # behind\nb: 1\n"
    );
    assert_eq!(a(list, json!(["phone_number"])), "a:\n  # the first\n  - phone_number\n  # behind\nb: 1\n");
    assert_eq!(a(list, json!(["x"])), "a: [x]\n  # behind\nb: 1\n");
    assert_eq!(a(list, json!([])), "a: []\n  # behind\nb: 1\n");
    assert_eq!(a("a:\n- x  # c\n- y\n", json!(null)), "a: null\n");
    let keyed = "a:\n  - Name: one  # first\n    Priority: 1  # top\n  - { Name: two, Priority: 2 }\n";
    let value = json!([{"Name": "one", "Priority": 3}, {"Name": "two", "Priority": 2}, {"Name": "six", "Priority": 6}]);
    assert_eq!(
        a(keyed, value),
        "a:\n  - Name: one  # first\n    Priority: 3  # top\n  - { Name: two, Priority: 2 }\n  - { Name: six, Priority: 6 }\n"
    );
    let grown = json!([{"Name": "one", "Priority": 1, "More": {"x": 1}}, {"Name": "two", "Priority": 2}]);
    assert_eq!(
        a(keyed, grown),
        "a:\n  - Name: one  # first\n    Priority: 1  # top\n    More:\n      x: 1\n  - { Name: two, Priority: 2 }\n"
    );
    let ordered = List { ordered: true, ..LIST };
    assert_eq!(set("a:\n  - x  # c\n  - z\n", &["a"], json!(["z", "x"]), ordered), "a: [z, x]\n");
}

#[test]
fn no_comment_on_the_lines_of_a_value_is_lost() {
    for (text, value, edited) in [
        ("a:\t# tab\n  - x\n", json!(null), "a: null\t# tab\n"),
        ("a: # one\n  x  # two\n", json!({"k": "v"}), "a: # one  # two\n  k: v\n"),
        ("a: # one\n  x  # two\nb: 1\n", json!("z"), "a: # one\n  z  # two\nb: 1\n"),
        ("a:\n  # why\n  'x'\n", json!(["z"]), "a:\n  # why\n  [z]\n"),
        ("a: |+  # blank\n\n", json!("z"), "a: z  # blank\n\n"),
        ("a: &n  # named\n  k: v\n", json!(1), "a: 1  # named\n"),
    ] {
        assert_eq!(a(text, value), edited, "{text}");
    }
}

#[test]
fn a_text_that_would_take_what_follows_stands_on_one_line() {
    for (text, value, edited) in [
        ("a: x\r\n\r\nb: 1\r\n", json!("l\n\n"), "a: \"l\\n\\n\"\r\n\r\nb: 1\r\n"),
        ("a: x\n \nb: 1\n", json!({"k": "l\n\n"}), "a: { k: \"l\\n\\n\" }\n \nb: 1\n"),
        ("a: x\n     # far in\nb: 1\n", json!("l\nm"), "a: \"l\\nm\"\n     # far in\nb: 1\n"),
    ] {
        assert_eq!(a(text, value), edited, "{text}");
    }
}

#[test]
fn a_block_is_no_list_in_brackets_whatever_it_begins_with() {
    assert_eq!(a("a:\n- []  # c\n- [x]\n", json!([[], ["z"]])), "a:\n  - []\n  - [z]\n");
    assert_eq!(
        a("a:\n- {Name: x}  # c\n", json!([{"Name": "x"}, {"Name": "z"}])),
        "a:\n- {Name: x}  # c\n- { Name: z }\n"
    );
}

#[test]
fn what_begins_a_line_before_a_key_is_no_indentation() {
    assert_eq!(a("\u{feff}a: x\n", json!({"k": 1})), "\u{feff}a:\n  k: 1\n");
    assert_eq!(a("? a\n: x: 1\n", json!({"x": 1, "z": 2})), "? a\n: x: 1\n  z: 2\n");
    assert_eq!(a("a:\n  ? x\n  : 1\n", json!({"x": 1, "z": 2})), "a:\n  ? x\n  : 1\n  z: 2\n");
}

#[test]
fn the_order_of_a_list_in_an_element_means_something() {
    let text = "a:\n  - Name: x  # c\n    More:\n      - p\n      - q\n";
    let edited = "a:\n  - Name: x  # c\n    More: [q, p]\n";
    assert_eq!(a(text, json!([{"Name": "x", "More": ["q", "p"]}])), edited);
}

#[test]
fn an_edit_that_would_say_something_else_too_is_not_made() {
    for (text, why) in [
        ("a: &n x\nb: *n\n", "the alias would have no anchor"),
        ("b: &n\n  c: x\nd: *n\n", "the alias would change with it"),
        ("c: &n {a: x}\nd: *n\n", "the alias would change with it"),
        ("a: 1\rb: 2\r", "these lines end as nobody's do"),
    ] {
        let (root, _) = parse("m.yaml", text.as_bytes()).unwrap();
        let Value::Mapping(entries) = &root.value else { panic!() };
        let first = match &entries[0].value.value {
            Value::Mapping(inner) => &inner[0].value,
            _ => &entries[0].value,
        };
        let mut editor = Editor::new(text, &root);
        editor.set(&first.origin.span, &Yaml::from(&json!("y")), LIST);
        assert_eq!(editor.finish(), None, "{why}");
    }
}

#[test]
fn an_element_is_added_as_those_before_it_stand() {
    let add = |text: &str| {
        let (root, _) = parse("m.yaml", text.as_bytes()).unwrap();
        let mut editor = Editor::new(text, &root);
        let element = json!({"path": "A.B", "reason": "theirs: all"});
        editor.append("ignore", &[Yaml::from(&element)])?;
        editor.finish()
    };
    for (text, expected) in [
        ("version: 1", "version: 1\nignore:\n  - path: A.B\n    reason: \"theirs: all\"\n"),
        (
            "ignore:\n- path: X\n  reason: y  # c\n\n# end\n",
            "ignore:\n- path: X\n  reason: y  # c\n- path: A.B\n  reason: \"theirs: all\"\n\n# end\n",
        ),
        (
            "ignore:\n  - { path: X, reason: y }  # c\nz: 1\n",
            "ignore:\n  - { path: X, reason: y }  # c\n  - { path: A.B, reason: \"theirs: all\" }\nz: 1\n",
        ),
        (
            "ignore: [{path: X, reason: y}]\n",
            "ignore: [{path: X, reason: y}, { path: A.B, reason: \"theirs: all\" }]\n",
        ),
        ("  version: 1\n", "  version: 1\n  ignore:\n    - path: A.B\n      reason: \"theirs: all\"\n"),
        ("ignore: []  # none\n", "ignore:  # none\n  - path: A.B\n    reason: \"theirs: all\"\n"),
    ] {
        assert_eq!(add(text).unwrap(), expected, "{text}");
    }
    assert_eq!(add("{version: 1}\n"), None, "a file in brackets is its owner's to edit");
    assert_eq!(add("version: 1\n...\n"), None, "there is no room behind the end");
}

#[test]
fn entries_are_added_inside_the_structures_that_are_there() {
    let declare = |text: &str| {
        let (root, _) = parse("m.yaml", text.as_bytes()).unwrap();
        let mut editor = Editor::new(text, &root);
        let Yaml::Mapping(entries) = Yaml::from(&json!({"A": {"b": 1}, "C": ["x"]})) else { panic!() };
        editor.declare("settings", &entries)?;
        editor.finish()
    };
    for (text, expected) in [
        ("version: 1\n", "version: 1\nsettings:\n  A:\n    b: 1\n  C: [x]\n"),
        (
            "settings:\n  # ours\n  A:\n    z: 0  # why\n  Q: 1  # q\nz: 1\n",
            "settings:\n  # ours\n  A:\n    z: 0  # why\n    b: 1\n  Q: 1  # q\n  C: [x]\nz: 1\n",
        ),
        ("settings: { A: { z: 0 } }  # c\n", "settings:  # c\n  A:\n    z: 0\n    b: 1\n  C: [x]\n"),
        ("settings: ~\n", "settings:\n  A:\n    b: 1\n  C: [x]\n"),
    ] {
        assert_eq!(declare(text).as_deref(), Some(expected), "{text}");
    }
    for (text, why) in [
        ("settings: { A: { b: 2 } }\n", "it is declared"),
        ("settings: { A: 2 }\n", "it is no structure"),
        ("settings:\n  A: &a { z: 0 }\n  B: *a\n", "another one says what this one does"),
    ] {
        assert_eq!(declare(text), None, "{why}");
    }
}
