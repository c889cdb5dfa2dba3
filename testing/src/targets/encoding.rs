//! Encodes trees that the options may not allow.

use std::collections::HashSet;

use arbitrary::{Result, Unstructured};
use wabinary::{Content, JidForm, JidRef, Leniency, Limits, Node, Value};

use crate::checks::{Setup, without_uncoded_texts};
use wabinary::generate::{Extras, tree};

/// A tree encodes and decodes to itself, or is refused for a reason that it has.
pub fn encoded(u: &mut Unstructured<'_>) -> Result<()> {
    let setup = Setup::of(u.arbitrary()?);
    let node = tree(u, Extras { duplicate_keys: true, undefined_domains: true })?;
    let zlib = if u.ratio(1, 4)? { Some(u.int_in_range(0..=9)?) } else { None };
    let problems = problems(&node, setup);
    let mut out = b"before".to_vec();
    match setup.encoder().encode_into(&node, &mut out) {
        Ok(()) => {
            assert!(problems.is_empty(), "{problems:?}, but it encodes");
            let decoded = setup.decoder().decode_slice(&out[6..]).expect("what was encoded decodes").to_node();
            assert_eq!(decoded, without_uncoded_texts(&node, setup.dictionary));
        }
        Err(error) => {
            assert!(problems.contains(error.kind().name()), "{error}, but found are {problems:?}");
            assert_eq!(out, b"before", "no byte of a refused tree is written");
            let root = node.tag();
            let is_plain = matches!(root.len(), 1..=30) && root.bytes().all(|byte| byte.is_ascii_alphanumeric());
            assert!(!is_plain || error.path().is_empty() || error.path().starts_with(root), "{error}");
        }
    }
    // Any part of a tree encodes as a separate tree.
    for child in node.children().take(3) {
        let alone = setup.encoder().encode(&child.to_node()).map_err(|error| error.kind());
        assert_eq!(setup.encoder().encode(child).map_err(|error| error.kind()), alone);
    }
    if let (Some(level), Ok(plain)) = (zlib, setup.encoder().encode(&node)) {
        compressed_agrees(setup, level, &node, &plain);
    }
    Ok(())
}

fn compressed_agrees(setup: Setup, level: u8, node: &Node, plain: &[u8]) {
    match setup.encoder().with_zlib(level).encode(node) {
        Ok(compressed) => {
            let mut decoder = setup.decoder();
            assert_eq!(decoder.decode(compressed).expect("what was encoded decodes").to_node(), {
                setup.decoder().decode_slice(plain).expect("as before").to_node()
            });
        }
        Err(error) => {
            assert_eq!(error.kind().name(), "inflated-too-large");
            assert!(plain.len() - 1 > setup.limits.inflated);
        }
    }
}

/// The reasons why a tree cannot be encoded.
fn problems(node: &Node, setup: Setup) -> HashSet<&'static str> {
    let Setup { allow, limits: Limits { depth, nodes, .. }, .. } = setup;
    let mut found = HashSet::new();
    let (mut unread, mut count) = (vec![(node.as_ref(), 1)], 0);
    while let Some((node, at)) = unread.pop() {
        count += 1;
        if at > depth {
            found.insert("too-deep");
        }
        if count > nodes {
            found.insert("too-many-nodes");
        }
        if node.tag().is_empty() && !allow.contains(Leniency::EMPTY_TAG) {
            found.insert("empty-tag");
        }
        let names: HashSet<&str> = node.attrs().map(|(name, _)| name).collect();
        if names.len() < node.attrs().len() && !allow.contains(Leniency::DUPLICATE_NAMES) {
            found.insert("duplicate-key");
        }
        let mut jids: Vec<JidRef<'_>> = Vec::new();
        jids.extend(node.attrs().filter_map(|(_, value)| if let Value::Jid(jid) = value { Some(jid) } else { None }));
        jids.extend(if let Content::Jid(jid) = node.content() { Some(jid) } else { None });
        let is_undefined = |jid: &JidRef<'_>| matches!(jid.form(), JidForm::AdDomain(_));
        if jids.iter().any(is_undefined) && !allow.contains(Leniency::AD_DOMAIN) {
            found.insert("unknown-domain");
        }
        unread.extend(node.children().map(|child| (child, at + 1)));
    }
    found
}
