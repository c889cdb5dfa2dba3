//! Hot code that is hard to read, behind plain functions.
//!
//! Each function computes what a few obvious lines would compute, in fewer instructions: eight characters as one word,
//! pieces of fixed size, tables in place of branches. Those obvious lines stand in the tests below each function, as
//! `naive_…`, and the tests compare both. Nothing here knows another module.
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

/// Characters that are copied, packed or unpacked at once.
pub(crate) const PIECE: usize = 16;

/// A word of eight times the same byte.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}
