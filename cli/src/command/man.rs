//! `man`: manual pages.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap_mangen::Man;
use wabinary_render::shown::printable;

use crate::status::Status;
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  wabinary man | man -l -
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
    // It has no page.
    let tool = tool.disable_help_subcommand(true);
    match args.dir {
        Some(dir) => {
            let written = fs::create_dir_all(&dir).and_then(|()| clap_mangen::generate_to(tool, &dir));
            written.with_context(|| printable(&dir.to_string_lossy(), usize::MAX))?;
        }
        None => {
            let mut out = stdout();
            Man::new(tool).render(&mut out)?;
            out.flush()?;
        }
    }
    Ok(Status::default())
}
