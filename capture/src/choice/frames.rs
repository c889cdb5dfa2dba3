//! A range of frame numbers.

use std::str::FromStr;

/// Numbers of frames, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameRange {
    first: u64,
    last: u64,
}

impl FrameRange {
    pub(super) fn contains(self, frame: u64) -> bool {
        (self.first..=self.last).contains(&frame)
    }
}

impl FromStr for FrameRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str, missing: Option<u64>| match (text.trim(), missing) {
            ("", Some(missing)) => Ok(missing),
            (text, _) => text.parse().map_err(|_| "expected a number like 12, or a range like 12..20".to_owned()),
        };
        let (first, last) = match text.split_once("..") {
            Some((first, last)) => (number(first, Some(0))?, number(last.trim_start_matches('='), Some(u64::MAX))?),
            None => (number(text, None)?, number(text, None)?),
        };
        match first <= last {
            true => Ok(Self { first, last }),
            false => Err(format!("the range ends before it starts; expected {last}..{first}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_included() {
        for (text, expected) in [
            ("12", Some((12, 12))),
            ("12..20", Some((12, 20))),
            ("12..=20", Some((12, 20))),
            ("12..", Some((12, u64::MAX))),
            ("..20", Some((0, 20))),
            ("20..12", None),
            ("", None),
            ("-1", None),
            ("12-20", None),
        ] {
            assert_eq!(text.parse().ok(), expected.map(|(first, last)| FrameRange { first, last }), "{text}");
        }
    }
}
