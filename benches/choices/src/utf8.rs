//! Who checks that bytes are UTF-8.

use bytes::Bytes;
use wabinary::Decoder;

use crate::table::Table;
use crate::timing::{Effort, work};
use crate::{frames, texts};

/// Whether all are valid.
type Check = fn(&[u8]) -> bool;

const CHECKS: [Check; 3] = [
    |bytes| std::str::from_utf8(bytes).is_ok(),
    |bytes| simdutf8::basic::from_utf8(bytes).is_ok(),
    |bytes| smoothutf8::verify(bytes),
];

pub fn measure(effort: Effort) -> Table {
    let columns = ["std", "simdutf8", "smoothutf8", "decoding the frame"];
    let about = "A text, or all texts of a frame at once, as the decoder does it; beside that, decoding that frame as a \
                 whole with the library, which uses std.";
    let mut table = Table::new("UTF-8", about, &columns, effort);
    assert_checks_agree();
    for (script, frame) in [("ASCII", "texts in ASCII"), ("many scripts", "texts of many scripts")] {
        let middle = texts::of_frame(frame);
        let (short, long) = (texts::shortened(&middle), texts::lengthened(&middle));
        for (length, texts) in [("8 to 40", &short), ("220", &middle), ("1800", &long)] {
            row(&mut table, format!("{script}, {length} bytes"), texts, None);
        }
        row(&mut table, format!("{script}, 8 to 40 bytes, {} joined", short.len()), &[short.concat()], None);
        let decoded = Some(Bytes::from_static(frames::body(&frames::frame(frame)).leak()));
        row(&mut table, format!("{script}, 220 bytes, {} joined", middle.len()), &[middle.concat()], decoded);
    }
    table
}

fn row(table: &mut Table, what: String, texts: &[String], frame: Option<Bytes>) {
    let checks =
        CHECKS.map(|check| Some(work(move || texts.iter().map(|text| u64::from(check(text.as_bytes()))).sum())));
    let mut decoder = Decoder::new();
    let decoding = frame.map(|body| {
        let count = texts.len() as u64;
        work(move || decoder.decode_body(body.clone()).map_or(0, |_| count))
    });
    table.row(what, texts.len(), checks.into_iter().chain([decoding]).collect());
}

/// Valid texts, and the same with a byte that is none of UTF-8 or cut off, at every place.
fn assert_checks_agree() {
    for text in texts::shortened(&texts::of_frame("texts of many scripts")) {
        let valid = text.as_bytes();
        let with = |at: usize, byte: u8| {
            let mut bytes = valid.to_vec();
            bytes[at] = byte;
            bytes
        };
        let places = 0..valid.len();
        let wrong = places.clone().flat_map(|at| [0xff, 0x80, 0xc3].map(|byte| with(at, byte)));
        for bytes in wrong.chain(places.map(|at| valid[..at].to_vec())).chain([valid.to_vec()]) {
            let results = CHECKS.map(|check| check(&bytes));
            assert!(results.iter().all(|result| *result == results[0]), "{bytes:x?}: {results:?}");
        }
    }
}
