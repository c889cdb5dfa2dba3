//! Explanations: every byte has its range, and the explanation agrees with the decoder.

use wabinary::explain::{Explanation, FindingKind, RangeKind};
use wabinary::{DecodeError, Decoder, Dictionary, Jid, Limits, Node, NodeRef, OffsetSpace, Server, decode, encode};

use wabinary_testing::ranges;
use wabinary_testing::vectors;

use vectors::{hex, read};

/// Every frame of the vectors, whole and malformed, with the dictionary it was written with.
fn frames() -> Vec<(String, Vec<u8>, Dictionary)> {
    let files = ["peer-encoded", "noncanonical", "malformed", "peer-disagreements", "v2-peer-encoded"];
    let frames = files.iter().flat_map(|file| {
        let dictionary = if *file == "v2-peer-encoded" { Dictionary::V2 } else { Dictionary::V3 };
        let with_frame = read(file).into_iter().filter(|vector| vector.json["hex"].is_string());
        with_frame.map(move |vector| (format!("{file}: {}", vector.name), vector.frame(), dictionary))
    });
    let frames: Vec<_> = frames.collect();
    assert!(frames.len() > 400);
    frames
}

/// The explanation of a frame. Asserts that its ranges are in order and its error is the decoder's.
fn explained(frame: &[u8], dictionary: Dictionary) -> Explanation {
    let explanation = Decoder::new().with_dictionary(dictionary).explain(frame);
    assert_eq!(explanation.frame(), frame);
    ranges::are_in_order(&explanation);
    let mut decoder = Decoder::new().with_dictionary(dictionary);
    let decoded = decoder.decode_slice(frame).map(drop);
    assert_eq!(explanation.error().map(without_source), decoded.err().as_ref().map(without_source));
    explanation
}

/// The leaves of the frame itself.
fn leaves(explanation: &Explanation) -> Vec<(usize, usize, RangeKind)> {
    let leaves = explanation.ranges().iter().filter(|range| range.leaf && range.space == OffsetSpace::Frame);
    leaves.map(|range| (range.start, range.end, range.kind)).collect()
}

/// The message of the zlib library depends on how much room it had.
fn without_source(error: &DecodeError) -> (String, usize, OffsetSpace, String) {
    (error.to_string(), error.offset(), error.space(), error.path().to_owned())
}

/// A compressed frame of a body.
fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(vec![0x02], flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, body).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn all_bytes_of_all_vectors_have_their_range() {
    for (name, frame, dictionary) in frames() {
        let explanation = explained(&frame, dictionary);
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        match decoder.findings(&frame) {
            Ok(findings) => assert_eq!(explanation.findings(), findings, "{name}"),
            Err(_) => assert!(explanation.error().is_some(), "{name}"),
        }
    }
}

#[test]
fn what_inflates_to_nothing_or_to_too_much_is_not_shown() {
    let whole = zlib(&[&hex("f8021bfd0003e8")[..], &[7; 1000]].concat());
    let limits = |inflated| Limits { inflated, ..Limits::default() };
    let inflated = |frame: &[u8], most| {
        let explanation = Decoder::new().with_limits(limits(most)).explain(frame);
        (explanation.inflated().map(<[u8]>::len), explanation.error().map(|error| error.kind().name()))
    };
    assert_eq!(inflated(&whole, 1007), (Some(1007), None));
    assert_eq!(inflated(&whole, 1006), (None, Some("inflated-too-large")));
    assert_eq!(inflated(&[2, 1, 2, 3, 4], 1007), (None, Some("zlib-corrupt")));
    assert_eq!(inflated(&whole[..2], 1007), (None, Some("zlib-truncated")));
    let (part, error) = inflated(&whole[..whole.len() - 4], 1007);
    assert!(part.is_some_and(|part| part > 0) && error == Some("zlib-truncated"));
}

