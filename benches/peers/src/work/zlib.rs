//! Compressed frames: inflating and decoding, and as a bound inflating alone and going through what came out.

use std::hint::black_box;

use flate2::{Decompress, FlushDecompress, Status};
use wabinary::Decoder;
use wacore_binary::marshal::unmarshal_ref;
use wacore_binary::util::unpack;

use crate::case::{Case, Contender, OURS, PEER, WALK};
use crate::frames::{Frame, Subject};
use crate::reading::{read, read_peer};
use crate::walk::skip;

pub(super) fn case(subject: &Subject) -> Case {
    check(subject);
    let frames = || subject.frames.clone();
    let mut decoder = Decoder::new();
    #[cfg_attr(not(feature = "libdeflate"), expect(unused_mut, reason = "there is one more with the feature"))]
    let mut contenders = vec![
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
        zlib_rs(subject),
    ];
    #[cfg(feature = "libdeflate")]
    contenders.push(libdeflate(subject));
    subject.case(super::ZLIB, contenders)
}

fn check(subject: &Subject) {
    for frame in &subject.frames {
        let node = wabinary::decode(frame.frame.clone()).expect("it decodes");
        let body = unpack(&frame.frame).expect("it inflates");
        let ours: Vec<Vec<u8>> = read(node.as_ref(), Vec::new());
        let peers: Vec<Vec<u8>> = read_peer(&unmarshal_ref(&body).expect("it decodes"), Vec::new());
        assert!(ours == peers, "{}: the trees differ", subject.name);
    }
}

/// Room for exactly what comes out.
fn room(frames: &[Frame]) -> Vec<u8> {
    vec![0; frames.iter().map(|frame| frame.body.len()).max().unwrap_or(0)]
}

fn zlib_rs(subject: &Subject) -> Contender {
    let mut state = Decompress::new(true);
    let mut out = room(&subject.frames);
    Contender::new("inflate zlib-rs", subject.frames.clone(), move |frame| {
        state.reset(true);
        let out = &mut out[..frame.body.len()];
        let status = state.decompress(&frame.frame[1..], out, FlushDecompress::Finish).expect("it inflates");
        assert!(status == Status::StreamEnd && state.total_out() == frame.body.len() as u64);
        black_box(out);
    })
}

#[cfg(feature = "libdeflate")]
fn libdeflate(subject: &Subject) -> Contender {
    let mut state = libdeflater::Decompressor::new();
    let mut out = room(&subject.frames);
    Contender::new("inflate libdeflate", subject.frames.clone(), move |frame| {
        let out = &mut out[..frame.body.len()];
        let length = state.zlib_decompress(&frame.frame[1..], out).expect("it inflates");
        assert!(length == frame.body.len());
        black_box(out);
    })
}
