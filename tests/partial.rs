//! The readable part of a refused frame.

use bytes::Bytes;
use wabinary::{Content, Decoder, Dictionary, Encoder, Leniency, NodeRef, OffsetSpace, decode};

use wabinary_testing::vectors;

use vectors::{PEER_ENCODED, hex, read};

/// The XML of the readable tree, and the kind of the error.
fn partial(digits: &str) -> (Option<String>, Option<&'static str>) {
    let mut decoder = Decoder::new();
    let (node, result) = decoder.decode_partial(hex(digits));
    (node.map(|node| node.to_string()), result.err().map(|error| error.kind().name()))
}

#[test]
fn each_part_that_was_read_is_there_and_nothing_else() {
    let cases = [
        // Nothing before the first tag.
        ("", None, "truncated"),
        ("00", None, "truncated"),
        ("00f8", None, "truncated"),
        ("01f8011b", None, "unknown-flag-bits"),
        ("00f801fc00", None, "empty-tag"),
        // A whole attribute, or none.
        ("00f8051b", Some("<ack/>"), "truncated"),
        ("00f8051b0804", Some(r#"<ack id="type"/>"#), "truncated"),
        ("00f8051b080415", Some(r#"<ack id="type"/>"#), "truncated"),
        ("00f8051b080408fc00", Some(r#"<ack id="type"/>"#), "duplicate-key"),
        ("00f8051b080406fa00", Some(r#"<ack id="type"/>"#), "truncated"),
        ("00f8051b06fa000308f0", Some(r#"<ack from="s.whatsapp.net"/>"#), "unassigned-byte"),
        // Whole content, or none; children as far as they were begun.
        ("00f8021bfc02aa", Some("<ack/>"), "truncated"),
        ("00f8021bfa0003fa", Some(r#"<ack>{jid}s.whatsapp.net</ack>"#), "trailing-bytes"),
        ("00f8021bf9ff", Some("<ack/>"), "truncated"),
        ("00f8021bf803", Some("<ack>{nodes}</ack>"), "truncated"),
        ("00f8021bf803f80107f801", Some("<ack><receipt/></ack>"), "truncated"),
        ("00f8021bf803f80107f80307", Some("<ack><receipt/><receipt/></ack>"), "truncated"),
        ("00f8021bf803f80107f80207f801f80208fc01", Some("<ack><receipt/><receipt><id/></receipt></ack>"), "truncated"),
        ("00f8021bf802f80107f0", Some("<ack><receipt/></ack>"), "unassigned-byte"),
        // A whole frame with trailing bytes.
        ("00f8011b00", Some("<ack/>"), "trailing-bytes"),
        // The inflated part of a zlib stream.
        ("02789cfbc1280d000308011500", Some("<ack/>"), "zlib-trailing-bytes"),
    ];
    for (frame, tree, kind) in cases {
        assert_eq!(partial(frame), (tree.map(str::to_owned), Some(kind)), "{frame}");
    }
    assert_eq!(partial("00f8011b"), (Some("<ack/>".to_owned()), None));
}

/// Whether `part` has only what `whole` has, and everything before its end.
fn is_start_of(part: NodeRef<'_>, whole: NodeRef<'_>) -> bool {
    let attributes = part.attrs().zip(whole.attrs()).all(|(one, other)| one == other);
    if part.tag() != whole.tag() || !attributes || part.attrs().len() > whole.attrs().len() {
        return false;
    }
    match (part.content(), whole.content()) {
        (Content::None, _) => true,
        // No content is read before the last attribute.
        _ if part.attrs().len() < whole.attrs().len() => false,
        (Content::Nodes(part), Content::Nodes(whole)) => {
            let last = part.len().wrapping_sub(1);
            part.len() <= whole.len()
                && part.zip(whole).enumerate().all(
                    |(at, (part, whole))| {
                        if at == last { is_start_of(part, whole) } else { part == whole }
                    },
                )
        }
        // The content is one piece, so it is complete.
        (content, _) => part.to_node() == whole.to_node() && !matches!(content, Content::Nodes(_)),
    }
}

/// The number of tags and attributes, and of contents.
fn size(node: NodeRef<'_>) -> usize {
    let content = usize::from(!matches!(node.content(), Content::None));
    1 + node.attrs().len() + content + node.children().map(size).sum::<usize>()
}

/// A partial tree is a tree like any other.
fn comes_back(node: NodeRef<'_>, dictionary: Dictionary) {
    let frame = Encoder::new().with_dictionary(dictionary).encode(node).expect("what was read encodes");
    let mut decoder = Decoder::new().with_dictionary(dictionary);
    assert_eq!(decoder.decode(frame).expect("what was encoded decodes"), node);
    assert_eq!(node.frame(), None, "what was refused is not to be forwarded as it is");
    assert!(node == node.edit().finish() && node == node.to_node() && node == node.to_node().detach());
}

#[test]
fn the_longer_the_part_of_a_frame_the_more_is_read_of_it() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let mut cut_decoder = Decoder::new().with_dictionary(dictionary);
        for vector in read(file).into_iter().filter(|vector| vector.frame().len() <= 300) {
            let frame = Bytes::from(vector.frame());
            let (whole, result) = decoder.decode_partial(frame.clone());
            let whole = whole.expect("all of it is read");
            assert_eq!((result, whole.frame()), (Ok(()), Some(&frame)), "{}", vector.name);
            let is_large = size(whole) > 1_000;
            let mut last = 0;
            for length in 0..frame.len() {
                if is_large && length % 16 > 0 {
                    continue;
                }
                let (part, result) = cut_decoder.decode_partial(frame.slice(..length));
                assert!(result.is_err(), "{}: cut at {length}", vector.name);
                let Some(part) = part else {
                    assert_eq!(last, 0, "{}: cut at {length}", vector.name);
                    continue;
                };
                assert!(is_start_of(part, whole), "{}: cut at {length}: {part}", vector.name);
                assert!(size(part) >= last, "{}: cut at {length}: {part}", vector.name);
                last = size(part);
                comes_back(part, dictionary);
            }
            if frame[0] == 0 {
                let most = size(whole);
                assert!(last + 1 >= most, "{}: {last} of {most}", vector.name);
            }
        }
    }
}

/// The part before an error is good: cut there, the frame gives the same tree, and only more bytes are missing.
#[test]
fn what_stands_before_an_error_is_fine() {
    let frames = ["peer-encoded", "noncanonical", "malformed"].into_iter().flat_map(read).map(|vector| vector.frame());
    let (mut refused, mut decoder, mut again) = (0, Decoder::new(), Decoder::new());
    for frame in frames.filter(|frame| frame.len() <= 120 && frame.first() == Some(&0)) {
        for at in 1..frame.len() {
            for new in [0x00, 0x01, 0x1b, 0x80, 0xf0, 0xf5, 0xf7, 0xf8, 0xfa, 0xfb, 0xfc, 0xff] {
                let mut changed = frame.clone();
                changed[at] = new;
                let (node, result) = decoder.decode_partial(Bytes::from(changed.clone()));
                let Err(error) = result else { continue };
                assert_eq!(error.space(), OffsetSpace::Frame);
                let good = Bytes::copy_from_slice(&changed[..error.offset()]);
                let (same, result) = again.decode_partial(good.clone());
                assert!(same == node, "{changed:02x?}: {error}");
                match result {
                    Ok(()) => assert_eq!(error.kind().name(), "trailing-bytes", "{changed:02x?}"),
                    Err(rest) => {
                        assert_eq!((rest.kind().name(), rest.offset()), ("truncated", good.len()), "{changed:02x?}");
                    }
                }
                if let Some(node) = node {
                    comes_back(node, Dictionary::V3);
                }
                refused += 1;
            }
        }
    }
    assert!(refused > 20_000, "{refused}");
}

#[test]
fn every_kind_of_damage_gives_a_tree_that_comes_back_and_the_error_of_decode() {
    for vector in read("malformed") {
        let frame = Bytes::from(vector.frame());
        let mut decoder = Decoder::new();
        let (node, result) = decoder.decode_partial(frame.clone());
        assert_eq!(result.unwrap_err(), decode(frame).unwrap_err(), "{}", vector.name);
        if let Some(node) = node {
            comes_back(node, Dictionary::V3);
        }
    }
}

#[test]
fn leniencies_hold_for_parts_too() {
    // <ack id id from> with two equal names and a cut value.
    let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
    let (node, result) = decoder.decode_partial(hex("00f8071b0804080406fa"));
    assert_eq!(result.unwrap_err().kind().name(), "truncated");
    let node = node.unwrap().to_node();
    assert_eq!(node.attrs().len(), 2);
    assert_eq!(wabinary::encode(&node).unwrap_err().kind().name(), "duplicate-key");
    assert!(Encoder::new().allow(Leniency::DUPLICATE_NAMES).encode(&node).is_ok());
}

#[test]
fn a_part_is_taken_and_the_next_frame_is_a_new_one() {
    let mut decoder = Decoder::new();
    let frame = Bytes::from(hex("00f8021bf802f80207fc03616263f8"));
    decoder.decode_partial(frame.clone()).1.unwrap_err();
    let part = decoder.take().unwrap();
    assert_eq!(part.child("receipt").unwrap().bytes(), b"abc");
    assert_eq!(part.child("receipt").unwrap().bytes().as_ptr(), frame[11..].as_ptr(), "the bytes are the frame's");
    drop(part);
    assert!(frame.is_unique(), "nothing holds the frame any more");
    // An inflated part, and none.
    for digits in ["02789cfbc1280d000308011500", "00f8"] {
        let frame = Bytes::from(hex(digits));
        decoder.decode_partial(frame.clone()).1.unwrap_err();
        assert!(frame.is_unique(), "{digits}");
    }
    assert_eq!(decoder.decode_partial(Bytes::new()).0, None);
    assert_eq!(decoder.take(), None);
    assert_eq!(decoder.decode(hex("00f8011b")).unwrap().to_string(), "<ack/>");
}

#[test]
fn of_a_zlib_stream_that_is_cut_there_is_what_inflates() {
    let items = |list: &wabinary::Builder| {
        for at in 0..2_000_u32 {
            list.child("item", |item| item.attr("id", at.wrapping_mul(2_654_435_761)));
        }
    };
    let whole = wabinary::Node::build("list").child("list", items).finish();
    let frame = Encoder::new().with_zlib(6).encode(&whole).unwrap();
    let mut decoder = Decoder::new();
    let mut sizes = Vec::new();
    for eighth in 1..8 {
        let (part, result) = decoder.decode_partial(frame.slice(..frame.len() * eighth / 8));
        assert_eq!(result.unwrap_err().kind().name(), "zlib-truncated");
        let part = part.unwrap();
        assert!(is_start_of(part, whole.as_ref()));
        comes_back(part, Dictionary::V3);
        sizes.push(size(part));
    }
    assert!(sizes.is_sorted() && sizes[6] > 2 * sizes[2] && sizes[2] > 100, "{sizes:?}");
}