#[test]
fn a_frame_that_is_cut_off_anywhere_is_explained_up_to_there() {
    for (name, frame, dictionary) in frames() {
        let whole = leaves(&Decoder::new().with_dictionary(dictionary).explain(&frame));
        for cut in (0..frame.len()).take(150) {
            let explanation = explained(&frame[..cut], dictionary);
            // Good parts do not change, and at most one leaf is cut.
            let part = leaves(&explanation);
            let same = part.iter().zip(&whole).take_while(|(one, other)| one == other).count();
            assert!(part.len() <= same + 1, "{name} cut at {cut}: {part:?} {whole:?}");
        }
    }
}

#[test]
fn the_leaves_say_what_the_tree_says() {
    let mut good = 0;
    for (_, frame, dictionary) in frames() {
        let explanation = explained(&frame, dictionary);
        if explanation.error().is_some() {
            continue;
        }
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        ranges::say_what_the_tree_says(&explanation, decoder.decode_slice(&frame).unwrap());
        good += 1;
    }
    assert!(good > 300);
}

/// The path of each node, in wire order.
fn paths_in_tree(node: NodeRef<'_>, around: &str, paths: &mut Vec<String>) {
    let path = if around.is_empty() { node.tag().to_owned() } else { format!("{around} > {}", node.tag()) };
    paths.push(path.clone());
    node.children().for_each(|child| paths_in_tree(child, &path, paths));
}

#[test]
fn each_tag_is_on_the_path_of_its_node() {
    let mut siblings = 0;
    for (name, frame, dictionary) in frames() {
        let explanation = explained(&frame, dictionary);
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let Ok(node) = decoder.decode_slice(&frame) else { continue };
        let mut paths = Vec::new();
        paths_in_tree(node, "", &mut paths);
        if paths.iter().any(|path| path.len() > 200) {
            continue;
        }
        let tags = explanation.ranges().iter().filter(|range| range.kind == RangeKind::Tag);
        assert_eq!(tags.map(|range| explanation.path(range)).collect::<Vec<_>>(), paths, "{name}");
        siblings += usize::from(node.children().skip(1).len() > 0);
    }
    assert!(siblings > 5, "{siblings}");
}

/// Long names are cut between characters.
#[test]
fn what_is_said_of_long_texts_has_whole_characters() {
    let name = format!("a{}", "é".repeat(1000));
    let address = Jid::new(&name, Server::Whatsapp).unwrap();
    let node = Node::build(&name).attr(&name, name.as_str()).attr("jid", address).child(&name, |_| {}).finish();
    let explanation = explained(&encode(&node).unwrap(), Dictionary::V3);
    for range in explanation.ranges() {
        let said = [explanation.path(range), explanation.text(range)].concat();
        assert!(!said.contains('\u{fffd}'), "{said}");
    }
    assert!(explanation.ranges().iter().any(|range| explanation.path(range).contains("éé")));
}

#[test]
fn a_device_0_is_shown_as_encoders_write_it() {
    let frame = hex("00f8031b06f70000ff8615550001111f");
    let explanation = explained(&frame, Dictionary::V3);
    let [finding] = explanation.findings() else { panic!("{:?}", explanation.findings()) };
    let canonical = [&frame[..finding.start], &finding.canonical, &frame[finding.end..]].concat();
    assert_eq!(canonical, hex("00f8031b06faff8615550001111f03"));
    // The tree keeps it, too.
    assert_eq!(encode(&decode(frame.clone()).unwrap()).unwrap(), frame);
}

#[test]
fn a_name_that_is_cut_is_in_no_path() {
    // `<ack id=` and the first two of ten letters; `<ack><` and the same letters.
    for (frame, path) in [("00f8051b080bfc0a6162", "ack"), ("00f8021bf801f801fc0a6162", "ack")] {
        let explanation = explained(&hex(frame), Dictionary::V3);
        assert!(explanation.error().is_some());
        let last = explanation.ranges().iter().rfind(|range| range.leaf).unwrap();
        assert_eq!(explanation.path(last), path, "{frame}");
    }
}

