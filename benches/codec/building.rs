//! Building trees of what a client has at hand, and changing trees that were decoded.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use wabinary::{Content, Encoder, Jid, NewContent, Node, NodeRef, Rewrite};

use crate::corpus;

pub(crate) fn building_and_encoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    let mut encoder = Encoder::new();
    for count in [1, 10, 100, 1000] {
        let participants = corpus::participants(count);
        group.throughput(Throughput::Elements(count));
        group.bench_function(format!("a message to {count} participants"), |bencher| {
            bencher.iter(|| corpus::message_to(black_box(&participants)));
        });
        group.bench_function(format!("and encode a message to {count} participants"), |bencher| {
            bencher.iter(|| {
                let message = corpus::message_to(black_box(&participants));
                encoder.encode_slice(&message).expect("it encodes").len()
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
    bench("and encode a call ack", corpus::call_ack);
    bench("and encode a call ack with an error", corpus::call_ack_with_error);
    group.finish();
}

/// Blanks what is in `<enc>`.
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
    let list = message.child("participants").expect("it was built");
    let mut bench = |name: &str, edit: &dyn Fn(&Node) -> Node| {
        group.bench_function(name, |bencher| bencher.iter(|| edit(black_box(message))));
    };
    bench("copy it", &Node::clone);
    bench("copy it and let go of the frame", &|message| message.clone().detach());
    bench("copy its list of participants", &|_| black_box(list).to_node());
    bench("set an attribute", &|message| message.edit().set("id", "3EB0").finish());
    bench("remove an attribute", &|message| message.edit().remove("phash").finish());
    bench("add 100 participants", &|message| {
        let mut builder = message.edit();
        builder.at("participants", |list| {
            for jid in &added {
                list.child("to", |to| _ = to.attr("jid", jid));
            }
        });
        builder.finish()
    });
    bench("blank the content of every enc", &|message| message.rewrite(&mut Blank));
    group.finish();
}
