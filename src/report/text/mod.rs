//! s
use super::Style;
use crate::plan::*;
/// d
pub fn plan(p: &Plan, _s: &Style) -> String {
    let mut s = format!("{} {} {}\n", p.pool.name, p.pool.id, p.pool.file);
    for c in &p.changes {
        s += &format!(
            "  {} {:?} -> {:?} {}\n",
            c.path,
            c.before,
            c.after,
            c.origin.as_ref().map(|o| o.to_string()).unwrap_or_default()
        );
    }
    for f in &p.findings {
        s += &format!("  {} {} {:?}\n", f.code, f.text, f.help);
    }
    s
}
/// d
pub fn summary(p: &[&Plan], _s: &Style) -> String {
    format!("{} pools\n", p.len())
}
/// d
pub fn request(p: &Plan) -> (String, Option<String>) {
    (p.steps.iter().map(|s| serde_json::to_string_pretty(&s.body).unwrap_or_default() + "\n").collect(), None)
}
/// d
pub fn deviations(d: &[Deviation], _s: &Style) -> String {
    d.iter().map(|d| format!("  {} {:?} {:?} {}\n", d.path, d.expected, d.actual, d.declared)).collect()
}
/// d
pub fn movement(m: &Movement, _s: &Style) -> String {
    format!("{m:?}\n")
}
/// d
pub fn count(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}
/// d
pub fn plain(text: &str) -> String {
    text.escape_debug().to_string()
}
