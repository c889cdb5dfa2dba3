//! A choice as a Markdown table: what was chosen in nanoseconds, the others in multiples of it.

use std::fmt;

use crate::timing::{Effort, Work, medians};

pub struct Table {
    title: &'static str,
    about: &'static str,
    /// What was chosen, then the others.
    columns: Vec<&'static str>,
    rows: Vec<(String, Vec<Option<f64>>)>,
    effort: Effort,
    has_mean: bool,
}

impl Table {
    pub fn new(title: &'static str, about: &'static str, columns: &[&'static str], effort: Effort) -> Self {
        Self { title, about, columns: columns.to_vec(), rows: Vec::new(), effort, has_mean: false }
    }

    /// Adds the geometric means below.
    pub fn with_mean(mut self) -> Self {
        self.has_mean = true;
        self
    }

    /// Times a row, in the order of the columns; `None` where one does not apply. Its times are divided by `count`.
    ///
    /// All have to come to the same number.
    pub fn row(&mut self, what: impl Into<String>, count: usize, contenders: Vec<Option<Work<'_>>>) {
        let what = what.into();
        assert_eq!(contenders.len(), self.columns.len(), "{what}: one contender for each column");
        let there: Vec<bool> = contenders.iter().map(Option::is_some).collect();
        let mut contenders: Vec<Work<'_>> = contenders.into_iter().flatten().collect();
        let results: Vec<u64> = contenders.iter_mut().map(|work| work()).collect();
        assert!(
            results.iter().all(|result| *result == results[0]),
            "{}, {what}: results differ: {results:?}",
            self.title
        );
        let mut times = medians(&mut contenders, self.effort).into_iter().map(|time| time / count as f64);
        let cells = there.into_iter().map(|there| if there { times.next() } else { None });
        self.rows.push((what, cells.collect()));
        eprintln!("{}: {}", self.title, self.rows.last().map_or("", |(what, _)| what));
    }

    fn mean(&self, column: usize) -> Option<f64> {
        let ratios = self.rows.iter().map(|(_, times)| Some((times[column]? / times[0]?).ln()));
        let logarithms: Option<Vec<f64>> = ratios.collect();
        logarithms.map(|all| (all.iter().sum::<f64>() / all.len() as f64).exp())
    }
}

/// Three digits, or all before the point, in groups.
fn digits(number: f64) -> String {
    match number {
        100.0.. => {
            let digits = format!("{number:.0}");
            let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().flat_map(str::from_utf8).collect();
            groups.join(",")
        }
        10.0..100.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((chosen, others)) = self.columns.split_first() else { return Ok(()) };
        writeln!(f, "### {}\n\n{}\n", self.title, self.about)?;
        write!(f, "| | {chosen}, ns |")?;
        others.iter().try_for_each(|name| write!(f, " {name} |"))?;
        writeln!(f, "\n|:--|{}", "--:|".repeat(self.columns.len()))?;
        for (what, times) in &self.rows {
            write!(f, "| {what} |")?;
            for (column, time) in times.iter().enumerate() {
                match (column, time, times[0]) {
                    (0, Some(time), _) => write!(f, " {} |", digits(*time))?,
                    (_, Some(time), Some(chosen)) => write!(f, " {:.2} |", time / chosen)?,
                    _ => write!(f, " - |")?,
                }
            }
            writeln!(f)?;
        }
        if self.has_mean {
            write!(f, "| **geometric mean** | |")?;
            for column in 1..self.columns.len() {
                match self.mean(column) {
                    Some(mean) => write!(f, " **{mean:.2}** |")?,
                    None => write!(f, " - |")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
