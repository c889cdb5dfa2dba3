//! The peak of heap memory stays below the bounds of SECURITY.md for any input.

mod found;
mod frames;
mod small;
mod streams;
#[cfg(any(feature = "xml", feature = "serde"))]
mod texts;

use std::hint::black_box;

use allocation_counter::measure;
use bytes::Bytes;
use flate2::{Decompress, FlushDecompress};
use wabinary::{Decoder, Dictionary, Encoder, Leniency, Limits};

use wabinary_testing::vectors;
use wabinary_testing::{corpora, markdown};

/// The memory that some work takes at most, according to SECURITY.md.
#[derive(Clone, Copy)]
struct Bound {
    constant: u64,
    times: u64,
}

impl Bound {
    /// The bound in the row of this work.
    fn of(work: &str) -> Self {
        let tables = markdown::tables(include_str!("../../SECURITY.md"), "## Memory");
        let number = |cell: &str| cell.replace(',', "").parse::<u64>().expect("a number");
        let row = tables[0].rows.iter().find(|row| row[0] == work).expect("a row for the work");
        Self { constant: number(&row[1]), times: number(&row[2]) }
    }

    /// Asserts that a peak is within the bound. `told` names the work.
    fn hold(self, bytes: usize, peak: u64, told: impl FnOnce() -> String) {
        let most = self.constant + self.times * bytes as u64;
        assert!(peak <= most, "{}: {peak} bytes of heap for {bytes} bytes, {most} are allowed", told());
    }
}

struct Bounds {
    decode: Bound,
    decode_plain: Bound,
    decode_of_thread: Bound,
    decode_partial: Bound,
    findings: Bound,
    explain: Bound,
    encode: Bound,
}

impl Bounds {
    fn documented() -> Self {
        Self {
            decode: Bound::of("`Decoder::decode`, `decode_slice`, `decode_body`, `decode_first`"),
            decode_plain: Bound::of("the same, of a frame whose flag byte does not say that it is compressed"),
            decode_of_thread: Bound::of("the functions `decode` …, which keep up to 1 MiB a thread"),
            decode_partial: Bound::of("`Decoder::decode_partial`"),
            findings: Bound::of("`explain::findings`"),
            explain: Bound::of("`explain::explain`, `Decoder::explain`"),
            encode: Bound::of("`Encoder::encode`, of the bytes written and of the frame that the tree holds"),
        }
    }
}

/// The peak of heap memory while something is done for the first time.
fn peak(work: impl FnOnce()) -> u64 {
    measure(work).bytes_max
}

/// Dictionary and leniencies.
type Rules = (Dictionary, Leniency);

/// The strict rules of each dictionary, and all leniencies with each.
fn all_rules() -> [Rules; 4] {
    let everything = Leniency::ALL.iter().fold(Leniency::NONE, |all, one| all | *one);
    let [v2, v3] = [Dictionary::V2, Dictionary::V3];
    [(v3, Leniency::NONE), (v2, everything), (v2, Leniency::NONE), (v3, everything)]
}

/// For larger frames only the first half of the rules is tried. It has each dictionary and each leniency.
const LARGE: usize = 1 << 20;

/// Compares every kind of work on a frame with its bound, under all rules.
fn stays_below(bounds: &Bounds, name: &str, frame: &[u8]) {
    let bytes = frame.len() + inflated(frame, Limits::default().inflated);
    let frame = Bytes::copy_from_slice(frame);
    // The first copy of a handle allocates its counter.
    drop(frame.clone());
    for rules in all_rules().into_iter().take(if bytes > LARGE { 2 } else { 4 }) {
        stays_below_under(bounds, rules, name, &frame, bytes);
    }
    let hold = |work: &str, peak: u64| bounds.decode_of_thread.hold(bytes, peak, || format!("{name}: to {work}"));
    hold("decode to an owned tree", peak(|| drop(black_box(wabinary::decode(frame.clone())))));
    hold("decode the first node to one", peak(|| drop(black_box(wabinary::decode_first(frame.clone())))));
}

fn stays_below_under(bounds: &Bounds, (dictionary, allow): Rules, name: &str, frame: &Bytes, bytes: usize) {
    let new = || Decoder::new().with_dictionary(dictionary).allow(allow);
    let hold = |work: &str, bound: Bound, bytes: usize, peak: u64| {
        bound.hold(bytes, peak, || format!("{name}: to {work}, version {}, allowed: {allow}", dictionary.version()));
    };
    let is_plain = frame.first().is_none_or(|flag| flag & 2 == 0);
    let decode = if is_plain { bounds.decode_plain } else { bounds.decode };
    hold("decode", decode, bytes, peak(|| drop(black_box(new().decode(frame.clone()).map(drop)))));
    hold("decode a slice", decode, bytes, peak(|| drop(black_box(new().decode_slice(frame).map(drop)))));
    let first = peak(|| drop(black_box(new().decode_first(frame.clone()).map(|(_, rest)| rest))));
    hold("decode the first node", decode, bytes, first);
    if let Some((0, _)) = frame.split_first() {
        let body = frame.slice(1..);
        hold("decode the body", decode, bytes, peak(|| drop(black_box(new().decode_body(body).map(drop)))));
    }
    let partial = peak(|| drop(black_box(new().decode_partial(frame.clone()).1)));
    hold("decode in part", bounds.decode_partial, bytes, partial);
    hold("find what is unusual", bounds.findings, bytes, peak(|| drop(black_box(new().findings(frame)))));
    hold("explain", bounds.explain, bytes, peak(|| drop(black_box(new().explain(frame)))));

    let mut decoder = new();
    if let Some(node) = decoder.decode_partial(frame.clone()).0 {
        let mut encoder = Encoder::new().with_dictionary(dictionary).allow(allow);
        let mut length = 0;
        let encoded = peak(|| length = encoder.encode(node).map_or(0, |frame| frame.len()));
        hold("encode", bounds.encode, bytes + length, encoded);
    }
}

/// The inflated length of a frame, up to the limit.
fn inflated(frame: &[u8], limit: usize) -> usize {
    match frame.split_first() {
        Some((flag, stream)) if flag & 2 != 0 => inflate_with(&mut Decompress::new(true), stream, limit),
        _ => 0,
    }
}

/// The inflated length of a zlib stream, with a reused state.
fn inflate_with(state: &mut Decompress, stream: &[u8], limit: usize) -> usize {
    state.reset(true);
    let mut piece = [0; 1 << 14];
    loop {
        let before = state.total_out();
        let rest = &stream[state.total_in() as usize..];
        let result = state.decompress(rest, &mut piece, FlushDecompress::None);
        // A corrupt stream counts up to the error.
        if result.is_err() || state.total_out() == before || state.total_out() > limit as u64 {
            return (state.total_out() as usize).min(limit + 1);
        }
    }
}
