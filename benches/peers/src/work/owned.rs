//! Decoding to a tree that owns its frame and can be sent to another thread.

use std::hint::black_box;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use wabinary::decode_body;
use wacore_binary::OwnedNodeRef;

use crate::case::{Case, Contender, OURS, PEER, Subject};

/// The trees are dropped on the thread that made them.
pub(super) fn here(subject: &Subject) -> Case {
    let contenders = vec![
        Contender::new(OURS, subject.held(), |body| {
            black_box(&decode_body(body.clone()).expect("it decodes"));
        }),
        Contender::new(PEER, subject.held(), |body| {
            black_box(&OwnedNodeRef::new(body.clone()).expect("it decodes"));
        }),
    ];
    subject.case(super::OWNED, contenders)
}

/// The trees are dropped on another thread.
pub(super) fn elsewhere(subject: &Subject) -> Case {
    let batch = batch(&subject.held());
    let contenders = vec![
        dropped_elsewhere(OURS, subject, batch, |body| decode_body(body.clone()).expect("it decodes")),
        dropped_elsewhere(PEER, subject, batch, |body| OwnedNodeRef::new(body.clone()).expect("it decodes")),
    ];
    Case { is_on_threads: true, ..subject.case(super::OWNED_ELSEWHERE, contenders) }
}

/// The number of trees that are sent at a time, by both sides: about 200 µs of work, so that waking the other thread
/// costs little, and at most 1024.
fn batch(bodies: &[Bytes]) -> usize {
    let start = Instant::now();
    let mut made = 0;
    while start.elapsed() < Duration::from_millis(1) {
        black_box(&decode_body(bodies[made % bodies.len()].clone()).expect("it decodes"));
        made += 1;
    }
    (made / 5).clamp(1, 1024)
}

/// Two lists alternate: this thread fills one while the other thread empties the other. A run ends when both are empty.
fn dropped_elsewhere<T: Send + 'static>(
    name: &'static str,
    subject: &Subject,
    batch: usize,
    make: impl Fn(&Bytes) -> T + 'static,
) -> Contender {
    let bodies = subject.held();
    let (full, emptied) = dropper();
    let mut lists: Vec<Vec<T>> = vec![Vec::with_capacity(batch), Vec::with_capacity(batch)];
    let run = move |times: u32| {
        let mut left = times as usize * bodies.len();
        let mut at = 0;
        while left > 0 {
            let mut trees = lists.pop().unwrap_or_else(|| emptied.recv().expect("the other thread lives"));
            let count = left.min(batch);
            left -= count;
            for _ in 0..count {
                trees.push(make(&bodies[at]));
                at += 1;
                if at == bodies.len() {
                    at = 0;
                }
            }
            full.send(trees).expect("the other thread lives");
        }
        while lists.len() < 2 {
            lists.push(emptied.recv().expect("the other thread lives"));
        }
    };
    Contender { name, run: Box::new(run) }
}

/// A thread that empties the lists that it gets, and returns them. It ends with the sender.
fn dropper<T: Send + 'static>() -> (SyncSender<Vec<T>>, Receiver<Vec<T>>) {
    let (full, to_empty) = sync_channel::<Vec<T>>(2);
    let (back, emptied) = sync_channel(2);
    thread::spawn(move || {
        for mut trees in to_empty {
            trees.clear();
            if back.send(trees).is_err() {
                break;
            }
        }
    });
    (full, emptied)
}
