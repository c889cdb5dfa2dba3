//! The synthetic captures in `tests/data/captures`. Without chance or clock: the same files every time.

mod calls;
mod files;
mod older_client;
mod people;
mod recording;
mod scenarios;
mod stanzas;

use files::{Form, USUAL, jsonl, stream};
use recording::Direction::{Receive, Send};
use wabinary::Dictionary::{V2, V3};

/// A file's name, from the folder on, and content.
type File = (String, Vec<u8>);

/// The files of `tests/data/captures` that are generated.
pub(crate) fn captures() -> Vec<File> {
    let calls = calls::record();
    let older = older_client::record();
    let as_text = Form { time: |time, _| Some(files::rfc3339(time)), ..USUAL };
    let mut captures = vec![
        ("call.jsonl".to_owned(), jsonl(&calls, V3, USUAL)),
        ("call.stream".to_owned(), stream(&calls, Send)),
        ("call-receive.stream".to_owned(), stream(&calls, Receive)),
        ("call-v2.jsonl".to_owned(), jsonl(&older, V2, as_text)),
    ];
    captures.extend(scenarios::files());
    captures
}
