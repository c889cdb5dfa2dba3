//! Laws for every tree, frame, JID and stream, on arbitrary ones.
//!
//! Each test runs for a few seconds and prints the seed of a failure;
//! `ARBTEST_SEED=… cargo test --test laws -- the_test` repeats that one.

use std::collections::HashSet;

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use wabinary::{
    Builder, Content, Decoder, Dictionary, Encoder, Jid, JidForm, JidRef, Leniency, NewContent, Node, NodeRef, Server,
    Value, decode, encode,
};

use wabinary::generate::{Extras, text, tree};
use wabinary_testing::plain_tree::PlainNode;
use wabinary_testing::targets::editing::{self, value};
use wabinary_testing::targets::{encoding, framing, inflating, jids, spelling, texts};
use wabinary_testing::{checks, exhaustive};

/// Tries a law for some seconds, or a quarter of them, on arbitrary bytes of many lengths, mostly short, up to `1 << most`.
fn holds(seconds: u64, most: u32, mut law: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    arbtest(|u| {
        let bits = u.int_in_range(5..=most)?;
        let length = u.int_in_range(0..=1 << bits)?;
        law(&mut Unstructured::new(u.bytes(length.min(u.len()))?))
    })
    .size_min(1 << most)
    .size_max(1 << most)
    .budget_ms(seconds * 1_000 / exhaustive::step(4) as u64);
}

/// The most bytes for a tree, and for a JID or another small thing, as powers of two.
const TREE: u32 = 13;
const SMALL: u32 = 9;

#[test]
fn law_1_what_encodes_decodes_to_itself() {
    holds(4, TREE, |u| {
        checks::roundtrip_node(u.bytes(u.len())?);
        Ok(())
    });
}

#[test]
fn law_2_what_is_spelled_in_any_way_decodes_and_comes_back_unless_a_finding_says_otherwise() {
    holds(4, TREE, spelling::spelled);
}

#[test]
fn bytes_of_any_kind_are_refused_in_place_or_obey_law_2() {
    holds(4, TREE, spelling::damaged);
}

#[test]
fn building_and_editing_do_what_they_do_to_a_plain_tree() {
    holds(4, TREE, editing::edited);
}

#[test]
fn what_does_not_encode_is_refused_for_a_reason_that_is_there() {
    holds(4, TREE, encoding::encoded);
}

#[test]
fn what_inflates_is_read_as_its_plain_body() {
    holds(2, TREE, inflating::inflated);
}

#[test]
fn a_stream_gives_the_same_frames_in_any_pieces() {
    holds(2, TREE, framing::framed);
}

#[test]
fn the_text_of_a_jid_reads_back() {
    holds(2, SMALL, jids::jid_text);
}

#[test]
fn any_text_that_reads_as_a_jid_reads_as_the_same_one_again() {
    holds(1, SMALL, jids::text_jid);
}

#[test]
fn jids_are_equal_and_hash_equal_exactly_when_their_texts_read_alike() {
    holds(2, SMALL, jids::jid_equality);
}

