//! Errors in a compressed body: their place in the frame, and the message of the zlib library.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use wabinary::{DecodeError, Decoder, Encoder, Limits, Node, OffsetSpace, decode};

/// A node with content that does not compress, so that a byte of the stream is a byte of the body.
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
    // A cut or continued stream is not an error of the library.
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

/// The error has the same kind and path, at the same byte of the body.
#[test]
fn an_error_in_a_body_is_where_it_is_in_a_plain_frame() {
    let jids = ["faff83612f623f03", "fafc0161fc0340626f", "f70003fc03613a62", "f70003fc03614062", "fafc024062ec20"];
    let wrong_jids = jids.map(|jid| data_encoding::HEXLOWER.decode(format!("00f8031b06{jid}").as_bytes()).unwrap());
    let malformed = wabinary_testing::vectors::read("malformed").into_iter().map(|vector| vector.frame());
    let mut kinds = BTreeSet::new();
    for plain in malformed.chain(wrong_jids).filter(|frame| frame.first() == Some(&0)) {
        let mut compressed = ZlibEncoder::new(vec![2], Compression::fast());
        compressed.write_all(&plain[1..]).unwrap();
        let (one, other) = (refused(decode(plain)), refused(decode(compressed.finish().unwrap())));
        assert_eq!((other.space(), other.offset() + 1), (OffsetSpace::Inflated, one.offset()), "{one}");
        assert_eq!((other.kind(), other.path()), (one.kind(), one.path()));
        let claims = [&other, &one].map(|error| error.claim().map(|claim| claim.offset));
        assert_eq!(claims[0].map(|offset| offset + 1), claims[1], "{one}");
        kinds.insert(one.kind().name());
    }
    assert!(kinds.contains("jid-separator") && kinds.len() > 15, "{kinds:?}");
}

/// How much a reader takes at once depends on the memory that it has from before.
#[test]
fn an_error_does_not_depend_on_earlier_frames() {
    let frame = Encoder::new().with_zlib(9).encode(&Node::build("message").bytes(b"abcabcabc".repeat(500)).finish());
    let frame = frame.unwrap();
    let mut used = Decoder::new();
    used.decode(stored(300_000)).unwrap();
    for bit in 8..frame.len() * 8 {
        let mut flipped = frame.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let error = Decoder::new().decode(flipped.clone()).err();
        assert_eq!(used.decode(flipped).err(), error, "bit {bit}");
        // What the library says when it is called once more.
        let reason = error.and_then(|error| error.source().map(ToString::to_string)).unwrap_or_default();
        assert!(!reason.contains("repeated call"), "bit {bit}: {reason}");
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
