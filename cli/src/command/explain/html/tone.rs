//! What bytes are for, as a colour and a style of line.

use wabinary::explain::RangeKind;

/// What bytes are for.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    Structure,
    Length,
    Tag,
    Name,
    Value,
    Jid,
    Content,
    Unread,
}

/// In the order of the legend.
pub(super) const ALL: [Tone; 8] =
    [Tone::Structure, Tone::Length, Tone::Tag, Tone::Name, Tone::Value, Tone::Jid, Tone::Content, Tone::Unread];

impl Tone {
    /// `around`: the kind of the range around it.
    pub(super) fn of(kind: RangeKind, around: Option<RangeKind>) -> Self {
        match kind {
            _ if around == Some(RangeKind::Jid) && kind == RangeKind::Null => Self::Jid,
            RangeKind::Flag | RangeKind::ListHead | RangeKind::ChildrenHead => Self::Structure,
            RangeKind::RawHead | RangeKind::PackedHead | RangeKind::ContentHead => Self::Length,
            RangeKind::Tag => Self::Tag,
            RangeKind::AttributeName => Self::Name,
            RangeKind::AttributeValue | RangeKind::Null => Self::Value,
            RangeKind::JidForm
            | RangeKind::JidDomain
            | RangeKind::JidDevice
            | RangeKind::JidIntegrator
            | RangeKind::JidUser
            | RangeKind::JidServer => Self::Jid,
            RangeKind::Zlib | RangeKind::Content | RangeKind::ContentText => Self::Content,
            _ => Self::Unread,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Length => "length",
            Self::Tag => "tag",
            Self::Name => "name",
            Self::Value => "value",
            Self::Jid => "jid",
            Self::Content => "content",
            Self::Unread => "unread",
        }
    }

    /// As the legend says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Structure => "flag, list head",
            Self::Length => "length",
            Self::Tag => "tag",
            Self::Name => "attribute name",
            Self::Value => "attribute value",
            Self::Jid => "JID",
            Self::Content => "content",
            Self::Unread => "wrong or unread",
        }
    }
}
