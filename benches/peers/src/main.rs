//! The same work by this codec and by `wacore-binary`, interleaved in one process.
//!
//! Ratios are of medians: how many times as long the peer takes. Before anything is timed, both sides have to give the
//! same reading, and the same bytes.

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use wabinary::{Decoder, Encoder, Node};
use wacore_binary::marshal::{marshal_to_vec, unmarshal_ref};
use wacore_binary::util::unpack;
use wacore_binary::{Node as PeerNode, OwnedNodeRef};

#[path = "../../corpus/mod.rs"]
#[expect(dead_code, reason = "the criterion benches use the rest")]
mod corpus;
mod reading;

use reading::{read, read_peer};

/// Rounds; in each both sides take turns.
const ROUNDS: usize = 15;
/// How long a side works in a round, in nanoseconds.
const TURN: u128 = 2_000_000;

/// A kind of work, as done by the peer and by this codec.
struct Work<'a> {
    name: &'static str,
    peer: Box<dyn FnMut() + 'a>,
    ours: Box<dyn FnMut() + 'a>,
}

fn main() {
    println!("{:30} {:>8}  {}", "frame", "bytes", "work: peer ns, ours ns, ratio");
    let mut ratios: Vec<(&'static str, Vec<f64>)> = Vec::new();
    for (name, frame) in corpus::frames() {
        print!("{name:30} {:8}", frame.len());
        for (work, peer, ours) in compare(&frame) {
            print!("  {work}: {peer:.0} {ours:.0} {:.2}", peer / ours);
            match ratios.iter_mut().find(|(known, _)| *known == work) {
                Some((_, list)) => list.push(peer / ours),
                None => ratios.push((work, vec![peer / ours])),
            }
        }
        println!();
    }
    let stream = corpus::stream();
    let mut decoder = Decoder::new();
    let held: Vec<Bytes> = stream.iter().map(|frame| held(frame)).collect();
    let mut work = Work {
        name: "decode the stream",
        peer: Box::new(|| stream.iter().for_each(|frame| drop(black_box(unmarshal_ref(&frame[1..]).unwrap())))),
        ours: Box::new(|| {
            for frame in &held {
                black_box(decoder.decode(frame.clone()).unwrap());
            }
        }),
    };
    let (peer, ours) = time(&mut work);
    println!("{}: {:.0} {:.0} {:.2}", work.name, peer / 1024.0, ours / 1024.0, peer / ours);
    for (work, list) in ratios {
        let mean = (list.iter().map(|ratio| ratio.ln()).sum::<f64>() / list.len() as f64).exp();
        println!("geometric mean, {work}: {mean:.2}");
    }
}

/// A frame as a handle whose copies cost nothing, like one that is moved in.
fn held(frame: &[u8]) -> Bytes {
    Bytes::from_static(Box::leak(frame.to_vec().into_boxed_slice()))
}

/// Medians in nanoseconds of each work on a frame: name, peer, ours.
fn compare(frame: &[u8]) -> Vec<(&'static str, f64, f64)> {
    let held = held(frame);
    let body = unpack(frame).unwrap();
    let peer_tree = unmarshal_ref(&body).unwrap();
    let tree: Node = wabinary::decode(held.clone()).unwrap();
    assert_eq!(read(tree.as_ref(), 0), read_peer(&peer_tree, 0), "both read the same");
    let peer_node: PeerNode = peer_tree.to_owned();

    let (mut decoder, mut reader, mut encoder) = (Decoder::new(), Decoder::new(), Encoder::new());
    let (mut peer_out, held_again) = (Vec::new(), held.clone());
    let body_held = Bytes::copy_from_slice(&body);
    marshal_to_vec(&peer_node, &mut peer_out).unwrap();
    assert_eq!(encoder.encode_slice(&tree).unwrap(), peer_out, "both write the same");

    let works = vec![
        Work {
            name: "decode",
            peer: Box::new(|| {
                let body = unpack(black_box(frame)).unwrap();
                black_box(unmarshal_ref(&body).unwrap());
            }),
            ours: Box::new(|| {
                black_box(decoder.decode(black_box(held.clone())).unwrap());
            }),
        },
        Work {
            name: "read",
            peer: Box::new(|| {
                let body = unpack(black_box(frame)).unwrap();
                black_box(read_peer(&unmarshal_ref(&body).unwrap(), 0));
            }),
            ours: Box::new(|| {
                black_box(read(reader.decode(black_box(held_again.clone())).unwrap(), 0));
            }),
        },
        Work {
            name: "own",
            peer: Box::new(|| {
                black_box(OwnedNodeRef::new(black_box(body_held.clone())).unwrap());
            }),
            ours: Box::new(|| {
                black_box(wabinary::decode_body(black_box(body_held.clone())).unwrap());
            }),
        },
        Work {
            name: "encode",
            peer: Box::new(|| {
                peer_out.clear();
                marshal_to_vec(black_box(&peer_node), &mut peer_out).unwrap();
            }),
            ours: Box::new(|| {
                black_box(encoder.encode_slice(black_box(&tree)).unwrap());
            }),
        },
    ];
    works.into_iter().map(|mut work| (work.name, time(&mut work))).map(|(name, (p, o))| (name, p, o)).collect()
}

/// Medians in nanoseconds: peer, ours.
fn time(work: &mut Work<'_>) -> (f64, f64) {
    let peer_count = repetitions(&mut work.peer);
    let our_count = repetitions(&mut work.ours);
    let (mut peer, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        peer.push(run(&mut work.peer, peer_count));
        ours.push(run(&mut work.ours, our_count));
    }
    (median(peer), median(ours))
}

/// How often the work is done in a turn.
fn repetitions(work: &mut dyn FnMut()) -> u32 {
    let mut count = 1;
    loop {
        let taken = run(work, count) * f64::from(count);
        if taken as u128 > TURN / 4 || count > 1 << 20 {
            return (TURN as f64 / (taken / f64::from(count))).clamp(1.0, 1e6) as u32;
        }
        count *= 4;
    }
}

fn run(work: &mut dyn FnMut(), count: u32) -> f64 {
    let start = Instant::now();
    (0..count).for_each(|_| work());
    start.elapsed().as_nanos() as f64 / f64::from(count)
}

fn median(mut list: Vec<f64>) -> f64 {
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
}
