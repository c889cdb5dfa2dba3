//! How a run went: what goes to stderr, and the exit status.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::record::Failure;

/// Writes a line to stderr. That nobody reads it is no reason to stop.
pub(crate) fn say(message: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "wabinary: {message}");
}

/// The start of a text of the input, as a terminal may show it: without control characters.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let mut shown = String::new();
    for character in text.chars().take(longest) {
        match character {
            control if control.is_control() => shown.extend(control.escape_default()),
            plain => shown.push(plain),
        }
    }
    shown
}

/// What the exit status tells.
#[derive(Default)]
pub(crate) struct Status {
    records: u64,
    failed: u64,
    unreadable_input: bool,
    needs_person: bool,
}

impl Status {
    pub(crate) fn count_record(&mut self) {
        self.records += 1;
    }

    /// A record failed, and the output says so.
    pub(crate) fn count_failed(&mut self) {
        self.failed += 1;
    }

    /// A record failed, and nothing but this line says so.
    pub(crate) fn failed(&mut self, place: impl fmt::Display, failure: &Failure) {
        say(format_args!("{place}: {failure}"));
        self.count_failed();
    }

    /// An input cannot be read, or not to its end.
    pub(crate) fn unreadable(&mut self, name: &str, error: &io::Error) {
        say(format_args!("{name}: {error}"));
        self.unreadable_input = true;
    }

    /// Results may not be what they seem.
    pub(crate) fn needs_person(&mut self) {
        self.needs_person = true;
    }

    /// For output that tells each failure itself: says on stderr that there were any.
    pub(crate) fn sum_up(&self, verb: &str) {
        if self.failed > 0 {
            say(format_args!("{} of {} records could not be {verb}", self.failed, self.records));
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self { unreadable_input: true, .. } => 3,
            Self { failed: 1.., .. } => 1,
            Self { needs_person: true, .. } => 4,
            _ => 0,
        })
    }
}

/// The command line does not fit what was read.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
