//! The words that programs use for directions.

use wabinary::stanza::Direction;

const SEND: [&str; 17] = [
    "send",
    "sent",
    "sending",
    "out",
    "outgoing",
    "outbound",
    "output",
    "tx",
    "egress",
    "network_out",
    "c2s",
    "to_server",
    "client",
    "upstream",
    "write",
    ">",
    "->",
];
const RECEIVE: [&str; 17] = [
    "receive",
    "received",
    "receiving",
    "recv",
    "in",
    "incoming",
    "inbound",
    "input",
    "rx",
    "ingress",
    "network_in",
    "s2c",
    "from_server",
    "server",
    "downstream",
    "read",
    "<",
];
/// Marks that are words by themselves.
const MARKS: [(&str, Direction); 10] = [
    ("<-", Direction::Receive),
    ("<<", Direction::Receive),
    ("<--", Direction::Receive),
    ("<=", Direction::Receive),
    ("←", Direction::Receive),
    (">>", Direction::Send),
    ("-->", Direction::Send),
    ("=>", Direction::Send),
    ("→", Direction::Send),
    ("<<<", Direction::Receive),
];

/// The direction that a word names, as seen from the device that captured. Case does not matter.
///
/// ```
/// use wabinary::stanza::Direction;
/// use wabinary_capture::direction_of_word;
///
/// assert_eq!(direction_of_word("Incoming"), Some(Direction::Receive));
/// assert_eq!(direction_of_word("tx"), Some(Direction::Send));
/// assert_eq!(direction_of_word("both"), None);
/// ```
#[must_use]
pub fn direction_of_word(word: &str) -> Option<Direction> {
    let word = word.to_ascii_lowercase().replace([' ', '-'], "_");
    let has = |words: &[&str]| words.iter().any(|known| known.replace('-', "_") == word);
    let marked = MARKS.iter().find(|(mark, _)| mark.replace('-', "_") == word);
    match marked {
        Some((_, direction)) => Some(*direction),
        None if has(&SEND) => Some(Direction::Send),
        None if has(&RECEIVE) => Some(Direction::Receive),
        None => None,
    }
}

/// Whether a word says that the direction is unknown or missing.
pub(crate) fn is_no_direction(word: &str) -> bool {
    ["bidirectional", "both", "unknown", "none", "internal", ""].contains(&word.to_ascii_lowercase().as_str())
}

/// The direction in the last part of a logger's name.
pub(crate) fn sublogger(name: &str) -> Option<Direction> {
    match name.trim_matches(['"', ' ']).rsplit(['/', '.', ' ', ':']).next()? {
        "Recv" => Some(Direction::Receive),
        "Send" => Some(Direction::Send),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_in_pairs() {
        let words = "send/receive sent/received sending/receiving out/in outgoing/incoming outbound/inbound output/input tx/rx \
                     egress/ingress network_out/network_in c2s/s2c to_server/from_server client/server upstream/downstream \
                     write/read >/< ->/<- >>/<< -->/<-- =>/<= →/← TX/RX To-Server/From-Server send/recv";
        for (send, receive) in words.split_whitespace().filter_map(|pair| pair.split_once('/')) {
            let both = [send, receive].map(direction_of_word);
            assert_eq!(both, [Some(Direction::Send), Some(Direction::Receive)], "{send} {receive}");
        }
    }
}
