//! Counts the heap calls and bytes of each contender. Prints JSON.

use allocation_counter::measure;
use wabinary_peers::report::Counted;
use wabinary_peers::{case, work};

/// Runs before the counted one, so that reused memory is allocated.
const WARM: u32 = 3;

fn main() -> Result<(), serde_json::Error> {
    let subjects = case::subjects();
    let mut counted = Vec::new();
    // A tree takes the same wherever it is dropped, and only calls of this thread are counted.
    for kind in work::KINDS.iter().filter(|kind| **kind != work::OWNED_ELSEWHERE) {
        for case in work::cases(kind, &subjects) {
            let frames = case.frames as f64;
            for mut contender in case.contenders {
                (contender.run)(WARM);
                let info = measure(|| (contender.run)(1));
                counted.push(Counted {
                    kind: case.kind.to_owned(),
                    frame: case.frame.to_owned(),
                    name: contender.name.to_owned(),
                    calls: info.count_total as f64 / frames,
                    bytes: info.bytes_total as f64 / frames,
                });
            }
        }
    }
    serde_json::to_writer(std::io::stdout(), &counted)
}
