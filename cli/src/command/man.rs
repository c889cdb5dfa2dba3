//! `man`: manual pages.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{fs, iter};

use anyhow::{Context, Result};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use wabinary_render::shown::printable;

use crate::help;
use crate::status::Status;
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  wabinary man | man -l -
  wabinary man --dir man1 && man -l man1/wabinary-acks.1
  wabinary man --dir ~/.local/share/man/man1";

/// Print or write manual pages
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Write the pages of all commands into this folder, creating it if necessary; without it, print the main page
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: Args, tool: clap::Command) -> Result<Status> {
    // `help` has no page.
    let mut tool = tool.disable_help_subcommand(true);
    tool.build();
    match args.dir {
        Some(dir) => write_all(&tool, &dir).with_context(|| printable(&dir.to_string_lossy(), usize::MAX))?,
        None => {
            let mut out = stdout();
            write(&tool, &mut out)?;
            out.flush()?;
        }
    }
    Ok(Status::default())
}

fn write_all(tool: &clap::Command, dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    for command in iter::once(tool).chain(tool.get_subcommands()) {
        let mut page = Vec::new();
        write(command, &mut page)?;
        fs::write(dir.join(format!("{}.1", name(command))), page)?;
    }
    Ok(())
}

fn name(command: &clap::Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

/// Writes a page: the options from clap, then the usual further sections.
fn write(command: &clap::Command, out: &mut dyn Write) -> io::Result<()> {
    let after = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let man = Man::new(command.clone());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(out)?;
    }
    let (examples, notes) = help::sections(&after);
    let mut roff = Roff::new();
    section(&mut roff, "NOTES", notes);
    section(&mut roff, "EXIT STATUS", body(help::EXIT_STATUS));
    section(&mut roff, "ENVIRONMENT", body(help::ENVIRONMENT));
    section(&mut roff, "EXAMPLES", body(examples));
    roff.to_writer(out)?;
    if command.get_version().is_some() { man.render_version_section(out) } else { Ok(()) }
}

/// The text without its title line.
fn body(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, body)| body)
}

/// Adds a section with unchanged lines.
fn section(roff: &mut Roff, title: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    roff.control("SH", [title]).control("nf", []);
    for line in text.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}
