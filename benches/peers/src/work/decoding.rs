//! Decoding to a borrowed tree: this codec into a reused decoder, the peer into a tree that is dropped. Alone, and with
//! the work before or after it.

use std::hint::black_box;

use bytes::Bytes;
use flate2::{Decompress, FlushDecompress, Status};
use wabinary::stanza::CallAckRef;
use wabinary::{Decoder, NodeRef};
use wacore_binary::marshal::unmarshal_ref;
use wacore_binary::util::unpack;

use super::{CALL_ACK, READ, ZLIB};
use crate::case::{Case, Contender, DECODE_ALONE, OURS, PEER, Subject, WALK};
use crate::reading::{read, read_peer};
use crate::walk::skip;

pub(super) fn decode(kind: &'static str, subject: &Subject) -> Case {
    let mut decoder = Decoder::new();
    let contenders = vec![
        Contender::new(OURS, subject.held(), move |body| {
            black_box(decoder.decode_body(body.clone()).expect("it decodes"));
        }),
        Contender::new(PEER, subject.bodies(), |body| {
            black_box(&unmarshal_ref(body).expect("it decodes"));
        }),
        // Repeated for each kind of work: if shared, the compiled walk is a fifth slower.
        Contender::new(WALK, subject.bodies(), |body| {
            black_box(skip(body));
        }),
    ];
    subject.case(kind, contenders)
}

/// Decoding and reading everything in the tree.
pub(super) fn read_all(subject: &Subject) -> Case {
    let mut decoder = Decoder::new();
    let contenders = vec![
        Contender::new(OURS, subject.held(), move |body| {
            black_box(read(decoder.decode_body(body.clone()).expect("it decodes"), 0_u64));
        }),
        Contender::new(PEER, subject.bodies(), |body| {
            black_box(read_peer(&unmarshal_ref(body).expect("it decodes"), 0_u64));
        }),
    ];
    subject.case(READ, contenders)
}

/// Inflating and decoding; as a bound, inflating alone and walking over the result.
pub(super) fn inflate(subject: &Subject) -> Case {
    let frames = || subject.frames.clone();
    // Exactly the inflated length.
    let room = || vec![0; subject.frames.iter().map(|frame| frame.body.len()).max().unwrap_or(0)];
    let mut decoder = Decoder::new();
    let (mut state, mut out) = (Decompress::new(true), room());
    let contenders = vec![
        Contender::new(OURS, frames(), move |frame| {
            black_box(decoder.decode(frame.frame.clone()).expect("it decodes"));
        }),
        Contender::new(PEER, frames(), |frame| {
            let body = unpack(&frame.frame).expect("it inflates");
            black_box(&unmarshal_ref(&body).expect("it decodes"));
        }),
        Contender::new(WALK, subject.bodies(), |body| {
            black_box(skip(body));
        }),
        Contender::new("inflate zlib-rs", frames(), move |frame| {
            state.reset(true);
            let out = &mut out[..frame.body.len()];
            let status = state.decompress(&frame.frame[1..], out, FlushDecompress::Finish).expect("it inflates");
            assert!(status == Status::StreamEnd && state.total_out() == frame.body.len() as u64);
            black_box(out);
        }),
        #[cfg(feature = "libdeflate")]
        {
            let (mut state, mut out) = (libdeflater::Decompressor::new(), room());
            Contender::new("inflate libdeflate", frames(), move |frame| {
                let out = &mut out[..frame.body.len()];
                let length = state.zlib_decompress(&frame.frame[1..], out).expect("it inflates");
                assert!(length == frame.body.len());
                black_box(out);
            })
        },
    ];
    subject.case(ZLIB, contenders)
}

/// From the bytes of a call acknowledgement to every field of its typed view, and decoding alone.
pub(super) fn call_ack(subject: &Subject) -> Case {
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
    subject.case(CALL_ACK, contenders)
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
