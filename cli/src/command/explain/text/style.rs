//! Colours by meaning. What they tell is in the words too.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use wabinary::explain::RangeKind;

pub(super) const PLAIN: Style = Style::new();
pub(super) const TITLE: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
pub(super) const WRONG: Style = AnsiColor::Red.on_default().bold();
pub(super) const FINDING: Style = AnsiColor::Yellow.on_default();
const STRUCTURE: Style = AnsiColor::Cyan.on_default();
const TAG: Style = AnsiColor::Blue.on_default().bold();
const NAME: Style = AnsiColor::Blue.on_default();
const VALUE: Style = AnsiColor::Green.on_default();
const ADDRESS: Style = AnsiColor::Magenta.on_default();

/// What a leaf looks like.
pub(super) fn of(kind: RangeKind) -> Style {
    match kind {
        RangeKind::Tag => TAG,
        RangeKind::AttributeName => NAME,
        RangeKind::AttributeValue | RangeKind::Content | RangeKind::ContentText | RangeKind::Null => VALUE,
        RangeKind::JidForm
        | RangeKind::JidDomain
        | RangeKind::JidDevice
        | RangeKind::JidIntegrator
        | RangeKind::JidUser
        | RangeKind::JidServer => ADDRESS,
        RangeKind::Incomplete | RangeKind::Error => WRONG,
        RangeKind::Unread => FAINT,
        _ => STRUCTURE,
    }
}

/// A line of one style.
pub(super) fn write(out: &mut impl Write, style: Style, text: &str) -> io::Result<()> {
    writeln!(out, "{style}{text}{style:#}")
}
