//! Whole frames: each kind of work on each frame of the corpus.

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::Limits;

use crate::corpus;
use crate::work::Work;

pub(crate) fn whole_frames(criterion: &mut Criterion) {
    let frames = corpus::frames().into_iter().map(|(name, frame)| (name, vec![Bytes::from(frame)]));
    let stream = corpus::stream().into_iter().map(Bytes::from).collect();
    let inputs: Vec<(&str, Vec<Bytes>)> = frames.chain([("1024 small frames in a row", stream)]).collect();
    for work in Work::ALL.into_iter().filter(|work| *work != Work::ReadCallAck) {
        let mut group = criterion.benchmark_group(work.name());
        for (name, frames) in &inputs {
            group.throughput(match &frames[..] {
                [frame] => Throughput::Bytes(frame.len() as u64),
                frames => Throughput::Elements(frames.len() as u64),
            });
            let mut work = work.prepare(frames, Limits::default());
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| bencher.iter(&mut work));
        }
        group.finish();
    }
}
