//! How the library is laid out: modules know each other in one direction, files stay short, and no signature shows a
//! type of the parsers or of the compression behind it.

use std::collections::BTreeSet;

#[path = "support/source.rs"]
mod source;

use source::{SourceFile, files, identifiers};

/// Each module with those it may know. It stands behind all of them, so there can be no circle.
const MAY_KNOW: [(&str, &[&str]); 15] = [
    ("kernel", &[]),
    ("error", &[]),
    ("options", &[]),
    ("jid", &["error"]),
    ("token", &["kernel", "jid"]),
    ("stream", &["token"]),
    ("frame", &["error", "options"]),
    ("wire", &["kernel", "error", "options", "token", "jid"]),
    ("node", &["kernel", "error", "token", "jid"]),
    ("decode", &["kernel", "error", "options", "token", "frame", "jid", "wire", "node"]),
    ("encode", &["kernel", "error", "options", "token", "frame", "jid", "wire", "node"]),
    ("explain", &["kernel", "error", "token", "frame", "jid", "wire", "node", "decode"]),
    ("stanza", &["error", "jid", "node"]),
    ("text", &["jid", "node"]),
    ("arbitrary", &["jid", "node"]),
];

/// Files that see what comes from outside, with their modules, and what may panic that they deny beside what src/lib.rs
/// does.
const DENY: [(&str, &[&str]); 13] = [
    ("src/decode.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/explain.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/frame.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/jid/text.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/kernel.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/node/keys.rs", &[INDEXING, SLICING]),
    ("src/node/path.rs", &[INDEXING, SLICING]),
    ("src/node/read.rs", &[INDEXING, SLICING]),
    ("src/node/tree.rs", &[INDEXING, SLICING]),
    ("src/stanza.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/stream.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/text.rs", &[INDEXING, SLICING]),
    ("src/wire.rs", &[INDEXING, SLICING, ARITHMETIC]),
];
const INDEXING: &str = "clippy::indexing_slicing";
const SLICING: &str = "clippy::string_slice";
const ARITHMETIC: &str = "clippy::arithmetic_side_effects";

#[test]
fn what_input_could_make_panic_is_denied() {
    for (file, lints) in DENY {
        let text = std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let denied =
            text.split_once("#![deny(").and_then(|(_, behind)| behind.split_once(")]")).map(|(denied, _)| denied);
        let denied = denied.unwrap_or_else(|| panic!("{file} denies nothing"));
        assert!(lints.iter().all(|lint| denied.contains(lint)), "{file} denies {denied}, but should {lints:?}");
    }
    let library = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    for lint in ["unwrap_used", "expect_used", "panic", "unreachable", "todo", "unimplemented", "incompatible_msrv"] {
        assert!(library.contains(&format!("    clippy::{lint}")), "{lint}");
    }
}

/// The names behind each `crate::` of a file, also of `use crate::{one, other}`.
fn known_by(file: &SourceFile) -> BTreeSet<String> {
    let code = file.code.join(" ");
    let mut known = BTreeSet::new();
    for behind in code.split("crate::").skip(1) {
        match behind.strip_prefix('{') {
            None => known.extend(identifiers(behind).next().map(str::to_owned)),
            Some(list) => {
                let list = list.split('}').next().unwrap_or("");
                known.extend(list.split(',').filter_map(|path| identifiers(path).next()).map(str::to_owned));
            }
        }
    }
    known
}

#[test]
fn modules_know_each_other_in_one_direction() {
    for (at, (module, may_know)) in MAY_KNOW.iter().enumerate() {
        let before: Vec<_> = MAY_KNOW[..at].iter().map(|(module, _)| *module).collect();
        assert!(may_know.iter().all(|known| before.contains(known)), "{module} stands before one that it may know");
    }
    let mut modules = BTreeSet::new();
    for file in files().iter().filter(|file| !file.module.is_empty()) {
        let (_, may_know) = MAY_KNOW
            .iter()
            .find(|(module, _)| *module == file.module)
            .unwrap_or_else(|| panic!("{} is in no module of the table", file.name));
        modules.insert(file.module.clone());
        for known in known_by(file).iter().filter(|known| **known != file.module) {
            assert!(may_know.contains(&known.as_str()), "{} knows {known}, which {} may not", file.name, file.module);
        }
    }
    assert_eq!(modules.len(), MAY_KNOW.len(), "a module of the table is gone: {modules:?}");
}

#[test]
fn no_module_goes_round_the_table_through_super() {
    for file in files() {
        // From a file at the top, and by two steps from any, `super` leads out of the module.
        let leads_out = if file.name.contains('/') { "super::super" } else { "super::" };
        let line = file.code.iter().find(|line| line.contains(leads_out));
        assert_eq!(line, None, "{}", file.name);
    }
}

/// Lines of a file, without its tests.
const LONGEST: usize = 400;

#[test]
fn files_are_short_enough_to_be_read() {
    for file in files() {
        assert!(file.length <= LONGEST, "{} has {} lines, {LONGEST} are allowed", file.name, file.length);
    }
}

/// Everything from `pub` to the body or the end of an item: its signature.
fn public_signatures(file: &SourceFile) -> Vec<String> {
    let mut signatures: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in &file.code {
        let starts = line.trim_start().starts_with("pub ");
        if starts {
            signatures.push(String::new());
        }
        if starts || is_open {
            let signature = signatures.last_mut().expect("one is open");
            signature.push_str(line.trim());
            signature.push(' ');
            is_open = !line.trim_end().ends_with(['{', ';', ',', '}']) || line.trim_end().ends_with("(,");
        }
    }
    signatures
}

#[test]
fn no_public_signature_shows_a_type_of_nom_flate2_or_quick_xml() {
    for file in files() {
        let hidden = ["nom", "flate2", "quick_xml"];
        let imports =
            file.code.iter().filter(|line| hidden.iter().any(|name| line.starts_with(&format!("use {name}"))));
        let of_imports = imports.flat_map(|line| identifiers(line)).filter(|word| !["use", "self"].contains(word));
        let forbidden: BTreeSet<&str> = of_imports.chain(hidden).filter(|word| *word != "bytes").collect();
        for signature in public_signatures(&file) {
            let shown = identifiers(&signature).find(|word| forbidden.contains(word));
            assert_eq!(shown, None, "{}: {signature}", file.name);
        }
    }
}

#[test]
fn only_the_layers_that_parse_or_compress_know_nom_flate2_and_quick_xml() {
    let knowing = |library: &str| -> BTreeSet<String> {
        let path = format!("{library}::");
        let knows = |file: &SourceFile| file.code.iter().any(|line| line.contains(&path));
        files().into_iter().filter(knows).map(|file| file.module).collect()
    };
    // `decode` is handed what the parsers say of a problem.
    assert_eq!(knowing("nom"), BTreeSet::from(["decode", "stream", "wire"].map(str::to_owned)));
    assert_eq!(knowing("flate2"), BTreeSet::from(["frame".to_owned()]));
    assert_eq!(knowing("quick_xml"), BTreeSet::from(["text".to_owned()]));
}
