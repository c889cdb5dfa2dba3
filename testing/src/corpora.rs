//! The inputs of the fuzz targets in `fuzz/`. Panics if a file or folder is missing, empty or unreadable.

use std::fs;
use std::path::PathBuf;

use data_encoding::HEXLOWER;

/// An input, and where it is stored.
pub struct Input {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The packed corpus of a target: one input a line, in lower-case hex.
pub fn corpus(target: &str) -> Vec<Input> {
    let file = fuzz().join("corpus").join(target).with_extension("hex");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let input = |(number, line): (usize, &str)| {
        let name = format!("{}:{number}", file.display());
        let bytes = HEXLOWER.decode(line.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        Input { name, bytes }
    };
    let inputs: Vec<Input> = (1..).zip(text.lines()).map(input).collect();
    assert!(!inputs.is_empty(), "{} is empty", file.display());
    inputs
}

/// The regressions of a target: one input a file, named after the fault.
pub fn regressions(target: &str) -> Vec<Input> {
    let folder = fuzz().join("regressions").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let input =
        |path: PathBuf| Input { name: path.display().to_string(), bytes: fs::read(&path).expect("it is a file") };
    let inputs: Vec<Input> = entries.map(|entry| input(entry.expect("the folder is readable").path())).collect();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs
}

fn fuzz() -> PathBuf {
    crate::project().join("fuzz")
}
