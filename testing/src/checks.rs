//! Laws for any input, shared by the fuzz targets, the replay of their corpus, and the property tests.
//!
//! Each check takes bytes whose first one chooses the options, see [`Setup`].

use std::error::Error;
use std::io::Read;

use arbitrary::Unstructured;
use bytes::Bytes;
use flate2::read::ZlibDecoder;
use wabinary::explain::{Explanation, Finding, Severity};
use wabinary::stanza::{CallAck, CallAckRef};
use wabinary::{
    Content, DecodeError, DecodeErrorKind, Decoder, Dictionary, Encoder, Leniency, Limits, NewContent, Node, NodeRef,
    OffsetSpace, Rewrite,
};

use wabinary::generate::{self, Extras};

use crate::ranges;

/// Options for both directions. Bit 0: dictionary version 2 instead of 3. Bits 1 to 6: the leniencies in the order of
/// [`Leniency::ALL`], the last two with the first two. Bit 7: tight limits.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    pub dictionary: Dictionary,
    pub allow: Leniency,
    pub limits: Limits,
}

impl Setup {
    pub fn of(options: u8) -> Self {
        let dictionary = if options & 1 == 0 { Dictionary::V3 } else { Dictionary::V2 };
        let chosen = |(at, _): &(usize, _)| options >> (at % 6 + 1) & 1 != 0;
        let leniencies = Leniency::ALL.iter().copied().enumerate().filter(chosen);
        let allow = leniencies.fold(Leniency::NONE, |all, (_, one)| all | one);
        let tight = Limits { depth: 4, inflated: 300, nodes: 20 };
        // A small input may inflate to much; 1 MiB is enough to meet every length field.
        let wide = Limits { inflated: 2 << 20, ..Limits::default() };
        Self { dictionary, allow, limits: if options & 0x80 == 0 { wide } else { tight } }
    }

    pub fn decoder(self) -> Decoder {
        Decoder::new().with_dictionary(self.dictionary).allow(self.allow).with_limits(self.limits)
    }

    pub fn encoder(self) -> Encoder {
        Encoder::new().with_dictionary(self.dictionary).allow(self.allow).with_limits(self.limits)
    }
}

/// Nothing panics, all ways to decode agree, and errors and findings are inside the input.
pub fn decode(data: &[u8]) {
    let Some((&options, frame)) = data.split_first() else { return };
    let setup = Setup::of(options);
    let mut decoder = setup.decoder();
    let by_slice = decoder.decode_slice(frame).map(drop).map(|()| decoder.take().expect("it decoded"));
    let by_handle =
        decoder.decode(Bytes::copy_from_slice(frame)).map(drop).map(|()| decoder.take().expect("it decoded"));
    match (&by_slice, &by_handle) {
        (Ok(one), Ok(other)) => assert_eq!(one, other),
        (Err(one), Err(other)) => assert_same_error(one, other),
        _ => panic!("a slice decodes as {by_slice:?}, a handle as {by_handle:?}"),
    }
    part_agrees(setup, frame, &by_slice);
    leniency_changes_nothing(setup, frame, &by_slice);
    first_node_agrees(setup, frame, &by_slice);
    body_agrees(setup, frame, &by_slice);

    let findings = decoder.findings(frame);
    explanation_agrees(&mut decoder, frame, &findings);
    match (by_slice, findings) {
        (Ok(node), Ok(findings)) => {
            // Whether taken out of the decoder or not.
            assert_eq!(decoder.decode_slice(frame).expect("it did decode"), node);
            findings_are_in_place(frame, &findings);
            everything_reads(node.as_ref());
        }
        (Err(error), Err(same)) => {
            assert_same_error(&error, &same);
            error_is_in_place(frame, &error);
        }
        (node, findings) => panic!("decoding gives {node:?}, but explaining gives {findings:?}"),
    }
}

/// The explanation of a frame, of its first half, and of it as a body tiles the bytes and agrees with the decoder.
pub fn explain(data: &[u8]) {
    let Some((&options, frame)) = data.split_first() else { return };
    let mut decoder = Setup::of(options).decoder();
    for frame in [frame, frame.split_at(frame.len() / 2).0] {
        let findings = decoder.findings(frame);
        let explanation = explanation_agrees(&mut decoder, frame, &findings);
        if let Ok(node) = decoder.decode_slice(frame) {
            ranges::say_what_the_tree_says(&explanation, node);
        }
    }
    let of_body = decoder.explain_body(frame);
    ranges::are_in_order(&of_body);
    let whole =
        decoder.decode_body(Bytes::copy_from_slice(frame)).map(|node| ranges::say_what_the_tree_says(&of_body, node));
    assert_eq!(of_body.error().map(|error| (error.kind(), error.offset())), {
        whole.as_ref().err().map(|error| (error.kind(), error.offset()))
    });
}

