//! Code that tests and fuzz targets share.

pub mod checks;
pub mod corpora;
pub mod corpus;
pub mod exhaustive;
pub mod made;
pub mod malformed;
pub mod markdown;
pub mod measured;
pub mod naive;
pub mod ranges;
pub mod secrets;
pub mod shapes;
pub mod source;
pub mod targets;
pub mod vectors;

pub use wabinary_generate::plain as plain_tree;

use std::path::PathBuf;

/// The folder of the project.
pub fn project() -> PathBuf {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.pop();
    folder
}
