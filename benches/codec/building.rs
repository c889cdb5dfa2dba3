//! Builds trees from a client's values, and edits decoded trees.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use wabinary::{Content, Encoder, Jid, NewContent, Node, NodeRef, Rewrite};

use wabinary_testing::corpus;

pub(crate) fn building_and_encoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build and encode");
    let mut encoder = Encoder::new();
    for count in [1, 10, 100, 1000] {
        let participants = corpus::participants(count);
        group.throughput(Throughput::Elements(count));
        group.bench_function(BenchmarkId::new("a message to participants", count), |bencher| {
            bencher.iter(|| {
                encoder.encode_slice(&corpus::message_to(black_box(&participants))).expect("it encodes").len()
            });
        });
    }
    group.throughput(Throughput::Elements(1));
    let mut bench = |name: &str, ack: fn(u64) -> Node| {
        group.bench_function(name, |bencher| {
            let mut number = 0;
            bencher.iter(|| {
                number = (number + 1) % 10_000;
                encoder.encode_slice(&ack(black_box(number))).expect("it encodes").len()
            });
        });
    };
    bench("a call ack", corpus::call_ack);
    bench("a call ack with an error", corpus::call_ack_with_error);
    group.finish();
}

/// Blanks the content of `<enc>`.
struct Blank;

impl Rewrite for Blank {
    fn content<'a>(&mut self, node: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
        if node.tag() == "enc" { NewContent::NONE } else { content.into() }
    }
}

pub(crate) fn editing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("edit a decoded message to 1000 participants");
    let built = corpus::message_to(&corpus::participants(1000));
    let message = &wabinary::decode(wabinary::encode(&built).expect("it encodes")).expect("it decodes");
    let added: Vec<Jid> = corpus::participants(100);
    let mut bench = |name: &str, edit: &dyn Fn(&Node) -> Node| {
        group.bench_function(name, |bencher| bencher.iter(|| edit(black_box(message))));
    };
    bench("copy it", &Node::clone);
    bench("set an attribute", &|message| message.edit().set("id", "3EB0").finish());
    bench("remove an attribute", &|message| message.edit().remove("phash").finish());
    bench("add 100 participants", &|message| {
        let builder = message.edit();
        builder.at("participants", |list| {
            added.iter().for_each(|jid| _ = list.child("to", |to| to.attr("jid", jid)));
        });
        builder.finish()
    });
    bench("blank the content of every enc", &|message| message.rewrite(&mut Blank));
    group.finish();
}
