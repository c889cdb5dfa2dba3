//! Turns `tokens/v2` and `tokens/v3` into lookup tables.
//!
//! A table is a sparse open-addressing table: one comparison of a word usually finds a token, or shows that it is
//! absent. A duplicate, empty, missing or extra entry stops the build with the file and line.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/kernel/name_hash.rs"]
mod name_hash;
#[path = "src/kernel/word.rs"]
mod word;

/// File, number of lines, and the id of its first line. The id of a double-byte token is
/// `(dictionary + 1) << 8 | index`, so that ids below 256 are the single wire bytes.
const FILES: [(&str, usize, usize); 5] = [
    ("single-byte.txt", 236, 0),
    ("double-byte-0.txt", 256, 256),
    ("double-byte-1.txt", 256, 512),
    ("double-byte-2.txt", 256, 768),
    ("double-byte-3.txt", 256, 1024),
];
const IDS: usize = 1280;

fn main() {
    println!("cargo::rerun-if-changed=tokens");
    println!("cargo::rerun-if-changed=src/kernel/name_hash.rs");
    println!("cargo::rerun-if-changed=src/kernel/word.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let mut source = String::new();
    for version in ["v2", "v3"] {
        let texts = read_dictionary(&root.join("tokens").join(version)).unwrap_or_else(|error| panic!("{error}"));
        write_table(&mut source, version, &texts);
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("tables.rs"), source).expect("OUT_DIR is writable");
}

fn read_dictionary(folder: &Path) -> Result<Vec<String>, String> {
    let mut texts = vec![String::new(); IDS];
    let mut seen: HashMap<String, String> = HashMap::new();
    for (name, lines, first_id) in FILES {
        let path = folder.join(name);
        let content = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let entries: Vec<&str> = content.strip_suffix('\n').unwrap_or(&content).split('\n').collect();
        let place = |line: usize| format!("{}:{}", path.display(), line + 1);
        if entries.len() != lines {
            let line = entries.len().min(lines);
            return Err(format!("{}: {} entries, expected {lines}", place(line), entries.len()));
        }
        for (line, entry) in entries.into_iter().enumerate() {
            let id = first_id + line;
            if id == 0 {
                if !entry.is_empty() {
                    return Err(format!("{}: index 0 is reserved and must be empty", place(line)));
                }
                continue;
            }
            if entry.is_empty() || !entry.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@') {
                return Err(format!("{}: empty, or not printable ASCII without blank and @", place(line)));
            }
            if let Some(first) = seen.insert(entry.to_owned(), place(line)) {
                return Err(format!("{}: \"{entry}\" is already at {first}", place(line)));
            }
            texts[id] = entry.to_owned();
        }
    }
    Ok(texts)
}

fn write_table(source: &mut String, version: &str, texts: &[String]) {
    let (keys, ids) = lay_out(texts);
    let mut lengths = [0_u64; 128];
    for text in texts.iter().filter(|text| !text.is_empty()) {
        assert!(text.len() < 63, "{text}: too long for a set of lengths in 64 bits");
        lengths[usize::from(text.as_bytes()[0])] |= 1 << text.len();
    }
    let name = version.to_uppercase();
    writeln!(source, "static {name}: Table = Table {{ dictionary: Dictionary::{name}, texts: {texts:?},").unwrap();
    writeln!(source, "    keys: {keys:?}, ids: {ids:?}, lengths: {lengths:?} }};").unwrap();
}

/// Keys and ids by slot. Single-byte tokens are the most common, so they come first and usually get their first slot.
fn lay_out(texts: &[String]) -> (Vec<u64>, Vec<u16>) {
    let (mut keys, mut ids) = (vec![0; name_hash::SLOTS], vec![0; name_hash::SLOTS]);
    for (id, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let key = name_hash::key(text.as_bytes());
        assert!(key != 0 && !keys.contains(&key), "{text}: its key is another one's: change the constants of the hash");
        let mut slot = name_hash::first_slot(key);
        while keys[slot] != 0 {
            slot = name_hash::next_slot(slot);
        }
        (keys[slot], ids[slot]) = (key, id as u16);
    }
    (keys, ids)
}