/// Law 2: a frame that decodes encodes again, to the same tree, and to the same bytes unless a finding says otherwise.
pub fn roundtrip_bytes(data: &[u8]) {
    let Some((&options, frame)) = data.split_first() else { return };
    let setup = Setup::of(options);
    let mut decoder = setup.decoder();
    let Ok(node) =
        decoder.decode(Bytes::copy_from_slice(frame)).map(drop).map(|()| decoder.take().expect("it decoded"))
    else {
        return;
    };
    let encoded = setup.encoder().encode(&node).expect("what decodes encodes");
    let findings = decoder.findings(frame).expect("what decodes is explained");
    assert_eq!(encoded == frame, !rewritten(&findings), "{findings:?}");
    assert_eq!(decoder.decode_slice(&encoded).expect("what was encoded decodes"), node);
    assert!(!rewritten(&decoder.findings(&encoded).expect("what was encoded is explained")));
    copies_agree(setup, &node, &encoded);
    other_dictionary_agrees(setup, &node);
}

/// Law 1, on a tree made from the bytes: a tree that encodes decodes to the same tree.
pub fn roundtrip_node(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok((setup, zlib, node)) = setup_zlib_and_tree(&mut u) else { return };
    law_1(setup, zlib, &node);
}

fn setup_zlib_and_tree(u: &mut Unstructured<'_>) -> arbitrary::Result<(Setup, Option<u8>, Node)> {
    let setup = Setup::of(u.arbitrary()?);
    let zlib = if u.ratio(1, 8)? { Some(u.int_in_range(0..=9)?) } else { None };
    Ok((setup, zlib, tree_for(setup, u)?))
}

/// A tree that needs these options at most.
pub fn tree_for(setup: Setup, u: &mut Unstructured<'_>) -> arbitrary::Result<Node> {
    let duplicate_keys = setup.allow.contains(Leniency::DUPLICATE_NAMES);
    let undefined_domains = setup.allow.contains(Leniency::AD_DOMAIN);
    generate::tree(u, Extras { duplicate_keys, undefined_domains })
}

/// Law 1, under these options, with the body compressed or not.
fn law_1(setup: Setup, zlib: Option<u8>, node: &Node) {
    let mut encoder = setup.encoder();
    if let Some(level) = zlib {
        encoder = encoder.with_zlib(level);
    }
    let frame = match encoder.encode(node) {
        Ok(frame) => frame,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let expected = without_uncoded_texts(node, setup.dictionary);
    let mut decoder = setup.decoder();
    let decoded = decoder.decode(frame.clone()).expect("what was encoded decodes");
    assert_eq!(decoded, expected);
    let again = encoder.encode(decoded).expect("what was encoded encodes again");
    assert!(again == frame, "encoding again gives other bytes");
    let findings = decoder.findings(&frame).expect("what was encoded is explained");
    assert_eq!(rewritten(&findings), zlib.is_some(), "{findings:?}");
    copies_agree(setup, &expected, &setup.encoder().encode(node).expect("it did encode"));
}

/// Whether encoding the decoded tree gives other bytes.
pub fn rewritten(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.kind.severity() == Severity::Rewritten)
}

/// The tree, with bytes for text contents that are neither a token nor packed.
pub fn without_uncoded_texts(node: &Node, dictionary: Dictionary) -> Node {
    struct Uncoded(Dictionary);

    impl Rewrite for Uncoded {
        fn content<'a>(&mut self, _: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
            match content {
                Content::Text(text) if self.0.find(text).is_none() && !is_packed(text) => text.as_bytes().into(),
                content => content.into(),
            }
        }
    }

    node.rewrite(&mut Uncoded(dictionary))
}

fn is_packed(text: &str) -> bool {
    let all = |others: &[u8]| text.bytes().all(|byte| byte.is_ascii_digit() || others.contains(&byte));
    matches!(text.len(), 1..=127) && (all(b"-.") || all(b"ABCDEF"))
}

/// Every way to copy a tree gives an equal one that encodes to the same bytes.
fn copies_agree(setup: Setup, node: &Node, encoded: &[u8]) {
    struct Same;
    impl Rewrite for Same {}

    let appended = Node::build("x").attr("a", "b").child("c", |c| c.bytes(vec![7])).append(node).finish();
    let appended = appended.children().nth(1).expect("the second child").to_node();
    let copies = [
        ("cloned", node.clone()),
        ("a node of its own", node.as_ref().to_node()),
        ("detached", node.clone().detach()),
        ("edited", node.edit().finish()),
        ("rewritten", node.rewrite(&mut Same)),
        ("appended", appended),
    ];
    for (how, copy) in copies {
        assert_eq!(copy, *node, "{how}");
        assert!(setup.encoder().encode(&copy).expect(how) == encoded, "{how}");
    }
}

