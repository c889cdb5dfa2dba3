//! The layout of the crates: modules depend on each other in one direction, files stay short, and no signature shows a
//! type of the parsers or of the compression library.

use std::collections::{BTreeMap, BTreeSet};

use wabinary_testing::source::{CRATES, Modules, SourceFile, files, identifiers};

/// Each module of the library, and the modules it may know. All of these come before it, so there can be no cycle.
const MAY_KNOW: [(&str, &[&str]); 17] = [
    ("kernel", &[]),
    ("options", &[]),
    ("printable", &[]),
    ("error", &["options", "printable"]),
    ("token", &["kernel"]),
    ("jid", &["error", "token"]),
    ("stream", &["token"]),
    ("frame", &["error", "options"]),
    ("wire", &["kernel", "error", "options", "token", "jid"]),
    ("node", &["kernel", "error", "printable", "token", "jid"]),
    ("decode", &["kernel", "error", "options", "token", "frame", "jid", "wire", "node"]),
    ("encode", &["kernel", "error", "options", "token", "frame", "jid", "wire", "node"]),
    ("explain", &["kernel", "error", "printable", "token", "frame", "jid", "wire", "node", "decode"]),
    ("stanza", &["error", "printable", "jid", "node"]),
    ("text", &["printable", "jid", "node"]),
    ("generate", &["token", "jid", "node"]),
    ("any_error", &["error", "options", "stanza", "stream", "text"]),
];

/// Files that read untrusted input, with their modules, and the panicking lints that they deny in addition to
/// src/lib.rs.
const DENY: [(&str, &[&str]); 16] = [
    ("src/decode.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/explain.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/frame.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/jid/text.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/kernel.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/node/seen_names.rs", &[INDEXING, SLICING]),
    ("src/error/path.rs", &[INDEXING, SLICING]),
    ("src/jid/address.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/node/path.rs", &[INDEXING, SLICING]),
    ("src/node/read.rs", &[INDEXING, SLICING]),
    ("src/node/tree.rs", &[INDEXING, SLICING]),
    ("src/printable.rs", &[INDEXING, SLICING]),
    ("src/stanza.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/stream.rs", &[INDEXING, SLICING, ARITHMETIC]),
    ("src/text.rs", &[INDEXING, SLICING]),
    ("src/wire.rs", &[INDEXING, SLICING, ARITHMETIC]),
];
const INDEXING: &str = "clippy::indexing_slicing";
const SLICING: &str = "clippy::string_slice";
const ARITHMETIC: &str = "clippy::arithmetic_side_effects";

fn text(file: &str) -> String {
    std::fs::read_to_string(wabinary_testing::project().join(file)).unwrap()
}

#[test]
fn what_input_could_make_panic_is_denied() {
    for (file, lints) in DENY {
        let text = text(file);
        let denied =
            text.split_once("#![deny(").and_then(|(_, after)| after.split_once(")]")).map(|(denied, _)| denied);
        let denied = denied.unwrap_or_else(|| panic!("{file} denies nothing"));
        assert!(lints.iter().all(|lint| denied.contains(lint)), "{file} denies {denied}, but should {lints:?}");
    }
    for root in [
        "src/lib.rs",
        "calls/src/lib.rs",
        "render/src/lib.rs",
        "capture/src/lib.rs",
        "generate/src/lib.rs",
        "web/src/lib.rs",
    ] {
        for lint in ["unwrap_used", "expect_used", "panic", "unreachable", "todo", "unimplemented"] {
            assert!(text(root).contains(&format!("    clippy::{lint}")), "{root}: {lint}");
        }
    }
    for root in [
        "src/lib.rs",
        "calls/src/lib.rs",
        "render/src/lib.rs",
        "capture/src/lib.rs",
        "web/src/lib.rs",
        "cli/src/main.rs",
        "generate/src/lib.rs",
        "conformance/src/lib.rs",
    ] {
        assert!(text(root).contains("#![forbid(unsafe_code)]"), "{root}");
    }
}

