//! Includes the page for browsers in the tool, if `cargo tools page` has built it.
//!
//! `WABINARY_PAGE` names another file. The tool also builds without a page; then `wabinary page` says how to get one.

use std::env;
use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=WABINARY_PAGE");
    let page = match env::var_os("WABINARY_PAGE") {
        Some(path) => {
            println!("cargo::rerun-if-changed={}", path.to_string_lossy());
            fs::read(path)?
        }
        None => {
            // The folder exists before the page.
            println!("cargo::rerun-if-changed=../web/dist");
            fs::read("../web/dist/wabinary.html").unwrap_or_default()
        }
    };
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("page.html"), page)
}
