//! The values that stay in a sanitized tree.

use wabinary::{Dictionary, JidRef, Server};

/// Users of `@broadcast` that are words of the protocol.
pub(super) const BROADCAST_USERS: [&str; 2] = ["status", "location"];

/// Attributes whose values are words and codes of the protocol.
const WORDS: [&str; 11] = ["class", "code", "enc", "error", "media", "protocol", "reason", "state", "type", "v", "ver"];

/// Attributes that hold durations.
const DURATIONS: [&str; 3] = ["c2r_rtt", "latency", "rtt"];

/// Attributes with names that a person or a client chose, even if a name is a word of the dictionary.
const NAMES: [&str; 3] = ["call-id", "id", "notify"];

/// Attributes that hold times in seconds since 1970.
const TIMES: [&str; 12] =
    ["creation", "e", "expiration", "last", "p_t", "retention_ts", "s_t", "server_ts", "t", "time", "timestamp", "ts"];

/// The longest word that an attribute of [`WORDS`] keeps, and how many digits it may have.
const LONGEST_WORD: usize = 24;
const DIGITS_OF_A_WORD: usize = 3;

/// The longest duration, in digits. Phone numbers are longer.
const LONGEST_DURATION: usize = 9;

/// The longest code, and the longest harmless number.
const LONGEST_CODE: usize = 5;
const LONGEST_NUMBER: usize = 3;

/// Whether a text stays.
pub(super) fn keeps(name: &str, text: &str) -> bool {
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.is_empty()
        || is_known_server(text)
        || (is_decimal && text.len() <= LONGEST_NUMBER)
        || (is_decimal && text.len() <= LONGEST_DURATION && DURATIONS.contains(&name))
        || (WORDS.contains(&name) && (is_word(text, digits) || (is_decimal && text.len() <= LONGEST_CODE)))
        || (name == "xmlns" && is_word(text, digits))
        || (digits == 0 && !NAMES.contains(&name) && is_token(text))
}

fn is_word(text: &str, digits: usize) -> bool {
    let is_of_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-:.".contains(&byte);
    text.len() <= LONGEST_WORD && digits <= DIGITS_OF_A_WORD && text.bytes().all(is_of_word)
}

fn is_token(text: &str) -> bool {
    Dictionary::ALL.iter().any(|dictionary| dictionary.find(text).is_some())
}

fn is_known_server(text: &str) -> bool {
    !matches!(Server::from_text(text), Server::Other(_))
}

/// The address in a text. A text with an unknown server may be anything.
pub(super) fn address(text: &str) -> Option<JidRef<'_>> {
    let (_, server) = text.split_once('@')?;
    if is_known_server(server) { JidRef::parse(text).ok() } else { None }
}

/// Whether a server is the name of an unassigned domain byte: `ad:7`.
pub(super) fn is_domain(server: &str) -> bool {
    server.strip_prefix("ad:").is_some_and(|number| number.parse::<u8>().is_ok())
}

/// The time in a time attribute: ten digits.
pub(super) fn time(name: &str, text: &str) -> Option<i64> {
    let is_time = TIMES.contains(&name) && text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_time.then(|| text.parse().ok()).flatten()
}