#[test]
fn a_name_that_occurs_twice_is_refused_however_it_is_spelled() {
    holds(2, TREE, |u| {
        let dictionary = *u.choose(Dictionary::ALL)?;
        let mut names: Vec<String> = (0..u.int_in_range(0..=40)?).map(|_| text(u)).collect::<Result<_>>()?;
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        let twice = !names.is_empty() && u.arbitrary()?;
        if twice {
            let name = u.choose(&names)?.clone();
            names.insert(u.choose_index(names.len() + 1)?, name);
        }
        let node = Node::build("x");
        for name in &names {
            let value = value(u)?.0;
            node.attr(name, value);
        }
        // A wide node before and after, and one below.
        let wide = node.finish();
        let node = Node::build("x").child("y", |_| {}).append(&wide).child("y", |y| y.append(&wide)).finish();

        let allow = Leniency::DUPLICATE_NAMES | Leniency::AD_DOMAIN;
        let frame = wabinary_generate::spell(u, node.as_ref(), dictionary, allow)?.frame;
        let strict = |node: &Node| {
            let mut encoder = Encoder::new().with_dictionary(dictionary).allow(Leniency::AD_DOMAIN);
            encoder.encode(node).map_err(|error| error.kind().name())
        };
        let lenient =
            Decoder::new().with_dictionary(dictionary).allow(allow).decode_slice(&frame).map(|node| node.to_node());
        let lenient = lenient.expect("names may occur twice");
        assert_eq!(lenient, node);
        let mut decoder = Decoder::new().with_dictionary(dictionary).allow(Leniency::AD_DOMAIN);
        let decoded = decoder.decode_slice(&frame).map(|node| node.to_node()).map_err(|error| error.kind().name());
        if twice {
            assert_eq!(decoded, Err("duplicate-key"));
            assert_eq!((strict(&node), strict(&lenient)), (Err("duplicate-key"), Err("duplicate-key")));
        } else {
            assert_eq!(decoded.as_ref(), Ok(&node));
            assert!(strict(&node).is_ok() && strict(&node) == strict(&lenient));
        }
        Ok(())
    });
}

#[cfg(feature = "serde")]
#[test]
fn json_reads_back() {
    use serde::Deserialize;

    holds(2, TREE, |u| {
        let node = tree(u, Extras { duplicate_keys: true, undefined_domains: true })?;
        let json = serde_json::to_string(&node).expect("a tree has a JSON form");
        let mut reader = serde_json::Deserializer::from_str(&json);
        // Trees may be deeper than JSON readers accept by default.
        reader.disable_recursion_limit();
        let read = Node::deserialize(&mut reader).unwrap_or_else(|error| panic!("{error}: {json}"));
        assert_eq!(read, node);
        let value = serde_json::to_value(&node).expect("a tree has a JSON form");
        assert_eq!(serde_json::from_value::<Node>(value).expect("the order of fields is free"), node);
        Ok(())
    });
}

#[cfg(feature = "xml")]
#[test]
fn xml_reads_back_without_a_warning_and_does_not_act() {
    holds(4, TREE, texts::xml_tree);
}

#[cfg(feature = "xml")]
#[test]
fn xml_that_is_damaged_is_refused_in_place_or_another_tree() {
    holds(4, TREE, |u| {
        let node = tree(u, Extras::default())?;
        let mut xml = if u.arbitrary()? { format!("{node}\n") } else { format!("{node:#}\n") }.into_bytes();
        wabinary_generate::damage::bytes(u, &mut xml)?;
        for _ in 0..u.int_in_range(0..=4)? {
            let at = u.choose_index(xml.len() + 1)?;
            let piece = u.choose(&[
                "<",
                ">",
                "</",
                "/>",
                "\"",
                "'",
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "&",
                "{",
                "<?",
                "<!",
                "=",
            ])?;
            xml.splice(at..at, piece.bytes());
        }
        let roots: Vec<_> =
            wabinary::XmlReader::new(xml.as_slice()).map(|root| root.expect("no input fails")).collect();
        let mut last = (1, 1);
        for root in roots {
            match root {
                Ok(node) => texts::xml_laws(&node),
                Err(error) => {
                    let place = (error.place().line(), error.place().column());
                    assert!(place >= last && !error.place().picture().contains('\u{1b}'), "{error:#}");
                    last = place;
                }
            }
        }
        if let Ok(text) = std::str::from_utf8(&xml)
            && let Ok(read) = Node::from_xml(text)
        {
            assert_eq!(Node::from_xml(&read.to_string()), Ok(read));
        }
        Ok(())
    });
}

