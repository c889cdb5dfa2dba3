//! From the bytes of a call acknowledgement to every field of its typed view, beside decoding alone.

use std::hint::black_box;

use bytes::Bytes;
use wabinary::stanza::CallAckRef;
use wabinary::{Decoder, NodeRef};

use crate::case::{Case, Contender, DECODE_ALONE, OURS};
use crate::frames::Subject;

pub(super) fn case(subject: &Subject) -> Case {
    let frames = || -> Vec<Bytes> { subject.frames.iter().map(|frame| frame.frame.clone()).collect() };
    let (mut decoder, mut decoder_alone) = (Decoder::new(), Decoder::new());
    let contenders = vec![
        Contender::new(OURS, frames(), move |frame| {
            read_fields(decoder.decode(frame.clone()).expect("it decodes"));
        }),
        Contender::new(DECODE_ALONE, frames(), move |frame| {
            black_box(decoder_alone.decode(frame.clone()).expect("it decodes"));
        }),
    ];
    subject.case(super::CALL_ACK, contenders)
}

fn read_fields(node: NodeRef<'_>) {
    let ack = CallAckRef::try_from(node).expect("a call ack");
    black_box((ack.id(), ack.class()));
    black_box((ack.from_jid().expect("a JID"), ack.to_jid().expect("a JID")));
    black_box((ack.participant().expect("a JID"), ack.recipient().expect("a JID")));
    black_box((ack.kind().expect("a text"), ack.t().expect("a time"), ack.error().expect("a number")));
    for error in ack.errors() {
        black_box((error.code().expect("a number"), error.text().expect("a text")));
    }
}
