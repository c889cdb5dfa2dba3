//! Reads libFuzzer's log of a run.

/// The figures of one process.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Figures {
    /// Whether the process ran to its end: it reported its executions.
    pub(crate) ended: bool,
    pub(crate) executions: u64,
    pub(crate) edges: u64,
    /// Edges after half of the executions.
    pub(crate) edges_at_half: u64,
    /// Inputs in memory at the end.
    pub(crate) inputs: u64,
    /// Inputs that broke the target.
    pub(crate) findings: u64,
}

impl Figures {
    /// Reads the log of one process.
    pub(crate) fn of(log: &str) -> Self {
        let mut figures = Self::default();
        let progress: Vec<_> = log.lines().filter_map(progress).collect();
        let half = progress.last().map_or(0, |last| last.executions / 2);
        for point in progress {
            figures.edges = figures.edges.max(point.edges);
            figures.inputs = point.inputs;
            if point.executions <= half {
                figures.edges_at_half = figures.edges_at_half.max(point.edges);
            }
        }
        for line in log.lines() {
            if let Some(executions) = line.strip_prefix("stat::number_of_executed_units:") {
                figures.ended = true;
                figures.executions = executions.trim().parse().unwrap_or(0);
            }
            figures.findings += u64::from(line.contains("Test unit written to"));
        }
        figures
    }

    /// The combined figures of two processes of one target.
    pub(crate) fn and(self, other: &Self) -> Self {
        Self {
            ended: self.ended && other.ended,
            executions: self.executions + other.executions,
            edges: self.edges.max(other.edges),
            edges_at_half: self.edges_at_half.max(other.edges_at_half),
            inputs: self.inputs.max(other.inputs),
            findings: self.findings + other.findings,
        }
    }
}

struct Progress {
    executions: u64,
    edges: u64,
    inputs: u64,
}

/// Reads a line such as `#200 NEW cov: 70 ft: 80 corp: 9/90b lim: 4 exec/s: 0 rss: 30Mb`.
fn progress(line: &str) -> Option<Progress> {
    let mut words = line.strip_prefix('#')?.split_whitespace();
    let executions = words.next()?.parse().ok()?;
    let words: Vec<_> = words.collect();
    let after = |name| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1));
    let edges = after("cov:")?.parse().ok()?;
    let inputs = after("corp:").and_then(|inputs| inputs.split('/').next()?.parse().ok()).unwrap_or(0);
    Some(Progress { executions, edges, inputs })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
INFO: Seed: 1
#2\tINITED cov: 40 ft: 50 corp: 3/9b exec/s: 0 rss: 30Mb
#90\tNEW    cov: 60 ft: 70 corp: 8/80b lim: 4 exec/s: 0 rss: 30Mb L: 2/9 MS: 1 ChangeBit-
#110\tREDUCE cov: 70 ft: 80 corp: 9/90b lim: 4 exec/s: 0 rss: 30Mb
#200\tDONE   cov: 70 ft: 80 corp: 9/88b lim: 4 exec/s: 0 rss: 30Mb
stat::number_of_executed_units: 200
";

    #[test]
    fn edges_at_half_are_those_of_the_last_line_until_then() {
        let expected = Figures { ended: true, executions: 200, edges: 70, edges_at_half: 60, inputs: 9, findings: 0 };
        assert_eq!(Figures::of(LOG), expected);
    }

    #[test]
    fn a_log_that_stops_has_not_ended() {
        let figures = Figures::of(LOG.split_once("stat").unwrap().0);
        assert_eq!((figures.ended, figures.executions, figures.edges), (false, 0, 70));
        assert_eq!(Figures::of(""), Figures::default());
    }

    #[test]
    fn several_processes_add_up() {
        let broken = "#9\tNEW cov: 80 ft: 1 corp: 1/1b\nartifact_prefix='x'; Test unit written to crash-1\n";
        let both = Figures::of(LOG).and(&Figures::of(broken));
        let expected = Figures { ended: false, executions: 200, edges: 80, edges_at_half: 60, inputs: 9, findings: 1 };
        assert_eq!(both, expected);
    }
}
