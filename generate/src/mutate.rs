//! Mutations of trees: what a fuzzer that changes bytes rarely hits upon, one change at a time.

use arbitrary::{Result, Unstructured};
use wabinary::generate::{Extras, jid, text, tree};
use wabinary::{Decoder, Dictionary, JidForm, JidRef, Leniency, Limits, Node};

use crate::plain::{PlainContent, PlainNode, PlainValue, plain_jid};
use crate::random::random_bytes;
use crate::spell::{compress, spell};
use crate::stanza::Stanza;

/// The most, in [`PlainNode::size`], that one change adds as copies of a child. Changes follow each other: without a limit, four of them
/// would make millions of nodes of a few thousand.
const MOST_COPIED: usize = 1 << 16;

/// Decodes a frame, mutates its tree, and spells it again in any legal way: packing, lengths, list heads and zlib change
/// too. `None` if the frame does not decode: change its bytes then. This is the function for libFuzzer's `fuzz_mutator!`.
///
/// ```
/// use wabinary::Dictionary;
///
/// let frame = [0x00, 0xf8, 0x03, 0x1b, 0x08, 0x04];
/// let mutated = wabinary_generate::mutate_frame(&frame, 1, Dictionary::V3).expect("a frame");
/// assert!(wabinary::decode(mutated).is_ok());
/// assert_eq!(wabinary_generate::mutate_frame(&[0x00, 0x1b], 1, Dictionary::V3), None);
/// ```
#[must_use]
pub fn mutate_frame(frame: &[u8], seed: u64, dictionary: Dictionary) -> Option<Vec<u8>> {
    // A frame of a fuzzer is small; one that inflates to much more is not worth its time.
    let limits = Limits { inflated: 1 << 16, nodes: 4096, ..Limits::default() };
    let mut decoder = Decoder::new().with_dictionary(dictionary).with_limits(limits);
    for leniency in Leniency::ALL {
        if *leniency != Leniency::INTEROP_NO_SERVER {
            decoder = decoder.allow(*leniency);
        }
    }
    let node = decoder.decode_slice(frame).ok()?.to_node();
    // A few tries: some mutations do not encode.
    (0..8).find_map(|round| {
        let bytes = random_bytes(seed.wrapping_add(round << 56), 512);
        let u = &mut Unstructured::new(&bytes);
        let node = mutate(u, &node).ok()?;
        let frame = spell(u, node.as_ref(), dictionary, Leniency::NONE).ok()?.frame;
        let frame = if u.ratio(1, 16).ok()? { compress(&frame, 6) } else { frame };
        Decoder::new().with_dictionary(dictionary).decode_slice(&frame).ok()?;
        Some(frame)
    })
}

/// Changes one to four things in a tree: attributes, the forms of addresses, the kind of a content, nesting, sizes at which
/// list heads and lengths grow.
///
/// # Errors
/// The choices are used up, or make an address that there is not.
pub fn mutate(u: &mut Unstructured<'_>, node: &Node) -> Result<Node> {
    let mut root = PlainNode::from(node.as_ref());
    for _ in 0..u.int_in_range(1..=4)? {
        change(u, &mut root)?;
    }
    root.to_node().map_err(|_| arbitrary::Error::IncorrectFormat)
}

