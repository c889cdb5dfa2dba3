//! `completions`: completions for shells.

use std::io::Write;

use anyhow::Result;
use clap_complete::Shell;

use crate::status::Status;
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  eval \"$(wabinary completions bash)\"               # in ~/.bashrc
  wabinary completions zsh > ~/.zfunc/_wabinary # a folder of $fpath
  wabinary completions fish > ~/.config/fish/completions/wabinary.fish";

/// Print completions for a shell
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: &Args, mut tool: clap::Command) -> Result<Status> {
    // clap_complete panics if it writes to a closed pipe.
    let mut script = Vec::new();
    let name = tool.get_name().to_owned();
    clap_complete::generate(args.shell, &mut tool, name, &mut script);
    let mut out = stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Status::default())
}
