//! What holds for every tree, every frame, every JID and every stream, on arbitrary ones.
//!
//! Each test runs for a few seconds and tells the seed of what it fails on; `ARBTEST_SEED=… cargo test --test laws -- the_test`
//! runs that one again.

#[path = "support/arbitrary_tree.rs"]
mod arbitrary_tree;
#[path = "support/checks.rs"]
mod checks;
#[path = "support/plain_tree.rs"]
mod plain_tree;
#[path = "support/sloppy_encoder.rs"]
mod sloppy_encoder;

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use bytes::Bytes;
use wabinary::stream::{FrameReader, LONGEST_FRAME, StreamError, write_frame};
use wabinary::{
    Allow, Builder, Content, Decoder, Dictionary, Encoder, Jid, JidForm, JidRef, NewContent, NewValue, Node, NodeRef,
    Server, UnixSeconds, Value, decode, encode,
};

use arbitrary_tree::{Extras, jid, text, tree};
use checks::Setup;
use plain_tree::{PlainContent, PlainNode, PlainValue, plain_jid};

/// Tries a law for some seconds on arbitrary bytes of many lengths, mostly short, up to `1 << most`.
fn holds(seconds: u64, most: u32, mut law: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    arbtest(|u| {
        let bits = u.int_in_range(5..=most)?;
        let length = u.int_in_range(0..=1 << bits)?;
        law(&mut Unstructured::new(u.bytes(length.min(u.len()))?))
    })
    .size_min(1 << most)
    .size_max(1 << most)
    .budget_ms(seconds * 1_000);
}

/// Bytes for a tree, and for a JID or another small thing, at most, as a power of two.
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
    holds(4, TREE, |u| {
        let Some((options, node)) = decoded_tree(u)? else { return Ok(()) };
        let setup = Setup::of(options);
        let mut decoder = setup.decoder();
        let spelled = sloppy_encoder::spell(u, node.as_ref(), setup.dictionary, setup.allow)?;
        let Ok(findings) = decoder.findings(&spelled.frame) else {
            let error = decoder.decode_slice(&spelled.frame).map(drop).expect_err("as just now");
            assert_eq!(error.kind().name(), "inflated-too-large", "{error}");
            return Ok(());
        };
        assert_eq!(decoder.decode_slice(&spelled.frame).expect("as just now"), node);
        assert_eq!(checks::rewritten(&findings), !spelled.canonical, "{findings:?}");
        let encoded = setup.encoder().encode(&node).expect("it encoded before");
        assert_eq!(encoded == spelled.frame, spelled.canonical, "{findings:?}");
        let input = [&[options], spelled.frame.as_slice()].concat();
        checks::decode(&input);
        checks::roundtrip_bytes(&input);
        // Nothing less is a frame, and nothing more.
        let cut = u.choose_index(spelled.frame.len())?;
        assert!(decoder.decode_slice(&spelled.frame[..cut]).is_err());
        let more = [spelled.frame.as_slice(), &[u.arbitrary()?]].concat();
        assert!(decoder.decode_slice(&more).is_err());
        Ok(())
    });
}

#[test]
fn bytes_of_any_kind_are_refused_in_place_or_obey_law_2() {
    holds(4, TREE, |u| {
        let mut input = vec![u.arbitrary()?];
        if u.ratio(7, 8)? {
            let Some((options, node)) = decoded_tree(u)? else { return Ok(()) };
            let setup = Setup::of(options);
            input[0] = options;
            input.extend(sloppy_encoder::spell(u, node.as_ref(), setup.dictionary, setup.allow)?.frame);
            damage(u, &mut input)?;
        } else {
            input.extend(u.bytes(u.len().min(60))?);
        }
        checks::decode(&input);
        checks::roundtrip_bytes(&input);
        Ok(())
    });
}

