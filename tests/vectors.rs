//! Frames of other implementations, and frames assembled by hand: their trees, and the encoded bytes.
//!
//! See `tests/data/vectors/README.md` for their sources.

use bytes::Bytes;
use wabinary::explain::{FindingKind, Severity, findings};
use wabinary::{DecodeError, Decoder, Encoder, Node, OffsetSpace, decode, decode_body, decode_slice, encode};

use wabinary_testing::malformed;
use wabinary_testing::vectors;

use vectors::{PEER_ENCODED, assert_stands_for, build, hex, read, text, with_findings_applied};

fn inflate(stream: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(stream), &mut body).unwrap();
    body
}

fn error_of(frame: &[u8]) -> DecodeError {
    decode(Bytes::copy_from_slice(frame)).expect_err("the frame is to be refused")
}

#[test]
fn the_files_have_as_many_lines_as_their_readme_says() {
    let lines = |file| (read(file).len(), read(file).iter().filter(|vector| vector.frame()[0] == 2).count());
    assert_eq!(lines("peer-encoded"), (166, 10));
    assert_eq!(lines("v2-peer-encoded"), (137, 6));
    assert_eq!(read("noncanonical").len(), 18);
    assert_eq!(read("malformed").len(), 94);
    assert_eq!(read("peer-disagreements").len(), 85);
}

#[test]
fn frames_of_other_encoders_decode_to_their_trees() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        for vector in read(file) {
            let frame = vector.frame();
            let node = decoder.decode_slice(&frame).unwrap_or_else(|error| panic!("{}: {error}", vector.name));
            assert_stands_for(node, vector.node(), &vector.name);
            // In these files every JID has the form that follows from its text.
            assert_eq!(node, build(vector.node()).unwrap(), "{}", vector.name);
        }
    }
}

#[test]
fn every_way_to_decode_gives_the_same_tree() {
    for vector in read("peer-encoded") {
        let frame = Bytes::from(vector.frame());
        let node = decode(frame.clone()).unwrap();
        assert_eq!(node, decode_slice(&frame).unwrap(), "{}", vector.name);
        let (first, rest) = wabinary::decode_first(frame.clone()).unwrap();
        assert_eq!((first, rest.len()), (node.clone(), 0), "{}", vector.name);
        let body = if frame[0] == 0 { frame.slice(1..) } else { inflate(&frame[1..]).into() };
        assert_eq!(node, decode_body(body).unwrap(), "{}", vector.name);
    }
}

#[test]
fn frames_of_other_encoders_come_back_from_decoded_and_from_built_trees() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let mut encoder = Encoder::new().with_dictionary(dictionary);
        for vector in read(file) {
            let frame = vector.frame();
            let plain = match frame[0] {
                0 => frame.clone(),
                _ => [vec![0], inflate(&frame[1..])].concat(),
            };
            let decoded = decoder.decode_slice(&frame).unwrap();
            assert!(encoder.encode(decoded).unwrap() == plain, "{}: decoded", vector.name);
            let built = build(vector.node()).unwrap();
            assert!(encoder.encode(&built).unwrap() == plain, "{}: built", vector.name);
        }
    }
}

#[test]
fn frames_of_other_encoders_are_canonical() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        for vector in read(file) {
            let frame = vector.frame();
            let kinds: Vec<_> = decoder.findings(&frame).unwrap().into_iter().map(|finding| finding.kind).collect();
            let expected: &[FindingKind] = if frame[0] == 0 { &[] } else { &[FindingKind::Compressed] };
            assert_eq!(kinds, expected, "{}", vector.name);
        }
    }
}

#[test]
fn trees_of_other_encoders_survive_compression() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let mut encoder = Encoder::new().with_dictionary(dictionary).with_zlib(6);
        for vector in read(file) {
            let built = build(vector.node()).unwrap();
            let frame = encoder.encode(&built).unwrap();
            assert_eq!(frame[0], 2, "{}", vector.name);
            assert_eq!(decoder.decode(frame).unwrap(), built, "{}", vector.name);
        }
    }
}

/// The findings in each frame of `noncanonical.jsonl`, by offset.
const FOUND: [(&str, &[FindingKind]); 18] = {
    use FindingKind::*;
    [
        ("list16 for a size-1 node", &[LongListHead]),
        ("list16 children", &[LongListHead]),
        ("binary32 for 1 byte", &[LongLength]),
        ("binary20 string value", &[LongLength]),
        ("double token sent raw", &[TokenSpelled]),
        ("digits sent raw", &[TokenSpelled]),
        ("digits sent as HEX_8", &[TokenSpelled]),
        ("token digits sent packed", &[TokenSpelled]),
        ("hex sent raw", &[Unpacked]),
        ("nibble of 128 chars", &[PackedLength]),
        ("nibble of 254 chars", &[PackedLength]),
        ("nibble of 253 chars", &[PackedLength]),
        ("hex of 254 chars", &[PackedLength]),
        // The form is kept, but the user in it is a token that was sent packed.
        ("AD_JID lid device 0", &[DeviceZero, TokenSpelled]),
        ("AD_JID hosted device 0", &[DeviceZero, TokenSpelled]),
        ("JID_PAIR empty-string user", &[EmptyUser]),
        ("children LIST_8 0", &[EmptyListHead]),
        ("children LIST_16 0", &[EmptyListHead]),
    ]
};

