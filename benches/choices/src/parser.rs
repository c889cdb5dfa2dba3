//! What nom costs.

use bytes::Bytes;
use wabinary::Decoder;

use crate::frames;
use crate::table::Table;
use crate::timing::{Effort, Work, work};
use crate::walk::{Alternatives, Flat, Functions, Nom, Word, with_functions, with_index, with_rest};

type Walk = fn(&[u8], &mut Flat<Word>) -> bool;

const WALKS: [(&str, Walk); 5] = [
    ("`IResult` functions over `split_first`", with_functions::<Functions, Word>),
    ("`be_u8` and `take` of nom", with_functions::<Nom, Word>),
    ("nom, strings by `alt`", with_functions::<Alternatives, Word>),
    ("by hand, the rest of the slice", with_rest::<Word>),
    ("by hand, an index", with_index::<Word>),
];

pub fn measure(effort: Effort) -> Table {
    let columns: Vec<&str> = WALKS.iter().map(|(name, _)| *name).chain(["decoding with the library"]).collect();
    let about = "A walk that fills the vectors of nodes and attributes, without looking at strings: no checks of texts, \
                 names or JIDs, no unpacking. Beside it decoding as a \
                 whole. Time per frame.";
    let mut table = Table::new("Parser", about, &columns, effort).with_mean();
    for frames in frames::all() {
        let contenders = WALKS.map(|(name, walk)| {
            check(name, walk, &frames.bodies);
            Some(walker(&frames.bodies, walk))
        });
        let decoding = Some(decoding(&frames.bodies));
        table.row(frames.name, frames.bodies.len(), contenders.into_iter().chain([decoding]).collect());
    }
    table
}

/// Fills the same vectors, and refuses whatever is cut off.
fn check(name: &str, walk: Walk, bodies: &[Vec<u8>]) {
    let (mut filled, mut expected) = (Flat::default(), Flat::default());
    for body in bodies {
        assert!(walk(body, &mut filled) && with_index(body, &mut expected), "{name}");
        assert!(filled == expected, "{name}: other vectors");
        let cuts = (0..body.len()).step_by(body.len() / 100 + 1);
        cuts.for_each(|length| assert!(!walk(&body[..length], &mut filled), "{name}: takes what is cut off"));
    }
}

fn walker(bodies: &[Vec<u8>], walk: Walk) -> Work<'_> {
    let mut flat = Flat::default();
    work(move || {
        let mut sum = 0;
        for body in bodies {
            sum += u64::from(walk(body, &mut flat)) + flat.nodes.len() as u64 + flat.cells.len() as u64;
        }
        sum
    })
}

/// Decodes, and gives the number that a walk does.
fn decoding(bodies: &[Vec<u8>]) -> Work<'_> {
    let expected = walker(bodies, WALKS[0].1)();
    // Handles that count nobody.
    let handles: Vec<Bytes> = bodies.iter().map(|body| Bytes::from_static(body.clone().leak())).collect();
    let mut decoder = Decoder::new();
    work(move || {
        let refused = handles.iter().filter(|body| decoder.decode_body((*body).clone()).is_err()).count();
        expected + refused as u64
    })
}
