//! What the fuzz targets check: the same as the property tests and the replay of the corpus.

#[path = "../../tests/support/arbitrary_tree.rs"]
mod arbitrary_tree;
#[path = "../../tests/support/checks.rs"]
mod checks;

/// Decoding never panics, its ways agree, and what it tells points into the input.
pub fn decode(data: &[u8]) {
    checks::decode(data);
}

/// Law 2: `encode(decode(b)) == b` exactly when nothing in `b` is rewritten.
pub fn roundtrip_bytes(data: &[u8]) {
    checks::roundtrip_bytes(data);
}

/// Law 1: `decode(encode(x)) == x`, for a tree made from the bytes.
pub fn roundtrip_node(data: &[u8]) {
    checks::roundtrip_node(data);
}
