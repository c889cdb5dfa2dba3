//! How long decoding, reading, building, editing and encoding take on frames of the usual kinds, and looking up tokens.
//!
//! `cargo bench --bench codec` measures, `cargo bench --bench codec -- --test` only runs everything once. Compare
//! figures of one run with each other; two runs, or two machines, differ by more than most changes do. What a change
//! did is better told by `cargo counts instructions`.

mod building;

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::{Dictionary, Limits, Token};
use wabinary_testing::corpus;
use wabinary_testing::measured::Work;

fn main() {
    let time = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(1));
    let mut criterion = time.warm_up_time(Duration::from_millis(300)).configure_from_args();
    whole_frames(&mut criterion);
    building::building_and_encoding(&mut criterion);
    building::editing(&mut criterion);
    finding_tokens(&mut criterion);
    criterion.final_summary();
}

/// Each kind of work on each frame of the corpus.
fn whole_frames(criterion: &mut Criterion) {
    let frames = corpus::frames().into_iter().map(|(name, frame)| (name, vec![Bytes::from(frame)]));
    let full = Bytes::from(corpus::call_acks::frame_with_every_field());
    let stream = corpus::stream().into_iter().map(Bytes::from).collect();
    let more = [("call ack with every field", vec![full]), ("1024 small frames in a row", stream)];
    let inputs: Vec<(&str, Vec<Bytes>)> = frames.chain(more).collect();
    for (work, name) in Work::ALL {
        let mut group = criterion.benchmark_group(name);
        for (name, frames) in &inputs {
            if work == Work::ReadCallAck && !name.starts_with("call ack") {
                continue;
            }
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

fn finding_tokens(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("look up");
    let dictionary = Dictionary::V3;
    let tokens: Vec<(Token, &str)> = dictionary.tokens().collect();
    let texts: Vec<String> = tokens.iter().map(|(_, text)| (*text).to_owned()).collect();
    let near: Vec<String> = texts.iter().map(|text| format!("{}~", &text[..text.len() - 1])).collect();
    let ids: Vec<String> = (0..1000).map(|n| format!("OF-{n:04}")).collect();
    let searched = [
        ("the tokens of all texts that are tokens", texts),
        ("texts that differ from a token in the last letter, in vain", near),
        ("ids, in vain", ids),
    ];
    for (name, texts) in searched {
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| texts.iter().filter(|text| dictionary.find(black_box(text)).is_some()).count());
        });
    }
    group.throughput(Throughput::Elements(tokens.len() as u64));
    group.bench_function("the texts of all tokens", |bencher| {
        bencher.iter(|| tokens.iter().map(|(token, _)| dictionary.text(black_box(*token)).len()).sum::<usize>());
    });
    group.finish();
}
