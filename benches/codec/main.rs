//! How long decoding, reading, building, editing and encoding take on frames of the usual kinds, and their parts: token
//! lookup, packed texts, UTF-8, inflating.
//!
//! `cargo bench --bench codec` measures, `cargo bench --bench codec -- --test` only runs everything once. Compare
//! figures of one run with each other; two runs, or two machines, differ by more than most changes do. What a change
//! did is better told by `scripts/instructions`.

#[path = "../corpus/mod.rs"]
mod corpus;
#[path = "../measured/mod.rs"]
#[expect(dead_code, reason = "names are read back by the benches that run each work in a process of its own")]
mod work;

mod building;
mod call_acks;
mod compressed;
mod frames;
mod texts;
mod tokens;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let time = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(1));
    let mut criterion = time.warm_up_time(Duration::from_millis(300)).configure_from_args();
    frames::whole_frames(&mut criterion);
    call_acks::call_acks(&mut criterion);
    building::building_and_encoding(&mut criterion);
    building::editing(&mut criterion);
    tokens::finding_tokens(&mut criterion);
    texts::packed_texts(&mut criterion);
    texts::texts_as_utf8(&mut criterion);
    compressed::compressed_frames(&mut criterion);
    criterion.final_summary();
}
