//! An overview of the capture: the outcomes of its stanzas over time.

use maud::{Markup, html};
use wabinary_calls::Outcome;
use wabinary_calls::report::{Report, Seen, StanzaReport};

use super::tone;
use crate::page::Badge;
use crate::report::words;

/// The number of pieces of the timeline.
const PIECES: usize = 120;

/// A row for each outcome that occurs, the worst first, with marks where its stanzas began. Calls from `shown` on are
/// not on the page.
pub(super) fn timeline(report: &Report, shown: usize) -> Markup {
    let Some(time) = Time::of(report) else { return html! {} };
    let numbered =
        || (1..).zip(&report.calls).flat_map(|(number, call)| call.stanzas.iter().map(move |it| (number, it)));
    let rows = Outcome::ALL.iter().rev().map(|outcome| {
        let mut row = Row { outcome: *outcome, stanzas: 0, pieces: [Piece::default(); PIECES] };
        numbered()
            .filter(|(_, stanza)| stanza.outcome == *outcome)
            .for_each(|(call, stanza)| row.add(call, time.piece(&stanza.seen)));
        row
    });
    html! {
        div.timeline role="group" aria-label="What became of the stanzas, over time" {
            @for row in rows.filter(|row| row.stanzas > 0) { (row.render(&time, shown)) }
            p.scale.soft aria-hidden="true" {
                span {} span {}
                span.ends { @for part in 0..=4 { span { (time.at(part as f64 / 4.0)) } } }
            }
        }
    }
}

/// The scale of the marks.
enum Time {
    /// Microseconds since the capture began; contains the last.
    Clock(u64),
    /// Frame numbers, if there are no times; contains the last.
    Frames(u64),
}

impl Time {
    /// `None` if there are fewer than two places.
    fn of(report: &Report) -> Option<Self> {
        let seen = || {
            let stanzas = report.calls.iter().flat_map(|call| &call.stanzas);
            stanzas.flat_map(|StanzaReport { seen, answers, .. }| {
                std::iter::once(seen).chain(answers.iter().map(|it| &it.seen))
            })
        };
        let last = seen().map(|seen| seen.since_start.unwrap_or(0)).max()?;
        let frame = seen().map(|seen| seen.frame).max()?;
        match (last, frame) {
            (0, 0) => None,
            (0, frame) => Some(Self::Frames(frame)),
            (last, _) => Some(Self::Clock(last)),
        }
    }

    fn piece(&self, seen: &Seen) -> usize {
        let (at, last) = match self {
            Self::Clock(last) => (seen.since_start.unwrap_or(0), *last),
            Self::Frames(last) => (seen.frame, *last),
        };
        ((at as f64 / last.max(1) as f64 * PIECES as f64) as usize).min(PIECES - 1)
    }

    /// The time at a fraction of the whole, for people.
    fn at(&self, part: f64) -> String {
        match self {
            Self::Clock(last) => clock((*last as f64 * part) as u64, *last),
            Self::Frames(last) => format!("frame {:.0}", *last as f64 * part),
        }
    }
}

/// `0.50 s`, `66.6 s`, `12:05`, `3:12:05`, depending on the whole.
fn clock(micros: u64, whole: u64) -> String {
    let seconds = micros / 1_000_000;
    match whole / 1_000_000 {
        0..10 => format!("{:.2} s", micros as f64 / 1e6),
        10..120 => format!("{:.1} s", micros as f64 / 1e6),
        120..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
    }
}

struct Row {
    outcome: Outcome,
    stanzas: usize,
    pieces: [Piece; PIECES],
}

/// The stanzas in a piece of the timeline.
#[derive(Clone, Copy, Default)]
struct Piece {
    count: usize,
    /// The call of the first stanza.
    call: u64,
}

impl Row {
    fn add(&mut self, call: u64, piece: usize) {
        self.stanzas += 1;
        if let Some(piece) = self.pieces.get_mut(piece) {
            if piece.count == 0 {
                piece.call = call;
            }
            piece.count += 1;
        }
    }

    fn render(&self, time: &Time, shown: usize) -> Markup {
        let most = self.pieces.iter().map(|piece| piece.count).max().unwrap_or(1).max(1);
        let name = words::name(self.outcome);
        let tone = tone(self.outcome);
        html! {
            div.lane.(tone.class()) {
                (Badge { tone, text: name.clone() })
                span.count { (self.stanzas) }
                span.track {
                    @for (at, piece) in self.pieces.iter().enumerate().filter(|(_, piece)| piece.count > 0) {
                        // The lowest mark is still visible.
                        @let height = 35 + 65 * piece.count / most;
                        @let place = format!("left:{:.2}%;height:{height}%", at as f64 * 100.0 / PIECES as f64);
                        @let says = format!("{name}, {}: {}", time.at(at as f64 / PIECES as f64), piece.count);
                        // The index and the list of failures link to the same places, so the marks need no tab stops.
                        @if piece.call <= shown as u64 {
                            a href={ "#c" (piece.call) } style=(place) title=(says) tabindex="-1" aria-hidden="true" {}
                        } @else {
                            i style=(place) title=(says) {}
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_long_as_the_whole_asks_for() {
        let shown = |micros, seconds: u64| clock(micros, seconds * 1_000_000);
        assert_eq!(shown(500_000, 2), "0.50 s");
        assert_eq!(shown(66_615_000, 100), "66.6 s");
        assert_eq!(shown(725_000_000, 3000), "12:05");
        assert_eq!(shown(11_525_000_000, 20_000), "3:12:05");
    }
}