#[test]
fn frames_in_unusual_spelling_are_accepted_and_every_deviation_is_found() {
    let vectors = read("noncanonical");
    assert_eq!(vectors.iter().map(|vector| vector.name.as_str()).collect::<Vec<_>>(), FOUND.map(|(name, _)| name));
    for (vector, (name, expected)) in vectors.iter().zip(FOUND) {
        let frame = vector.frame();
        let node = decode_slice(&frame).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_stands_for(node.as_ref(), vector.node(), name);

        let found = findings(&frame).unwrap();
        assert_eq!(found.iter().map(|finding| finding.kind).collect::<Vec<_>>(), expected, "{name}");
        let again = encode(&node).unwrap();
        let is_rewritten = expected.iter().any(|kind| kind.severity() == Severity::Rewritten);
        assert_eq!(again != frame, is_rewritten, "{name}");
        assert_eq!(again, with_findings_applied(&frame, &found), "{name}");
        assert_eq!(decode(again).unwrap(), node, "{name}");
    }
}

#[test]
fn the_trees_of_unusual_frames_encode_canonically() {
    for vector in read("noncanonical") {
        let frame = encode(&build(vector.node()).unwrap()).unwrap();
        assert_eq!(frame, hex(text(&vector.json["canonical_hex_of_text_form"])), "{}", vector.name);
        assert_eq!(findings(&frame), Ok(vec![]), "{}", vector.name);
    }
}

/// The decoder notes how to pack a text, which may differ from how it was packed.
#[test]
fn packed_texts_of_every_length_are_written_as_if_they_were_new() {
    let (mut decoder, mut encoder) = (Decoder::new(), Encoder::new());
    let nibble = |character: u8| if character < b'A' { character - b'0' } else { character - b'A' + 10 };
    for length in 1..=127_usize {
        for letter in 0..=length {
            // Digits, and one letter or none, as `HEX_8` both.
            let characters: Vec<_> = (0..length).map(|at| if at == letter { b'B' } else { b"79"[at % 2] }).collect();
            let head = [0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfb, (length.div_ceil(2) | length << 7) as u8];
            let pairs =
                characters.chunks(2).map(|pair| nibble(pair[0]) << 4 | pair.get(1).map_or(15, |low| nibble(*low)));
            let frame: Vec<_> = head.into_iter().chain(pairs).collect();
            let text = str::from_utf8(&characters).unwrap();
            let read = decoder.decode_slice(&frame).unwrap();
            assert_eq!(read.get("id"), Ok(text));
            let built = encode(&Node::build("ack").attr("id", text).finish()).unwrap();
            assert_eq!(encoder.encode_slice(read).unwrap(), built, "{text}");
        }
    }
}

/// Memory is reused, and written in pieces that are longer than texts.
#[test]
fn what_was_in_the_memory_before_does_not_show() {
    let mut decoder = Decoder::new();
    let of_value = |text: &str| encode(&Node::build("ack").attr("id", text).finish()).unwrap();
    let before = ["", "x"].map(|shift| of_value(&(shift.to_owned() + &"\u{e9}".repeat(400))));
    for length in 0..=400 {
        for before in &before {
            for character in ["7", "B", "z"] {
                decoder.decode_slice(before).unwrap();
                let text = character.repeat(length);
                let read = decoder.decode_slice(&of_value(&text)).unwrap();
                assert_eq!(read.get("id"), Ok(&*text));
            }
        }
    }
}

#[test]
fn malformed_frames_are_refused_for_the_right_reason_in_the_right_place() {
    let vectors = read("malformed");
    let names: Vec<_> = vectors.iter().map(|vector| vector.name.as_str()).collect();
    assert_eq!(names, malformed::REFUSED.map(|refused| refused.0));
    for (vector, (name, kind, offset, space, path)) in vectors.iter().zip(malformed::REFUSED) {
        let error = error_of(&vector.frame());
        assert_eq!((error.kind().name(), error.space()), (kind, space), "{name}: {error}");
        assert_eq!(error.path(), malformed::full_path(path), "{name}");
        match offset {
            Some(offset) => assert_eq!(error.offset(), offset, "{name}: {error}"),
            None => assert!((1..=vector.frame().len()).contains(&error.offset()), "{name}: {error}"),
        }
    }
}