/// Findings before an error are kept.
#[test]
fn findings_before_an_error_are_kept() {
    let explanation = explained(&hex("00f803fc0361636b08"), Dictionary::V3);
    assert_eq!(explanation.error().map(|error| error.kind().name()), Some("truncated"));
    let findings: Vec<_> = explanation.findings().iter().map(|finding| (finding.kind, finding.start)).collect();
    assert_eq!(findings, [(FindingKind::TokenSpelled, 3)]);
}

/// In an `FB_JID`, a spelled-out server of another form is an error, not a finding.
#[test]
fn what_is_found_in_what_is_wrong_is_no_finding() {
    let server = "732e77686174736170702e6e6574";
    let plain = hex(&format!("00f8031bfc026964f6ff8615550001111f0005fc0e{server}"));
    let compressed = zlib(&plain[1..]);
    let name = |space, start| (FindingKind::TokenSpelled, space, start, start + 4);
    let whole = (FindingKind::Compressed, OffsetSpace::Frame, 0, compressed.len());
    for (frame, expected) in
        [(&plain, &[name(OffsetSpace::Frame, 4)][..]), (&compressed, &[whole, name(OffsetSpace::Inflated, 3)])]
    {
        let explanation = explained(frame, Dictionary::V3);
        assert_eq!(explanation.error().map(|error| error.kind().name()), Some("wrong-server"));
        let findings = explanation.findings().iter();
        let findings: Vec<_> = findings.map(|it| (it.kind, it.space, it.start, it.end)).collect();
        assert_eq!(findings, expected);
    }
}

/// The server of an `FB_JID` is read in passing.
#[test]
fn what_is_unusual_behind_an_address_of_messenger_is_found() {
    let frame = hex("00f8051b06f6ff8615550001111f0005ccfc02696404");
    let found = wabinary::explain::findings(&frame).unwrap();
    assert_eq!(
        found.iter().map(|it| (it.kind, it.start, it.end)).collect::<Vec<_>>(),
        [(FindingKind::TokenSpelled, 17, 21)]
    );
    assert_eq!(explained(&frame, Dictionary::V3).findings(), found);
}

/// The greatest count of each form, and the least one of the next form.
#[test]
fn a_count_in_a_longer_form_than_it_needs_is_found() {
    let list_16 = |count: usize| [&[0xf9], &(count as u16).to_be_bytes()[..]].concat();
    let found = |frame: &[u8]| {
        let found = wabinary::explain::findings(frame).unwrap();
        found.iter().map(|it| (it.kind, it.start, it.end)).collect::<Vec<_>>()
    };
    for count in [1, 2, 127, 128, 254, 255, 256, 257] {
        let unless = |is_needed: bool, kind, start: usize, size: usize| match is_needed {
            true => vec![],
            false => vec![(kind, start, start + size)],
        };
        let children = [&[0x00, 0xf8, 0x02, 0x1b][..], &list_16(count), &[0xf8, 0x01, 0x1b].repeat(count)].concat();
        assert_eq!(found(&children), unless(count > 255, FindingKind::LongListHead, 4, 3), "{count} children");
        // Two-byte tokens as names, without values; content if the count is even.
        let attributes: Vec<u8> = (0..(count - 1) / 2).flat_map(|name| [0xec, name as u8, 0x00]).collect();
        let content = [0xfc, 0x01, 0x00].repeat((count + 1) % 2);
        let node = [&[0x00][..], &list_16(count), &[0x1b], &attributes, &content].concat();
        assert_eq!(found(&node), unless(count > 255, FindingKind::LongListHead, 1, 3), "a node of {count}");
        let bytes = vec![0xff; count];
        let in_20_bits = [&[0x00, 0xf8, 0x02, 0x1b, 0xfd, 0x00][..], &(count as u16).to_be_bytes(), &bytes].concat();
        assert_eq!(found(&in_20_bits), unless(count > 255, FindingKind::LongLength, 4, 4), "{count} bytes");
    }
    for count in [(1 << 20) - 1, 1 << 20] {
        let start = [&[0x00, 0xf8, 0x02, 0x1b, 0xfe][..], &(count as u32).to_be_bytes()].concat();
        assert_eq!(found(&[&start[..], &vec![0xff; count]].concat()).len(), usize::from(count < 1 << 20), "{count}");
    }
}

