//! The progress bar on stderr.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

mod sink;

use sink::Sink;

/// A run shorter than this shows no bar.
const DELAY: Duration = Duration::from_millis(500);
/// The time between two updates of the bar.
const PAUSE: Duration = Duration::from_millis(100);

const OF_TOTAL: &str = "{wide_bar} {bytes} of {total_bytes}  {msg}  {eta} left";
const WITHOUT_TOTAL: &str = "{bytes}  {msg}";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// After half a second, if the output goes to a file
    Auto,
    /// At once, also if the output goes to a pipe; its reader should not write to the terminal
    Always,
    Never,
}

impl When {
    /// Whether there is a bar. Output on a terminal already shows the progress.
    fn allows(self, stderr_is_terminal: bool, stdout: Sink) -> bool {
        let is_wanted = match self {
            Self::Auto => stdout == Sink::File,
            Self::Always => stdout != Sink::Terminal,
            Self::Never => false,
        };
        is_wanted && stderr_is_terminal
    }
}

/// The progress of a run, shown to a person.
#[derive(Default)]
pub(crate) struct Progress(Option<Bar>);

struct Bar {
    bar: ProgressBar,
    start: Instant,
    /// The time of the next update of the bar.
    due: Instant,
    is_visible: bool,
    /// The number of bytes at the last update.
    read: u64,
}

impl Progress {
    /// `total` is the number of bytes to read, if known.
    pub(crate) fn new(when: When, total: impl FnOnce() -> Option<u64>) -> Self {
        if !when.allows(io::stderr().is_terminal(), sink::of_stdout()) {
            return Self::default();
        }
        let total = total();
        let template = if total.is_some() { OF_TOTAL } else { WITHOUT_TOTAL };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()).with_style(style);
        let start = Instant::now();
        let due = if when == When::Always { start } else { start + DELAY };
        Self(Some(Bar { bar, start, due, is_visible: false, read: 0 }))
    }

    /// Reports the number of bytes read and of records done. Reading uses large pieces, so this rarely has work to do.
    pub(crate) fn update(&mut self, read: u64, records: u64) {
        if let Some(bar) = &mut self.0
            && bar.read != read
        {
            bar.read = read;
            bar.update(records);
        }
    }

    /// Writes to stderr without disturbing the bar.
    pub(crate) fn aside(&self, write: impl FnOnce()) {
        match &self.0 {
            Some(Bar { bar, is_visible: true, .. }) => bar.suspend(write),
            _ => write(),
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&mut self) {
        if let Some(bar) = self.0.take() {
            bar.bar.finish_and_clear();
        }
    }
}

impl Bar {
    fn update(&mut self, records: u64) {
        let now = Instant::now();
        if now < self.due {
            return;
        }
        if !self.is_visible {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.is_visible = true;
        }
        self.due = now + PAUSE;
        let rate = records as f64 / (now - self.start).as_secs_f64();
        let message = format!("{} records, {}/s", HumanCount(records), HumanCount(rate as u64));
        // A handle to the same bar. Unlike `set_message`, `with_message` does not draw it.
        let bar = self.bar.clone().with_message(message);
        bar.set_position(self.read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_the_terminal_to_itself() {
        for (when, stdout, expected) in [
            (When::Auto, Sink::File, true),
            (When::Auto, Sink::Pipe, false),
            (When::Auto, Sink::Terminal, false),
            (When::Always, Sink::File, true),
            (When::Always, Sink::Pipe, true),
            (When::Always, Sink::Terminal, false),
            (When::Never, Sink::File, false),
            (When::Never, Sink::Pipe, false),
        ] {
            assert_eq!(when.allows(true, stdout), expected, "{when:?} {stdout:?}");
            assert!(!when.allows(false, stdout), "{when:?} {stdout:?}");
        }
    }
}
