//! Texts by what they are made of and by length, 256 of them in a frame: packed ones, and raw ones that have to be
//! UTF-8.

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::Limits;

use crate::corpus::texts::{Kind, frame_of_texts};
use crate::work::Work;

pub(crate) fn packed_texts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("packed texts");
    let works = [
        ("unpack", Work::Decode),
        ("pack what was packed before", Work::EncodeDecoded),
        ("find out that it packs, and pack", Work::EncodeBuilt),
    ];
    for (of, kind) in [("digits", Kind::Digits), ("hexadecimal digits", Kind::Hexadecimal)] {
        for length in [3, 8, 15, 16, 20, 32, 64, 127] {
            let frame = [Bytes::from(frame_of_texts(kind, length))];
            group.throughput(Throughput::Elements(256));
            for (title, work) in works {
                let mut work = work.prepare(&frame, Limits::default());
                let title = format!("{title}: {of}");
                group.bench_function(BenchmarkId::new(title, length), |bencher| bencher.iter(&mut work));
            }
        }
    }
    group.finish();
}

pub(crate) fn texts_as_utf8(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode raw texts");
    for (of, kind) in [("ASCII", Kind::Ascii), ("many scripts", Kind::ManyScripts)] {
        for length in [8, 24, 100, 1_000, 30_000] {
            let frame = frame_of_texts(kind, length);
            group.throughput(Throughput::Bytes(frame.len() as u64));
            let mut work = Work::Decode.prepare(&[Bytes::from(frame)], Limits::default());
            group.bench_function(BenchmarkId::new(of, length), |bencher| bencher.iter(&mut work));
        }
    }
    group.finish();
}
