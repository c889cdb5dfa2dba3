//! Frames that grow in one dimension each: children, depth, attributes, bytes of a content, of a text, of a body.

use bytes::Bytes;
use wabinary::{Builder, Encoder, Jid, JidRef, Limits, Node, Server};

/// A dimension of growth.
pub struct Shape {
    /// The name of the part that grows.
    pub name: &'static str,
    /// The unit that costs are divided by.
    pub unit: &'static str,
    /// The sizes: units, or bytes of the body.
    pub sizes: &'static [usize],
    pub frame_of: fn(usize) -> Frame,
}

pub struct Frame {
    pub bytes: Bytes,
    pub units: usize,
    /// The default limits, except for deeper trees.
    pub limits: Limits,
}

/// From the smallest frame to the largest inflated body.
const BODIES: &[usize] = &[25, 1 << 10, 32 << 10, 1 << 20, 16 << 20];

#[rustfmt::skip]
pub const SHAPES: [Shape; 8] = [
    Shape { name: "children of one node; above 65,535, the most there can be, of two", unit: "node", sizes: &[1, 10, 100, 1_000, 10_000, 65_535, 100_000], frame_of: children },
    Shape { name: "nested nodes; above 128 with the limit raised", unit: "node", sizes: &[1, 8, 32, 128, 1_000, 10_000], frame_of: nested },
    Shape { name: "attributes of one node", unit: "attribute", sizes: &[1, 10, 100, 1_000, 10_000, 32_767], frame_of: attributes },
    Shape { name: "bytes of content in one node", unit: "byte", sizes: BODIES, frame_of: content },
    Shape { name: "bytes of one text", unit: "byte", sizes: BODIES, frame_of: text },
    Shape { name: "nodes of 19 bytes, up to a body of 16 MiB", unit: "node", sizes: BODIES, frame_of: body },
    Shape { name: "nodes of 3 bytes, the smallest there are", unit: "node", sizes: &[25, 1 << 10, 32 << 10, 1 << 20], frame_of: bare },
    Shape { name: "nodes of 19 bytes, compressed with zlib, up to 16 MiB inflated", unit: "node", sizes: BODIES, frame_of: compressed },
];

fn frame(node: &Node, units: usize) -> Frame {
    let limits = Limits { depth: Limits::default().depth.max(units), ..Limits::default() };
    let bytes = Encoder::new().with_limits(limits).encode(node).expect("it encodes");
    Frame { bytes, units, limits }
}

fn device(n: usize) -> Jid {
    let user = (15_550_000_000 + n).to_string();
    JidRef::new(&user, Server::Whatsapp).and_then(|jid| jid.with_device(5)).expect("a phone and a device").into()
}

fn children(count: usize) -> Frame {
    let fill = |list: &Builder, from: usize, to: usize| {
        (from..to).for_each(|n| _ = list.child("to", |to| to.attr("jid", device(n))));
    };
    let root = Node::build("list");
    if count > usize::from(u16::MAX) {
        for (from, to) in [(0, count / 2), (count / 2, count)] {
            root.child("list", |list| fill(list, from, to));
        }
    } else {
        fill(&root, 0, count);
    }
    frame(&root.finish(), count)
}

fn nested(depth: usize) -> Frame {
    fn nest(node: &Builder, left: usize) {
        node.attr("id", 100_000 + left);
        if left > 1 {
            node.child("item", |child| nest(child, left - 1));
        }
    }
    let root = Node::build("item");
    nest(&root, depth);
    frame(&root.finish(), depth)
}

fn attributes(count: usize) -> Frame {
    let root = Node::build("item");
    (0..count).for_each(|n| _ = root.attr(&format!("name {n:05}"), "1"));
    frame(&root.finish(), count)
}

fn content(length: usize) -> Frame {
    frame(&Node::build("item").bytes(vec![7; length]).finish(), length)
}

fn text(length: usize) -> Frame {
    let mut characters = "Zoë writes a text, 🙂 and another one. ".chars().cycle();
    let mut text = String::with_capacity(length);
    while let Some(character) = characters.next().filter(|next| text.len() + next.len_utf8() <= length) {
        text.push(character);
    }
    let node = Node::build("item").attr("value", &text).finish();
    frame(&node, text.len())
}

/// Nodes of 19 bytes, in lists of up to a thousand if there are more.
fn small_nodes(length: usize) -> (Node, usize) {
    let fill = |list: &Builder, from: usize, to: usize| {
        for n in from..to {
            list.child("item", |item| item.attr("id", 10_000_000 + n).content(&[n as u8; 7]));
        }
    };
    let mut root = Node::build("list");
    let mut count = (length - 6) / 19;
    if count <= 1_000 {
        fill(&mut root, 0, count);
    } else {
        // The lists take some bytes, too.
        count -= count / 1_000;
        let starts = (0..count).step_by(1_000);
        starts.for_each(|from| _ = root.child("list", |list| fill(list, from, count.min(from + 1_000))));
    }
    (root.finish(), count)
}

fn body(length: usize) -> Frame {
    let (node, count) = small_nodes(length);
    frame(&node, count)
}

/// Nodes with only a tag: 3 bytes. These give the largest tree for the bytes of a frame.
fn bare(length: usize) -> Frame {
    let fill = |list: &Builder, count: usize| (0..count).for_each(|_| _ = list.child("to", |_| {}));
    let mut root = Node::build("list");
    let count = (length - 7) / 3;
    let lists = count / 60_000;
    (0..lists).for_each(|_| _ = root.child("list", |list| fill(list, 60_000)));
    fill(&mut root, count % 60_000);
    frame(&root.finish(), count)
}

fn compressed(length: usize) -> Frame {
    let (node, units) = small_nodes(length);
    let bytes = Encoder::new().with_zlib(6).encode(&node).expect("it encodes");
    Frame { bytes, ..frame(&node, units) }
}
