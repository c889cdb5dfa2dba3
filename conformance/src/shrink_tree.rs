//! Smaller trees: with fewer nodes and attributes, or shorter texts.

use anyhow::Result;
use wabinary::JidRef;
use wabinary_generate::plain::{PlainContent, PlainNode, PlainValue};

use crate::verdict::LONG;

type Change<'c> = dyn Fn(&mut PlainNode) + 'c;

/// The tree with nothing but its nodes, whose number or nesting may be what matters.
pub(crate) fn skeleton(node: &PlainNode) -> PlainNode {
    let mut bare = PlainNode::new("ack");
    if let PlainContent::Nodes(children) = &node.content {
        bare.content = PlainContent::Nodes(children.iter().map(skeleton).collect());
    }
    bare
}

/// Tries trees with less in them, those with least first, until one is enough. Returns whether one is.
pub(crate) fn smaller(node: &PlainNode, emit: &mut dyn FnMut(PlainNode) -> Result<bool>) -> Result<bool> {
    let with = |change: &dyn Fn(&mut PlainNode)| {
        let mut tree = node.clone();
        change(&mut tree);
        tree
    };
    for child in node.children() {
        if emit(child.clone())? {
            return Ok(true);
        }
    }
    let (count, attrs) = (node.children().len(), node.attrs.len());
    let (half, half_attrs) = (count / 2, attrs / 2);
    let halves: [(bool, &Change<'_>); 7] = [
        (node.content != PlainContent::None, &|tree| tree.content = PlainContent::None),
        (attrs > 0, &|tree| tree.attrs.clear()),
        (attrs > 1, &|tree| tree.attrs.truncate(half_attrs)),
        (attrs > 1, &|tree| drop(tree.attrs.drain(..half_attrs))),
        (count > 1, &|tree| tree.children_mut().truncate(half)),
        (count > 1, &|tree| drop(tree.children_mut().drain(..half))),
        (count > LONG, &|tree| tree.children_mut().fill(PlainNode::new("ack"))),
    ];
    for (applies, change) in halves {
        if applies && emit(with(change))? {
            return Ok(true);
        }
    }
    // Where the number of children matters, few of them do.
    let plain = PlainNode::new("ack");
    let chunks = std::iter::successors(Some(half), |size| Some(size / 2)).take_while(|size| count > LONG && *size > 0);
    for size in chunks {
        for from in (0..count).step_by(size) {
            let chunk = from..(from + size).min(count);
            let is_plain = node.children()[chunk.clone()].iter().all(|child| *child == plain);
            if !is_plain && emit(with(&|tree| tree.children_mut()[chunk.clone()].fill(plain.clone())))? {
                return Ok(true);
            }
        }
    }
    for at in 0..attrs.max(count) {
        let is_enough = at < attrs && emit(with(&|tree| drop(tree.attrs.remove(at))))?
            || at < count && emit(with(&|tree| drop(tree.children_mut().remove(at))))?;
        if is_enough {
            return Ok(true);
        }
    }
    for (at, child) in node.children().iter().enumerate() {
        if smaller(child, &mut |child| emit(with(&|tree| tree.children_mut()[at] = child.clone())))? {
            return Ok(true);
        }
    }
    let tags = std::iter::once("ack".to_owned()).filter(|tag| *tag != node.tag).chain(shorter_texts(&node.tag));
    for tag in tags {
        if emit(with(&|tree| tree.tag = tag.clone()))? {
            return Ok(true);
        }
    }
    for (at, (name, value)) in node.attrs.iter().enumerate() {
        let is_free = |other: &String| !node.attrs.iter().any(|(found, _)| found == other);
        for name in shorter_texts(name).into_iter().chain(["id", "to"].map(str::to_owned)).filter(is_free) {
            if emit(with(&|tree| tree.attrs[at].0 = name.clone()))? {
                return Ok(true);
            }
        }
        let values: Vec<_> = match value {
            PlainValue::Null => Vec::new(),
            PlainValue::Text(text) => shorter_texts(text).into_iter().map(PlainValue::Text).collect(),
            PlainValue::Jid(jid) => shorter_jids(jid).into_iter().map(PlainValue::Jid).collect(),
        };
        for value in values {
            if emit(with(&|tree| tree.attrs[at].1 = value.clone()))? {
                return Ok(true);
            }
        }
    }
    let contents: Vec<_> = match &node.content {
        PlainContent::Bytes(bytes) => shorter(bytes).into_iter().map(PlainContent::Bytes).collect(),
        PlainContent::Text(text) => shorter_texts(text).into_iter().map(PlainContent::Text).collect(),
        PlainContent::Jid(jid) => shorter_jids(jid).into_iter().map(PlainContent::Jid).collect(),
        PlainContent::Nodes(_) | PlainContent::None => Vec::new(),
    };
    for content in contents {
        if emit(with(&|tree| tree.content = content.clone()))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Less of a list: nothing, a half, all but one or two; or as much of one thing.
fn shorter<T: Clone + PartialEq>(items: &[T]) -> Vec<Vec<T>> {
    let (count, half) = (items.len(), items.len() / 2);
    let mut lists = vec![Vec::new(), items[..half].to_vec(), items[half..].to_vec()];
    let every = (count / 24).max(1);
    // Where an even count deviates and an odd one does not, one more has to go.
    for cut in [every, every + 1] {
        lists.extend((0..count).step_by(cut).map(|at| [&items[..at], &items[(at + cut).min(count)..]].concat()));
    }
    lists.retain(|list| list.len() < count);
    // A length at which a codec fails cannot be less. Equal items are small when they are compressed.
    if let Some(first) = items.first().filter(|first| count > LONG && items.iter().any(|item| item != *first)) {
        lists.push(vec![first.clone(); count]);
    }
    lists
}

fn shorter_texts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let texts = shorter(&characters).into_iter().map(|list| list.into_iter().collect::<String>());
    texts.filter(|shorter| shorter != text).collect()
}

/// The address with a shorter user or server, or without a device.
fn shorter_jids((text, form): &(String, wabinary::JidForm)) -> Vec<(String, wabinary::JidForm)> {
    let Ok(jid) = JidRef::parse_as(text, *form) else { return Vec::new() };
    let mut texts: Vec<String> = Vec::new();
    if let Some(user) = jid.user() {
        let users = ["1".to_owned(), "12".to_owned()].into_iter().chain(shorter_texts(user));
        texts.extend(users.map(|other| text.replacen(user, &other, 1)));
    }
    texts.push(text.replacen(&format!(":{}@", jid.device()), "@", 1));
    let start = text.strip_suffix(jid.server().as_str());
    texts.extend(
        start.into_iter().flat_map(|start| ["1", "12", "lid", "hosted"].map(|server| format!("{start}{server}"))),
    );
    let is_shorter = |other: &String| other.len() < text.len() && JidRef::parse_as(other, *form).is_ok();
    texts.into_iter().filter(is_shorter).map(|text| (text, *form)).collect()
}
