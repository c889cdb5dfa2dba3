//! The seeds and regressions of the fuzz targets, through the same checks.

#[path = "support/arbitrary_tree.rs"]
mod arbitrary_tree;
#[path = "support/checks.rs"]
mod checks;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut replayed = 0;
    for entry in entries {
        let path = entry.expect("the folder is readable").path();
        let input = fs::read(&path).expect("the corpus is readable");
        assert!(catch_unwind(|| check(&input)).is_ok(), "{}", path.display());
        replayed += 1;
    }
    assert!(replayed > 0, "{} is empty", folder.display());
}

#[test]
fn decode() {
    replay("decode", checks::decode);
}

#[test]
fn roundtrip_bytes() {
    replay("roundtrip_bytes", checks::roundtrip_bytes);
}

#[test]
fn roundtrip_node() {
    replay("roundtrip_node", checks::roundtrip_node);
}