#[test]
fn every_way_to_decode_refuses_malformed_frames_alike() {
    for vector in read("malformed") {
        let frame = vector.frame();
        let error = error_of(&frame);
        assert_eq!(decode_slice(&frame), Err(error.clone()), "{}", vector.name);
        assert_eq!(findings(&frame), Err(error.clone()), "{}", vector.name);
        // Without the flag byte, offsets in the body are smaller by one.
        let Some((0, body)) = frame.split_first() else { continue };
        let of_body = decode_body(Bytes::copy_from_slice(body)).unwrap_err();
        assert_eq!((of_body.kind(), of_body.offset() + 1), (error.kind(), error.offset()), "{}", vector.name);
        assert_eq!((of_body.path(), of_body.space()), (error.path(), OffsetSpace::Frame), "{}", vector.name);
    }
}

#[test]
fn the_message_for_each_malformed_frame_is_this() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/messages/malformed.txt");
    let messages = std::fs::read_to_string(path).unwrap();
    let messages = messages.lines().filter(|line| !line.starts_with('#'));
    let messages: Vec<_> = messages.map(|line| line.split_once('\t').expect("a tab behind the name")).collect();
    let deepest = malformed::full_path("128 times receipt");
    for (vector, (name, message)) in read("malformed").iter().zip(&messages) {
        assert_eq!(vector.name, *name);
        let message = message.replace("128 times receipt", &deepest);
        assert_eq!(error_of(&vector.frame()).to_string(), message, "{name}");
    }
    assert_eq!(messages.len(), malformed::REFUSED.len());
}

/// The reason why the decoder refuses what `peer-disagreements.jsonl` recommends to refuse.
const REFUSED_BYTES: [(&str, &str); 27] = [
    ("decode: flag0x80", "unknown-flag-bits"),
    ("decode: flag6 zlib", "unknown-flag-bits"),
    ("decode: flag2 zlib + trailing garbage", "zlib-trailing-bytes"),
    ("decode: flag2 zlib inner trailing", "trailing-bytes"),
    ("decode: trailing list", "trailing-bytes"),
    ("decode: tag is JID_PAIR", "not-a-string"),
    ("decode: attr value invalid utf8", "invalid-utf8"),
    ("decode: tag invalid utf8", "invalid-utf8"),
    ("decode: dup attr same", "duplicate-key"),
    ("decode: content bin20 high bits", "length-bits"),
    ("decode: nibble 12", "invalid-nibble"),
    ("decode: nibble 14 low", "invalid-nibble"),
    ("decode: nibble odd pad not 15 (0)", "invalid-padding"),
    ("decode: nibble odd pad 12", "invalid-padding"),
    ("decode: hex odd pad not 15", "invalid-padding"),
    ("decode: jid pair server empty bin", "empty-server"),
    ("decode: jid pair nested jid user", "not-a-string"),
    ("decode: adjid domain 2 dev5", "unknown-domain"),
    ("decode: adjid domain 127 dev5", "unknown-domain"),
    ("decode: adjid domain 130 dev5", "unknown-domain"),
    ("decode: adjid domain 254 dev5", "unknown-domain"),
    ("decode: adjid domain 255 dev5", "unknown-domain"),
    ("decode: adjid user empty bin", "empty-user"),
    ("decode: fbjid wrong server", "wrong-server"),
    ("decode: interop wrong server", "wrong-server"),
    ("decode: interop no server (end)", "truncated"),
    ("decode: nest 129 levels", "too-deep"),
];

#[test]
fn where_decoders_part_ways_this_one_does_what_is_recommended() {
    let mut refused = Vec::new();
    for vector in read("peer-disagreements").iter().filter(|vector| vector.json["direction"] == "decode") {
        let (name, result) = (vector.name.as_str(), decode_slice(&vector.frame()));
        match vector.json["recommended"].get("node") {
            Some(node) => assert_stands_for(result.unwrap().as_ref(), node, name),
            None => refused.push((name.to_owned(), result.expect_err(name).kind().name())),
        }
    }
    assert_eq!(refused, REFUSED_BYTES.map(|(name, kind)| (name.to_owned(), kind)));
}

#[test]
fn where_encoders_part_ways_this_one_does_what_is_recommended() {
    let mut refused = Vec::new();
    for vector in read("peer-disagreements").iter().filter(|vector| vector.json["direction"] == "encode") {
        let name = vector.name.as_str();
        // A text that is not a JID is refused when the JID is made.
        let built: Result<Node, String> = build(vector.node()).map_err(|error| error.to_string());
        let frame = built.and_then(|node| encode(&node).map_err(|error| error.kind().name().to_owned()));
        match vector.json["recommended"].get("hex") {
            Some(expected) => assert_eq!(frame.expect(name), hex(text(expected)), "{name}"),
            None => refused.push((name.to_owned(), frame.expect_err(name))),
        }
    }
    let expected = [
        ("encode: jid 15550001111:256@s.whatsapp.net", "JID device is not a number in the server's range"),
        ("encode: jid a@b@c", "JID with more than one @"),
        ("encode: jid x@", "JID without a server"),
        ("encode: children 65536", "too-many-children"),
        ("encode: tag empty", "empty-tag"),
    ];
    assert_eq!(refused, expected.map(|(name, error)| (name.to_owned(), error.to_owned())));
}
