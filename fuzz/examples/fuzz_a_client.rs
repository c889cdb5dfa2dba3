//! Fuzzes a client with stanzas that are well formed: the generator makes a tree, the encoder a frame, the client reads it.
//!
//! As a fuzz target of your own, with `wabinary = { …, features = ["arbitrary"] }`:
//!
//! ```ignore
//! libfuzzer_sys::fuzz_target!(|node: wabinary::Node| client_survives(&node));
//! ```
//!
//! `cargo run --example fuzz_a_client` in this folder does the same with 10,000 trees that are the same every time.

use arbitrary::{Arbitrary, Unstructured};
use wabinary::{Decoder, Node};

/// Stands for your client: it is handed a frame as the socket gives it, and must not panic, whatever is in it.
fn handle(frame: &[u8]) -> Result<Option<String>, wabinary::DecodeError> {
    let mut decoder = Decoder::new();
    let node = decoder.decode_slice(frame)?;
    Ok(match node.tag() {
        "message" | "receipt" | "call" => node.get::<&str>("id").ok().map(str::to_owned),
        _ => None,
    })
}

/// What a fuzz target calls.
fn client_survives(node: &Node) {
    // A few trees are such that no encoder takes them.
    if let Ok(frame) = wabinary::encode(node) {
        handle(&frame).expect("what was encoded decodes");
        // Most bugs are near good frames: one that is cut, and one with a byte changed.
        let _ = handle(&frame[..frame.len() / 2]);
        let mut changed = frame.to_vec();
        if let Some(byte) = changed.get_mut(3) {
            *byte ^= 0xff;
        }
        let _ = handle(&changed);
    }
}

fn main() {
    // A tag that the client knows is worth more than any tag: change what the generator made.
    let mut state = 1_u64;
    let mut handled = 0;
    for number in 0..10_000 {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u8
        })
        .take(300)
        .collect();
        let Ok(node) = Node::arbitrary(&mut Unstructured::new(&bytes)) else { continue };
        let tag = ["message", "receipt", "call", "ack"][number % 4];
        let node = node.edit().retag(tag).set("id", number as u64).finish();
        client_survives(&node);
        handled += 1;
    }
    println!("{handled} stanzas");
}
