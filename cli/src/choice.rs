//! Options that select records.

use regex::Regex;
use wabinary::Jid;
use wabinary::stanza::Direction;
use wabinary_capture::choice::{Choice as Wanted, FrameRange, Moment, WantedAttr};
use wabinary_capture::direction_of_word;

use crate::help::OneOf;

pub(crate) const FINDING: &str = "Finding";

/// Criteria for records. A record is selected if it meets every given one. The selection changes nothing in the report
/// of a record.
#[derive(Clone, Default, clap::Args)]
pub(crate) struct Choice {
    /// Only stanzas with this tag, or one of these
    #[arg(long = "tag", help_heading = FINDING, value_name = "TAGS", value_delimiter = ',')]
    tags: Vec<String>,

    /// Only stanzas with this attribute, or this value of it; given several times, all must fit
    #[arg(long = "attr", help_heading = FINDING, value_name = "NAME[=VALUE]", value_parser = str::parse::<WantedAttr>)]
    attrs: Vec<WantedAttr>,

    /// Only what this device sent, or received
    #[arg(long, help_heading = FINDING, value_name = "DIRECTION", value_parser = DIRECTIONS)]
    direction: Option<Direction>,

    /// Only stanzas from or to this address
    ///
    /// Also those with it as participant or recipient, and acks that refuse a call for it. Without a device number it means
    /// the whole account: phone number and hidden id, if an earlier stanza has both.
    #[arg(long, help_heading = FINDING, value_name = "JID", value_parser = address)]
    peer: Option<Jid>,

    /// Only stanzas with this id, which their answers have too
    #[arg(long, help_heading = FINDING, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// Only frames with these numbers, from 0: 12, 12..20 (both ends included), 12.. or ..20
    #[arg(long = "frame", help_heading = FINDING, value_name = "NUMBERS", value_delimiter = ',')]
    frames: Vec<FrameRange>,

    /// Only from this time on: 22:13, 2023-11-14, both with a T between them, or 66.5 (seconds)
    ///
    /// Times are in UTC. A number is seconds since 1970, and below a billion seconds since the first record.
    #[arg(long, help_heading = FINDING, value_name = "TIME", value_parser = Moment::start)]
    since: Option<Moment>,

    /// Only until this time, with the day, minute or second that it names
    #[arg(long, help_heading = FINDING, value_name = "TIME", value_parser = Moment::end)]
    until: Option<Moment>,

    /// Only stanzas in which this regular expression finds something: in a tag, name, value or text
    #[arg(long, help_heading = FINDING, value_name = "REGEX")]
    grep: Option<Regex>,
}

const DIRECTIONS: OneOf<Direction> = OneOf { values: &[("send", ""), ("receive", "")], read: direction };

fn direction(text: &str) -> Result<Direction, String> {
    direction_of_word(text).ok_or_else(|| "expected send or receive".to_owned())
}

fn address(text: &str) -> Result<Jid, String> {
    text.parse().map_err(|error| format!("{error}; expected user@server"))
}

impl Choice {
    /// The criteria of these options.
    pub(crate) fn wanted(&self) -> Wanted {
        let Self { tags, attrs, direction, peer, id, frames, since, until, grep } = self.clone();
        Wanted { tags, attrs, direction, peer, id, frames, since, until, grep }
    }

    /// Whether every record is selected.
    pub(crate) fn is_everything(&self) -> bool {
        self.wanted().is_everything()
    }

    /// Whether a direction is given, but no criterion that shows whether it means stanzas or answers.
    pub(crate) fn is_by_direction_alone(&self) -> bool {
        self.wanted().is_by_direction_alone()
    }
}