#[test]
fn trees_are_equal_exactly_when_plain_trees_are() {
    fn grow(u: &mut Unstructured<'_>, node: &Builder, depth_left: usize) -> Result<()> {
        if u.ratio(1, 16)? {
            node.attr("a", u.int_in_range(0..=1)?);
        }
        match u.int_in_range(0..=19)? {
            0 => _ = node.empty_nodes(),
            1 => _ = node.content(b"0"),
            2 => _ = node.content(NewContent::coded("0")),
            3 => _ = node.content(Jid::SERVER),
            4..=11 if depth_left > 0 => {
                for _ in 0..u.int_in_range(1..=2)? {
                    let mut grown = Ok(());
                    node.child("a", |child| grown = grow(u, child, depth_left - 1));
                    grown?;
                }
            }
            _ => {}
        }
        Ok(())
    }
    holds(1, SMALL, |u| {
        let (one, other) = (Node::build("a"), Node::build("a"));
        grow(u, &one, 3)?;
        grow(u, &other, 3)?;
        let (one, other) = (one.finish(), other.finish());
        let same = PlainNode::from(one.as_ref()) == PlainNode::from(other.as_ref());
        assert_eq!(one == other, same, "{one} {other}");
        Ok(())
    });
}

#[test]
fn list_sizes_end_at_65535() {
    let with_attributes = |count: usize| {
        let node = Node::build("x");
        (0..count).for_each(|number| _ = node.attr(&format!("k{number}"), "v"));
        node
    };
    let with_children = |count: usize| {
        let node = Node::build("x");
        (0..count).for_each(|_| _ = node.child("y", |_| {}));
        node.finish()
    };
    for node in [
        with_attributes(32_767).finish(),
        with_attributes(32_766).content("z").finish(),
        with_attributes(32_766).child("z", |_| {}).finish(),
        with_attributes(32_766).empty_nodes().finish(),
        with_children(65_535),
    ] {
        assert!(decode(encode(&node).expect("it fits")).expect("it was encoded") == node);
    }
    for (node, error) in [
        (with_attributes(32_768).finish(), "too-many-attributes"),
        (with_attributes(32_767).content("z").finish(), "too-many-attributes"),
        (with_attributes(32_767).child("z", |_| {}).finish(), "too-many-attributes"),
        (with_attributes(32_767).empty_nodes().finish(), "too-many-attributes"),
        (with_children(65_536), "too-many-children"),
    ] {
        assert_eq!(encode(&node).expect_err("it does not fit").kind().name(), error);
    }
}

