//! Where the characters of texts are: joined and checked once, or in the frame and checked again when they are read,
//! since safe Rust makes no `str` of bytes that were checked before.

use crate::table::Table;
use crate::texts::{self, read};
use crate::timing::{Effort, work};

pub fn measure(effort: Effort) -> Table {
    let columns =
        ["joined, checked in one go", "in the frame, checked one by one", "in the frame, checked when read only"];
    let about = "One text, as a part of a frame. Decoding stores where each text is and checks all; reading makes a `str` of \
                 each. The third checks nothing while decoding, which the library rules out.";
    let mut table = Table::new("Texts of a tree", about, &columns, effort);
    for (script, frame) in [("ASCII", "texts in ASCII"), ("many scripts", "texts of many scripts")] {
        let middle = texts::of_frame(frame);
        let (short, long) = (texts::shortened(&middle), texts::lengthened(&middle));
        for (length, texts) in [("8 to 40", &short), ("220", &middle), ("1800", &long)] {
            rows(&mut table, &format!("{script}, {length} bytes"), texts);
        }
    }
    table
}

/// Where a text is.
type Place = (u32, u32);

fn range((start, length): Place) -> std::ops::Range<usize> {
    start as usize..start as usize + length as usize
}

fn rows(table: &mut Table, what: &str, texts: &[String]) {
    // Each behind two bytes, as on the wire; what they say is of no matter here.
    let (mut frame, mut places) = (Vec::new(), Vec::new());
    for text in texts {
        frame.extend([0xfc, 0]);
        places.push((frame.len() as u32, text.len() as u32));
        frame.extend_from_slice(text.as_bytes());
    }
    let (mut joined_text, mut joined_places) = (String::new(), Vec::new());
    assert!(join(&frame, &places, &mut joined_text, &mut joined_places));
    for ((text, place), joined) in texts.iter().zip(&places).zip(&joined_places) {
        assert_eq!(joined_text.get(range(*joined)), Some(text.as_str()));
        assert_eq!(std::str::from_utf8(&frame[range(*place)]), Ok(text.as_str()));
    }

    let (mut text, mut words) = (String::new(), Vec::new());
    let (frame, places) = (frame.as_slice(), places.as_slice());
    let join = work(move || u64::from(join(frame, places, &mut text, &mut words)) + words.len() as u64);
    let mut words = Vec::new();
    let check = work(move || u64::from(check(frame, places, &mut words)) + words.len() as u64);
    let mut words = Vec::new();
    let keep = work(move || u64::from(keep(frame, places, &mut words)) + words.len() as u64);
    table.row(format!("{what}: decode"), places.len(), vec![Some(join), Some(check), Some(keep)]);

    let of_joined = work(move || {
        joined_places.iter().map(|place| read(joined_text.get(range(*place)).unwrap_or("").as_bytes())).sum()
    });
    let of_frame = || {
        work(move || {
            let texts = places.iter().map(|place| frame.get(range(*place)).unwrap_or(&[]));
            texts.map(|bytes| read(std::str::from_utf8(bytes).unwrap_or("").as_bytes())).sum()
        })
    };
    table.row(format!("{what}: read"), places.len(), vec![Some(of_joined), Some(of_frame()), Some(of_frame())]);
}

/// As `src/decode/sink.rs` does it.
fn join(frame: &[u8], places: &[Place], text: &mut String, words: &mut Vec<Place>) -> bool {
    let mut joined = std::mem::take(text).into_bytes();
    joined.clear();
    words.clear();
    for place in places {
        let bytes = frame.get(range(*place)).unwrap_or(&[]);
        if bytes.first().is_some_and(|first| first & 0xc0 == 0x80) {
            return false;
        }
        words.push((joined.len() as u32, bytes.len() as u32));
        joined.extend_from_slice(bytes);
    }
    // Whole blocks are checked in fewer steps than single bytes.
    joined.resize(joined.len().next_multiple_of(16), b' ');
    match String::from_utf8(joined) {
        Ok(joined) => {
            *text = joined;
            true
        }
        Err(_) => false,
    }
}

fn check(frame: &[u8], places: &[Place], words: &mut Vec<Place>) -> bool {
    words.clear();
    for place in places {
        if frame.get(range(*place)).is_none_or(|bytes| std::str::from_utf8(bytes).is_err()) {
            return false;
        }
        words.push(*place);
    }
    true
}

fn keep(frame: &[u8], places: &[Place], words: &mut Vec<Place>) -> bool {
    words.clear();
    for place in places {
        if frame.get(range(*place)).is_none() {
            return false;
        }
        words.push(*place);
    }
    true
}
