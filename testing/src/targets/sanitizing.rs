//! Removes persons and secrets from trees.

use wabinary_capture::{ResidueCheck, Sanitizer};

use crate::checks::Setup;

/// Every tree that decodes can be sanitized. The result has the same nodes and encodes, a second copy in the run gets
/// equal placeholders, and the residue check accepts it.
pub fn any_frame(data: &[u8]) {
    let Some((&options, frame)) = data.split_first() else { return };
    let setup = Setup::of(options);
    let Ok(node) = setup.decoder().decode_slice(frame).map(|node| node.to_node()) else { return };
    let mut sanitizer = Sanitizer::new();
    let sanitized = sanitizer.sanitize(&node);
    assert_eq!(sanitizer.sanitize(&node), sanitized, "equal values have equal placeholders");
    assert_eq!(Sanitizer::new().sanitize(&node), sanitized);
    assert_eq!(sanitized.descendants().len(), node.descendants().len());
    for (one, other) in sanitized.descendants().zip(node.descendants()) {
        assert_eq!((one.attrs().len(), one.children().len()), (other.attrs().len(), other.children().len()));
    }
    let frame = setup.encoder().encode(&sanitized).expect("what decodes encodes, sanitized too");
    assert!(setup.decoder().decode_slice(&frame).is_ok());
    let mut check = ResidueCheck::new();
    check.see_node(&sanitizer, 0, sanitized.as_ref());
    assert!(check.finish(&sanitizer).iter().all(|residue| !residue.word.is_empty()));
}
