//! Tables of numbers, a row for each case.

use crate::timing::TimedCase;

/// One case in every process.
pub(super) type Case<'a> = Vec<&'a TimedCase>;

/// The number of a column for a case.
type Number<'a> = Box<dyn Fn(&Case<'_>) -> Option<f64> + 'a>;

/// A column: its title, its number format, and the number of a case.
pub(super) struct Column<'a>(pub(super) String, pub(super) Form, pub(super) Number<'a>);

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Form {
    /// Nanoseconds, or bytes.
    Amount,
    Ratio,
    /// The ratio that counts.
    Bold,
}

impl Form {
    fn show(self, number: f64) -> String {
        match self {
            Self::Amount => amount(number),
            Self::Ratio => format!("{number:.2}"),
            Self::Bold => format!("**{number:.2}**"),
        }
    }
}

/// A table: a row for each case, and finally the geometric means of the ratios.
pub(super) fn table(cases: &[Case<'_>], columns: &[Column<'_>]) -> String {
    let titles: Vec<&str> = columns.iter().map(|column| &*column.0).collect();
    let mut text = format!("| frame | bytes | {} |\n|---|{}\n", titles.join(" | "), "--:|".repeat(columns.len() + 1));
    for case in cases {
        text += &format!("| {} | {} |", case[0].frame, amount(case[0].bytes as f64));
        for Column(_, form, number) in columns {
            text += &format!(" {} |", number(case).map_or_else(|| "–".to_owned(), |number| form.show(number)));
        }
        text += "\n";
    }
    text += "| **geometric mean** |  |";
    for Column(_, form, number) in columns {
        let mean = if *form == Form::Amount { None } else { mean(cases.iter().filter_map(number)) };
        text += &format!(" {} |", mean.map(|mean| form.show(mean)).unwrap_or_default());
    }
    text + "\n"
}

/// The geometric mean.
pub(super) fn mean(ratios: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = ratios.fold((0.0, 0), |(sum, count), ratio| (sum + ratio.ln(), count + 1));
    (count > 0).then(|| (sum / f64::from(count)).exp())
}

/// Nanoseconds, or bytes, with about three digits.
pub(super) fn amount(number: f64) -> String {
    match number {
        0.0..9.95 => format!("{number:.1}").trim_end_matches(".0").to_owned(),
        9.95..9999.5 => format!("{number:.0}"),
        9999.5..99_950.0 => format!("{:.1}k", number / 1e3),
        99_950.0..999_500.0 => format!("{:.0}k", number / 1e3),
        _ => format!("{:.2}M", number / 1e6),
    }
}
