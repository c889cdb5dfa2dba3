//! `page`: the page that reads captures in a browser.

use std::io::Write;

use anyhow::{Result, bail};

use crate::status::Status;
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  wabinary page > wabinary.html    # then open it, and drop a capture on it

The page is one file. It works offline and connects to nothing: what is dropped
or pasted stays in the browser.";

/// The page; empty if the tool was built without it.
const PAGE: &str = include_str!(concat!(env!("OUT_DIR"), "/page.html"));

/// Print a page that reads captures in a browser, offline
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {}

pub(crate) fn run(_: Args) -> Result<Status> {
    if PAGE.is_empty() {
        bail!(
            "this tool was built without the page; in a clone, `cargo tools page` makes web/dist/wabinary.html, and a tool built \
             after that prints it"
        );
    }
    let mut out = stdout();
    out.write_all(PAGE.as_bytes())?;
    out.flush()?;
    Ok(Status::default())
}
