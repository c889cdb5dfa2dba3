//! Encoding a decoded tree, in each way of the peer.

use std::hint::black_box;

use bytes::Bytes;
use wabinary::{Encoder, Node, decode_body};
use wacore_binary::marshal::{marshal_auto, marshal_ref_to_vec, marshal_to_vec};
use wacore_binary::{Node as PeerNode, OwnedNodeRef};

use crate::case::{Case, Contender, OURS, Subject};

pub(super) fn case(subject: &Subject) -> Case {
    let bodies = subject.held();
    let trees: Vec<Node> = bodies.iter().map(|body| decode_body(body.clone()).expect("it decodes")).collect();
    let borrowed = || bodies.iter().map(|body| OwnedNodeRef::new(body.clone()).expect("it decodes"));
    let owned: Vec<PeerNode> = borrowed().map(|tree| tree.to_owned_node()).collect();
    let borrowed: Vec<OwnedNodeRef> = borrowed().collect();
    check(subject, &bodies, &trees, &owned, &borrowed);

    let (mut encoder, mut out, mut out_of_borrowed) = (Encoder::new(), Vec::new(), Vec::new());
    let contenders = vec![
        Contender::new(OURS, trees, move |tree| {
            black_box(encoder.encode_slice(tree).expect("it encodes"));
        }),
        Contender::new("wacore marshal_to_vec", owned.clone(), move |tree| {
            out.clear();
            marshal_to_vec(tree, &mut out).expect("it encodes");
            black_box(&out);
        }),
        Contender::new("wacore marshal_auto", owned, |tree| {
            black_box(&marshal_auto(tree).expect("it encodes"));
        }),
        Contender::new("wacore marshal_ref_to_vec", borrowed, move |tree| {
            out_of_borrowed.clear();
            marshal_ref_to_vec(tree.get(), &mut out_of_borrowed).expect("it encodes");
            black_box(&out_of_borrowed);
        }),
    ];
    subject.case(super::ENCODE, contenders)
}

/// Each contender writes the bytes that the tree was decoded from, after a flag byte.
fn check(subject: &Subject, bodies: &[Bytes], trees: &[Node], owned: &[PeerNode], borrowed: &[OwnedNodeRef]) {
    let mut encoder = Encoder::new();
    for (at, body) in bodies.iter().enumerate() {
        let (mut to_vec, mut ref_to_vec) = (Vec::new(), Vec::new());
        marshal_to_vec(&owned[at], &mut to_vec).expect("it encodes");
        marshal_ref_to_vec(borrowed[at].get(), &mut ref_to_vec).expect("it encodes");
        let ours = encoder.encode_slice(&trees[at]).expect("it encodes");
        let auto = marshal_auto(&owned[at]).expect("it encodes");
        for written in [ours, &to_vec, &auto, &ref_to_vec] {
            assert!(written.split_first() == Some((&0, &body[..])), "{}: the bytes differ", subject.name);
        }
    }
}