/// A tree decoded under one dictionary encodes under the other.
fn other_dictionary_agrees(setup: Setup, node: &Node) {
    let dictionary = if setup.dictionary == Dictionary::V2 { Dictionary::V3 } else { Dictionary::V2 };
    let other = Setup { dictionary, ..setup };
    let encoded = other.encoder().encode(node).expect("what decodes encodes");
    let decoded = other.decoder().decode(encoded).map(|node| node.to_node());
    assert_eq!(decoded.expect("what was encoded decodes"), without_uncoded_texts(node, dictionary));
}

/// Decoding the first node gives the same node, and the bytes after it.
fn first_node_agrees(setup: Setup, frame: &[u8], whole: &Result<Node, DecodeError>) {
    let mut decoder = setup.decoder();
    let first = decoder.decode_first(Bytes::copy_from_slice(frame)).map(|(_, rest)| rest);
    match (first, whole) {
        (Ok(rest), Ok(node)) => assert!(rest.is_empty() && decoder.take().as_ref() == Some(node)),
        (Ok(rest), Err(error)) => {
            assert_eq!(error.kind(), DecodeErrorKind::TrailingBytes(rest.len()));
            let may_be_empty = setup.allow.contains(Leniency::EMPTY_TAG);
            assert!(!rest.is_empty() && decoder.take().is_some_and(|node| may_be_empty || !node.tag().is_empty()));
        }
        (Err(first), Err(error)) => assert_same_error(&first, error),
        (Err(first), Ok(node)) => panic!("{node} decodes, but its first node does not: {first}"),
    }
}

/// The readable part of a frame is a normal tree, and its error is that of the whole frame.
fn part_agrees(setup: Setup, frame: &[u8], whole: &Result<Node, DecodeError>) {
    let mut decoder = setup.decoder();
    let (part, result) = decoder.decode_partial(Bytes::copy_from_slice(frame));
    match (&result, whole) {
        (Ok(()), Ok(node)) => assert!(part.is_some_and(|part| part == *node)),
        (Err(one), Err(other)) => assert_same_error(one, other),
        (result, whole) => panic!("in part {result:?}, as a whole {whole:?}"),
    }
    let Some(part) = part.map(|part| part.to_node()) else { return };
    let encoded = setup.encoder().encode(&part).expect("what was read encodes");
    assert_eq!(setup.decoder().decode(encoded).expect("what was encoded decodes"), part);
    // The part before an error in the body is good: a frame cut there reads the same.
    if let Err(error) = result
        && let Some(good) = good_body(frame, &error)
    {
        let (cut, rest) = decoder.decode_partial(Bytes::from([&[0], good.as_slice()].concat()));
        assert!(cut.is_some_and(|cut| cut == part), "{error}");
        // A frame exceeds the node limit before its next node is read.
        let rest = rest.map_err(|error| error.kind());
        let is_expected = matches!(rest, Ok(()) | Err(DecodeErrorKind::Truncated)) || rest == Err(error.kind());
        assert!(is_expected, "{error}: {rest:?}");
        let end = good.len();
        let of_body = decoder.decode_body(good).map(drop).map_err(|error| (error.kind(), error.offset()));
        assert_eq!(of_body, rest.map_err(|kind| (kind, end)), "{error}");
    }
}

/// The body up to the error in it, inflated if it is compressed. `None` if the error is in the frame around it.
fn good_body(frame: &[u8], error: &DecodeError) -> Option<Vec<u8>> {
    match error.space() {
        OffsetSpace::Inflated => {
            let mut inflated = Vec::new();
            ZlibDecoder::new(&frame[1..]).read_to_end(&mut inflated).expect("it inflates");
            inflated.truncate(error.offset());
            Some(inflated)
        }
        _ if frame.first() == Some(&0) => Some(frame[1..error.offset()].to_vec()),
        _ => None,
    }
}

/// A frame that decodes under strict rules decodes to the same tree under lenient ones. The exception is the server of
/// an interop JID: there each rule excludes the other.
fn leniency_changes_nothing(setup: Setup, frame: &[u8], whole: &Result<Node, DecodeError>) {
    let Ok(node) = whole else { return };
    let leniencies = Leniency::ALL.iter().copied().filter(|one| *one != Leniency::INTEROP_NO_SERVER);
    let lenient = leniencies.fold(setup.decoder(), Decoder::allow).decode_slice(frame).map(|node| node.to_node());
    assert_eq!(lenient.expect("what is fine is fine by looser rules"), *node);
}

