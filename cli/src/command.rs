//! The commands, each with its options, help and code.

pub(crate) mod acks;
pub(crate) mod completions;
pub(crate) mod conforming;
pub(crate) mod decode;
pub(crate) mod diff;
pub(crate) mod encode;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod man;
pub(crate) mod page;
pub(crate) mod sanitize;
pub(crate) mod spec;
pub(crate) mod summary;
pub(crate) mod survey;
pub(crate) mod tokens;
