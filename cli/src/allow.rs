//! What `--allow` names: leniencies of the codec, and one that follows the direction of records.

use std::str::FromStr;

use wabinary::stanza::Direction;
use wabinary::{Leniency, ParseLeniencyError};

use crate::help::OneOf;

/// What deviations are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allow {
    leniency: Leniency,
    interop_by_direction: bool,
}

const INTEROP_BY_DIRECTION: &str = "interop-by-direction";
const REAL_CLIENTS: &str = "real-clients";

/// The names, each with what it accepts.
pub(crate) const NAMES: OneOf<Allow> = OneOf {
    values: &[
        (REAL_CLIENTS, "jid-text, empty-tag and interop-by-direction: what frames of real clients need"),
        ("duplicate-keys", "Two attributes of one name"),
        ("flag-bits", "A flag byte with bits of no known meaning"),
        ("pad-nibble", "Padding of packed text that is not 15"),
        ("length-bits", "Lengths with unused bits set"),
        ("ad-domain", "Domain bytes of no known server"),
        ("interop-no-server", "Interop addresses without a server"),
        ("jid-text", "Texts that are written as an address"),
        ("empty-tag", "Nodes without a tag"),
        (INTEROP_BY_DIRECTION, "interop-no-server in what this device sent, as WhatsApp Web does"),
    ],
    read: str::parse,
};

impl Allow {
    /// The leniencies for a record. WhatsApp Web leaves the server out of the interop addresses that it sends, and wants it
    /// in those that it receives.
    pub(crate) fn of(self, direction: Option<Direction>) -> Leniency {
        let [other, sent] = self.each();
        if direction == Some(Direction::Send) { sent } else { other }
    }

    /// The leniencies for records that are received or of no direction, and for those that are sent.
    pub(crate) fn each(self) -> [Leniency; 2] {
        let of_sent = if self.interop_by_direction { Leniency::INTEROP_NO_SERVER } else { Leniency::NONE };
        [self.leniency, self.leniency | of_sent]
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            leniency: self.leniency | other.leniency,
            interop_by_direction: self.interop_by_direction || other.interop_by_direction,
        }
    }
}

impl FromStr for Allow {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if name == INTEROP_BY_DIRECTION {
            return Ok(Self { interop_by_direction: true, ..Self::default() });
        }
        let told = |error: ParseLeniencyError| format!("{error}, {INTEROP_BY_DIRECTION}");
        Ok(Self { leniency: name.parse().map_err(told)?, interop_by_direction: name == REAL_CLIENTS })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_sent_lacks_the_server() {
        assert!(NAMES.values.iter().all(|(name, _)| name.parse::<Allow>().is_ok()));
        let each = |name: &str| name.parse().map(Allow::each);
        let no_server = Leniency::INTEROP_NO_SERVER;
        assert_eq!(each("interop-by-direction"), Ok([Leniency::NONE, no_server]));
        assert_eq!(each("real-clients"), Ok([Leniency::REAL_CLIENTS, Leniency::REAL_CLIENTS | no_server]));
        assert_eq!(each("interop-no-server"), Ok([no_server; 2]));
        assert!(each("interop").is_err_and(|told| told.ends_with("empty-tag, interop-by-direction")));
        let both = "flag-bits".parse::<Allow>().unwrap().and("interop-by-direction".parse().unwrap());
        let of = [None, Some(Direction::Receive), Some(Direction::Send)].map(|direction| both.of(direction));
        assert_eq!(of, [Leniency::FLAG_BITS, Leniency::FLAG_BITS, Leniency::FLAG_BITS | no_server]);
    }
}