#[test]
fn a_name_that_occurs_twice_is_refused_however_it_is_spelled() {
    holds(2, TREE, |u| {
        let dictionary = *u.choose(&Dictionary::ALL)?;
        let mut names: Vec<String> = (0..u.int_in_range(0..=40)?).map(|_| text(u)).collect::<Result<_>>()?;
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        let twice = !names.is_empty() && u.arbitrary()?;
        if twice {
            let name = u.choose(&names)?.clone();
            names.insert(u.choose_index(names.len() + 1)?, name);
        }
        let mut node = Node::build("x");
        for name in &names {
            let value = value(u)?.0;
            node.attr(name, value);
        }
        // A wide node before and behind, and one below.
        let wide = node.finish();
        let node = Node::build("x").child("y", |_| {}).append(&wide).child("y", |y| _ = y.append(&wide)).finish();

        let allow = Allow::DUPLICATE_KEYS | Allow::AD_DOMAIN;
        let frame = sloppy_encoder::spell(u, node.as_ref(), dictionary, allow)?.frame;
        let strict = |node: &Node| {
            let mut encoder = Encoder::new().with_dictionary(dictionary).allow(Allow::AD_DOMAIN);
            encoder.encode(node).map_err(|error| error.kind().name())
        };
        let lenient =
            Decoder::new().with_dictionary(dictionary).allow(allow).decode_slice(&frame).map(|node| node.to_node());
        let lenient = lenient.expect("names may occur twice");
        assert_eq!(lenient, node);
        let mut decoder = Decoder::new().with_dictionary(dictionary).allow(Allow::AD_DOMAIN);
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

/// Options, and a tree as a decoder gives it under them: without text contents that have no coded form.
fn decoded_tree(u: &mut Unstructured<'_>) -> Result<Option<(u8, Node)>> {
    let options = u.arbitrary()?;
    let setup = Setup::of(options);
    // A tree takes all the bytes it can get.
    let mut half = Unstructured::new(u.bytes(u.len() / 2)?);
    let node = checks::tree_for(setup, &mut half)?;
    let Ok(frame) = setup.encoder().encode(&node) else { return Ok(None) };
    let node = setup.decoder().decode(frame).expect("what was encoded decodes").to_node();
    Ok(Some((options, node)))
}

/// Changes, drops or adds a few bytes behind the first.
fn damage(u: &mut Unstructured<'_>, input: &mut Vec<u8>) -> Result<()> {
    for _ in 0..u.int_in_range(0..=4)? {
        // Mostly near the start, where the heads are.
        let last = input.len() - 1;
        let last = if u.arbitrary()? { last.min(30) } else { last };
        let at = 1 + u.int_in_range(0..=last)?;
        match u.int_in_range(0..=4)? {
            0 if at < input.len() => input[at] = u.arbitrary()?,
            1 if at < input.len() => input[at] = *u.choose(&[0x00, 0xf0, 0xf5, 0xf7, 0xf8, 0xfa, 0xfb, 0xfc, 0xff])?,
            2 if at < input.len() => drop(input.remove(at)),
            3 => input.insert(at, u.arbitrary()?),
            _ => input.truncate(at),
        }
    }
    Ok(())
}

#[cfg(feature = "serde")]
#[test]
fn json_reads_back() {
    use serde::Deserialize;

    holds(2, TREE, |u| {
        let node = tree(u, Extras { duplicate_keys: true, undefined_domains: true })?;
        let json = serde_json::to_string(&node).expect("a tree has a JSON form");
        let mut reader = serde_json::Deserializer::from_str(&json);
        // Trees may be nested deeper than what JSON readers take by default.
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
fn xml_reads_back() {
    holds(4, TREE, |u| {
        let node = tree(u, Extras { duplicate_keys: true, undefined_domains: true })?;
        let mut all = String::new();
        for xml in [format!("{node}"), format!("{node:#}")] {
            let read = Node::from_xml(&xml).unwrap_or_else(|error| panic!("{error:#}: {xml}"));
            assert_eq!(read, node, "{xml}");
            all += &xml;
        }
        let roots: Vec<_> =
            wabinary::XmlReader::new(all.as_bytes()).map(|root| root.expect("no input fails")).collect();
        assert_eq!(roots, [Ok(node.clone()), Ok(node)]);
        Ok(())
    });
}

#[cfg(feature = "xml")]
#[test]
fn xml_that_is_damaged_is_refused_in_place_or_another_tree() {
    holds(4, TREE, |u| {
        let node = tree(u, Extras::default())?;
        let mut xml = if u.arbitrary()? { format!("{node}\n") } else { format!("{node:#}\n") }.into_bytes();
        damage(u, &mut xml)?;
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
                Ok(node) => assert_eq!(Node::from_xml(&node.to_string()).as_ref(), Ok(&node)),
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
fn building_and_editing_do_what_they_do_to_a_plain_tree() {
    holds(4, TREE, |u| {
        let pool = pool(u)?;
        let (mut builder, mut plain) = if u.arbitrary()? {
            let node = any_of(u, &pool)?;
            (node.edit(), PlainNode::from(node))
        } else {
            (Node::build("start"), PlainNode::new("start"))
        };
        edit(u, &mut builder, &mut plain, &pool, 4)?;
        let node = builder.finish();
        assert_eq!(PlainNode::from(node.as_ref()), plain);

        let mut again = Node::build(&plain.tag);
        fill(&mut again, &plain);
        let again = again.finish();
        assert_eq!(node, again);
        assert_eq!(encode(&node).map_err(|error| error.kind()), encode(&again).map_err(|error| error.kind()));
        Ok(())
    });
}

/// Trees stored in each of the ways there are: built, and decoded from shared, copied and inflated bytes.
fn pool(u: &mut Unstructured<'_>) -> Result<Vec<Node>> {
    let mut pool = Vec::new();
    for way in 0..5 {
        // A tree takes all the bytes it can get.
        let mut part = Unstructured::new(u.bytes(u.len() / 16)?);
        let node = tree(&mut part, Extras::default())?;
        // All have bytes, since these are stored in most ways.
        let node = Node::build("pool").child("enc", |enc| _ = enc.bytes(vec![way; 3])).append(&node).finish();
        let dictionary = *u.choose(&Dictionary::ALL)?;
        let setup = Setup { dictionary, ..Setup::of(0) };
        let mut encoder = setup.encoder();
        if way == 1 {
            encoder = encoder.with_zlib(6);
        }
        let frame = encoder.encode(&node);
        let mut decoder = setup.decoder();
        pool.push(match (way, frame) {
            (1 | 2, Ok(frame)) => decoder.decode(frame).expect("what was encoded decodes").to_node(),
            (3, Ok(frame)) => decoder.decode_slice(&frame).map(drop).map(|()| decoder.take()).expect("it decodes"),
            (4, Ok(frame)) => decoder.decode(frame).map(drop).map(|()| decoder.take()).expect("it decodes"),
            _ => node,
        });
    }
    Ok(pool)
}

/// A root, or a node somewhere below one.
fn any_of<'a>(u: &mut Unstructured<'_>, pool: &'a [Node]) -> Result<NodeRef<'a>> {
    let mut node = u.choose(pool)?.as_ref();
    while node.children().len() > 0 && u.arbitrary()? {
        let at = u.choose_index(node.children().len())?;
        node = node.children().nth(at).expect("as many as counted");
    }
    Ok(node)
}

/// Does the same things to the open node of a builder and to a plain node.
fn edit(
    u: &mut Unstructured<'_>,
    builder: &mut Builder,
    plain: &mut PlainNode,
    pool: &[Node],
    depth_left: usize,
) -> Result<()> {
    for _ in 0..u.int_in_range(0..=3 * depth_left)? {
        match u.int_in_range(0..=16)? {
            0 | 1 => {
                let (name, (value, plain_value)) = (name(u, plain)?, value(u)?);
                builder.attr(&name, value);
                plain.attrs.push((name, plain_value));
            }
            2 | 3 => {
                let (name, (value, plain_value)) = (name(u, plain)?, value(u)?);
                builder.set(&name, value);
                plain.set(&name, plain_value);
            }
            4 => {
                let name = name(u, plain)?;
                builder.remove(&name);
                plain.remove(&name);
            }
            5..=7 if depth_left > 0 => {
                let tag = tag(u, plain)?;
                let child = plain.push(PlainNode::new(&tag));
                let mut edited = Ok(());
                builder.child(&tag, |builder| edited = edit(u, builder, child, pool, depth_left - 1));
                edited?;
            }
            8..=11 if depth_left > 0 => {
                let tag = tag(u, plain)?;
                let child = plain.at(&tag);
                let mut edited = Ok(());
                builder.at(&tag, |builder| {
                    edited = edit(u, builder, child, pool, depth_left - 1);
                    assert_eq!(PlainNode::from(builder.finish().as_ref()), *child);
                });
                edited?;
            }
            12 => {
                let (content, plain_content) = content(u)?;
                builder.content(content);
                plain.content = plain_content;
            }
            13 => {
                builder.empty_nodes();
                plain.content = PlainContent::Nodes(Vec::new());
            }
            14 => {
                let tag = tag(u, plain)?;
                builder.retag(&tag).attr_opt("absent", None::<&str>);
                plain.tag = tag;
            }
            _ => {
                let node = any_of(u, pool)?;
                builder.append(node);
                plain.push(PlainNode::from(node));
            }
        }
    }
    Ok(())
}

/// The name of an attribute that is there, or another.
fn name(u: &mut Unstructured<'_>, plain: &PlainNode) -> Result<String> {
    if !plain.attrs.is_empty() && u.ratio(2, 3)? {
        return u.choose(&plain.attrs).map(|(name, _)| name.clone());
    }
    if u.arbitrary()? { u.choose(&["id", "to", "t", ""]).map(|name| name.to_string()) } else { text(u) }
}

/// The tag of a child that is there, or another.
fn tag(u: &mut Unstructured<'_>, plain: &PlainNode) -> Result<String> {
    if !plain.children().is_empty() && u.ratio(2, 3)? {
        return u.choose(plain.children()).map(|child| child.tag.clone());
    }
    u.choose(&["participants", "to", "enc", "0", "15550001111"]).map(|tag| tag.to_string())
}

fn value(u: &mut Unstructured<'_>) -> Result<(NewValue<'static>, PlainValue)> {
    let integer = |integer: &dyn ToString, value| (value, PlainValue::Text(integer.to_string()));
    Ok(match u.int_in_range(0..=5)? {
        0 => (Value::Null.into(), PlainValue::Null),
        1 => {
            let seconds = u.arbitrary()?;
            integer(&seconds, UnixSeconds(seconds).into())
        }
        2 => {
            let number: i64 = u.arbitrary()?;
            integer(&number, number.into())
        }
        3 | 4 => {
            let jid = jid(u, true)?;
            let plain = PlainValue::Jid(plain_jid(&jid.as_ref()));
            (jid.into(), plain)
        }
        _ => {
            let text = text(u)?;
            (text.clone().into(), PlainValue::Text(text))
        }
    })
}

fn content(u: &mut Unstructured<'_>) -> Result<(NewContent<'static>, PlainContent)> {
    Ok(match u.int_in_range(0..=5)? {
        0 => (NewContent::NONE, PlainContent::None),
        1 | 2 => {
            let jid = jid(u, true)?;
            let plain = PlainContent::Jid(plain_jid(&jid.as_ref()));
            (jid.into(), plain)
        }
        3 => {
            let text = text(u)?;
            (NewContent::coded(text.clone()), PlainContent::Text(text))
        }
        4 => (b"copied".into(), PlainContent::Bytes(b"copied".to_vec())),
        _ => {
            let bytes: Vec<u8> = u.arbitrary()?;
            (bytes.clone().into(), PlainContent::Bytes(bytes))
        }
    })
}

/// Builds what a plain node has, from first to last.
fn fill(builder: &mut Builder, plain: &PlainNode) {
    let jid = |(text, form): &(String, JidForm)| {
        Jid::from(JidRef::parse_as(text, *form).expect("the text of a JID is read under its form"))
    };
    for (name, value) in &plain.attrs {
        match value {
            PlainValue::Null => builder.attr(name, Value::Null),
            PlainValue::Text(text) => builder.attr(name, text),
            PlainValue::Jid(parts) => builder.attr(name, jid(parts)),
        };
    }
    match &plain.content {
        PlainContent::None => {}
        PlainContent::Bytes(bytes) => drop(builder.content(bytes)),
        PlainContent::Text(text) => drop(builder.content(NewContent::coded(text))),
        PlainContent::Jid(parts) => drop(builder.content(jid(parts))),
        PlainContent::Nodes(children) => {
            builder.empty_nodes();
            for child in children {
                builder.child(&child.tag, |builder| fill(builder, child));
            }
        }
    }
}

#[test]
fn trees_are_equal_exactly_when_plain_trees_are() {
    fn grow(u: &mut Unstructured<'_>, node: &mut Builder, depth_left: usize) -> Result<()> {
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
        let (mut one, mut other) = (Node::build("a"), Node::build("a"));
        grow(u, &mut one, 3)?;
        grow(u, &mut other, 3)?;
        let (one, other) = (one.finish(), other.finish());
        let same = PlainNode::from(one.as_ref()) == PlainNode::from(other.as_ref());
        assert_eq!(one == other, same, "{one} {other}");
        Ok(())
    });
}

#[test]
fn a_stream_gives_the_same_frames_in_any_pieces() {
    holds(2, TREE, |u| {
        let mut stream = u.choose(&PROLOGUES)?.to_vec();
        let mut frames = Vec::new();
        for _ in 0..u.int_in_range(0..=6)? {
            let frame = vec![u.arbitrary()?; *u.choose(&[0, 1, 2, 255, 256, 300])?];
            write_frame(&frame, &mut stream).expect("a short frame");
            frames.push(Bytes::from(frame));
        }
        let whole = read(&stream, &[stream.len()], LONGEST_FRAME);
        assert_eq!((&whole.frames, whole.offset, whole.end), (&frames, stream.len() as u64, Ok(())));
        let pieces: Vec<usize> = u.arbitrary::<Vec<u8>>()?.into_iter().map(usize::from).collect();
        assert_eq!(read(&stream, &pieces, LONGEST_FRAME), whole);
        // And of what is no such stream, or ends early, or has too long a frame, the same is told.
        stream.truncate(u.int_in_range(0..=stream.len())?);
        stream.extend(u.arbitrary::<&[u8]>()?);
        let limit = *u.choose(&[0, 255, 300, LONGEST_FRAME])?;
        assert_eq!(read(&stream, &pieces, limit), read(&stream, &[stream.len()], limit));
        Ok(())
    });
}

const PROLOGUES: [&[u8]; 7] = [
    b"",
    b"WA\x06\x03",
    b"WA\x06\x02",
    b"WA\x05\x03",
    b"ED\0\x01\0\0\x03xyzWA\x06\x03",
    b"ED\0\x01\0\0\0WA\x06\x03",
    b"",
];

#[derive(Debug, PartialEq)]
struct ReadStream {
    frames: Vec<Bytes>,
    dictionary: Option<u8>,
    error: Option<StreamError>,
    offset: u64,
    end: std::result::Result<(), StreamError>,
}

/// Reads a stream that arrives in pieces of these sizes; what is left is the last piece.
fn read(stream: &[u8], pieces: &[usize], limit: usize) -> ReadStream {
    let mut reader = FrameReader::new().with_limit(limit);
    let (mut frames, mut error) = (Vec::new(), None);
    let mut rest = stream;
    for piece in pieces.iter().copied().chain([usize::MAX]) {
        let (now, later) = rest.split_at(piece.min(rest.len()));
        reader.feed(now);
        rest = later;
        loop {
            match reader.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(found) => {
                    assert_eq!(*error.get_or_insert(found), found);
                    break;
                }
            }
        }
    }
    let dictionary = reader.prologue().map(|prologue| prologue.dictionary_version);
    ReadStream { frames, dictionary, error, offset: reader.offset(), end: reader.finish() }
}

#[test]
fn the_text_of_a_jid_reads_back() {
    holds(2, SMALL, |u| {
        let jid = jid(u, true)?;
        let jid = jid.as_ref();
        let text = jid.to_string();
        assert_eq!(jid.form().to_string().parse(), Ok(jid.form()));
        let literal = JidRef::parse_as(&text, jid.form()).expect("the text of a JID is read under its form");
        let parts = |jid: &JidRef<'_>| (plain_jid(jid), jid.user().map(str::to_owned), jid.device(), jid.integrator());
        assert_eq!(parts(&literal), parts(&jid));
        match (jid.form_beside_text(), JidRef::parse(&text)) {
            (None, read) => assert_eq!(parts(&read.expect("no form is needed")), parts(&jid)),
            // A `:` in a pair's user, or digits and `-` in one at interop, may read as something else, or not at all.
            (Some(JidForm::Pair), _) => {}
            (Some(form), read) => {
                assert_eq!(form, jid.form());
                assert_eq!(read.expect("the form does not matter to the address"), jid);
            }
        }
        Ok(())
    });
}

#[test]
fn any_text_that_reads_as_a_jid_reads_as_the_same_one_again() {
    holds(1, SMALL, |u| {
        let text = jid_like_text(u)?;
        if let Ok(jid) = text.parse::<Jid>() {
            assert_eq!(jid.as_ref().form_beside_text(), None, "{text}");
            assert_eq!(jid.to_string().parse(), Ok(jid), "{text}");
        }
        Ok(())
    });
}

#[test]
fn jids_are_equal_and_hash_equal_exactly_when_their_texts_read_alike() {
    // A text that is no JID, which a pair can have, reads as nothing but itself.
    let read = |jid: &Jid| jid.to_string().parse::<Jid>().map_or_else(|_| jid.to_string(), |read| read.to_string());
    let state = RandomState::new();
    holds(2, SMALL, |u| {
        let one = jid(u, true)?;
        let other = match u.int_in_range(0..=5)? {
            0 => jid(u, true)?,
            1 => one.to_string().parse().unwrap_or_else(|_| one.clone()),
            2 => JidRef::parse_as(&one.to_string(), JidForm::Pair).map(Jid::from).unwrap_or_else(|_| one.clone()),
            3 => one.as_ref().with_form(JidForm::Ad).map(Jid::from).unwrap_or_else(|_| one.clone()),
            4 => one.as_ref().with_device(0).map(Jid::from).unwrap_or_else(|_| one.clone()),
            _ => jid_like_text(u)?.parse().unwrap_or_else(|_| one.clone()),
        };
        let alike = read(&one) == read(&other);
        assert_eq!(one == other, alike, "{one:?} {other:?}");
        assert_eq!(one.as_ref() == other.as_ref(), alike);
        assert_eq!(other == one, alike);
        if let Ok(again) = one.to_string().parse::<Jid>() {
            assert_eq!(again, one);
        }
        if alike {
            assert_eq!(state.hash_one(&one), state.hash_one(&other));
            assert_eq!(state.hash_one(one.as_ref()), state.hash_one(&other));
            assert!(one.same_user(&other), "{one:?} {other:?}");
        }
        Ok(())
    });
}

/// Pieces of JID texts, in any order.
fn jid_like_text(u: &mut Unstructured<'_>) -> Result<String> {
    const PIECES: [&str; 22] = [
        "15550001111",
        "u",
        "0",
        "1",
        "5",
        "007",
        "255",
        "256",
        "65535",
        "65536",
        "-",
        ":",
        ":",
        "@",
        "@",
        ".",
        "_",
        "lid",
        "s.whatsapp.net",
        "msgr",
        "interop",
        "g.us",
    ];
    (0..u.int_in_range(0..=8)?).map(|_| u.choose(&PIECES).copied()).collect()
}

#[test]
fn list_sizes_end_at_65535() {
    let with_attributes = |count: usize| {
        let mut node = Node::build("x");
        (0..count).for_each(|number| _ = node.attr(&format!("k{number}"), "v"));
        node
    };
    let with_children = |count: usize| {
        let mut node = Node::build("x");
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

/// Without this, a law might hold only because nothing interesting was tried.
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
    for dictionary in Dictionary::ALL {
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
    for dictionary in Dictionary::ALL {
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
