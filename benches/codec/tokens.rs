//! Token lookup, in both directions.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use wabinary::{Dictionary, Token};

pub(crate) fn finding_tokens(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("look up");
    let dictionary = Dictionary::V3;
    let tokens: Vec<(Token, &str)> = dictionary.tokens().collect();
    let hits: Vec<&str> = tokens.iter().map(|(_, text)| *text).collect();
    // Attributes and tags of the usual stanzas; those that are not tokens are the misses that encoders meet.
    let usual = ["to", "enc", "v", "type", "msg", "id", "jid", "from", "t", "participant", "class", "call"].to_vec();
    let near: Vec<String> = hits.iter().map(|text| format!("{}~", &text[..text.len() - 1])).collect();
    let ids: Vec<String> = (0..1000).map(|n| format!("OF-{n:04}")).collect();
    let long: Vec<String> = (0..1000).map(|n| format!("{n:04}{}", "no token is as long ".repeat(10))).collect();
    let borrowed = |texts: &'static [String]| -> Vec<&str> { texts.iter().map(String::as_str).collect() };
    let searched = [
        ("the tokens of all texts that are tokens", hits),
        ("the tokens of a dozen usual texts", usual),
        ("texts that differ from a token in the last letter, in vain", borrowed(near.leak())),
        ("ids, in vain", borrowed(ids.leak())),
        ("texts too long to be tokens, in vain", borrowed(long.leak())),
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
