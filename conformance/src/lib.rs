//! Tests a codec of WhatsApp's binary nodes, in any language, against the grammar.
//!
//! A codec takes part by an adapter: a program that answers a JSON line with a JSON line (`README.md` of this crate). The
//! kit asks it for vectors, for the corners of GRAMMAR.md, and for random, oddly spelled and damaged frames, compares the
//! answers with this library, and makes small what deviates.
//!
//! ```text
//! inputs ─► campaign ─► adapter     a program, started again when it dies or hangs
//!              │
//!              ├─► refusals   trees that are not to be encoded
//!              ├─► verdict    the answer beside this library's
//!              ├─► corners    whether a row of GRAMMAR.md explains a deviation
//!              └─► minimise   a small input that deviates in the same way
//! ```

#![forbid(unsafe_code)]

pub mod adapter;
pub mod campaign;
pub mod corners;
pub mod grammar;
pub mod inputs;
pub mod minimise;
pub mod protocol;
pub mod refusals;
pub mod report;
mod shrink_bytes;
mod shrink_tree;
pub mod tree;
pub mod verdict;