#[test]
fn packed_texts_are_said_to_be_what_they_are() {
    // Only digits, as hexadecimal; an odd number of nibbles; letters.
    let frame = hex("00f8021bf803f8020bfb03123456f8020bff82123ff8020bfb023aef");
    let explanation = explained(&frame, Dictionary::V3);
    assert_eq!(explanation.error(), None, "{frame:02x?}");
    let heads = explanation.ranges().iter().filter(|range| range.kind == RangeKind::PackedHead);
    assert_eq!(
        heads.map(|range| explanation.text(range)).collect::<Vec<_>>(),
        [
            "HEX_8: 6 characters in 3 bytes",
            "NIBBLE_8: 3 characters in 2 bytes (82 = 80 for odd + 02)",
            "HEX_8: 4 characters in 2 bytes"
        ]
    );
    let kinds: Vec<_> = explanation.findings().iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::HexDigits]);
}

/// The call ack of the seed that carries an error.
const REFUSED_CALL: &str =
    "00f8081b08fc074f462d30303032156406fa0003f801f805a870eed038fc137365727669636520756e617661696c61626c65";

#[test]
fn a_call_ack_with_an_error_reads_byte_by_byte() {
    let explanation = explained(&hex(REFUSED_CALL), Dictionary::V3);
    let lines: Vec<String> = explanation
        .ranges()
        .iter()
        .map(|range| {
            let (start, end, path, text) = (range.start, range.end, explanation.path(range), explanation.text(range));
            let bytes = if range.leaf { format!("{start}-{end}") } else { String::new() };
            format!("{:indent$}{bytes} [{path}] {text}", "", indent = 2 * range.depth as usize)
        })
        .collect();
    let expected = r#"
0-1 [] flag 00: the body follows as it is
 [ack] node "ack"
  1-3 [ack] LIST_8 of size 8 = 1 tag + 3 attributes x 2 + 1 content
  3-4 [ack] tag "ack", single-byte token 27
   [ack > @id] attribute "id" = "OF-0002"
    4-5 [ack > @id] attribute name "id", single-byte token 8
    5-7 [ack > @id] BINARY_8: 7 bytes of text
    7-14 [ack > @id] value "OF-0002"
   [ack > @class] attribute "class" = "call"
    14-15 [ack > @class] attribute name "class", single-byte token 21
    15-16 [ack > @class] value "call", single-byte token 100
   [ack > @from] attribute "from" = s.whatsapp.net
    16-17 [ack > @from] attribute name "from", single-byte token 6
     [ack > @from] JID s.whatsapp.net
      17-18 [ack > @from] JID_PAIR: an address of user and server
      18-19 [ack > @from] LIST_EMPTY: no user
      19-20 [ack > @from] server "s.whatsapp.net", single-byte token 3
   [ack] 1 child node
    20-22 [ack] content: LIST_8 of size 1 = 1 child node
     [ack > error] node "error"
      22-24 [ack > error] LIST_8 of size 5 = 1 tag + 2 attributes x 2
      24-25 [ack > error] tag "error", single-byte token 168
       [ack > error > @code] attribute "code" = "503"
        25-26 [ack > error > @code] attribute name "code", single-byte token 112
        26-28 [ack > error > @code] value "503", token 208 of dictionary 2
       [ack > error > @text] attribute "text" = "service unavailable"
        28-29 [ack > error > @text] attribute name "text", single-byte token 56
        29-31 [ack > error > @text] BINARY_8: 19 bytes of text
        31-50 [ack > error > @text] value "service unavailable"
"#;
    assert_eq!(lines.join("\n"), expected.trim_matches('\n'));
}
