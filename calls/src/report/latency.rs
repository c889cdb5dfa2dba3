//! How long answers take.

use std::collections::BTreeMap;

use wabinary::stanza::Direction;

use super::StanzaReport;

/// The latencies of the stanzas of one direction and action that were sent once and answered by the same clock, in
/// microseconds. A stanza that was sent several times does not count: nothing says which sending was answered (P. Karn and
/// C. Partridge, "Improving Round-Trip Time Estimates in Reliable Transport Protocols", 1987).
#[derive(Debug)]
pub struct Latencies {
    /// `Send`: how long the server and the peer take; `Receive`: how long this device takes.
    pub direction: Direction,
    /// `None`: all actions.
    pub action: Option<Box<str>>,
    /// The number of latencies.
    pub count: usize,
    /// The shortest.
    pub min: Option<u64>,
    /// The median.
    pub median: Option<u64>,
    /// The 95th percentile.
    pub p95: Option<u64>,
    /// The longest.
    pub max: Option<u64>,
    /// All latencies, the shortest first.
    pub sorted: Vec<u64>,
}

impl Latencies {
    /// The figures for these latencies.
    #[must_use]
    pub fn new(direction: Direction, action: Option<&str>, mut latencies: Vec<u64>) -> Self {
        latencies.sort_unstable();
        Self {
            direction,
            action: action.map(Box::from),
            count: latencies.len(),
            min: latencies.first().copied(),
            median: percentile(&latencies, 50),
            p95: percentile(&latencies, 95),
            max: latencies.last().copied(),
            sorted: latencies,
        }
    }
}

/// Latencies by direction.
#[derive(Default)]
pub(super) struct Groups(BTreeMap<Direction, Group>);

/// Latencies of one direction.
#[derive(Default)]
struct Group {
    all: Vec<u64>,
    by_action: BTreeMap<Box<str>, Vec<u64>>,
}

impl Groups {
    pub(super) fn add(&mut self, stanza: &StanzaReport) {
        let (Some(direction), Some(latency)) = (stanza.direction, stanza.latency) else { return };
        if stanza.sends() > 1 {
            return;
        }
        let Group { all, by_action } = self.0.entry(direction).or_default();
        all.push(latency);
        let action = stanza.action.as_deref().unwrap_or("-");
        match by_action.get_mut(action) {
            Some(latencies) => latencies.push(latency),
            None => _ = by_action.insert(action.into(), vec![latency]),
        }
    }

    /// For each direction all actions together, then each action.
    pub(super) fn finish(self) -> Vec<Latencies> {
        let of_direction = |(direction, group): (Direction, Group)| {
            let of_action =
                move |(action, latencies): (Box<str>, _)| Latencies::new(direction, Some(&action), latencies);
            let all = Latencies::new(direction, None, group.all);
            std::iter::once(all).chain(group.by_action.into_iter().map(of_action))
        };
        self.0.into_iter().flat_map(of_direction).collect()
    }
}

/// The nearest-rank percentile: the least value that is not less than `percent` percent of the values.
fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = sorted.len().saturating_mul(percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let twenty: Vec<u64> = (1..=20).map(|step| step * 10).collect();
        assert_eq!((percentile(&twenty, 50), percentile(&twenty, 95)), (Some(100), Some(190)));
        assert_eq!((percentile(&[7], 50), percentile(&[7], 95)), (Some(7), Some(7)));
        assert_eq!(percentile(&[1, 9], 50), Some(1));
        assert_eq!(percentile(&[], 50), None);
    }
}
