//! Trees and addresses from arbitrary bytes (feature `arbitrary`), for fuzzing code that reads or writes stanzas.
//!
//! `fuzz/README.md` of the repository explains how to use it.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::{Jid, Node};

mod tree;

pub use tree::{Extras, jid, text, tree};

/// Makes trees of every shape: tokens of both dictionaries and texts that nearly are tokens, packed texts of every
/// length, every wire form of addresses, every kind of content, and the sizes at which a head or a length grows. A few
/// do not encode (an empty tag, too deep): skip those.
///
/// ```
/// use arbitrary::{Arbitrary, Unstructured};
/// use wabinary::Node;
///
/// let bytes: Vec<u8> = (0..=255).cycle().take(2_000).collect();
/// let node = Node::arbitrary(&mut Unstructured::new(&bytes))?;
/// if let Ok(frame) = wabinary::encode(&node) {
///     wabinary::decode(frame).expect("what was encoded decodes");
/// }
/// # Ok::<(), arbitrary::Error>(())
/// ```
impl<'a> Arbitrary<'a> for Node {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        tree(u, Extras::default())
    }
}

/// Makes addresses in every wire form that encoders accept.
impl<'a> Arbitrary<'a> for Jid {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        jid(u, false)
    }
}
