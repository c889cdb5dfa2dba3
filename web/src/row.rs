//! The row of a record in the list.

use serde::Serialize;
use wabinary::NodeRef;
use wabinary::stanza::Direction;
use wabinary_capture::sanitize::SinceStart;
use wabinary_capture::{Failure, Numbered};
use wabinary_render::explain::refused;
use wabinary_render::shown::printable;

/// The most characters of a column.
const LONGEST: usize = 40;

/// A row of the list.
#[derive(Serialize)]
pub(crate) struct Row {
    frame: u64,
    /// Seconds since the first record of the clock.
    time: Option<Box<str>>,
    direction: Option<&'static str>,
    tag: Box<str>,
    /// The class of an ack, the action of a call, the type of another stanza.
    class: Box<str>,
    state: State,
    /// The problem: the kind of an error, the code of a refusal.
    badge: Box<str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Good,
    Refused,
    Failed,
}

impl Row {
    pub(crate) fn new(record: &Numbered, time: Option<SinceStart>, decoded: &Result<NodeRef<'_>, Failure>) -> Self {
        let node = decoded.as_ref().ok().copied();
        let direction =
            record.head.direction.or_else(|| node.and_then(Direction::of)).map(|direction| match direction {
                Direction::Send => "sent",
                Direction::Receive => "received",
            });
        let (state, badge) = match decoded {
            Err(failure) => (State::Failed, failure.kind().to_owned()),
            Ok(node) => match refused(*node) {
                Some(code) => (State::Refused, format!("refused {code}")),
                None => (State::Good, String::new()),
            },
        };
        Self {
            frame: record.head.frame,
            time: time.map(|time| time.seconds.get().into()),
            direction,
            tag: node.map(|node| printable(node.tag(), LONGEST)).unwrap_or_default().into(),
            class: node.map(|node| printable(&class(node), LONGEST)).unwrap_or_default().into(),
            state,
            badge: badge.into(),
        }
    }

    pub(crate) fn is_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// Whether a key would decrypt it.
    pub(crate) fn is_locked(&self) -> bool {
        self.is_failed() && ["encrypted", "wrong-key", "decrypt"].contains(&&*self.badge)
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.state == State::Refused
    }
}

fn class(node: NodeRef<'_>) -> String {
    let text = |name| node.attr(name).map(|value| value.to_text().into_owned());
    let action = || node.children().next().map(|action| action.tag().to_owned());
    match node.tag() {
        "call" => action(),
        "ack" => text("class"),
        _ => text("type").or_else(|| text("xmlns")).or_else(action),
    }
    .unwrap_or_default()
}
