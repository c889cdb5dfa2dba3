//! What the list shows of a record.

use serde::Serialize;
use wabinary::stanza::Direction;
use wabinary::{NodeRef, Value};
use wabinary_capture::sanitize::SinceStart;
use wabinary_capture::{Failure, Numbered};
use wabinary_render::shown::printable;

/// What a column shows, in characters.
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
    /// What went wrong: the kind of an error, the code of a refusal.
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
        let direction = record.head.direction.or_else(|| node.and_then(Direction::of)).map(|direction| match direction {
            Direction::Send => "sent",
            Direction::Receive => "received",
        });
        let (state, badge) = match decoded {
            Err(failure) => (State::Failed, failure.kind().to_owned()),
            Ok(node) => match refusal(*node) {
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

/// The code of an ack that refuses all, or someone.
fn refusal(node: NodeRef<'_>) -> Option<String> {
    let code = |node: NodeRef<'_>, name| match node.attr(name) {
        Some(Value::Text(code)) if !matches!(code, "" | "0") => Some(printable(code, LONGEST)),
        _ => None,
    };
    let of_ack = |ack: NodeRef<'_>| {
        let inside = || ack.children().find_map(|child| code(child, if child.tag() == "error" { "code" } else { "error" }));
        code(ack, "error").or_else(inside)
    };
    Some(node).filter(|node| node.tag() == "ack").and_then(of_ack)
}
