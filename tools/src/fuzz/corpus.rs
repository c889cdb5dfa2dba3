//! Packed corpora: `fuzz/corpus/TARGET.hex` has one input a line, in lower-case hex, the short ones first.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use data_encoding::HEXLOWER;

/// The folders and the packed file of a target.
pub(crate) struct Corpus {
    packed: PathBuf,
    /// The inputs of the packed file, one in each file.
    pub(crate) unpacked: PathBuf,
    /// The inputs that fuzzing finds.
    pub(crate) found: PathBuf,
    /// Inputs that once broke something. Not every target has this folder.
    pub(crate) regressions: PathBuf,
}

impl Corpus {
    /// Unpacks the corpus of a target. A target without a packed file starts from nothing.
    pub(crate) fn unpack(fuzz: &Path, target: &str) -> Result<Self> {
        let corpus = Self {
            packed: fuzz.join("corpus").join(format!("{target}.hex")),
            unpacked: fuzz.join("target/corpus").join(target),
            found: fuzz.join("target/found").join(target),
            regressions: fuzz.join("regressions").join(target),
        };
        fs::create_dir_all(&corpus.found)?;
        empty_folder(&corpus.unpacked)?;
        if !corpus.packed.exists() {
            eprintln!("{} is missing: {target} starts from nothing", corpus.packed.display());
            return Ok(corpus);
        }
        let text = fs::read_to_string(&corpus.packed)?;
        for (number, input) in (1..).zip(parse(&text).with_context(|| corpus.packed.display().to_string())?) {
            fs::write(corpus.unpacked.join(format!("line-{number:04}")), input)?;
        }
        Ok(corpus)
    }

    /// Replaces the packed file by the inputs in a folder.
    pub(crate) fn pack(&self, folder: &Path) -> Result<()> {
        fs::write(&self.packed, print(inputs(folder)?)).with_context(|| self.packed.display().to_string())
    }
}

/// The contents of every file in a folder.
pub(crate) fn inputs(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    entries.map(|entry| Ok(fs::read(entry?.path())?)).collect()
}

/// Creates the folder, or removes its contents.
pub(crate) fn empty_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())
}

fn parse(text: &str) -> Result<Vec<Vec<u8>>> {
    let input = |(number, line): (usize, &str)| {
        HEXLOWER.decode(line.as_bytes()).with_context(|| format!("line {number} is not lower-case hex"))
    };
    (1..).zip(text.lines()).map(input).collect()
}

fn print(mut inputs: Vec<Vec<u8>>) -> String {
    inputs.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    inputs.dedup();
    inputs.iter().map(|input| HEXLOWER.encode(input) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_packed_by_length_then_bytes_and_come_back() {
        let text = print(vec![b"\xff".to_vec(), b"ab".to_vec(), b"\x0a".to_vec(), b"ab".to_vec(), b"aa".to_vec()]);
        assert_eq!(text, "0a\nff\n6161\n6162\n");
        assert_eq!(parse(&text).unwrap(), [&b"\x0a"[..], b"\xff", b"aa", b"ab"]);
    }

    #[test]
    fn a_line_that_is_not_hex_is_named() {
        for line in ["0", "FF", "xx", "0a "] {
            assert_eq!(parse(&format!("00\n{line}\n")).unwrap_err().to_string(), "line 2 is not lower-case hex");
        }
    }
}
