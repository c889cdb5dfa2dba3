//! Short captures about answers to call stanzas, one situation each, with what is to be found in them.

use wabinary::{Dictionary, JidRef, Server};

use super::people::user;

mod broken;
mod clients;
mod matching;
mod named;
mod server_acks;
mod sessions;
mod story;
mod times;

pub(crate) use story::Story;

/// Whoever finds this in an output has found a secret.
const SECRET: &str = "SECRET-SECRET-SECRET-SECRET";

/// The calls that are told of.
const CALL: &str = "0123456789ABCDEF0123456789ABCD31";
const OTHER_CALL: &str = "0123456789ABCDEF0123456789ABCD32";
const THIRD_CALL: &str = "0123456789ABCDEF0123456789ABCD33";

/// A call as an address.
const fn itself(call_id: &'static str) -> JidRef<'static> {
    user(call_id, Server::Call)
}

/// All of them, with the names of their files.
pub(crate) fn all() -> Vec<Story> {
    [clients::all(), server_acks::all(), named::all(), matching::all(), sessions::all(), times::all(), broken::all()]
        .concat()
}

/// A file's name and its bytes.
type File = (String, Vec<u8>);

/// The files of a scenario: the capture, and what is to be found in it.
pub(crate) fn files() -> Result<Vec<File>, Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for story in all() {
        let capture = super::files::jsonl(&story.recording, Dictionary::V3, story.form)?;
        files.push((format!("scenarios/{}.jsonl", story.name), capture));
        files.push((format!("scenarios/{}.expected.json", story.name), story.expected().into_bytes()));
    }
    Ok(files)
}
