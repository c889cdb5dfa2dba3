//! What an error in a compressed body tells: where in the frame it is, and what the zlib library says.

use std::error::Error as _;

use wabinary::{DecodeError, Decoder, Encoder, Limits, Node, decode};

/// A node with content that does not become shorter, so that a byte of the stream is a byte of the body.
fn stored(length: usize) -> Vec<u8> {
    let mut random = 1_u32;
    let content: Vec<u8> = std::iter::repeat_with(|| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 24) as u8
    })
    .take(length)
    .collect();
    let node = Node::build("message");
    node.bytes(content);
    Encoder::new().with_zlib(0).encode(&node.finish()).unwrap().to_vec()
}

fn refused<T: std::fmt::Debug>(result: Result<T, DecodeError>) -> DecodeError {
    result.unwrap_err()
}

#[test]
fn the_library_that_inflates_is_the_source_of_what_it_says_alone() {
    let mut wrong_sum = stored(1_000);
    *wrong_sum.last_mut().unwrap() ^= 1;
    let error = refused(decode(wrong_sum.clone()));
    assert_eq!(error.kind().name(), "zlib-corrupt");
    assert!(!error.source().expect("the library says why").to_string().is_empty());
    // That it is cut off, or goes on, is not what the library says.
    wrong_sum.pop();
    assert_eq!(refused(decode(wrong_sum)).kind().name(), "zlib-truncated");
    for (change, kind) in [(-1, "zlib-truncated"), (1, "zlib-trailing-bytes")] {
        let mut frame = stored(1_000);
        frame.resize(frame.len().checked_add_signed(change).unwrap(), 0);
        let error = refused(decode(frame));
        assert_eq!(error.kind().name(), kind);
        assert!(error.source().is_none(), "{kind}");
    }
}

#[test]
fn where_a_body_is_too_large_is_told_to_the_step() {
    let frame = stored(300_000);
    for limit in [10_000, 16_384, 100_000, 163_840, 250_000] {
        let mut decoder = Decoder::new().with_limits(Limits { inflated: limit, ..Limits::default() });
        let error = refused(decoder.decode(frame.clone()));
        assert_eq!(error.kind().name(), "inflated-too-large");
        assert!((limit..limit + 200).contains(&error.offset()), "{limit}: {error}");
    }
}
