//! What people see, story by story.

mod world;

use super::{Style, text};
use serde_json::json;
use world::{NARROW, WIDE, plan};

#[test]
fn scratch() {
    let p = world::everything();
    println!("{}", text::plans(&[&p, &world::idle("staff"), &world::idle("p")], &NARROW));
    println!("{}", text::plans(&[&p], &WIDE));
    println!("{}", text::plans(&[&p], &Style { unicode: false, ..NARROW }));
    println!("{}", text::plans(&[&p], &Style { color: true, ..NARROW }));
}
