//! Fast code that is hard to read, with simple interfaces.
//!
//! Each function computes what a few obvious lines would compute, in fewer instructions: it takes eight characters as one
//! word, works on pieces of fixed size, or looks things up in a table. Its tests have those obvious lines, the naive twin,
//! and compare both, on small inputs exhaustively and on random ones. No kernel knows another module of the crate.
//!
//! Code belongs here if a measurement justifies that it is hard to read. The comment on each function names its twin
//! and the measurement.
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]
// The twins are written in plain arithmetic, and a test may panic.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub(crate) mod decimal;
pub(crate) mod filter;
pub(crate) mod name_hash;
pub(crate) mod packed;
pub(crate) mod short_copy;
pub(crate) mod short_name;
pub(crate) mod word;

/// Number of characters that are copied, packed or unpacked at once.
pub(crate) const BLOCK: usize = 16;

/// A word of eight equal bytes.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}
