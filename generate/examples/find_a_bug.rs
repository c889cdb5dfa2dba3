//! Fuzzes a toy client without a fuzzer: frames from the generator until the client panics.
//!
//! ```sh
//! cargo run --release -p wabinary-generate --example find_a_bug
//! ```
//!
//! The client has a bug that well-formed stanzas reach within a second: a count that a peer chooses is taken for an index.
//! `docs/fuzzing.md` shows how to do the same under libFuzzer.

use std::panic::catch_unwind;

use wabinary::{AttrError, NodeRef};
use wabinary_generate::{Frames, Recipe, Spelling, Stanza};

/// Seconds to wait before a message is sent again, by how often that was asked for.
const DELAYS: [u64; 5] = [1, 2, 5, 10, 20];

/// In place of your client: it gets a frame as the socket gives it.
fn handle(frame: &[u8]) -> Result<Option<u64>, Box<dyn std::error::Error>> {
    let node = wabinary::decode_slice(frame)?;
    Ok(match node.tag() {
        "receipt" => on_receipt(node.as_ref())?,
        _ => None,
    })
}

fn on_receipt(receipt: NodeRef<'_>) -> Result<Option<u64>, AttrError> {
    if receipt.get_opt::<&str>("type")? != Some("retry") {
        return Ok(None);
    }
    let Some(retry) = receipt.child("retry") else { return Ok(None) };
    let count: u8 = retry.get("count")?;
    // The bug: a peer may ask six times.
    Ok(Some(DELAYS[usize::from(count)]))
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let recipe = Recipe { stanza: Stanza::Any, spelling: Spelling::Odd, ..Recipe::default() };
    for (number, made) in (1..=100_000).zip(Frames::new(recipe, 1)) {
        // An error is an answer. A panic is a bug.
        if catch_unwind(|| handle(&made.frame).is_ok()).is_err() {
            println!("frame {number} breaks the client:\n{}", made.node);
            return;
        }
    }
    println!("no frame breaks the client");
}
