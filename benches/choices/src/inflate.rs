//! Who inflates, and whether its state is used again.

use flate2::{Decompress, FlushDecompress, Status};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use wabinary::Encoder;

use crate::frames;
use crate::table::Table;
use crate::texts::read;
use crate::timing::{Effort, Work, work};

pub fn measure(effort: Effort) -> Table {
    let columns = [
        "zlib-rs in flate2, state reused",
        "zlib-rs in flate2, state made anew",
        "miniz_oxide, state reused",
        "miniz_oxide, state made anew",
        "libdeflate, state reused",
    ];
    let about =
        "One zlib stream into a buffer of the right size. zlib-ng is not here: one build of flate2 has one backend.";
    let mut table = Table::new("Inflating", about, &columns, effort);
    for (name, frame) in streams() {
        let expected = frames::body(&frame);
        let stream = &frame[1..];
        let what = format!("{name}: {} to {} bytes", stream.len(), expected.len());
        table.row(what, 1, contenders(stream, &expected));
    }
    table
}

fn streams() -> Vec<(&'static str, Vec<u8>)> {
    let receipt = wabinary::decode(frames::frame("receipt")).expect("the corpus decodes");
    let receipt = Encoder::new().with_zlib(6).encode(&receipt).expect("it encodes").to_vec();
    let of_corpus = ["properties, compressed", "history, compressed"].map(|name| (name, frames::frame(name)));
    [("receipt, compressed", receipt)].into_iter().chain(of_corpus).collect()
}

fn contenders<'w>(stream: &'w [u8], expected: &'w [u8]) -> Vec<Option<Work<'w>>> {
    let mut state = Decompress::new(true);
    let reused = inflater(expected, move |out| {
        state.reset(true);
        flate2(&mut state, stream, out);
    });
    let anew = inflater(expected, move |out| flate2(&mut Decompress::new(true), stream, out));
    let mut state = Box::<DecompressorOxide>::default();
    let miniz_reused = inflater(expected, move |out| {
        state.init();
        miniz(&mut state, stream, out);
    });
    let miniz_anew = inflater(expected, move |out| miniz(&mut Box::default(), stream, out));
    vec![Some(reused), Some(anew), Some(miniz_reused), Some(miniz_anew), libdeflate(stream, expected)]
}

#[cfg(feature = "libdeflate")]
fn libdeflate<'w>(stream: &'w [u8], expected: &'w [u8]) -> Option<Work<'w>> {
    let mut state = libdeflater::Decompressor::new();
    Some(inflater(expected, move |out| {
        out.resize(out.capacity(), 0);
        assert_eq!(state.zlib_decompress(stream, out), Ok(out.len()));
    }))
}

#[cfg(not(feature = "libdeflate"))]
fn libdeflate<'w>(_: &'w [u8], _: &'w [u8]) -> Option<Work<'w>> {
    None
}

/// Inflates into a buffer of its own, after checking that `inflate` gives what is expected.
fn inflater<'w>(expected: &[u8], mut inflate: impl FnMut(&mut Vec<u8>) + 'w) -> Work<'w> {
    let mut out = Vec::with_capacity(expected.len());
    inflate(&mut out);
    assert!(out == expected, "inflates to something else");
    work(move || {
        out.clear();
        inflate(&mut out);
        read(&out)
    })
}

fn flate2(state: &mut Decompress, stream: &[u8], out: &mut Vec<u8>) {
    let status = state.decompress_vec(stream, out, FlushDecompress::None);
    assert!(matches!(status, Ok(Status::StreamEnd)));
}

fn miniz(state: &mut DecompressorOxide, stream: &[u8], out: &mut Vec<u8>) {
    out.resize(out.capacity(), 0);
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER
        | inflate_flags::TINFL_FLAG_COMPUTE_ADLER32
        | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, ..) = decompress(state, stream, out, 0, flags);
    assert!(status == TINFLStatus::Done);
}
