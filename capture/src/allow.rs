//! The leniencies that a user allows: those of the codec, and one that depends on the direction of a record.

use std::str::FromStr;

use wabinary::stanza::Direction;
use wabinary::{Leniency, ParseLeniencyError};

/// The deviations that are accepted in sent records and in all others.
///
/// ```
/// use wabinary::Leniency;
/// use wabinary::stanza::Direction;
/// use wabinary_capture::Allow;
///
/// let allow: Allow = "interop-by-direction".parse()?;
/// assert_eq!(allow.of(Some(Direction::Send)), Leniency::INTEROP_NO_SERVER);
/// assert_eq!(allow.of(None), Leniency::NONE);
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    leniency: Leniency,
    interop_by_direction: bool,
}

const INTEROP_BY_DIRECTION: &str = "interop-by-direction";
const REAL_CLIENTS: &str = "real-clients";

impl Allow {
    /// The leniencies for a record. WhatsApp Web omits the server of the interop addresses that it sends, and expects
    /// it in received ones.
    #[must_use]
    pub fn of(self, direction: Option<Direction>) -> Leniency {
        let [other, sent] = self.each();
        if direction == Some(Direction::Send) { sent } else { other }
    }

    /// The leniencies for received records and records without a direction, and those for sent records.
    #[must_use]
    pub fn each(self) -> [Leniency; 2] {
        let of_sent = if self.interop_by_direction { Leniency::INTEROP_NO_SERVER } else { Leniency::NONE };
        [self.leniency, self.leniency | of_sent]
    }

    /// Both sets of leniencies together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
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
