//! Compares building and editing with a plain tree.

use arbitrary::{Result, Unstructured};
use wabinary::{Builder, Dictionary, NewContent, NewValue, Node, NodeRef, UnixSeconds, Value, encode};

use crate::checks::Setup;
use crate::plain_tree::{PlainContent, PlainNode, PlainValue, plain_jid};
use wabinary::generate::{Extras, jid, text, tree};

/// Building and editing have the same effect as on a plain tree.
pub fn edited(u: &mut Unstructured<'_>) -> Result<()> {
    let pool = pool(u)?;
    let (builder, mut plain) = if u.arbitrary()? {
        let node = any_of(u, &pool)?;
        (node.edit(), PlainNode::from(node))
    } else {
        (Node::build("start"), PlainNode::new("start"))
    };
    edit(u, &builder, &mut plain, &pool, 4)?;
    let node = builder.finish();
    assert_eq!(PlainNode::from(node.as_ref()), plain);

    let again = plain.to_node().expect("the text of a JID is read under its form");
    assert_eq!(node, again);
    assert_eq!(encode(&node).map_err(|error| error.kind()), encode(&again).map_err(|error| error.kind()));
    Ok(())
}

/// Trees in each storage: built, and decoded from shared, copied and inflated bytes.
fn pool(u: &mut Unstructured<'_>) -> Result<Vec<Node>> {
    let mut pool = Vec::new();
    for way in 0..5 {
        // A tree takes all the bytes that it gets.
        let mut part = Unstructured::new(u.bytes(u.len() / 16)?);
        let node = tree(&mut part, Extras::default())?;
        // All have bytes, because bytes have the most ways of storage.
        let node = Node::build("pool").child("enc", |enc| enc.bytes(vec![way; 3])).append(&node).finish();
        let dictionary = *u.choose(Dictionary::ALL)?;
        let setup = Setup { dictionary, ..Setup::of(0) };
        let mut encoder = setup.encoder();
        if way == 1 {
            encoder = encoder.with_zlib(6);
        }
        let frame = encoder.encode(&node);
        let mut decoder = setup.decoder();
        pool.push(match (way, frame) {
            (1 | 2, Ok(frame)) => decoder.decode(frame).expect("what was encoded decodes").to_node(),
            (3, Ok(frame)) => {
                decoder.decode_slice(&frame).map(drop).ok().and_then(|()| decoder.take()).expect("it decodes")
            }
            (4, Ok(frame)) => decoder.decode(frame).map(drop).ok().and_then(|()| decoder.take()).expect("it decodes"),
            _ => node,
        });
    }
    Ok(pool)
}

/// A root, or one of its descendants.
fn any_of<'a>(u: &mut Unstructured<'_>, pool: &'a [Node]) -> Result<NodeRef<'a>> {
    let mut node = u.choose(pool)?.as_ref();
    while node.children().len() > 0 && u.arbitrary()? {
        let at = u.choose_index(node.children().len())?;
        node = node.children().nth(at).expect("as many as counted");
    }
    Ok(node)
}

/// Makes the same edits to the open node of a builder and to a plain node.
fn edit(
    u: &mut Unstructured<'_>,
    builder: &Builder,
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
                plain.children_mut().push(PlainNode::new(&tag));
                let child = plain.children_mut().last_mut().expect("just pushed");
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
                plain.children_mut().push(PlainNode::from(node));
            }
        }
    }
    Ok(())
}

/// The name of an existing attribute, or another name.
fn name(u: &mut Unstructured<'_>, plain: &PlainNode) -> Result<String> {
    if !plain.attrs.is_empty() && u.ratio(2, 3)? {
        return u.choose(&plain.attrs).map(|(name, _)| name.clone());
    }
    if u.arbitrary()? { u.choose(&["id", "to", "t", ""]).map(|name| name.to_string()) } else { text(u) }
}

/// The tag of an existing child, or another tag.
fn tag(u: &mut Unstructured<'_>, plain: &PlainNode) -> Result<String> {
    if !plain.children().is_empty() && u.ratio(2, 3)? {
        return u.choose(plain.children()).map(|child| child.tag.clone());
    }
    u.choose(&["participants", "to", "enc", "0", "15550001111"]).map(|tag| tag.to_string())
}

pub fn value(u: &mut Unstructured<'_>) -> Result<(NewValue<'static>, PlainValue)> {
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
