//! Decoding to a borrowed tree and reading everything in it.

use std::hint::black_box;

use wabinary::Decoder;
use wacore_binary::marshal::unmarshal_ref;

use crate::case::{Case, Contender, OURS, PEER};
use crate::frames::Subject;
use crate::reading::{read, read_peer};

pub(super) fn case(subject: &Subject) -> Case {
    let mut decoder = Decoder::new();
    for body in subject.bodies() {
        let ours: u64 = read(decoder.decode_body(body).expect("it decodes"), 0);
        let peers: u64 = read_peer(&unmarshal_ref(body).expect("it decodes"), 0);
        assert_eq!(ours, peers, "{}: what is read differs", subject.name);
    }
    let contenders = vec![
        Contender::new(OURS, subject.held(), move |body| {
            black_box(read(decoder.decode_body(body.clone()).expect("it decodes"), 0_u64));
        }),
        Contender::new(PEER, subject.bodies(), |body| {
            black_box(read_peer(&unmarshal_ref(body).expect("it decodes"), 0_u64));
        }),
    ];
    subject.case(super::READ, contenders)
}
