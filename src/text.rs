//! Text forms of trees.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod base64;
#[cfg(feature = "xml")]
mod place;
#[cfg(feature = "serde")]
mod serde;
mod xml;

#[cfg(feature = "xml")]
pub use place::TextPlace;
#[cfg(feature = "xml")]
pub use xml::{XmlError, XmlReader};

/// The deepest tree that is read from a text, or written by serde: its formats recurse for each level.
#[cfg(any(feature = "serde", feature = "xml"))]
const DEEPEST: usize = 256;
#[cfg(any(feature = "serde", feature = "xml"))]
const TOO_DEEP: &str = "more than 256 nested nodes";
