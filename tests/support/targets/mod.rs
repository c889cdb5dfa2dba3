//! What is fuzzed: the list of targets, shared by `fuzz/`, by the replay of corpora and regressions, and by the property
//! tests.
//!
//! A new target is a function here, a `[[bin]]` in `fuzz/Cargo.toml`, and a file in `fuzz/corpus`.
#![allow(dead_code, reason = "not every user needs every part")]

use arbitrary::{Result, Unstructured};

#[path = "../../../src/arbitrary/tree.rs"]
pub(crate) mod arbitrary_tree;
#[path = "../checks.rs"]
pub(crate) mod checks;
pub(crate) mod editing;
pub(crate) mod encoding;
pub(crate) mod framing;
pub(crate) mod inflating;
pub(crate) mod jids;
#[path = "../plain_tree.rs"]
pub(crate) mod plain_tree;
#[path = "../sloppy_encoder.rs"]
pub(crate) mod sloppy_encoder;
pub(crate) mod spelling;
pub(crate) mod stanzas;

/// A fuzz target: what it is called, and what it does with an input. It panics when something does not hold.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) check: fn(&[u8]),
}

/// Every target.
pub(crate) const TARGETS: [Target; 12] = [
    Target { name: "decode", check: checks::decode },
    Target { name: "roundtrip_bytes", check: checks::roundtrip_bytes },
    Target { name: "roundtrip_node", check: checks::roundtrip_node },
    Target { name: "spelled", check: |data| with(data, spelling::spelled) },
    Target { name: "damaged", check: |data| with(data, spelling::damaged) },
    Target { name: "edit", check: |data| with(data, editing::edited) },
    Target { name: "encode", check: |data| with(data, encoding::encoded) },
    Target { name: "inflate", check: inflating::inflated_bytes },
    Target { name: "framing", check: framing::framed_bytes },
    Target { name: "jid", check: jids::any_text },
    Target { name: "explain", check: checks::explain },
    Target { name: "call_ack", check: stanzas::any_frame },
];

/// Does something with bytes as a source of choices. Bytes that are used up read as zeros; where an input is refused for
/// being too short there is nothing to check.
fn with(data: &[u8], check: fn(&mut Unstructured<'_>) -> Result<()>) {
    let _ = check(&mut Unstructured::new(data));
}
