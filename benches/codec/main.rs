//! Times decoding, reading, building, editing and encoding of the usual frames, and token look-up.
//!
//! `cargo bench --bench codec` measures, `cargo bench --bench codec -- --test` only runs everything once. Compare
//! figures of one run with each other; two runs, or two machines, differ by more than most changes do. To see the
//! effect of a change, use `cargo counts instructions`.

mod building;

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::{Dictionary, Jid, JidRef, Limits, Token};
use wabinary_testing::corpus;
use wabinary_testing::measured::Work;

fn main() {
    let time = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(1));
    let mut criterion = time.warm_up_time(Duration::from_millis(300)).configure_from_args();
    whole_frames(&mut criterion);
    building::building_and_encoding(&mut criterion);
    building::editing(&mut criterion);
    finding_tokens(&mut criterion);
    finding_jids(&mut criterion);
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

/// A map with the standard library's hash, by JIDs of both types and by their texts.
fn finding_jids(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("look up in a map of 1000");
    let users = (0..1000).map(|n| (Jid::phone(15_550_000_000 + n), n));
    let devices = users.map(|(user, n)| (user.with_device(n as u16 % 5).expect("a phone has devices"), n));
    let map: HashMap<Jid, u64> = devices.collect();
    let texts: HashMap<String, u64> = map.iter().map(|(jid, n)| (jid.to_string(), *n)).collect();
    group.throughput(Throughput::Elements(map.len() as u64));
    let (jids, keys): (Vec<&Jid>, Vec<&String>) = (map.keys().collect(), texts.keys().collect());
    let borrowed: Vec<JidRef<'_>> = jids.iter().map(|jid| jid.as_ref()).collect();
    group.bench_function("by text", |bencher| {
        bencher.iter(|| keys.iter().map(|text| texts[black_box(text.as_str())]).sum::<u64>());
    });
    group.bench_function("by Jid", |bencher| bencher.iter(|| jids.iter().map(|jid| map[black_box(*jid)]).sum::<u64>()));
    group.bench_function("by JidRef", |bencher| {
        bencher.iter(|| borrowed.iter().map(|jid| map[black_box(jid).as_key()]).sum::<u64>());
    });
    group.finish();
}
