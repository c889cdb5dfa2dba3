//! Captures.
#![forbid(unsafe_code)]

pub mod sanitize;
pub mod wacrg;

pub use sanitize::{Residue, ResidueCheck, ResidueKind, Sanitizer};
