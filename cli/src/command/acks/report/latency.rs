//! How long answers take.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Stanza, seconds};
use crate::record::Direction;

/// Of the stanzas of one direction and action that were sent once and answered by the same clock. One sent several
/// times is not counted: nothing tells which sending was answered (P. Karn and C. Partridge, "Improving Round-Trip Time
/// Estimates in Reliable Transport Protocols", 1987).
#[derive(Serialize)]
pub(crate) struct Latencies {
    /// `Send`: how long the server and the peer take; `Receive`: how long this device does.
    pub(crate) direction: Direction,
    /// `None`: of all actions.
    pub(crate) action: Option<Box<str>>,
    pub(crate) count: usize,
    #[serde(rename = "min_s", serialize_with = "seconds")]
    pub(crate) min: Option<u64>,
    #[serde(rename = "median_s", serialize_with = "seconds")]
    pub(crate) median: Option<u64>,
    #[serde(rename = "p95_s", serialize_with = "seconds")]
    pub(crate) p95: Option<u64>,
    #[serde(rename = "max_s", serialize_with = "seconds")]
    pub(crate) max: Option<u64>,
    /// All of them in microseconds, the shortest first.
    #[serde(skip)]
    pub(crate) sorted: Vec<u64>,
}

/// For each direction those of all actions, then of each.
pub(crate) fn latencies<'a>(stanzas: impl Iterator<Item = &'a Stanza>) -> Vec<Latencies> {
    let mut groups: BTreeMap<(bool, Option<&str>), Vec<u64>> = BTreeMap::new();
    for stanza in stanzas.filter(|stanza| stanza.resent.is_empty()) {
        let (Some(direction), Some(latency)) = (stanza.direction, stanza.latency) else { continue };
        let is_received = direction == Direction::Receive;
        groups.entry((is_received, None)).or_default().push(latency);
        groups.entry((is_received, Some(stanza.action.as_deref().unwrap_or("-")))).or_default().push(latency);
    }
    let all = groups.into_iter().map(|((is_received, action), mut latencies)| {
        latencies.sort_unstable();
        let direction = if is_received { Direction::Receive } else { Direction::Send };
        Latencies {
            direction,
            action: action.map(Box::from),
            count: latencies.len(),
            min: latencies.first().copied(),
            median: percentile(&latencies, 50),
            p95: percentile(&latencies, 95),
            max: latencies.last().copied(),
            sorted: latencies,
        }
    });
    all.collect()
}

/// The nearest-rank percentile: the least value that is not below so many percent of all.
fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100);
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
