//! Text forms of trees.

mod base64;
#[cfg(feature = "serde")]
mod serde;
mod xml;
