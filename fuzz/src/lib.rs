//! The fuzz targets: the same checks as those of the property tests and of the replay of the corpus.

pub mod dictionary;
mod differential;

use std::sync::LazyLock;

use libfuzzer_sys::fuzzer_mutate;
use wabinary_generate::mutate_frame;
use wabinary_testing::checks::Setup;

/// Runs the target of this name on an input. It panics when something does not hold.
pub fn run(name: &str, data: &[u8]) {
    if name == "differential" {
        return differential::compare(data);
    }
    let target = wabinary_testing::targets::TARGETS.iter().find(|target| target.name == name);
    (target.expect("every program is named like a target").check)(data);
}

/// Mutates an input that is an options byte and a frame. Every second time the tree of the frame changes, and is spelled
/// again; otherwise, and if the frame does not decode, libFuzzer changes bytes. `WABINARY_PLAIN_MUTATION` in the environment
/// leaves it at the latter, to compare.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    static PLAIN: LazyLock<bool> = LazyLock::new(|| std::env::var_os("WABINARY_PLAIN_MUTATION").is_some());
    if seed % 2 == 0
        && !*PLAIN
        && let Some((options, frame)) = data[..size].split_first()
        && let Some(mutated) = mutate_frame(frame, u64::from(seed), Setup::of(*options).dictionary)
        && let Some(room) = data[..max_size].get_mut(1..=mutated.len())
    {
        room.copy_from_slice(&mutated);
        return mutated.len() + 1;
    }
    fuzzer_mutate(data, size, max_size)
}
