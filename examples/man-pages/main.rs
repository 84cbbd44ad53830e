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
    let mut command = poolctl::cli::command_line().disable_help_subcommand(true);
    command.build();
    write(&command, &date, Path::new(&folder))
}

fn write(command: &Command, date: &str, folder: &Path) -> io::Result<()> {
    let mut below = command.get_subcommands().filter(|command| !command.is_hide_set());
    below.try_for_each(|command| write(command, date, folder))?;
    let name = command.get_display_name().unwrap_or(command.get_name());
    let man = Man::new(command.clone()).title(name.to_uppercase()).date(date);
    let man = man.source(concat!("poolctl ", env!("CARGO_PKG_VERSION"))).manual("poolctl");
    let mut page = Vec::new();
    man.render(&mut page)?;
    fs::write(folder.join(format!("{name}.1")), page)
}
