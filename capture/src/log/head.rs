//! The text before a stanza in a line of a log: times, names, levels.

use crate::time::Time;

/// The last time in a text, with its date and zone if they are present.
pub(crate) fn time(head: &str) -> Option<Time> {
    let at = clock_faces(head).last()?;
    let (before, clock) = head.split_at_checked(at)?;
    let length = clock.find(|character: char| !(character.is_ascii_digit() || ":.,".contains(character)));
    let (clock, behind) = clock.split_at_checked(length.unwrap_or(clock.len()))?;
    let clock = clock.trim_end_matches(['.', ',', ':']);
    let zone =
        zone(behind.strip_prefix(' ').filter(|behind| behind.starts_with(['+', '-', 'Z', 'U'])).unwrap_or(behind));
    let dated = |date: &str| match zone {
        Some(zone) => Time::from_text(&format!("{date}T{clock}{zone}")),
        None => Time::from_text(&format!("{date} {clock}")),
    };
    let date = numeric_date(before);
    if let Some(date) = &date
        && let Some(time) = dated(date)
    {
        return Some(time);
    }
    let named = named_date(before).and_then(|date| Time::from_text(&format!("{date} {clock}")));
    named.or_else(|| Time::from_text(clock))
}

/// The positions of `HH:MM:SS`.
fn clock_faces(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let is_face = |face: &[u8]| match face {
        [a, b, b':', c, d, b':', e, f] => [a, b, c, d, e, f].iter().all(|digit| digit.is_ascii_digit()),
        _ => false,
    };
    bytes.windows(8).enumerate().filter(move |(_, face)| is_face(face)).map(|(at, _)| at).filter(move |at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        before.is_none_or(|before| !before.is_ascii_digit() && *before != b':')
    })
}

/// Whether a line starts with a time, as each entry of a log does.
pub(crate) fn starts_entry(line: &str) -> bool {
    let start: String = line.chars().take(40).collect();
    let at = clock_faces(&start).next();
    at.is_some_and(|at| !start.get(..at).unwrap_or("").contains(['<', '>', '"', '=']))
}

/// `2023-11-14T`, `2023-11-14 ` or `2023/11/14 ` at the end of a text, with dashes.
fn numeric_date(before: &str) -> Option<String> {
    let before = before.strip_suffix(['T', ' '])?;
    let date = before.get(before.len().checked_sub(10)?..)?;
    let is_date = date.char_indices().all(|(at, character)| match at {
        4 | 7 => matches!(character, '-' | '/'),
        _ => character.is_ascii_digit(),
    });
    is_date.then(|| date.replace('/', "-"))
}

/// `Nov  6, 2025 ` at the end of a text.
fn named_date(before: &str) -> Option<&str> {
    let trimmed = before.trim_end();
    let start = trimmed.len().saturating_sub(13);
    let start = (start..trimmed.len()).find(|at| trimmed.is_char_boundary(*at))?;
    let date = trimmed.get(start..)?;
    let first = date.find(|character: char| character.is_ascii_alphabetic())?;
    date.get(first..)
}

/// `Z`, `+02:00`, `+0200` or `UTC` at the start of a text, as in RFC 3339.
fn zone(behind: &str) -> Option<String> {
    if behind.starts_with('Z') || behind.starts_with("UTC") {
        return Some("Z".to_owned());
    }
    let sign = behind.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let digits: String = behind.chars().skip(1).take(6).take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let digits = digits.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    Some(format!("{sign}{hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Clock;

    #[test]
    fn the_last_time_is_that_of_the_logger() {
        for (head, json, clock) in [
            ("22:13:20.394 [Client/Recv DEBUG] ", "80000.394", Clock::Day),
            ("2025-07-24T12:23:39.805+02:00 DBG ", "\"2025-07-24T12:23:39.805+02:00\"", Clock::Unix),
            ("bridge  | Nov  6, 2025 19:16:27 DBG ", "1762456587", Clock::Local),
            ("Feb 04 07:48:30 host bridge[12]: [Feb  4, 2023 07:48:30] [User/Recv/DEBUG] ", "1675496910", Clock::Local),
            ("[2023-11-14T22:13:20Z DEBUG Client/Recv] ", "\"2023-11-14T22:13:20Z\"", Clock::Unix),
            ("[2023-11-14 22:13:20.765 +0000] TRACE: ", "\"2023-11-14T22:13:20.765+00:00\"", Clock::Unix),
            ("2023/11/14 22:13:20 ", "1700000000", Clock::Local),
            ("Nov 14 22:13:20 host app: ", "80000", Clock::Day),
        ] {
            let time = time(head).expect(head);
            assert_eq!((time.as_json(), time.clock()), (json, clock), "{head}");
        }
        assert_eq!(time("at 12:00 or 1:2:3 "), None);
        assert!(starts_entry("bridge | 22:13:20 x") && !starts_entry("  <a t=\"22:13:20\"/>"));
    }
}
