//! Which records are written: the options for finding, and what they choose.

use std::borrow::Cow;

use regex::Regex;
use wabinary::stanza::Direction;
use wabinary::{Content, Jid, JidRef, NodeRef};
use wabinary_calls::Accounts;
use wabinary_capture::direction_of_word;

mod frames;
mod moment;

use frames::FrameRange;
use moment::Moment;
pub(crate) use moment::Starts;

use crate::help::OneOf;
use crate::record::Record;

const FINDING: &str = "Finding";

/// Which records are wanted: those that fit every option that is given. Choosing changes nothing that is said of them.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct Choice {
    /// Only stanzas with this tag, or one of these
    #[arg(long = "tag", help_heading = FINDING, value_name = "TAGS", value_delimiter = ',')]
    tags: Vec<String>,

    /// Only stanzas with this attribute, or this value of it; given several times, all must fit
    #[arg(long = "attr", help_heading = FINDING, value_name = "NAME[=VALUE]", value_parser = attr)]
    attrs: Vec<Attr>,

    /// Only what this device sent, or received
    #[arg(long, help_heading = FINDING, value_name = "DIRECTION", value_parser = DIRECTIONS)]
    direction: Option<Direction>,

    /// Only stanzas from or to this address
    ///
    /// Also those with it as participant or recipient. Without a device number it stands for the account: phone number
    /// and hidden id, if an earlier stanza told both.
    #[arg(long, help_heading = FINDING, value_name = "JID", value_parser = address)]
    peer: Option<Jid>,

    /// Only stanzas with this id
    #[arg(long, help_heading = FINDING, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// Only frames with these numbers, from 0: 12, 12..20 (both ends included), 12.. or ..20
    #[arg(long = "frame", help_heading = FINDING, value_name = "NUMBERS", value_delimiter = ',')]
    frames: Vec<FrameRange>,

    /// Only from this time on: 22:13, 2023-11-14, both with a T between them, or 66.5 (seconds)
    ///
    /// Times are in UTC. A number is seconds since 1970, and below a billion seconds since the first record.
    #[arg(long, help_heading = FINDING, value_name = "TIME", value_parser = moment::read)]
    since: Option<Moment>,

    /// Only until this time, with the day, minute or second that it names
    #[arg(long, help_heading = FINDING, value_name = "TIME", value_parser = moment::read_end)]
    until: Option<Moment>,

    /// Only stanzas in which this regular expression finds something: in a tag, name, value or text
    #[arg(long, help_heading = FINDING, value_name = "REGEX")]
    grep: Option<Regex>,
}

#[derive(Clone)]
struct Attr {
    name: String,
    value: Option<String>,
}

fn attr(text: &str) -> Result<Attr, String> {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    match name {
        "" => Err("the name is missing; expected NAME or NAME=VALUE, like class=call".to_owned()),
        _ => Ok(Attr { name: name.to_owned(), value: value.map(str::to_owned) }),
    }
}

const DIRECTIONS: OneOf<Direction> = OneOf { values: &[("send", ""), ("receive", "")], read: direction };

fn direction(text: &str) -> Result<Direction, String> {
    direction_of_word(text).ok_or_else(|| "expected send or receive".to_owned())
}

fn address(text: &str) -> Result<Jid, String> {
    text.parse().map_err(|error| format!("{error}; expected user@server"))
}

impl Choice {
    /// Whether nothing is left out.
    pub(crate) fn is_everything(&self) -> bool {
        let is_any_time = self.since.is_none() && self.until.is_none();
        !self.asks_for_tree() && self.direction.is_none() && self.frames.is_empty() && is_any_time
    }

    /// Whether a direction is given and nothing that says whether it is meant of stanzas or of answers.
    pub(crate) fn is_by_direction_alone(&self) -> bool {
        self.direction.is_some() && self.tags.is_empty()
    }

    fn asks_for_tree(&self) -> bool {
        let Self { tags, attrs, peer, id, grep, .. } = self;
        !tags.is_empty() || !attrs.is_empty() || peer.is_some() || id.is_some() || grep.is_some()
    }

    fn fits_record(&self, record: &Record, direction: Option<Direction>, starts: &Starts) -> bool {
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

impl Attr {
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
    ["from", "to", "participant", "recipient"].iter().any(|name| {
        let value = node.attr(name);
        let text = || value.and_then(|value| value.as_text());
        value.and_then(|value| value.as_jid().or_else(|| JidRef::parse(text()?).ok())).is_some_and(is_it)
    })
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

/// What is said of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    Yes,
    No,
    /// It has no tree to look at.
    Unknown,
}

/// Chooses records one after another.
pub(crate) struct Chooser {
    choice: Choice,
    is_everything: bool,
    accounts: Accounts,
    starts: Starts,
}

impl Chooser {
    pub(crate) fn new(choice: Choice) -> Self {
        let is_everything = choice.is_everything();
        Self { choice, is_everything, accounts: Accounts::default(), starts: Starts::default() }
    }

    /// Whether a record is wanted, which has this tree unless it failed.
    pub(crate) fn choose(&mut self, record: &Record, node: Option<NodeRef<'_>>) -> Chosen {
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
