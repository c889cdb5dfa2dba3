//! Makes the maps that the lookup of tokens is compared with from the same lists as the library's table.

use std::path::Path;
use std::{env, fs};

/// File, and the id of its first line; ids as in the library's `build.rs`.
const FILES: [(&str, u16); 5] = [
    ("single-byte.txt", 0),
    ("double-byte-0.txt", 256),
    ("double-byte-1.txt", 512),
    ("double-byte-2.txt", 768),
    ("double-byte-3.txt", 1024),
];

fn main() {
    let folder = Path::new("../../tokens/v3");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut tokens: Vec<(String, u16)> = Vec::new();
    for (name, first_id) in FILES {
        let lines = fs::read_to_string(folder.join(name)).expect("the list is there");
        let numbered = (first_id..).zip(lines.lines()).filter(|(_, text)| !text.is_empty());
        tokens.extend(numbered.map(|(id, text)| (text.to_owned(), id)));
    }
    tokens.sort();

    let texts: Vec<&str> = tokens.iter().map(|(text, _)| text.as_str()).collect();
    let ids: Vec<u16> = tokens.iter().map(|(_, id)| *id).collect();
    let mut map = phf_codegen::Map::new();
    for (text, id) in &tokens {
        map.entry(text.as_str(), id.to_string());
    }
    let source = format!(
        "static SORTED: &[(&str, u16)] = &{tokens:?};\nstatic PHF: phf::Map<&'static str, u16> = {};\n\
         static QUICKPHF: quickphf::PhfMap<&'static str, u16> = {};\n",
        map.build(),
        quickphf_codegen::build_map(&texts, &ids),
    );
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("tokens.rs"), source).expect("OUT_DIR is writable");
}
