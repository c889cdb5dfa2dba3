//! Numbers as digits, so that a unit is converted without rounding.

use std::fmt;

/// A decimal number: digits, and how many of them come after the point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    is_negative: bool,
    digits: String,
    behind_point: i32,
}

/// Numbers with more digits, or a larger exponent, are not times.
const LONGEST: i32 = 60;

impl Decimal {
    /// Reads a number as JSON writes it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        let is_number = !whole.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        let is_time = digits.len() < LONGEST as usize && (-LONGEST..LONGEST).contains(&exponent);
        let behind_point = i32::try_from(fraction.len()).ok()?;
        (is_number && is_time).then(|| Self { is_negative, digits, behind_point: behind_point - exponent })
    }

    /// The number with its point moved to the right.
    pub(super) fn shifted(&self, places: i32) -> Self {
        Self { behind_point: self.behind_point - places, ..self.clone() }
    }

    /// The greatest integer not above the number, unless it is too large.
    pub(super) fn floor(&self) -> Option<i128> {
        let whole: i128 = self.whole().parse().ok()?;
        Some(if self.is_negative { -whole - 1 } else { whole })
    }

    /// The nearest integer, unless it is too large.
    pub(super) fn rounded(&self) -> Option<i128> {
        let whole: i128 = self.whole().parse().ok()?;
        let up = i128::from(self.fraction().bytes().next().is_some_and(|digit| digit >= b'5'));
        Some(if self.is_negative { -whole - up } else { whole + up })
    }

    /// The digits before the point.
    fn whole(&self) -> String {
        let whole = match usize::try_from(self.behind_point) {
            Ok(behind) => self.digits.get(..self.digits.len().saturating_sub(behind)).unwrap_or("").to_owned(),
            Err(_) => format!("{}{}", self.digits, "0".repeat(self.behind_point.unsigned_abs() as usize)),
        };
        if whole.is_empty() { "0".to_owned() } else { whole }
    }

    /// The digits after the point.
    fn fraction(&self) -> String {
        let Ok(behind) = usize::try_from(self.behind_point) else { return String::new() };
        let digits = self.digits.get(self.digits.len().saturating_sub(behind)..).unwrap_or("");
        format!("{}{digits}", "0".repeat(behind - digits.len()))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = self.fraction();
        let fraction = fraction.trim_end_matches('0');
        f.write_str(if self.is_negative { "-" } else { "" })?;
        let whole = self.whole();
        let whole = whole.trim_start_matches('0');
        f.write_str(if whole.is_empty() { "0" } else { whole })?;
        if fraction.is_empty() { Ok(()) } else { write!(f, ".{fraction}") }
    }
}
