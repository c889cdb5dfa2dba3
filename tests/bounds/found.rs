//! Inputs from fuzzing, so that bounds for any input are not only tested on inputs made by hand.

use crate::corpora::{Input, corpus, regressions};
use crate::{Bounds, stays_below};

/// The frame in an input whose first byte chooses options. This test uses all options.
fn behind_options(input: &[u8]) -> Vec<u8> {
    input.get(1..).unwrap_or(&[]).to_vec()
}

/// The frame in an input whose first two bytes are a limit, before a zlib stream.
fn of_stream(input: &[u8]) -> Vec<u8> {
    [&[2], input.get(2..).unwrap_or(&[])].concat()
}

fn stay_below(inputs: &[Input], frame_of: fn(&[u8]) -> Vec<u8>, at_least: usize) {
    let bounds = Bounds::documented();
    assert!(inputs.len() >= at_least, "{} inputs", inputs.len());
    for input in inputs {
        stays_below(&bounds, &input.name, &frame_of(&input.bytes));
    }
}

#[test]
fn what_decoding_was_fuzzed_with() {
    stay_below(&corpus("decode"), behind_options, 300);
}

#[test]
fn what_coming_back_was_fuzzed_with() {
    stay_below(&corpus("roundtrip_bytes"), behind_options, 250);
}

#[test]
fn what_inflating_was_fuzzed_with() {
    stay_below(&corpus("inflate"), of_stream, 200);
    stay_below(&regressions("inflate"), of_stream, 1);
}

#[test]
fn what_fuzzing_found_wrong() {
    for (target, at_least) in [("decode", 10), ("explain", 1), ("roundtrip_bytes", 3)] {
        stay_below(&regressions(target), behind_options, at_least);
    }
}
