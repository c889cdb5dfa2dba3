//! This codec and `wacore-binary` 0.7.0 on the same frames: they accept and refuse the same and read the same tree, but for
//! the differences listed here. Each has its test.

use wabinary::{Content, NodeRef, Server, Value, decode_slice};
use wacore_binary::marshal::unmarshal_ref;
use wacore_binary::node::{NodeContentRef, NodeRef as PeerNode, ValueRef};
use wacore_binary::util::unpack;

/// What this codec refuses and the peer reads, by kind of the error, with a frame that shows it.
const STRICTER: [(&str, &[u8]); 11] = [
    // Any flag bit but 1 is ignored.
    ("unknown-flag-bits", &[0x80, 0xf8, 0x01, 0x1b]),
    ("empty-tag", &[0x00, 0xf8, 0x01, 0xfc, 0x00]),
    ("duplicate-key", &[0x00, 0xf8, 0x05, 0x1b, 0x08, 0x04, 0x08, 0x04]),
    // An odd packed text may end in any nibble, and a nibble 15 elsewhere is a NUL.
    ("invalid-padding", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x81, 0x11]),
    ("invalid-nibble", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x01, 0xf1]),
    ("odd-empty-packed", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x80]),
    ("length-bits", &[0x00, 0xf8, 0x02, 0x1b, 0xfd, 0xf0, 0x00, 0x01, 0xaa]),
    // Only null is no user; the empty text is one.
    ("empty-user", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xf7, 0x00, 0x05, 0xfc, 0x00]),
    // Every even domain from 128 on is taken for hosted.
    ("unknown-domain", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xf7, 0x82, 0x05, 0xff, 0x01, 0x12]),
    ("jid-separator", &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfa, 0xfc, 0x03, b'a', b'@', b'b', 0x03]),
    // A JID may stand where a tag, a name or a user should.
    ("not-a-string", &[0x00, 0xf8, 0x01, 0xfa, 0x00, 0x03]),
];

/// What the peer refuses and this codec reads: a pair at a server that the peer does not know.
#[cfg(test)]
const UNKNOWN_SERVER: &[u8] = &[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfa, 0x00, 0xfc, 0x01, b'x'];

/// Where the peer does not tell apart what this codec does, with a frame for each.
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

/// Decodes a frame with both. The first byte is left out, so that the corpus of the target `decode` serves.
pub(crate) fn compare(data: &[u8]) {
    let Some((_, frame)) = data.split_first() else { return };
    let ours = decode_slice(frame);
    if let Err(error) = &ours
        && error.kind().name() == "truncated"
        && frame.contains(&0xf9)
    {
        // The peer reserves what list sizes claim, on each level: gigabytes.
        return;
    }
    let body = unpack(frame).map_err(|error| error.to_string());
    let theirs = body.as_ref().map_err(Clone::clone).and_then(|body| {
        let node = unmarshal_ref(body);
        node.map_err(|error| error.to_string())
    });
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert_same(ours.as_ref(), &theirs),
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => {
            let is_listed = STRICTER.iter().any(|(kind, _)| *kind == error.kind().name());
            let is_zlib =
                frame.first().is_some_and(|flag| flag & 2 != 0) && error.kind().name() == "zlib-trailing-bytes";
            assert!(
                is_listed || is_zlib || error.kind().name() == "too-many-nodes",
                "only the peer reads {frame:02x?}: {error}"
            );
        }
        (Ok(node), Err(error)) => {
            assert!(has_unknown_server(node.as_ref()), "only the peer refuses {frame:02x?}: {error}");
        }
    }
}

/// Whether there is an address at a server that is no variant of the peer's `Server`.
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
                let ours = (jid.user().unwrap_or(""), jid.server().as_str(), jid.device(), jid.integrator());
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
        // The peer writes the text of an address in a way of its own.
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

    #[test]
    fn a_byte_behind_a_zlib_stream_is_not_seen_by_the_peer() {
        let frame = [0x02, 0x78, 0x9c, 0xfb, 0xc1, 0x28, 0x0d, 0x00, 0x03, 0x08, 0x01, 0x15, 0x00];
        assert_eq!(decode_slice(&frame).unwrap_err().kind().name(), "zlib-trailing-bytes");
        assert!(peer_reads(&frame));
    }

    #[test]
    fn both_agree_on_the_corpus() {
        // The peer calls itself for each nested node, which takes much of the stack where nothing is optimised.
        let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(compare_the_corpus).unwrap();
        let compared = thread.join().unwrap();
        assert!(compared > 300, "{compared}");
    }

    /// Gives the number of frames.
    fn compare_the_corpus() -> usize {
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/decode");
        let files = std::fs::read_dir(corpus).unwrap();
        // Frames of the other dictionary are compared under this one.
        files.map(|entry| compare(&std::fs::read(entry.unwrap().path()).unwrap())).count()
    }
}
