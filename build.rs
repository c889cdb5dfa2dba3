//! Turns `tokens/v2` and `tokens/v3` into lookup tables.
//!
//! A table is a perfect hash of the "hash and displace" kind: every token is found, or known to be absent, with one
//! comparison. A duplicate, empty, missing or extra entry stops the build with the file and line that is wrong.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/token/hash.rs"]
mod hash;

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
    println!("cargo::rerun-if-changed=src/token/hash.rs");
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
                return Err(format!("{}: \"{entry}\" stands already at {first}", place(line)));
            }
            texts[id] = entry.to_owned();
        }
    }
    Ok(texts)
}

fn write_table(source: &mut String, version: &str, texts: &[String]) {
    let (displacements, slots) = displace(texts);
    let mut lengths = [0_u64; 128];
    for text in texts.iter().filter(|text| !text.is_empty()) {
        assert!(text.len() < 63, "{text}: too long for a set of lengths in 64 bits");
        lengths[usize::from(text.as_bytes()[0])] |= 1 << text.len();
    }
    // No key of a short text, which has the length in its high byte.
    let key = |text: &String| if text.is_empty() { u64::MAX } else { hash::key(text.as_bytes()) };
    let keys: Vec<u64> = texts.iter().map(key).collect();
    let name = version.to_uppercase();
    writeln!(source, "static {name}: Table = Table {{ texts: {texts:?},").unwrap();
    writeln!(
        source,
        "    displacements: {displacements:?}, slots: {slots:?}, keys: {keys:?}, lengths: {lengths:?} }};"
    )
    .unwrap();
}

/// For each bucket, largest first, the smallest displacement that puts its tokens into free slots.
fn displace(texts: &[String]) -> (Vec<u16>, Vec<u16>) {
    let mut buckets: Vec<Vec<(usize, u16)>> = vec![Vec::new(); hash::BUCKETS];
    for (id, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let (bucket, base) = hash::bucket(hash::key(text.as_bytes()));
        buckets[bucket].push((base, id as u16));
    }
    let mut order: Vec<usize> = (0..hash::BUCKETS).collect();
    order.sort_by_key(|&bucket| std::cmp::Reverse(buckets[bucket].len()));
    let (mut displacements, mut slots) = (vec![0; hash::BUCKETS], vec![0; hash::SLOTS]);
    for bucket in order {
        let entries = &buckets[bucket];
        let fits = |displacement: &u16| {
            let mut taken: Vec<usize> = entries.iter().map(|&(base, _)| hash::slot(base, *displacement)).collect();
            let free = taken.iter().all(|&slot| slots[slot] == 0);
            taken.sort_unstable();
            taken.dedup();
            free && taken.len() == entries.len()
        };
        let displacement = (0..=u16::MAX).find(fits).expect("a displacement exists: change the constants of the hash");
        displacements[bucket] = displacement;
        for &(base, id) in entries {
            slots[hash::slot(base, displacement)] = id;
        }
    }
    (displacements, slots)
}
