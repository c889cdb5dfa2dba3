//! Differences as text.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use textwrap::core::display_width;
use textwrap::{Options, wrap};

use super::tree::{Kind, TreeChange};
use super::{Diff, Side};

const OF_A: Style = AnsiColor::Red.on_default();
const OF_B: Style = AnsiColor::Green.on_default();
const BOTH: Style = AnsiColor::Yellow.on_default();
const BOLD: Style = Style::new().bold();

/// The most bytes of a part that are shown.
const BYTES: usize = 24;

/// Writes the differences in lines of `width` columns.
pub(super) fn write(diff: &Diff, mut out: impl Write, width: usize) -> io::Result<()> {
    for (sign, style, side) in [("---", OF_A, &diff.a), ("+++", OF_B, &diff.b)] {
        line(&mut out, style, &format!("{sign} {}", name(side)), width)?;
    }
    bytes(diff, &mut out, width)?;
    tree(diff, &mut out, width)?;
    out.flush()
}

fn name(side: &Side) -> String {
    let size = match side.size {
        Some(1) => "1 byte".to_owned(),
        Some(size) => format!("{size} bytes"),
        None => "a tree".to_owned(),
    };
    format!("{}, frame {}: {size}", side.name, side.frame)
}

fn bytes(diff: &Diff, out: &mut impl Write, width: usize) -> io::Result<()> {
    let said = match diff.same_bytes {
        None => "bytes: only trees are known of one of both",
        Some(true) => "bytes: the same",
        Some(false) if diff.bytes.is_empty() => "bytes: they differ, and are too many to compare part by part",
        Some(false) => "bytes",
    };
    writeln!(out)?;
    line(out, BOLD, said, width)?;
    let longest = diff.bytes.iter().map(|change| change.at).max().unwrap_or(0).to_string().len().max(2);
    for change in &diff.bytes {
        let hex: Vec<&str> =
            change.hex.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok()).collect();
        let more = if hex.len() > BYTES { " …" } else { "" };
        let hex = hex.get(..BYTES).unwrap_or(&hex).join(" ");
        let space = if change.space == "inflated" { " of the inflated body" } else { "" };
        let path = if change.path.is_empty() { String::new() } else { format!(", in {}", change.path) };
        let style = if change.side == '-' { OF_A } else { OF_B };
        let text = format!("{} {:>longest$}  {hex}{more}  {}{path}{space}", change.side, change.at, change.meaning);
        line(out, style, &text, width)?;
    }
    Ok(())
}

fn tree(diff: &Diff, out: &mut impl Write, width: usize) -> io::Result<()> {
    let said = match (diff.same_tree, diff.same_bytes) {
        (None, _) => "tree: one of both could not be decoded",
        (Some(true), Some(false)) => "tree: the same, spelled in other bytes",
        (Some(true), _) => "tree: the same",
        (Some(false), _) => "tree",
    };
    writeln!(out)?;
    line(out, BOLD, said, width)?;
    for TreeChange { change, path, a, b } in &diff.tree {
        let (a, b) = (a.as_deref().unwrap_or("nothing"), b.as_deref().unwrap_or("nothing"));
        let (style, text) = match change {
            Kind::Added => (OF_B, format!("+ {path}: {b}")),
            Kind::Removed => (OF_A, format!("- {path}: {a}")),
            Kind::Changed => (BOTH, format!("~ {path}: {a} became {b}")),
            Kind::Moved => (BOTH, format!("> {path}: moved from place {a} to place {b}")),
        };
        line(out, style, &text, width)?;
    }
    Ok(())
}

/// Writes a line; several if it exceeds the width.
fn line(out: &mut impl Write, style: Style, text: &str, width: usize) -> io::Result<()> {
    if display_width(text) <= width {
        return writeln!(out, "{style}{text}{style:#}");
    }
    let lines = wrap(text, Options::new(width).subsequent_indent("     "));
    lines.iter().try_for_each(|line| writeln!(out, "{style}{line}{style:#}"))
}
