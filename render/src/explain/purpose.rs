//! The purpose of bytes, as a colour.

use anstyle::{AnsiColor, Style};
use wabinary::explain::RangeKind;

/// The purpose of bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Structure,
    Length,
    Tag,
    Name,
    Value,
    Jid,
    Content,
    Wrong,
    Unread,
}

impl Purpose {
    /// The purposes, in the order of a legend. Wrong bytes look like unread ones, with a mark next to them.
    pub(super) const LEGEND: [Self; 8] =
        [Self::Structure, Self::Length, Self::Tag, Self::Name, Self::Value, Self::Jid, Self::Content, Self::Unread];

    /// The purpose of a range. `around`: the kind of the range around it.
    pub(super) fn of(kind: RangeKind, around: Option<RangeKind>) -> Self {
        match kind {
            RangeKind::Flag
            | RangeKind::ListHead
            | RangeKind::ChildrenHead
            | RangeKind::Node
            | RangeKind::Attribute
            | RangeKind::Children => Self::Structure,
            RangeKind::RawHead | RangeKind::PackedHead | RangeKind::ContentHead => Self::Length,
            RangeKind::Tag => Self::Tag,
            RangeKind::AttributeName => Self::Name,
            RangeKind::Null if around == Some(RangeKind::Jid) => Self::Jid,
            RangeKind::AttributeValue | RangeKind::Null => Self::Value,
            RangeKind::Jid
            | RangeKind::JidForm
            | RangeKind::JidDomain
            | RangeKind::JidDevice
            | RangeKind::JidIntegrator
            | RangeKind::JidUser
            | RangeKind::JidServer => Self::Jid,
            RangeKind::Zlib | RangeKind::Content | RangeKind::ContentText => Self::Content,
            RangeKind::Incomplete | RangeKind::Error => Self::Wrong,
            RangeKind::Unread => Self::Unread,
        }
    }

    /// The style on a terminal.
    pub(super) const fn style(self) -> Style {
        match self {
            Self::Structure | Self::Length => AnsiColor::Cyan.on_default(),
            Self::Tag => AnsiColor::Blue.on_default().bold(),
            Self::Name => AnsiColor::Blue.on_default(),
            Self::Value | Self::Content => AnsiColor::Green.on_default(),
            Self::Jid => AnsiColor::Magenta.on_default(),
            Self::Wrong => AnsiColor::Red.on_default().bold(),
            Self::Unread => Style::new().dimmed(),
        }
    }

    /// The class in a page.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Length => "length",
            Self::Tag => "tag",
            Self::Name => "name",
            Self::Value => "value",
            Self::Jid => "jid",
            Self::Content => "content",
            Self::Wrong | Self::Unread => "unread",
        }
    }

    /// The name in the legend.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Structure => "flag, list head",
            Self::Length => "length",
            Self::Tag => "tag",
            Self::Name => "attribute name",
            Self::Value => "attribute value",
            Self::Jid => "JID",
            Self::Content => "content",
            Self::Wrong | Self::Unread => "wrong or unread",
        }
    }
}