fn change(u: &mut Unstructured<'_>, root: &mut PlainNode) -> Result<()> {
    // Other parts of the tree to copy from.
    let donor = root.clone();
    let depth = u.int_in_range(0..=6)?;
    let mut node = root;
    for _ in 0..depth {
        if node.children().is_empty() {
            break;
        }
        let at = u.choose_index(node.children().len())?;
        node = &mut node.children_mut()[at];
    }
    match u.int_in_range(0..=15)? {
        0 => node.tag = not_empty(text(u)?),
        1 => node.tag = u.choose(&["ack", "call", "message", "receipt", "iq", "notification", "enc"])?.to_string(),
        2 | 3 if !node.attrs.is_empty() => {
            let at = u.choose_index(node.attrs.len())?;
            node.attrs[at].1 = value(u)?;
        }
        4 if !node.attrs.is_empty() => drop(node.attrs.remove(u.choose_index(node.attrs.len())?)),
        5 if node.attrs.len() > 1 => {
            let (one, other) = (u.choose_index(node.attrs.len())?, u.choose_index(node.attrs.len())?);
            node.attrs.swap(one, other);
        }
        6 => {
            // A list head has a second byte from 128 attributes on.
            let count = *u.choose(&[1, 1, 1, 16, 17, 127, 128])?;
            for number in 0..count {
                let mut name = text(u).unwrap_or_default();
                if node.attrs.iter().any(|(found, _)| *found == name) {
                    name.push_str(&number.to_string());
                }
                let value = value(u)?;
                node.set(&name, value);
            }
        }
        7 => reform(u, node)?,
        8 => node.content = content(u, &node.content)?,
        9 => {
            let child = plain(&tree(u, Extras::default())?);
            node.children_mut().push(child);
        }
        10 => {
            let child = plain(&Stanza::Any.make(u)?);
            node.children_mut().push(child);
        }
        11 if !node.children().is_empty() => {
            let at = u.choose_index(node.children().len())?;
            drop(node.children_mut().remove(at));
        }
        12 if !node.children().is_empty() => {
            let child = node.children()[u.choose_index(node.children().len())?].clone();
            // Enough children for a longer list head, or the same number again.
            let (count, has) = (*u.choose(&[1, 2, 16, 255, 256])?, node.children().len());
            let more = if count > has + 16 { count - has } else { count };
            let more = more.min(MOST_COPIED / child.size());
            node.children_mut().extend(std::iter::repeat_n(child, more));
        }
        13 => {
            // The node inside itself, or deep down.
            let depth = *u.choose(&[1, 2, 20, 100, 127])?;
            for _ in 0..depth {
                let inner = std::mem::replace(node, PlainNode::new(&donor.tag));
                node.children_mut().push(inner);
            }
        }
        14 if !node.children().is_empty() => {
            let at = u.choose_index(node.children().len())?;
            let child = node.children_mut().swap_remove(at);
            *node = child;
        }
        _ => node.children_mut().push(donor),
    }
    Ok(())
}

fn not_empty(text: String) -> String {
    if text.is_empty() { "ack".to_owned() } else { text }
}

fn plain(node: &Node) -> PlainNode {
    PlainNode::from(node.as_ref())
}

fn value(u: &mut Unstructured<'_>) -> Result<PlainValue> {
    Ok(match u.int_in_range(0..=4)? {
        0 => PlainValue::Null,
        1 => PlainValue::Text(u.arbitrary::<i64>()?.to_string()),
        2 => PlainValue::Jid(plain_jid(&jid(u, false)?.as_ref())),
        _ => PlainValue::Text(text(u)?),
    })
}

/// Writes an address in another form, as a text, or makes an address of a text.
fn reform(u: &mut Unstructured<'_>, node: &mut PlainNode) -> Result<()> {
    const FORMS: [JidForm; 5] = [JidForm::Pair, JidForm::PairEmpty, JidForm::Ad, JidForm::Fb, JidForm::Interop];
    for (_, value) in &mut node.attrs {
        *value = match std::mem::replace(value, PlainValue::Null) {
            PlainValue::Jid((text, form)) if u.arbitrary()? => {
                let other = *u.choose(&FORMS)?;
                let reformed = JidRef::parse_as(&text, form).and_then(|jid| jid.with_form(other));
                PlainValue::Jid(reformed.map(|jid| plain_jid(&jid)).unwrap_or((text, form)))
            }
            PlainValue::Jid((text, _)) if u.ratio(1, 4)? => PlainValue::Text(text),
            PlainValue::Text(text) if u.arbitrary()? => match JidRef::parse(&text) {
                Ok(jid) => PlainValue::Jid(plain_jid(&jid)),
                Err(_) => PlainValue::Text(text),
            },
            value => value,
        };
    }
    Ok(())
}

/// The content as another kind, or other content.
fn content(u: &mut Unstructured<'_>, old: &PlainContent) -> Result<PlainContent> {
    let lengths = [0, 1, 127, 128, 254, 255, 256, 1000];
    Ok(match (old, u.int_in_range(0..=6)?) {
        (PlainContent::Bytes(bytes), 0) => PlainContent::Text(String::from_utf8_lossy(bytes).into_owned()),
        (PlainContent::Text(text), 0) => PlainContent::Bytes(text.clone().into_bytes()),
        (PlainContent::Jid((text, _)), 0) => PlainContent::Bytes(text.clone().into_bytes()),
        (_, 1) => PlainContent::Nodes(Vec::new()),
        (_, 2) => PlainContent::Bytes(vec![u.arbitrary()?; *u.choose(&lengths)?]),
        (_, 3) => PlainContent::Text(text(u)?),
        (_, 4) => PlainContent::Jid(plain_jid(&jid(u, false)?.as_ref())),
        (_, 5) => PlainContent::Bytes(u.arbitrary::<&[u8]>()?.to_vec()),
        _ => PlainContent::None,
    })
}
