//! Call acknowledgements as a table of 80 columns.

use std::io::{self, Write};

use wabinary::stanza::CallAckRef;
use wabinary::{AttrError, UnixSeconds};

use crate::record::{Direction, Record};
use crate::status::printable;

/// Names of the columns and the least they take: together no more than there is.
const COLUMNS: [(&str, usize); 8] =
    [("frame", 6), ("time", 14), ("dir", 4), ("id", 10), ("from>to", 10), ("type", 6), ("t", 10), ("error", 5)];
/// The columns that records of a capture either have or have not.
const OF_CAPTURE: [usize; 2] = [1, 2];
const WIDTH: usize = 80;
/// Rows that column widths are taken from; they are printed once they are all there.
const FIRST_ROWS: usize = 256;

type Row = [String; COLUMNS.len()];

/// Rows in columns as wide as the first rows need them. What does not fit is cut.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    widths: Option<[usize; COLUMNS.len()]>,
}

impl Table {
    pub(super) fn add(&mut self, record: &Record, ack: CallAckRef<'_>, out: &mut impl Write) -> io::Result<()> {
        self.rows.push(row(record, ack));
        if self.widths.is_some() || self.rows.len() >= FIRST_ROWS { self.flush(out) } else { Ok(()) }
    }

    /// Prints what was added.
    pub(super) fn flush(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.widths.is_none() && !self.rows.is_empty() {
            let widths = widths(&self.rows);
            write_row(out, &COLUMNS.map(|(name, _)| name.to_owned()), &widths)?;
            self.widths = Some(widths);
        }
        let Some(widths) = &self.widths else { return Ok(()) };
        self.rows.drain(..).try_for_each(|row| write_row(out, &row, widths))
    }
}

fn row(record: &Record, ack: CallAckRef<'_>) -> Row {
    let time = record.time.as_ref().map_or("-", |time| time.get().trim_matches('"'));
    let direction = record.direction.map_or("-", |direction| match direction {
        Direction::Send => "send",
        Direction::Receive => "recv",
    });
    let from = shown(ack.from());
    let addresses = match shown(ack.to()) {
        to if to == "-" => from,
        to => format!("{}>{to}", if from == "-" { "" } else { &from }),
    };
    let cells: Row = [
        record.frame.to_string(),
        time.to_owned(),
        direction.to_owned(),
        ack.id().to_owned(),
        addresses,
        shown(ack.kind()),
        shown(ack.t().map(|t| t.map(|UnixSeconds(seconds)| seconds))),
        errors(ack),
    ];
    let shows_as_it_is = |cell: &str| cell.len() <= WIDTH && !cell.contains(char::is_control);
    cells.map(|cell| if shows_as_it_is(&cell) { cell } else { printable(&cell, WIDTH + 1) })
}

/// The code of the ack, then those of its entries.
fn errors(ack: CallAckRef<'_>) -> String {
    let entries = ack.errors().map(|entry| match (shown(entry.code()), entry.text()) {
        (code, Ok(Some(text))) => format!("{code} {text}"),
        (code, _) => code,
    });
    let of_ack = Some(shown(ack.error())).filter(|code| code != "-");
    let all: Vec<_> = of_ack.into_iter().chain(entries).collect();
    if all.is_empty() { "-".to_owned() } else { all.join("; ") }
}

/// A value, `-` where there is none, `?` where it is not of its type.
fn shown<T: ToString>(value: Result<Option<T>, AttrError>) -> String {
    match value {
        Ok(Some(value)) => value.to_string(),
        Ok(None) => "-".to_owned(),
        Err(_) => "?".to_owned(),
    }
}

/// As wide as the widest cell; if that is too much together, the columns give way that take the most above their
/// least. What is left over goes to the last.
fn widths(rows: &[Row]) -> [usize; COLUMNS.len()] {
    let mut widths = COLUMNS.map(|(_, least)| least);
    for (column, width) in widths.iter_mut().enumerate() {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let is_absent = OF_CAPTURE.contains(&column) && cells.clone().all(|cell| cell == "-");
        *width = if is_absent { 0 } else { cells.map(|cell| cell.chars().count()).fold(*width, usize::max) };
    }
    let total = |widths: &[usize]| widths.iter().filter(|width| **width > 0).map(|width| width + 2).sum::<usize>() - 2;
    let excess = |column: usize, width: usize| width.saturating_sub(COLUMNS.get(column).map_or(0, |(_, least)| *least));
    while total(&widths) > WIDTH {
        let widest = widths.iter_mut().enumerate().max_by_key(|(column, width)| excess(*column, **width));
        widest.into_iter().for_each(|(_, width)| *width -= 1);
    }
    let left = WIDTH - total(&widths);
    widths.last_mut().into_iter().for_each(|last| *last += left);
    widths
}

fn write_row(out: &mut impl Write, row: &Row, widths: &[usize; COLUMNS.len()]) -> io::Result<()> {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths).filter(|(_, width)| **width > 0) {
        let length = cell.chars().count();
        if length > *width {
            line.extend(cell.chars().take(width - 1).chain(['…', ' ', ' ']));
        } else {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width + 2 - length));
        }
    }
    writeln!(out, "{}", line.trim_end())
}