/// The body of a plain frame decodes as the frame does.
fn body_agrees(setup: Setup, frame: &[u8], whole: &Result<Node, DecodeError>) {
    let Some((0, body)) = frame.split_first().map(|(flag, body)| (*flag, body)) else { return };
    let mut decoder = setup.decoder();
    let of_body = decoder.decode_body(Bytes::copy_from_slice(body)).map(|node| node.to_node());
    match (of_body, whole) {
        (Ok(of_body), Ok(node)) => assert_eq!(of_body, *node),
        (Err(of_body), Err(error)) => {
            assert_eq!((of_body.kind(), of_body.path()), (error.kind(), error.path()));
            assert_eq!(of_body.offset() + 1, error.offset());
        }
        (of_body, whole) => panic!("the frame decodes as {whole:?}, its body as {of_body:?}"),
    }
}

/// The errors are equal except for the source: the message of the zlib library depends on how much room it had.
fn assert_same_error(one: &DecodeError, other: &DecodeError) {
    let parts =
        |error: &DecodeError| (error.kind(), error.offset(), error.space(), error.path().to_owned(), error.claim());
    assert_eq!(parts(one), parts(other));
}

/// Every byte has its range, and the explanation has the findings and the error of the decoder.
fn explanation_agrees(
    decoder: &mut Decoder,
    frame: &[u8],
    findings: &Result<Vec<Finding>, DecodeError>,
) -> Explanation {
    let explanation = decoder.explain(frame);
    ranges::are_in_order(&explanation);
    match (findings, explanation.error()) {
        (Ok(findings), None) => assert_eq!(explanation.findings(), findings),
        (Err(error), Some(same)) => assert_same_error(error, same),
        (findings, error) => panic!("the decoder gives {findings:?}, the explanation {error:?}"),
    }
    explanation
}

fn error_is_in_place(frame: &[u8], error: &DecodeError) {
    let length = length_of(error.space(), frame);
    assert!(error.offset() <= length, "{error:?}");
    if let Some(claim) = error.claim() {
        assert!(claim.offset <= error.offset() && claim.count > 0, "{error:?}");
        assert_eq!((error.kind(), error.offset()), (DecodeErrorKind::Truncated, length), "{error:?}");
    } else {
        assert_ne!(error.kind(), DecodeErrorKind::Truncated, "{error:?}");
    }
    if error.kind() == DecodeErrorKind::ZlibTruncated {
        assert_eq!((error.space(), error.offset()), (OffsetSpace::Frame, frame.len()), "{error:?}");
    }
    assert!(!error.to_string().is_empty() && !error.expected().is_empty() && !error.kind().name().is_empty());
    let _ = error.source().map(ToString::to_string);
}

fn findings_are_in_place(frame: &[u8], findings: &[Finding]) {
    for finding in findings {
        assert!(finding.start < finding.end && finding.end <= length_of(finding.space, frame), "{finding:?}");
    }
    for pair in findings.windows(2) {
        assert!(pair[0].space != pair[1].space || pair[0].start <= pair[1].start, "{pair:?}");
    }
}

fn length_of(space: OffsetSpace, frame: &[u8]) -> usize {
    match space {
        OffsetSpace::Frame => frame.len(),
        // Only a body that inflates has its own space.
        _ => ZlibDecoder::new(&frame[1..]).read_to_end(&mut Vec::new()).expect("it inflates"),
    }
}

/// Reads a tree in every way; only parts of a large one, because some ways read all siblings.
fn everything_reads(node: NodeRef<'_>) {
    const MANY: usize = 100;
    assert!(!node.to_string().is_empty());
    let mut unread = vec![node];
    for _ in 0..MANY {
        let Some(node) = unread.pop() else { break };
        assert!(node.path().lines().count() <= 1);
        for (name, value) in node.attrs().take(MANY) {
            assert!(node.attr(name).is_some());
            let _ = (value, node.get::<u64>(name), node.get_opt::<wabinary::Jid>(name));
        }
        assert_eq!(node.bytes(), node.shared_bytes());
        assert!(node.children().take(MANY).all(|child| node.child(child.tag()).is_some()));
        unread.extend(node.children().take(MANY));
    }
    if let Ok(ack) = CallAckRef::try_from(node) {
        assert!(!ack.id().is_empty() && !format!("{ack:?}").is_empty());
        let _ = (ack.from_jid(), ack.to_jid(), ack.kind(), ack.t(), ack.participant(), ack.recipient(), ack.error());
        for error in ack.errors() {
            let _ = (error.code(), error.text(), error.rest().count(), error.children().count());
        }
        let attributes = ack.unknown_attrs().count();
        assert!(attributes <= node.attrs().len());
        assert!(ack.unknown_children().count() + ack.errors().count() <= node.children().len());
        assert_eq!(CallAck::try_from(node.to_node()).map(|ack| ack.into_node()), Ok(node.to_node()));
    }
}
