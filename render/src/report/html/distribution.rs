//! The distribution of latencies, on a scale of powers of ten.

use maud::{Markup, html};
use wabinary_calls::report::Latencies;

use crate::report::words::duration;

/// The width of a strip; it is as high as a line of the table.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 24.0;
/// The number of bars of a strip.
const BARS: usize = 60;

/// A scale from one power of ten to another, in microseconds.
pub(super) struct Scale {
    first: i32,
    last: i32,
}

impl Scale {
    /// A scale for all latencies; it starts at a tenth of a millisecond or later.
    pub(super) fn of(latencies: &[Latencies]) -> Self {
        let least = latencies.iter().filter_map(|it| it.min).min().unwrap_or(1_000).max(100);
        let most = latencies.iter().filter_map(|it| it.max).max().unwrap_or(1_000).max(100);
        let (first, last) = (log(least).floor() as i32, log(most).ceil() as i32);
        Self { first, last: last.max(first + 1) }
    }

    /// The place of a latency, from 0 to 1.
    fn place(&self, micros: u64) -> f64 {
        let range = f64::from(self.last - self.first);
        ((log(micros) - f64::from(self.first)) / range).clamp(0.0, 1.0)
    }

    pub(super) fn axis(&self) -> Markup {
        html! {
            span.axis {
                @for power in self.first..=self.last {
                    @let place = f64::from(power - self.first) / f64::from(self.last - self.first) * 100.0;
                    span style={ "left:" (format!("{place:.2}")) "%" } { (named(power)) }
                }
            }
        }
    }
}

fn log(micros: u64) -> f64 {
    (micros.max(1) as f64).log10()
}

/// A power of ten of microseconds.
fn named(power: i32) -> String {
    match power {
        ..3 => format!("{} µs", 10_u64.pow(power.max(0).unsigned_abs())),
        3..6 => format!("{} ms", 10_u64.pow(power.unsigned_abs() - 3)),
        _ => format!("{} s", 10_u64.pow((power.unsigned_abs() - 6).min(12))),
    }
}

/// A bar for each range of latencies, as high as their number; a line at the median, a shorter one at the 95th
/// percentile.
pub(super) fn strip(latencies: &Latencies, scale: &Scale) -> Markup {
    let mut counts = [0_usize; BARS];
    for micros in &latencies.sorted {
        let bar = ((scale.place(*micros) * BARS as f64) as usize).min(BARS - 1);
        if let Some(count) = counts.get_mut(bar) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f64;
    let width = WIDTH / BARS as f64;
    let bars = counts.into_iter().enumerate().filter(|(_, count)| *count > 0).map(|(bar, count)| {
        // The smallest bar is still visible.
        let height = (count as f64 / most).max(0.2) * (HEIGHT - 4.0);
        (bar as f64 * width, HEIGHT - height, height)
    });
    let shown = |micros: Option<u64>| micros.map(duration).unwrap_or_default();
    let described = format!("median {}, 95 % within {}", shown(latencies.median), shown(latencies.p95));
    let number = |value: f64| format!("{value:.1}");
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-label=(described) {
            @for power in scale.first..=scale.last {
                @let x = f64::from(power - scale.first) / f64::from(scale.last - scale.first) * WIDTH;
                rect.grid x=(number(x.min(WIDTH - 1.0))) y="0" width="1" height=(HEIGHT) {}
            }
            @for (x, y, height) in bars {
                rect.bar x=(number(x)) y=(number(y)) width=(number(width - 1.0)) height=(number(height)) {}
            }
            @if let Some(median) = latencies.median {
                rect.median x=(number(scale.place(median) * WIDTH - 1.0)) y="0" width="2.5" height=(HEIGHT) {}
            }
            @if let Some(p95) = latencies.p95.filter(|_| latencies.count > 1) {
                rect.p95 x=(number(scale.place(p95) * WIDTH - 1.0)) y=(HEIGHT / 2.0) width="2.5" height=(HEIGHT / 2.0) {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wabinary::stanza::Direction;

    fn latencies(all: Vec<u64>) -> Latencies {
        Latencies::new(Direction::Send, None, all)
    }

    #[test]
    fn scales_are_whole_powers_of_ten() {
        let scale = |sorted: Vec<u64>| {
            let scale = Scale::of(&[latencies(sorted)]);
            (named(scale.first), named(scale.last))
        };
        assert_eq!(scale(vec![2_000, 240_000]), ("1 ms".to_owned(), "1000 ms".to_owned().replace("1000 ms", "1 s")));
        assert_eq!(scale(vec![100_000, 100_000]), ("100 ms".to_owned(), "1 s".to_owned()));
        assert_eq!(scale(vec![0, 5]), ("100 µs".to_owned(), "1 ms".to_owned()));
        assert_eq!(scale(vec![1, u64::MAX]).0, "100 µs");
    }

    #[test]
    fn every_latency_is_in_a_bar() {
        let many: Vec<u64> = (0..10_000).map(|step| 1_000 + step * 17).collect();
        let all = latencies(many);
        let strip = strip(&all, &Scale::of(std::slice::from_ref(&all))).into_string();
        let bars = strip.matches("class=\"bar\"").count();
        assert!((2..=BARS).contains(&bars), "{bars}");
    }
}
