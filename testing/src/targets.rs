//! The fuzz targets, shared by `fuzz/`, by the replay of corpora and regressions, and by the property tests.
//!
//! A new target is a function here, a `[[bin]]` in `fuzz/Cargo.toml`, and a file in `fuzz/corpus`.

use arbitrary::{Result, Unstructured};

pub mod captures;
pub mod editing;
pub mod encoding;
pub mod framing;
pub mod inflating;
pub mod jids;
pub mod ledgers;
pub mod sanitizing;
pub mod sockets;
pub mod spelling;
pub mod stanzas;
pub mod texts;

use crate::checks;

/// A fuzz target: its name, and its check of an input. The check panics if a law is broken.
pub struct Target {
    pub name: &'static str,
    pub check: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 22] = [
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
    Target { name: "xml", check: texts::xml },
    Target { name: "xml_tree", check: |data| with(data, texts::xml_tree) },
    Target { name: "json", check: texts::json },
    Target { name: "capture", check: captures::any_form },
    Target { name: "capture_log", check: captures::log },
    Target { name: "capture_pasted", check: captures::pasted },
    Target { name: "capture_json", check: captures::objects },
    Target { name: "sanitize", check: sanitizing::any_frame },
    Target { name: "sockets", check: |data| with(data, sockets::recorded) },
    Target { name: "ledger", check: |data| with(data, ledgers::seen) },
];

/// Runs a check with bytes as a source of choices. Exhausted bytes read as zeros; an input that is too short is not
/// checked.
fn with(data: &[u8], check: fn(&mut Unstructured<'_>) -> Result<()>) {
    let _ = check(&mut Unstructured::new(data));
}