#[test]
fn compressing_again_gives_the_same_bytes() {
    let node = Node::build("x").bytes((0..40_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<_>>()).finish();
    for level in [0, 1, 6, 9] {
        let mut encoder = Encoder::new().with_zlib(level);
        let frame = encoder.encode(&node).expect("it encodes");
        assert!(encoder.encode(&node).expect("it encodes") == frame, "level {level}");
        assert!(decode(frame).expect("it was encoded") == node, "level {level}");
    }
}

/// Without this test, a law might hold only because no interesting input was tried.
#[test]
fn the_trees_reach_every_kind_of_part_and_every_edge() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut reached = HashSet::new();
    for _ in 0..2_000 {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .take(1_500)
        .collect();
        let extras = Extras { duplicate_keys: true, undefined_domains: true };
        let node = tree(&mut Unstructured::new(&bytes), extras).expect("bytes that are used up read as zeros");
        let mut unread = vec![(node.as_ref(), 1)];
        while let Some((node, depth)) = unread.pop() {
            reached.insert(format!("depth {depth}"));
            note(node, &mut reached);
            unread.extend(node.children().map(|child| (child, depth + 1)));
        }
    }
    let numbers = |what: &str, numbers: &[usize]| numbers.iter().map(|n| format!("{what} {n}")).collect::<Vec<_>>();
    let mut expected: Vec<String> = [
        "no content",
        "coded text",
        "JID content",
        "null value",
        "number",
        "duplicate key",
        "empty tag",
        "empty text",
        "BOM",
        "raw text",
        "packable token",
        "form pair",
        "form pair-empty",
        "form ad",
        "form ad:2",
        "form fb",
        "form interop",
        "bare server",
        "other server",
        "colon in a pair",
    ]
    .map(str::to_owned)
    .into();
    for &dictionary in Dictionary::ALL {
        expected.extend([None, Some(0), Some(1), Some(2), Some(3)].map(|list| format!("{dictionary:?} {list:?}")));
    }
    expected.extend(numbers("nibbles", &[2, 5, 126, 127, 128, 254, 255]));
    expected.extend(numbers("hexadecimals", &[1, 2, 5, 126, 127, 128, 254, 255]));
    expected.extend(numbers("raw bytes", &[1, 127, 128, 255, 256]));
    expected.extend(numbers("bytes", &[0, 1, 255, 256, 65_535, 65_536, (1 << 20) - 1, 1 << 20]));
    expected.extend(numbers("attributes", &[0, 1, 16, 17, 127, 128]));
    expected.extend(numbers("children", &[0, 1, 2, 255, 256]));
    expected.extend(numbers("device", &[0, 1, 255, 65_535]));
    expected.extend(numbers("integrator", &[0, 65_535]));
    expected.extend(numbers("depth", &[1, 2, 3, 10, 128, 129]));
    let missing: Vec<_> = expected.iter().filter(|what| !reached.contains(*what)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn note(node: NodeRef<'_>, reached: &mut HashSet<String>) {
    reached.insert(format!("attributes {}", node.attrs().len()));
    let tag = if node.tag().is_empty() { "empty tag" } else { node.tag() };
    if tag == "empty tag" {
        reached.insert(tag.to_owned());
    }
    note_text(tag, reached);
    let names: HashSet<_> = node.attrs().map(|(name, _)| name).collect();
    if names.len() < node.attrs().len() {
        reached.insert("duplicate key".to_owned());
    }
    for (name, value) in node.attrs() {
        note_text(name, reached);
        match value {
            Value::Null => drop(reached.insert("null value".to_owned())),
            Value::Text(text) => note_text(text, reached),
            Value::Jid(jid) => note_jid(jid, reached),
        }
    }
    match node.content() {
        Content::None => drop(reached.insert("no content".to_owned())),
        Content::Bytes(bytes) => drop(reached.insert(format!("bytes {}", bytes.len()))),
        Content::Text(text) => {
            reached.insert("coded text".to_owned());
            note_text(text, reached);
        }
        Content::Jid(jid) => {
            reached.insert("JID content".to_owned());
            note_jid(jid, reached);
        }
        Content::Nodes(children) => drop(reached.insert(format!("children {}", children.len()))),
    }
}

fn note_text(text: &str, reached: &mut HashSet<String>) {
    let all = |alphabet: &str| text.chars().all(|character| alphabet.contains(character));
    let mut is_token = false;
    for &dictionary in Dictionary::ALL {
        if let Some(token) = dictionary.find(text) {
            is_token = true;
            reached.insert(format!("{dictionary:?} {:?}", token.dictionary()));
        }
    }
    reached.insert(match text {
        "" => "empty text".to_owned(),
        _ if text.starts_with('\u{feff}') => "BOM".to_owned(),
        _ if all("0123456789-.") && is_token => "packable token".to_owned(),
        _ if text.parse::<i64>().is_ok() => "number".to_owned(),
        _ if all("0123456789-.") => format!("nibbles {}", text.len()),
        _ if all("0123456789ABCDEF") => format!("hexadecimals {}", text.len()),
        _ if matches!(text.len(), 1 | 127 | 128 | 255 | 256) => format!("raw bytes {}", text.len()),
        _ => "raw text".to_owned(),
    });
}

fn note_jid(jid: JidRef<'_>, reached: &mut HashSet<String>) {
    reached.insert(format!("form {}", jid.form()));
    reached.insert(format!("device {}", jid.device()));
    if jid.form() == JidForm::Interop {
        reached.insert(format!("integrator {}", jid.integrator()));
    }
    if matches!(jid.server(), Server::Other(_)) {
        reached.insert("other server".to_owned());
    }
    match jid.user() {
        None => drop(reached.insert("bare server".to_owned())),
        Some(user) if user.contains(':') => drop(reached.insert("colon in a pair".to_owned())),
        Some(user) => note_text(user, reached),
    }
}
