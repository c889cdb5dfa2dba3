//! Selects records: the criteria, and which records meet them.

use std::borrow::Cow;
use std::str::FromStr;

use regex::Regex;
use wabinary::stanza::{CallAckRef, Direction};
use wabinary::{Content, Jid, JidRef, NodeRef};
use wabinary_calls::Accounts;

use crate::numbered::Numbered;

mod frames;
mod moment;

pub use frames::FrameRange;
pub use moment::Moment;

use moment::Starts;

/// Criteria for records. A record is selected if it meets every given one.
///
/// The selection changes nothing in the report of a record.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Stanzas with one of these tags.
    pub tags: Vec<String>,
    /// Stanzas with all of these attributes.
    pub attrs: Vec<WantedAttr>,
    /// Stanzas that this device sent, or stanzas that it received.
    pub direction: Option<Direction>,
    /// Stanzas from or to this address, with it as participant or recipient, or acks that refuse a call for it. Without
    /// a device number it covers the account: phone number and hidden id, if an earlier stanza mapped them.
    pub peer: Option<Jid>,
    /// Stanzas with this id.
    pub id: Option<String>,
    /// Records with these numbers.
    pub frames: Vec<FrameRange>,
    /// Records at or after this time.
    pub since: Option<Moment>,
    /// Records at or before this time.
    pub until: Option<Moment>,
    /// Stanzas with a tag, attribute name, value or text in which this expression matches.
    pub grep: Option<Regex>,
}

/// A wanted attribute: `NAME`, or `NAME=VALUE`.
#[derive(Clone, Debug)]
pub struct WantedAttr {
    name: String,
    value: Option<String>,
}

impl FromStr for WantedAttr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        match name {
            "" => Err("the name is missing; expected NAME or NAME=VALUE, like class=call".to_owned()),
            _ => Ok(Self { name: name.to_owned(), value: value.map(str::to_owned) }),
        }
    }
}

impl Choice {
    /// Whether every record is selected.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        let is_any_time = self.since.is_none() && self.until.is_none();
        !self.asks_for_tree() && self.direction.is_none() && self.frames.is_empty() && is_any_time
    }

    /// Whether a direction is given, but no criterion that shows whether it means stanzas or answers.
    #[must_use]
    pub fn is_by_direction_alone(&self) -> bool {
        self.direction.is_some() && self.tags.is_empty()
    }

    fn asks_for_tree(&self) -> bool {
        let Self { tags, attrs, peer, id, grep, .. } = self;
        !tags.is_empty() || !attrs.is_empty() || peer.is_some() || id.is_some() || grep.is_some()
    }

    fn fits_record(&self, record: &Numbered, direction: Option<Direction>, starts: &Starts) -> bool {
        let (frame, stamp) = (record.head.frame, record.head.stamp);
        (self.frames.is_empty() || self.frames.iter().any(|range| range.contains(frame)))
            && (self.direction.is_none() || self.direction == direction)
            && self.since.is_none_or(|since| starts.compare(record, stamp, since).is_some_and(|order| order.is_ge()))
            && self.until.is_none_or(|until| starts.compare(record, stamp, until).is_some_and(|order| order.is_le()))
    }

    fn fits_tree(&self, node: NodeRef<'_>, accounts: &Accounts) -> bool {
        (self.tags.is_empty() || self.tags.iter().any(|tag| tag == node.tag()))
            && self.attrs.iter().all(|attr| attr.fits(node))
            && self.id.as_deref().is_none_or(|id| node.attr("id").is_some_and(|value| value.to_text() == id))
            && self.peer.as_ref().is_none_or(|peer| is_peer(node, peer.as_ref(), accounts))
            && self.grep.as_ref().is_none_or(|grep| finds(grep, node))
    }
}

impl WantedAttr {
    fn fits(&self, node: NodeRef<'_>) -> bool {
        let value = node.attr(&self.name);
        value.is_some_and(|value| self.value.as_deref().is_none_or(|wanted| value.to_text() == wanted))
    }
}

fn is_peer(node: NodeRef<'_>, peer: JidRef<'_>, accounts: &Accounts) -> bool {
    let is_it = |address: JidRef<'_>| {
        let is_device = peer.device() == 0 || peer.device() == address.device();
        address == peer || (is_device && accounts.are_same(peer, address))
    };
    let is_named = ["from", "to", "participant", "recipient"].iter().any(|name| {
        let value = node.attr(name);
        let text = || value.and_then(|value| value.as_text());
        value.and_then(|value| value.as_jid().or_else(|| JidRef::parse(text()?).ok())).is_some_and(is_it)
    });
    let mut refused = CallAckRef::try_from(node).into_iter().flat_map(CallAckRef::refusals);
    is_named || refused.any(|refusal| refusal.jid().ok().flatten().is_some_and(is_it))
}

fn finds(grep: &Regex, node: NodeRef<'_>) -> bool {
    std::iter::once(node).chain(node.descendants()).any(|node| {
        let content = match node.content() {
            Content::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Content::Text(text) => Some(text.into()),
            Content::Jid(jid) => Some(jid.to_string().into()),
            Content::None | Content::Nodes(_) => None,
        };
        grep.is_match(node.tag())
            || node.attrs().any(|(name, value)| grep.is_match(name) || grep.is_match(&value.to_text()))
            || content.is_some_and(|content| grep.is_match(&content))
    })
}

/// Whether a record is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The record meets the criteria.
    Yes,
    /// The record does not meet them.
    No,
    /// The record has no tree to check.
    Unknown,
}

/// Selects records one after another.
#[derive(Debug)]
pub struct Chooser {
    choice: Choice,
    is_everything: bool,
    accounts: Accounts,
    starts: Starts,
}

impl Chooser {
    /// A chooser with these criteria.
    #[must_use]
    pub fn new(choice: Choice) -> Self {
        let is_everything = choice.is_everything();
        Self { choice, is_everything, accounts: Accounts::default(), starts: Starts::default() }
    }

    /// Whether a record is selected. `node` is its tree, if it did not fail.
    pub fn choose(&mut self, record: &Numbered, node: Option<NodeRef<'_>>) -> Chosen {
        if self.is_everything {
            return Chosen::Yes;
        }
        self.starts.see(record);
        let direction = record.head.direction.or_else(|| node.and_then(Direction::of));
        if let Some(node) = node.filter(|_| self.choice.peer.is_some()) {
            self.accounts.learn(node, direction);
        }
        if !self.choice.fits_record(record, direction, &self.starts) {
            return Chosen::No;
        }
        match node {
            Some(node) if self.choice.fits_tree(node, &self.accounts) => Chosen::Yes,
            Some(_) => Chosen::No,
            None if self.choice.asks_for_tree() => Chosen::Unknown,
            None => Chosen::Yes,
        }
    }
}
