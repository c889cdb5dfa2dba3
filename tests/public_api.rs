//! The number of public items. Readers must learn each, and the project must keep it: raise a number only for an item
//! that is worth it.
//!
//! Every `pub` item is reachable (the lint `unreachable_pub` ensures that), so counting the word counts the items.

use std::collections::BTreeMap;
use std::process::Command;

use wabinary_testing::source::{SourceFile, files, identifiers};
use wabinary_testing::{exhaustive, project};

/// The kind of item that a line declares, and its name.
fn declared(line: &str) -> Option<(&'static str, String)> {
    let rest = line.trim_start().strip_prefix("pub ")?;
    let mut words = identifiers(rest).skip_while(|word| *word == "const" && rest.contains(" fn "));
    let first = words.next()?;
    let kind = match first {
        "fn" => "functions and methods",
        "struct" | "enum" | "trait" | "type" => "types and traits",
        "const" | "static" => "constants",
        "mod" => "modules",
        // A re-exported item was counted where it is declared.
        "use" => return None,
        _ => return Some(("fields", first.to_owned())),
    };
    Some((kind, words.next().unwrap_or(first).to_owned()))
}

/// The items of the public traits of a file.
fn declared_in_traits(file: &SourceFile) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_inside = false;
    for line in &file.code {
        is_inside |= line.starts_with("pub trait ");
        is_inside &= line != "}";
        let item = line
            .strip_prefix("    ")
            .filter(|item| is_inside && (item.starts_with("fn ") || item.starts_with("const ")));
        names.extend(item.and_then(|item| identifiers(item).nth(1)).map(str::to_owned));
    }
    names
}

/// For each crate: constants, fields, functions and methods, items of traits, modules, types and traits.
const COUNTS: [(&str, [usize; 6]); 4] = [
    ("", [26, 78, 347, 6, 4, 83]),
    ("calls/", [5, 232, 115, 0, 2, 62]),
    ("render/", [9, 16, 37, 0, 8, 9]),
    ("capture/", [9, 53, 78, 0, 4, 35]),
];
const KINDS: [&str; 6] =
    ["constants", "fields", "functions and methods", "items of traits", "modules", "types and traits"];

#[test]
fn the_public_items_are_as_many_as_they_were() {
    for (folder, expected) in COUNTS {
        let mut items: BTreeMap<&str, Vec<String>> = KINDS.iter().map(|kind| (*kind, Vec::new())).collect();
        for file in files(folder) {
            for (kind, name) in file.code.iter().filter_map(|line| declared(line)) {
                items.entry(kind).or_default().push(format!("{}: {name}", file.name));
            }
            for name in declared_in_traits(&file) {
                items.entry("items of traits").or_default().push(format!("{}: {name}", file.name));
            }
        }
        let counted: Vec<usize> = items.values().map(Vec::len).collect();
        assert_eq!(counted, expected, "{folder}: {items:#?}");
    }
}

/// The names directly in `wabinary::`.
const AT_THE_ROOT: &[&str] = &[
    "AttrError",
    "Attrs",
    "Builder",
    "Children",
    "Content",
    "DecodeError",
    "DecodeErrorKind",
    "Decoder",
    "Dictionary",
    "Element",
    "EncodeError",
    "EncodeErrorKind",
    "Encoder",
    "Error",
    "FromValue",
    "Jid",
    "JidError",
    "JidForm",
    "JidKey",
    "JidRef",
    "KnownAttrs",
    "KnownNames",
    "KnownText",
    "LengthClaim",
    "LengthField",
    "Leniency",
    "Limits",
    "NewContent",
    "NewValue",
    "Node",
    "NodeRef",
    "OffsetSpace",
    "ParseLeniencyError",
    "Printable",
    "Rewrite",
    "Server",
    "StanzaError",
    "TextPlace",
    "Token",
    "UnixSeconds",
    "Value",
    "XmlError",
    "XmlReader",
    "address_text",
    "decode",
    "decode_body",
    "decode_body_first",
    "decode_body_slice",
    "decode_first",
    "decode_slice",
    "encode",
    "explain",
    "generate",
    "is_address_attribute",
    "stanza",
    "stream",
];

#[test]
fn the_names_at_the_root_are_these() {
    let root = files("").into_iter().find(|file| file.name == "lib.rs").unwrap().code.join(" ");
    let mut names: Vec<String> = Vec::new();
    for exported in root.split("pub use ").skip(1) {
        let list = exported.split(';').next().unwrap();
        let (_, list) = list.split_once("::").unwrap();
        names.extend(identifiers(list).map(str::to_owned));
    }
    names.extend(root.split("pub mod ").skip(1).filter_map(|rest| identifiers(rest).next()).map(str::to_owned));
    names.sort_unstable();
    assert_eq!(names, AT_THE_ROOT);
}

/// The crates whose types may be in signatures.
const SHOWN: [&str; 9] =
    ["std", "core", "alloc", "wabinary", "bytes", "serde", "serde_core", "arbitrary", "tokio_util"];

/// The library according to rustdoc. JSON output needs a nightly flag, which the stable rustdoc has too.
fn rustdoc_json() -> serde_json::Value {
    let target = project().join("target/rustdoc-json");
    let cargo = Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "-p", "wabinary", "--lib", "--all-features", "--target-dir"])
        .arg(&target)
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(project())
        .status();
    assert!(cargo.unwrap().success());
    serde_json::from_slice(&std::fs::read(target.join("doc/wabinary.json")).unwrap()).unwrap()
}

/// Uses rustdoc, so that aliases, traits and generics cannot hide a type. Only in the exhaustive run, since all
/// dependencies are compiled for it.
#[test]
fn no_signature_shows_a_type_of_another_crate() {
    if !exhaustive::is_on() {
        return;
    }
    let json = rustdoc_json();
    let crate_of = |id: &str| {
        let number = json["paths"][id]["crate_id"].as_u64()?;
        if number == 0 {
            return Some("wabinary");
        }
        json["external_crates"][number.to_string()]["name"].as_str()
    };
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in json["index"].as_object().unwrap().values().filter(|item| item["crate_id"] == 0) {
        // The compiler makes blanket and automatic implementations.
        let of_impl = &item["inner"]["impl"];
        if of_impl["is_synthetic"] == true || !of_impl["blanket_impl"].is_null() {
            continue;
        }
        let mut unread = vec![&item["inner"]];
        while let Some(part) = unread.pop() {
            if let Some(id) = part.get("id").filter(|_| part.get("path").is_some())
                && let Some(name) = crate_of(&id.to_string())
            {
                let item = item["name"].as_str().unwrap_or("an implementation").to_owned();
                shown.entry(name.to_owned()).or_default().push(format!("{item}: {}", part["path"]));
            }
            match part {
                serde_json::Value::Array(parts) => unread.extend(parts),
                serde_json::Value::Object(parts) => unread.extend(parts.values()),
                _ => {}
            }
        }
    }
    assert!(shown.contains_key("bytes") && shown["wabinary"].len() > 100, "too little is found: {shown:#?}");
    let foreign: Vec<_> = shown.iter().filter(|(name, _)| !SHOWN.contains(&name.as_str())).collect();
    assert!(foreign.is_empty(), "{foreign:#?}");
}
