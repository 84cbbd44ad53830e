//! Writes the man pages of poolctl and of each command: `cargo run --example man-pages -- FOLDER [DATE]`.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

/// The date of the pages if none is given. Without a date, the name of the program takes its place.
const UNDATED: &str = "2026";

fn main() -> io::Result<()> {
    let mut words = std::env::args().skip(1);
    let Some(folder) = words.next() else { return Err(io::Error::other("name the folder for the pages")) };
    let date = words.next().unwrap_or_else(|| UNDATED.to_owned());
    fs::create_dir_all(&folder)?;
    let mut command = told(poolctl::cli::command_line()).disable_help_subcommand(true);
    command.build();
    write(&command, &date, Path::new(&folder))
}

/// The command with the sentence of every option, which the library drops if the short help hides the option, and with
/// the variables.
fn told(command: Command) -> Command {
    command.mut_args(|arg| arg.hide_short_help(false).hide_env(false)).mut_subcommands(told)
}

fn write(command: &Command, date: &str, folder: &Path) -> io::Result<()> {
    let mut below = command.get_subcommands().filter(|command| !command.is_hide_set());
    below.try_for_each(|command| write(command, date, folder))?;
    let name = command.get_display_name().unwrap_or(command.get_name());
    let man = Man::new(command.clone()).title(name.to_uppercase()).date(date);
    let man = man.source(concat!("poolctl ", env!("CARGO_PKG_VERSION"))).manual("poolctl");
    let mut page = Vec::new();
    man.render(&mut page)?;
    fs::write(folder.join(format!("{name}.1")), set(&String::from_utf8_lossy(&page)))
}

/// The page without words that are broken at hyphens, and with the lines of its examples and tables as they are.
fn set(page: &str) -> String {
    let mut out = String::new();
    let mut is_indented = false;
    for line in page.lines() {
        if line.starts_with("  ") != is_indented {
            is_indented = !is_indented;
            out.push_str(if is_indented { ".nf\n" } else { ".fi\n" });
        }
        out.push_str(line);
        out.push('\n');
        if line.starts_with(".TH ") {
            out.push_str(".nh\n.ad l\n");
        }
    }
    out
}
