//! This codec and `wacore-binary` 0.7.0 on the same frames: they accept and refuse the same frames and read the same trees, except for
//! the differences listed here. Each has its test.

use wabinary::{Content, JidForm, NodeRef, Server, Value, decode_slice};
use wacore_binary::marshal::unmarshal_ref;
use wacore_binary::node::{NodeContentRef, NodeRef as PeerNode, ValueRef};
use wacore_binary::util::unpack;

/// What this codec refuses and the peer reads, by kind of the error, with a frame that shows it.
const STRICTER: [(&str, &[u8]); 12] = [
    // Any flag bit but 1 is ignored.
    ("unknown-flag-bits", &[0x80, 0xf8, 0x01, 0x1b]),
    ("empty-tag", &[0x00, 0xf8, 0x01, 0xfc, 0x00]),
    ("duplicate-key", &[0x00, 0xf8, 0x05, 0x1b, 0x08, 0x04, 0x08, 0x04]),
    // An odd packed text may end in any nibble, and a nibble 15 elsewhere is a NUL.
    ("invalid-padding", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x81, 0x11]),
    ("invalid-nibble", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x01, 0xf1]),
    ("odd-empty-packed", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x80]),
    ("length-bits", &[0x00, 0xf8, 0x02, 0x1b, 0xfd, 0xf0, 0x00, 0x01, 0xaa]),
    // Only null means that there is no user; an empty text is a user.
    ("empty-user", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xf7, 0x00, 0x05, 0xfc, 0x00]),
    // Every even domain from 128 on is taken for hosted.
    ("unknown-domain", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xf7, 0x82, 0x05, 0xff, 0x01, 0x12]),
    ("jid-separator", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfa, 0xfc, 0x03, b'a', b'@', b'b', 0x03]),
    // A JID may be where a tag, a name or a user should.
    ("not-a-string", &[0x00, 0xf8, 0x01, 0xfa, 0x00, 0x03]),
    // The peer does not look at bytes after a stream.
    ("zlib-trailing-bytes", &[0x02, 0x78, 0x9c, 0xfb, 0xc1, 0x28, 0x0d, 0x00, 0x03, 0x08, 0x01, 0x15, 0x00]),
];

/// The limits of this codec that the peer does not have, by kind of the error. Depth and what a body may inflate to are
/// limited alike.
const LIMITS: [&str; 1] = ["too-many-nodes"];

/// What the peer refuses and this codec reads: a pair at a server that the peer does not know.
#[cfg(test)]
const UNKNOWN_SERVER: &[u8] = &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfa, 0x00, 0xfc, 0x01, b'x'];

/// What this codec distinguishes and the peer does not, with a frame for each.
#[cfg(test)]
const COARSER: [(&str, &[u8]); 5] = [
    ("a null value reads as the empty text", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0x00]),
    ("an empty list of children as LIST_EMPTY reads as no content", &[0x00, 0xf8, 0x02, 0x1b, 0x00]),
    ("an address as content reads as its text", &[0x00, 0xf8, 0x02, 0x1b, 0xfa, 0x00, 0x03]),
    ("a packed content of no length is text, not bytes", &[0x00, 0xf8, 0x02, 0x1b, 0xff, 0x00]),
    (
        "an address without a user and one with an empty user are one",
        &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfa, 0xfc, 0x00, 0x03],
    ),
];

/// Decodes a frame with both. The first byte is left out, so that inputs of the target `decode` serve here too.
pub(crate) fn compare(data: &[u8]) {
    let Some((_, frame)) = data.split_first() else { return };
    let ours = decode_slice(frame);
    let body = unpack(frame).map_err(|error| error.to_string());
    let theirs = body.as_ref().map_err(Clone::clone).and_then(|body| {
        let node = unmarshal_ref(body);
        node.map_err(|error| error.to_string())
    });
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert_same(ours.as_ref(), &theirs),
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => {
            let kind = error.kind().name();
            let is_listed = STRICTER.iter().any(|(listed, _)| *listed == kind) || LIMITS.contains(&kind);
            assert!(is_listed, "only the peer reads {frame:02x?}: {error}");
        }
        (Ok(node), Err(error)) => {
            assert!(has_unknown_server(node.as_ref()), "only the peer refuses {frame:02x?}: {error}");
        }
    }
}

