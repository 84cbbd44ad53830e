//! stub
use crate::manifest::Diagnostic;
/// s
pub mod text;
/// s
pub struct Style {
    /// c
    pub color: bool,
    /// c
    pub unicode: bool,
    /// c
    pub width: usize,
}
/// d
pub fn diagnostics(d: &[Diagnostic], _s: &Style) -> String {
    d.iter()
        .map(|d| {
            format!(
                "{}: {} {:?} {:?}\n",
                d.code,
                d.message,
                d.label.as_ref().map(|l| l.0.to_string()),
                d.help
            )
        })
        .collect()
}
