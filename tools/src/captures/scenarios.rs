//! Short captures about answers to call stanzas, one situation each, with what is to be found in them.

use wabinary::{Builder, Dictionary, JidRef, Node, Server, UnixSeconds};

use super::File;
use super::files::{self, Form, USUAL};
use super::people::*;
use super::recording::{Direction, Recording, START, Sent, ack_of};
use super::stanzas::Call;
use story::{Stories, Story, bare_ack, error, named, relay, secret};

mod broken;
mod clients;
mod matching;
mod named;
mod server_acks;
mod sessions;
mod story;
mod times;

/// Whoever finds this in an output has found a secret.
const SECRET: &str = "SECRET-SECRET-SECRET-SECRET";

/// The calls that are told of.
const CALL: &str = "0123456789ABCDEF0123456789ABCD31";
const OTHER_CALL: &str = "0123456789ABCDEF0123456789ABCD32";
const THIRD_CALL: &str = "0123456789ABCDEF0123456789ABCD33";

const OUTGOING: Call<'_> = Call { id: CALL, creator: OWN_DEVICE };
const OTHER: Call<'_> = Call { id: OTHER_CALL, creator: OWN_DEVICE };
const THIRD: Call<'_> = Call { id: THIRD_CALL, creator: OWN_DEVICE };

/// A call as an address.
const fn itself(call_id: &'static str) -> JidRef<'static> {
    user(call_id, Server::Call)
}

/// The files of all scenarios: the capture, and what is to be found in it.
pub(crate) fn files() -> Vec<File> {
    let mut stories = Stories::default();
    for add in [clients::add, server_acks::add, named::add, matching::add, sessions::add, times::add, broken::add] {
        add(&mut stories);
    }
    let files_of = |story: &Story| {
        let capture = files::jsonl(&story.recording, Dictionary::V3, story.form);
        [
            (format!("scenarios/{}.jsonl", story.name), capture),
            (format!("scenarios/{}.expected.json", story.name), story.expected().into_bytes()),
        ]
    };
    stories.0.iter().flat_map(files_of).collect()
}