/// Whether there is an address at a server that is not a variant of the peer's `Server`.
fn has_unknown_server(root: NodeRef<'_>) -> bool {
    let is_unknown = |server: Server<'_>| wacore_binary::jid::Server::try_from(server.as_str()).is_err();
    let mut unread = vec![root];
    while let Some(node) = unread.pop() {
        let of_values = node.attrs().any(|(_, value)| matches!(value, Value::Jid(jid) if is_unknown(jid.server())));
        let of_content = matches!(node.content(), Content::Jid(jid) if is_unknown(jid.server()));
        if of_values || of_content {
            return true;
        }
        unread.extend(node.children());
    }
    false
}

fn assert_same(ours: NodeRef<'_>, theirs: &PeerNode<'_>) {
    assert_eq!(ours.tag(), &*theirs.tag);
    assert_eq!(ours.attrs().len(), theirs.attrs_iter().count());
    for ((name, value), (peer_name, peer_value)) in ours.attrs().zip(theirs.attrs_iter()) {
        assert_eq!(name, &**peer_name);
        match (value, peer_value) {
            (Value::Text(text), ValueRef::String(peer)) => assert_eq!(text, &**peer),
            (Value::Null, ValueRef::String(peer)) => assert_eq!(&**peer, ""),
            (Value::Jid(jid), ValueRef::Jid(peer)) => {
                // The peer leaves the device of a pair in its user.
                let text = jid.wire_text().to_string();
                let pair = text.split_once('@').filter(|_| jid.form() == JidForm::Pair);
                let (user, device, integrator) = match pair {
                    Some((user, _)) => (user, 0, 0),
                    None => (jid.user().unwrap_or(""), jid.device(), jid.integrator()),
                };
                let ours = (user, jid.server().as_str(), device, integrator);
                assert_eq!(ours, (&*peer.user, peer.server.as_str(), peer.device, peer.integrator));
            }
            (value, _) => panic!("{name} is {value:?}, for the peer of another kind"),
        }
    }
    match (ours.content(), &theirs.content) {
        (Content::None, None) => {}
        (Content::Nodes(children), None) => assert_eq!(children.len(), 0),
        (Content::Nodes(children), Some(NodeContentRef::Nodes(peers))) => {
            assert_eq!(children.len(), peers.len());
            children.zip(peers.iter()).for_each(|(child, peer)| assert_same(child, peer));
        }
        (Content::Bytes(bytes), Some(NodeContentRef::Bytes(peer))) => assert_eq!(bytes, &**peer),
        (Content::Bytes(bytes), Some(NodeContentRef::String(peer))) => {
            assert_eq!(bytes, peer.as_bytes());
            assert!(!(1..=127).contains(&bytes.len()), "a text that packs is text");
        }
        (Content::Text(text), Some(NodeContentRef::String(peer))) => assert_eq!(text, &**peer),
        // The peer writes the text of an address in its own way.
        (Content::Jid(jid), Some(NodeContentRef::String(peer))) => assert!(peer.contains(jid.server().as_str())),
        (content, _) => panic!("content is {content:?}, for the peer of another kind"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer_reads(frame: &[u8]) -> bool {
        unpack(frame).is_ok_and(|body| unmarshal_ref(&body).is_ok())
    }

    #[test]
    fn what_this_codec_refuses_alone_is_what_is_listed() {
        for (kind, frame) in STRICTER {
            assert_eq!(decode_slice(frame).unwrap_err().kind().name(), kind);
            assert!(peer_reads(frame), "{kind}");
        }
    }

    #[test]
    fn what_the_peer_refuses_alone_is_a_server_that_it_does_not_know() {
        assert!(has_unknown_server(decode_slice(UNKNOWN_SERVER).unwrap().as_ref()));
        assert!(!peer_reads(UNKNOWN_SERVER));
    }

    #[test]
    fn what_the_peer_does_not_tell_apart_is_what_is_listed() {
        for (why, frame) in COARSER {
            let node = decode_slice(frame).unwrap();
            let body = unpack(frame).unwrap();
            let peer = unmarshal_ref(&body).unwrap();
            assert_same(node.as_ref(), &peer);
            let parts = match (node.attrs().next(), node.content()) {
                (Some((_, Value::Null)), _) => "a null value",
                (Some((_, Value::Jid(jid))), _) if jid.form() == wabinary::JidForm::PairEmpty => {
                    "an address without a user"
                }
                (_, Content::Nodes(_)) => "an empty list",
                (_, Content::Jid(_)) => "an address as content",
                (_, Content::Bytes(_)) => "a packed content",
                _ => "nothing special",
            };
            assert!(why.starts_with(parts), "{why}: {parts}");
        }
    }

    /// Both answers, as the kind of the error or nothing, after a comparison.
    fn answers(frame: &[u8]) -> (Option<&'static str>, bool) {
        compare(&[&[0x00], frame].concat());
        (decode_slice(frame).err().map(|error| error.kind().name()), peer_reads(frame))
    }

    /// A root, 16 lists, and in them nodes of three bytes: this many in the last, 65,535 in the others.
    fn many_nodes(last: u16) -> Vec<u8> {
        let list = |count: u16| {
            let [high, low] = count.to_be_bytes();
            [&[0xf8, 0x02, 0x1b, 0xf9, high, low], [0xf8, 0x01, 0x07].repeat(count.into()).as_slice()].concat()
        };
        let lists = list(65_535).repeat(15);
        [&[0x00, 0xf8, 0x02, 0x1b, 0xf8, 16], lists.as_slice(), list(last).as_slice()].concat()
    }

    #[test]
    fn the_peer_has_no_limit_of_nodes() {
        assert_eq!(answers(&many_nodes(65_534)), (None, true));
        assert_eq!(answers(&many_nodes(65_535)), (Some("too-many-nodes"), true));
        assert_eq!(LIMITS, ["too-many-nodes"], "each has a test here");
    }

    /// A frame whose body, a node with bytes, inflates to `length` bytes.
    fn inflating_to(length: usize) -> Vec<u8> {
        let mut body = vec![0xf8, 0x02, 0x1b, 0xfe];
        body.extend(u32::try_from(length - 8).unwrap().to_be_bytes());
        body.resize(length, 0);
        let mut encoder = flate2::write::ZlibEncoder::new(vec![0x02], flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, &body).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_body_may_inflate_to_16_mebibytes_for_both() {
        assert_eq!(answers(&inflating_to(16 << 20)), (None, true));
        assert_eq!(answers(&inflating_to((16 << 20) + 1)), (Some("inflated-too-large"), false));
    }

    #[test]
    fn nodes_may_be_nested_128_deep_for_both() {
        on_a_deep_stack(|| {
            for (depth, answer) in [(127, None), (128, None), (129, Some("too-deep")), (400, Some("too-deep"))] {
                let nested = [0xf8, 0x02, 0x1b, 0xf8, 0x01].repeat(depth - 1);
                let frame = [&[0x00], nested.as_slice(), &[0xf8, 0x01, 0x1b]].concat();
                assert_eq!(answers(&frame), (answer, answer.is_none()), "{depth}");
            }
        });
    }

    #[test]
    fn children_that_are_claimed_and_not_there_are_missed_by_both() {
        assert_eq!(answers(&[0x00, 0xf8, 0x02, 0x1b, 0xf9, 0xff, 0xff]), (Some("truncated"), false));
        // On each level the peer reserves what is claimed, 600 MB of addresses in all. It uses almost none of them.
        on_a_deep_stack(|| {
            let claims = [0xf8, 0x02, 0x1b, 0xf9, 0xff, 0xff].repeat(127);
            let frame = [&[0x00], claims.as_slice(), &[0xf9, 0xff, 0xff, 0x1b]].concat();
            assert_eq!(answers(&frame), (Some("truncated"), false));
        });
    }

    #[test]
    fn both_agree_on_the_corpus() {
        let compared = on_a_deep_stack(compare_the_corpus);
        assert!(compared > 300, "{compared}");
    }

    /// The peer calls itself for each nested node, which takes much of the stack where nothing is optimised.
    fn on_a_deep_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
        std::thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap()
    }

    /// Compares every input of the packed corpus, and returns their number.
    fn compare_the_corpus() -> usize {
        let inputs = include_str!("../corpus/differential.hex").lines();
        inputs.map(|input| compare(&data_encoding::HEXLOWER.decode(input.as_bytes()).unwrap())).count()
    }
}
