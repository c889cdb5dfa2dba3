//! Makes tables of what runs gave, and puts them into the documents.

use std::io::Error;
use std::path::Path;

mod comparison;
mod facts;
mod markdown;
mod npm;
mod summary;
mod tables;

use comparison::Comparison;

/// Prints all tables, the summary last.
///
/// # Errors
/// Results that are not there or cannot be read.
pub fn print(results: &Path) -> Result<(), Error> {
    let comparison = Comparison::read(results)?;
    println!("{}\n{}", tables::all(&comparison), summary::full(&comparison));
    Ok(())
}

/// Puts the summary into README.md and everything into BENCHMARKING.md, and prints the summary.
///
/// # Errors
/// Results or documents that are not there, and documents without the marks.
pub fn write(results: &Path, root: &Path) -> Result<(), Error> {
    let comparison = Comparison::read(results)?;
    let all = format!("{}\n{}", summary::full(&comparison), tables::all(&comparison));
    markdown::replace(&root.join("README.md"), &summary::short(&comparison))?;
    markdown::replace(&root.join("BENCHMARKING.md"), &all)?;
    println!("{}", summary::full(&comparison));
    Ok(())
}
