//! Decoding to a borrowed tree: here into a decoder that is used again, there into a tree that is dropped.

use std::hint::black_box;

use wabinary::Decoder;
use wacore_binary::marshal::unmarshal_ref;

use crate::case::{Case, Contender, OURS, PEER, WALK};
use crate::frames::Subject;
use crate::reading::{read, read_peer};
use crate::walk::skip;

pub(super) fn case(kind: &'static str, subject: &Subject) -> Case {
    check(subject);
    let mut decoder = Decoder::new();
    let contenders = vec![
        Contender::new(OURS, subject.held(), move |body| {
            black_box(decoder.decode_body(body.clone()).expect("it decodes"));
        }),
        Contender::new(PEER, subject.bodies(), |body| {
            black_box(&unmarshal_ref(body).expect("it decodes"));
        }),
        Contender::new(WALK, subject.bodies(), |body| {
            black_box(skip(body));
        }),
    ];
    subject.case(kind, contenders)
}

/// Both give the same tree, and the walk comes to the end.
fn check(subject: &Subject) {
    let mut decoder = Decoder::new();
    for body in subject.bodies() {
        let ours: Vec<Vec<u8>> = read(decoder.decode_body(body).expect("it decodes"), Vec::new());
        let peers: Vec<Vec<u8>> = read_peer(&unmarshal_ref(body).expect("it decodes"), Vec::new());
        assert!(ours == peers, "{}: the trees differ", subject.name);
        assert_eq!(skip(body), Some(&[][..]), "{}: the walk goes astray", subject.name);
    }
}
