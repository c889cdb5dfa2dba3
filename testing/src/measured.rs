//! The kinds of work that are measured, for any frames: prepared once, then repeated.

use std::hint::black_box;

use bytes::Bytes;
use wabinary::stanza::CallAckRef;
use wabinary::{Builder, Content, Decoder, Encoder, JidRef, Limits, Node, NodeRef, Value};

/// A kind of work on frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Work {
    Decode,
    DecodeToOwn,
    DecodeAndRead,
    Read,
    EncodeDecoded,
    EncodeBuilt,
    EncodeToOwn,
    EncodeInto,
    Build,
    Edit,
    ReadCallAck,
}

impl Work {
    /// Every kind, with its name.
    pub const ALL: [(Self, &'static str); 11] = [
        (Self::Decode, "decode with a decoder used again"),
        (Self::DecodeToOwn, "decode to a tree of its own"),
        (Self::DecodeAndRead, "decode and read everything"),
        (Self::Read, "read everything in a decoded tree"),
        (Self::EncodeDecoded, "encode a decoded tree into a buffer used again"),
        (Self::EncodeBuilt, "encode a built tree into a buffer used again"),
        (Self::EncodeToOwn, "encode a decoded tree to a frame of its own"),
        (Self::EncodeInto, "encode a decoded tree into a buffer of the caller"),
        (Self::Build, "build the tree anew while reading the decoded one"),
        (Self::Edit, "copy a decoded tree and set an attribute of its root"),
        (Self::ReadCallAck, "read every field of a call ack from its bytes"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(work, _)| *work == self).map_or("", |(_, name)| name)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(work, _)| work)
    }

    /// Prepares the work on all of these frames. The result of a call depends on all of its work, so that none is
    /// optimised away.
    pub fn prepare(self, frames: &[Bytes], limits: Limits) -> Box<dyn FnMut() -> usize> {
        let mut decoder = Decoder::new().with_limits(limits);
        let mut encoder = Encoder::new().with_limits(limits);
        let held: Vec<Bytes> = frames.iter().map(|frame| held(frame)).collect();
        let mut decoded = || -> Vec<Node> {
            let own = |frame: &Bytes| {
                decoder.decode(frame.clone()).expect("a measured frame decodes");
                decoder.take().expect("it decoded")
            };
            held.iter().map(own).collect()
        };
        match self {
            Self::Decode => Box::new(move || {
                let mut decode = |frame: &Bytes| {
                    black_box(decoder.decode(black_box(frame).clone()).expect("it decoded")).tag().len()
                };
                held.iter().map(&mut decode).sum()
            }),
            Self::DecodeToOwn => Box::new(move || {
                let decode = |frame: &Bytes| wabinary::decode(black_box(frame).clone()).expect("it decoded");
                held.iter().map(|frame| black_box(decode(frame)).tag().len()).sum()
            }),
            Self::DecodeAndRead => Box::new(move || {
                let decode = |frame: &Bytes| read(decoder.decode(black_box(frame).clone()).expect("it decoded"));
                held.iter().map(decode).sum()
            }),
            Self::Read => {
                let nodes = decoded();
                Box::new(move || nodes.iter().map(|node| read(black_box(node).as_ref())).sum())
            }
            Self::EncodeDecoded | Self::EncodeBuilt => {
                let mut nodes = decoded();
                if self == Self::EncodeBuilt {
                    nodes = nodes.iter().map(|node| build_anew(node.as_ref())).collect();
                }
                Box::new(move || {
                    let mut encode = |node: &Node| encoder.encode_slice(node).expect("what decodes encodes").len();
                    nodes.iter().map(|node| encode(black_box(node))).sum()
                })
            }
            Self::EncodeToOwn => {
                let nodes = decoded();
                let encode = |node: &Node| black_box(wabinary::encode(black_box(node)).expect("what decodes encodes"));
                Box::new(move || nodes.iter().map(|node| encode(node).len()).sum())
            }
            Self::EncodeInto => {
                let (nodes, mut out) = (decoded(), Vec::new());
                Box::new(move || {
                    out.clear();
                    let mut encode = |node: &Node| encoder.encode_into(black_box(node), &mut out);
                    nodes.iter().for_each(|node| encode(node).expect("what decodes encodes"));
                    black_box(&out).len()
                })
            }
            Self::Build => {
                let nodes = decoded();
                let build = |node: &Node| black_box(build_anew(black_box(node).as_ref())).tag().len();
                Box::new(move || nodes.iter().map(build).sum())
            }
            Self::Edit => {
                let nodes = decoded();
                let edit = |node: &Node| black_box(black_box(node).edit().set("id", "1").finish()).tag().len();
                Box::new(move || nodes.iter().map(edit).sum())
            }
            Self::ReadCallAck => Box::new(move || {
                let read = |frame: &Bytes| fields(decoder.decode(black_box(frame).clone()).expect("it decoded"));
                held.iter().map(read).sum()
            }),
        }
    }
}

/// A frame with a handle that costs nothing to copy. Its memory is never freed.
fn held(frame: &[u8]) -> Bytes {
    Bytes::from_static(frame.to_vec().leak())
}

/// Every tag, name, value and content, as text or parts.
fn read(node: NodeRef<'_>) -> usize {
    let of_jid =
        |jid: JidRef<'_>| jid.user().map_or(0, str::len) + jid.server().as_str().len() + usize::from(jid.device());
    let of_value = |value: Value<'_>| match value {
        Value::Text(text) => text.len(),
        Value::Jid(jid) => of_jid(jid),
        Value::Null => 1,
    };
    let attributes: usize = node.attrs().map(|(name, value)| name.len() + of_value(value)).sum();
    let content = match node.content() {
        Content::None => 0,
        Content::Nodes(children) => children.map(read).sum(),
        Content::Bytes(bytes) => bytes.len(),
        Content::Text(text) => text.len(),
        Content::Jid(jid) => of_jid(jid),
    };
    node.tag().len() + attributes + content
}

/// Builds the same tree with a builder, which does not know that texts are tokens or packed.
fn build_anew(node: NodeRef<'_>) -> Node {
    let builder = Node::build(node.tag());
    fill(&builder, node);
    builder.finish()
}

fn fill(builder: &Builder, node: NodeRef<'_>) {
    for (name, value) in node.attrs() {
        builder.attr(name, value);
    }
    match node.content() {
        Content::None => {}
        Content::Nodes(children) if children.len() == 0 => _ = builder.empty_nodes(),
        Content::Nodes(children) => {
            for child in children {
                builder.child(child.tag(), |builder| fill(builder, child));
            }
        }
        content => _ = builder.content(content),
    }
}

fn fields(node: NodeRef<'_>) -> usize {
    let ack = CallAckRef::try_from(node).expect("a call ack");
    let _ =
        black_box((ack.from_jid(), ack.to_jid(), ack.kind(), ack.t(), ack.participant(), ack.recipient(), ack.error()));
    for error in ack.errors() {
        let _ = black_box((error.code(), error.text()));
    }
    ack.id().len()
}