#[test]
fn modules_of_the_library_know_those_that_they_may_know() {
    for (at, (module, may_know)) in MAY_KNOW.iter().enumerate() {
        let before: Vec<_> = MAY_KNOW[..at].iter().map(|(module, _)| *module).collect();
        assert!(may_know.iter().all(|known| before.contains(known)), "{module} comes before one that it may know");
    }
    let modules = Modules::of("");
    let mut found = BTreeSet::new();
    for file in modules.files().iter().filter(|file| !file.module.is_empty()) {
        let own = &file.module[0];
        let (_, may_know) = MAY_KNOW.iter().find(|(module, _)| module == own).expect("each module is in the table");
        found.insert(own.clone());
        for known in modules.known_by(file).iter().filter_map(|path| path.first()).filter(|known| *known != own) {
            assert!(may_know.contains(&known.as_str()), "{} knows {known}, which {own} may not", file.name);
        }
    }
    assert_eq!(found.len(), MAY_KNOW.len(), "a module of the table is gone: {found:?}");
}

/// A projection in another crate can do everything that `stanza` does.
#[test]
fn stanza_has_no_privileges() {
    for file in files("").iter().filter(|file| file.module.first().is_some_and(|module| module == "stanza")) {
        for line in file.code.iter().filter(|line| line.contains("crate::")) {
            let path = line.split("crate::").nth(1).unwrap();
            let first = path.trim_start_matches('{').chars().next().unwrap();
            assert!(first.is_uppercase() || path.starts_with("stanza::"), "{}: {line}", file.name);
        }
    }
}

/// Modules that are one unit in several files: they share private parts in both directions.
const ONE_THING: [&str; 13] = [
    "/node",
    "/wire",
    "/wire/packed",
    "/jid",
    "/stanza",
    "/stanza/call_ack",
    "/explain",
    "/decode",
    "/error",
    "/text",
    "/text/xml",
    "/token",
    "/stream",
];

/// Files of one folder, and folders as a whole, know each other in one direction.
#[test]
fn no_modules_know_each_other_in_a_circle() {
    for folder in CRATES {
        let modules = Modules::of(folder);
        // For each folder: the modules that know each other.
        let mut graphs: BTreeMap<Vec<String>, BTreeSet<(String, String)>> = BTreeMap::new();
        for file in modules.files() {
            for known in modules.known_by(file) {
                let shared = file.module.iter().zip(&known).take_while(|(one, other)| one == other).count();
                if let (Some(one), Some(other)) = (file.module.get(shared), known.get(shared)) {
                    graphs.entry(known[..shared].to_vec()).or_default().insert((one.clone(), other.clone()));
                }
            }
        }
        for (around, mut edges) in graphs {
            let name = format!("{folder}/{}", around.join("/"));
            if ONE_THING.contains(&name.as_str()) {
                continue;
            }
            // Removes modules that know no remaining module, until only cycles remain.
            loop {
                let knowing: BTreeSet<_> = edges.iter().map(|(one, _)| one.clone()).collect();
                let before = edges.len();
                edges.retain(|(_, other)| knowing.contains(other));
                if edges.len() == before {
                    break;
                }
            }
            assert!(edges.is_empty(), "{name}: modules know each other in a circle: {edges:?}");
        }
    }
}

/// The most lines of a file, without its tests.
const LONGEST: usize = 400;

#[test]
fn files_are_short_enough_to_be_read() {
    for (folder, file) in CRATES.iter().flat_map(|folder| files(folder).into_iter().map(move |file| (folder, file))) {
        assert!(file.length <= LONGEST, "{folder}/{} has {} lines, {LONGEST} are allowed", file.name, file.length);
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
    for file in files("") {
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
        files("").into_iter().filter(knows).filter_map(|file| file.module.into_iter().next()).collect()
    };
    // `decode` gets the problems that the parsers report.
    assert_eq!(knowing("nom"), BTreeSet::from(["decode", "stream", "wire"].map(str::to_owned)));
    assert_eq!(knowing("flate2"), BTreeSet::from(["frame".to_owned()]));
    assert_eq!(knowing("quick_xml"), BTreeSet::from(["text".to_owned()]));
}
