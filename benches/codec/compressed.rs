//! Compressed frames, with the same bodies plain beside them: the difference is the inflating.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::{Encoder, Limits};

use crate::corpus;
use crate::work::Work;

pub(crate) fn compressed_frames(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compressed frames");
    let mut encoder = Encoder::new();
    let of_small_frames = |name: &str| ["call ack with an error", "devices of 100 users"].contains(&name);
    for (name, frame) in corpus::frames() {
        let node = wabinary::decode(frame).expect("the corpus decodes");
        let is_compressed = node.frame().is_some_and(|frame| frame[0] != 0);
        if !is_compressed && !of_small_frames(name) {
            continue;
        }
        let plain = encoder.encode(&node).expect("what decodes encodes");
        let mut compressing = Encoder::new().with_zlib(6);
        let compressed = compressing.encode(&node).expect("what decodes encodes");
        group.throughput(Throughput::Bytes(plain.len() as u64));
        let frames: [(&str, Bytes); 2] = [("inflate and decode", compressed), ("decode the same body plain", plain)];
        for (title, frame) in frames {
            let mut work = Work::Decode.prepare(&[frame], Limits::default());
            group.bench_function(BenchmarkId::new(title, name), |bencher| bencher.iter(&mut work));
        }
        group.bench_function(BenchmarkId::new("encode and compress", name), |bencher| {
            bencher.iter(|| compressing.encode_slice(black_box(&node)).expect("what decodes encodes").len());
        });
    }
    group.finish();
}
