//! The library's source files, to hold rules about the code itself.
#![allow(dead_code, reason = "not every test file needs every part")]

use std::fs;
use std::path::{Path, PathBuf};

/// A file of `src`.
pub(crate) struct SourceFile {
    /// `wire/jid.rs`
    pub(crate) name: String,
    /// The module at the top: `wire`. Empty for `lib.rs`.
    pub(crate) module: String,
    /// Number of lines without the tests at the end.
    pub(crate) length: usize,
    /// The same lines without comments and without what stands in quotes.
    pub(crate) code: Vec<String>,
}

/// All files of `src`, by name.
pub(crate) fn files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<_> = paths_below(&root).iter().map(|path| read(path, &root)).collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(files.len() > 30, "{} files", files.len());
    files
}

fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { paths_below(&path) } else { vec![path] }).collect()
}

fn read(path: &Path, root: &Path) -> SourceFile {
    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let module = name.split(['/', '.']).next().filter(|module| *module != "lib").unwrap_or("").to_owned();
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    let code = lines.iter().map(|line| without_quotes(line.split("//").next().unwrap_or(""))).collect();
    SourceFile { name, module, length: lines.len(), code }
}

fn without_quotes(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// The identifiers of a piece of code, in order.
pub(crate) fn identifiers(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character: char| !(character.is_alphanumeric() || character == '_')).filter(|word| !word.is_empty())
}
