//! From the bytes of a call acknowledgement to all of its fields, and decoding alone beside it.

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::Limits;

use crate::corpus;
use crate::work::Work;

pub(crate) fn call_acks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("call acks");
    let mut frames = corpus::frames();
    frames.retain(|(name, _)| name.starts_with("call ack"));
    frames.push(("call ack with every field", corpus::call_acks::frame_with_every_field()));
    for (name, frame) in frames {
        group.throughput(Throughput::Bytes(frame.len() as u64));
        for (title, work) in [("read every field from the bytes", Work::ReadCallAck), ("decode alone", Work::Decode)] {
            let mut work = work.prepare(&[Bytes::from(frame.clone())], Limits::default());
            group.bench_function(BenchmarkId::new(title, name), |bencher| bencher.iter(&mut work));
        }
    }
    group.finish();
}
