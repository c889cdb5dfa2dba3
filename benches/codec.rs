//! How long decoding, reading, building and encoding take on frames of the usual kinds.
//!
//! `cargo bench --bench codec` measures, `cargo bench --bench codec -- --test` only runs everything once. Compare
//! figures of one run with each other; two runs, or two machines, differ by more than most changes do.

mod corpus;

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::stanza::CallAckRef;
use wabinary::{Content, Decoder, Encoder, JidRef, Node, NodeRef, Value};

fn main() {
    let time = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(1));
    let mut criterion = time.warm_up_time(Duration::from_millis(300)).configure_from_args();
    decoding_with_a_decoder_used_again(&mut criterion);
    decoding_to_a_tree_of_its_own(&mut criterion);
    decoding_and_reading_everything(&mut criterion);
    encoding_a_decoded_tree(&mut criterion);
    building_and_encoding(&mut criterion);
    reading_call_acks(&mut criterion);
    criterion.final_summary();
}

/// Measures something for each frame of the corpus.
fn for_each_frame(criterion: &mut Criterion, group: &str, mut measured: impl FnMut(&Bytes) -> usize) {
    let mut group = criterion.benchmark_group(group);
    for (name, frame) in corpus::frames() {
        let frame = Bytes::from(frame);
        group.throughput(Throughput::Bytes(frame.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| bencher.iter(|| measured(black_box(&frame))));
    }
    let stream: Vec<Bytes> = corpus::stream().into_iter().map(Bytes::from).collect();
    group.throughput(Throughput::Elements(stream.len() as u64));
    group.bench_function("1024 small frames in a row", |bencher| {
        bencher.iter(|| stream.iter().map(|frame| measured(black_box(frame))).sum::<usize>());
    });
    group.finish();
}

fn decoding_with_a_decoder_used_again(criterion: &mut Criterion) {
    let mut decoder = Decoder::new();
    for_each_frame(criterion, "decode with a decoder used again", |frame| {
        black_box(decoder.decode(frame.clone()).expect("the corpus decodes")).attrs().len()
    });
}

fn decoding_to_a_tree_of_its_own(criterion: &mut Criterion) {
    for_each_frame(criterion, "decode to a tree of its own", |frame| {
        black_box(wabinary::decode(frame.clone()).expect("the corpus decodes")).attrs().len()
    });
}

fn decoding_and_reading_everything(criterion: &mut Criterion) {
    let mut decoder = Decoder::new();
    for_each_frame(criterion, "decode and read everything", |frame| {
        read(decoder.decode(frame.clone()).expect("the corpus decodes"))
    });
}

/// Every tag, name, value and content, as text or parts.
fn read(node: NodeRef<'_>) -> usize {
    let of_jid =
        |jid: JidRef<'_>| jid.user().map_or(0, str::len) + jid.server().as_str().len() + usize::from(jid.device());
    let of_value = |value: Value<'_>| match value {
        Value::Text(text) => text.len(),
        Value::Jid(jid) => of_jid(jid),
        Value::Null => 1,
    };
    let attributes: usize = node.attrs().map(|(name, value)| name.len() + of_value(value)).sum();
    let content = match node.content() {
        Content::None => 0,
        Content::Nodes(children) => children.map(read).sum(),
        Content::Bytes(bytes) => bytes.len(),
        Content::Text(text) => text.len(),
        Content::Jid(jid) => of_jid(jid),
    };
    node.tag().len() + attributes + content
}

fn encoding_a_decoded_tree(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode a decoded tree into a buffer used again");
    let mut encoder = Encoder::new();
    let decoded = |frame: &[u8]| wabinary::decode_slice(frame).expect("the corpus decodes");
    for (name, frame) in corpus::frames() {
        let node = decoded(&frame);
        let length = encoder.encode_slice(&node).expect("what decodes encodes").len();
        group.throughput(Throughput::Bytes(length as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| encoder.encode_slice(black_box(&node)).expect("what decodes encodes").len());
        });
    }
    let stream: Vec<Node> = corpus::stream().iter().map(|frame| decoded(frame)).collect();
    group.throughput(Throughput::Elements(stream.len() as u64));
    group.bench_function("1024 small frames in a row", |bencher| {
        let mut encode = |node: &Node| encoder.encode_slice(node).expect("what decodes encodes").len();
        bencher.iter(|| stream.iter().map(|node| encode(black_box(node))).sum::<usize>());
    });
    group.finish();
}

fn building_and_encoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build and encode");
    let mut encoder = Encoder::new();
    let participants = corpus::participants(1000);
    group.throughput(Throughput::Elements(participants.len() as u64));
    group.bench_function("a message to 1000 participants", |bencher| {
        bencher.iter(|| {
            let message = corpus::message_to(black_box(&participants));
            encoder.encode_slice(&message).expect("it encodes").len()
        });
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("a call ack", |bencher| {
        let mut number = 0;
        bencher.iter(|| {
            number = (number + 1) % 10_000;
            let ack = corpus::call_ack(black_box(number));
            encoder.encode_slice(&ack).expect("it encodes").len()
        });
    });
    group.finish();
}

fn reading_call_acks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read every field of a call ack from its bytes");
    let mut decoder = Decoder::new();
    let frames = corpus::frames().into_iter().filter(|(name, _)| name.starts_with("call ack"));
    for (name, frame) in frames {
        let frame = Bytes::from(frame);
        group.throughput(Throughput::Bytes(frame.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| fields(decoder.decode(black_box(&frame).clone()).expect("the corpus decodes")));
        });
    }
    group.finish();
}

fn fields(node: NodeRef<'_>) -> usize {
    let ack = CallAckRef::try_from(node).expect("a call ack");
    let _ = black_box((ack.from(), ack.to(), ack.kind(), ack.t(), ack.participant(), ack.recipient(), ack.error()));
    for error in ack.errors() {
        let _ = black_box((error.code(), error.text()));
    }
    ack.id().len()
}
