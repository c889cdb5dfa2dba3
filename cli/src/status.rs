//! The state of a run: its messages on stderr, and its exit status.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::progress::Progress;
use crate::record::{Failure, Record};

/// Writes a line to stderr, and ignores a closed stderr. During a run, use [`Status::say`].
pub(crate) fn say(message: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "wabinary: {message}");
}

/// Reports that a full page left something out.
pub(crate) fn say_page_is_full(left_out: usize, unit: &str) {
    let plural = if left_out == 1 { "" } else { "s" };
    say(format_args!("the page is full: {left_out} {unit}{plural} left out"));
}

/// The state of a run, which decides its exit status.
#[derive(Default)]
pub(crate) struct Status {
    progress: Progress,
    records: u64,
    failed: u64,
    /// The number of failed records that the output reports.
    told_in_output: u64,
    unreadable_input: bool,
    needs_person: bool,
    told_lossy: bool,
    /// Failures since the last success, by kind.
    repeated: BTreeMap<&'static str, u64>,
    /// Whether the user asked for bytes that a record does not have.
    asked_lossy: bool,
}

/// The most failures of one kind that are reported before a record succeeds. The others are counted.
const TOLD_OF_A_KIND: u64 = 10;

impl Status {
    pub(crate) fn new(progress: Progress) -> Self {
        Self { progress, ..Self::default() }
    }

    /// Writes a line to stderr.
    pub(crate) fn say(&self, message: impl fmt::Display) {
        self.progress.aside(|| say(message));
    }

    /// Counts a record. `read` is the number of bytes read so far.
    pub(crate) fn count_record(&mut self, read: u64) {
        self.records += 1;
        self.progress.update(read, self.records);
    }

    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Counts a failed record that the output reports.
    pub(crate) fn count_failed(&mut self) {
        self.failed += 1;
        self.told_in_output += 1;
    }

    /// Counts a failed record, and reports it on stderr.
    pub(crate) fn failed(&mut self, place: impl fmt::Display, failure: &Failure) {
        let count = self.repeated.entry(failure.kind()).or_default();
        *count += 1;
        let is_told = *count <= TOLD_OF_A_KIND;
        match failure.picture() {
            _ if !is_told => {}
            Some(picture) => self.say(format_args!("{place}: {failure}\n{picture}")),
            None => self.say(format_args!("{place}: {failure}")),
        }
        self.failed += 1;
    }

    /// Counts a failed record. A message about its file explains it.
    pub(crate) fn failed_with_its_file(&mut self) {
        self.failed += 1;
    }

    /// Notes that a record was processed: failures are counted from 0 again.
    pub(crate) fn succeeded(&mut self) {
        if !self.repeated.is_empty() {
            self.end_file();
        }
    }

    /// Reports how many failures were not shown.
    pub(crate) fn end_file(&mut self) {
        for (kind, count) in std::mem::take(&mut self.repeated) {
            let more = count.saturating_sub(TOLD_OF_A_KIND);
            if more > 0 {
                let noun = if more == 1 { "error" } else { "errors" };
                self.say(format_args!("{more} more {noun} of this kind: {kind}"));
            }
        }
    }

    /// Notes that the user asked for bytes that a logger did not print.
    pub(crate) fn asked_lossy(&mut self) {
        self.asked_lossy = true;
    }

    /// Reports once that a frame encoded from a logged tree may differ from the one on the wire.
    pub(crate) fn warn_lossy(&mut self, record: &Record) {
        if !std::mem::replace(&mut self.told_lossy, true) {
            let lost = record.read.lost;
            self.say(format_args!(
                "warning: records of text fidelity are encoded again: what their logger lost ({lost}) may differ on the wire"
            ));
            self.needs_person();
        }
    }

    /// Reports an input that cannot be read, or not to its end.
    pub(crate) fn unreadable(&mut self, name: &str, error: &io::Error) {
        self.say(format_args!("{name}: {error}"));
        self.unreadable_input = true;
    }

    /// Whether an input could not be read to its end.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.unreadable_input
    }

    /// Records that a warning needs a person's attention.
    pub(crate) fn needs_person(&mut self) {
        self.needs_person = true;
    }

    /// Ends the progress bar after the last record.
    pub(crate) fn end_progress(&mut self) {
        self.progress.finish();
    }

    /// Says on stderr that the output reports failures.
    pub(crate) fn sum_up(&self, verb: &str) {
        if self.told_in_output > 0 {
            self.say(format_args!("{} of {} records could not be {verb}", self.told_in_output, self.records));
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self { unreadable_input: true, .. } => 3,
            Self { asked_lossy: true, .. } => 2,
            Self { failed: 1.., .. } => 1,
            Self { needs_person: true, .. } => 4,
            _ => 0,
        })
    }
}

/// An error: the command line does not fit the input.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
