//! The questions, and how counts become verdicts.

use std::collections::BTreeMap;

/// An open question of the specification, or one of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Do devices ack the calls that they receive?
    DeviceAcks,
    /// Do the acks that a caller gets name the server, or the address that was called?
    AckFrom,
    /// Which actions are acked? There is a finding for each action.
    Acked,
    /// Do refused acks have an `<error>` child?
    ErrorChild,
    /// Where does a refused ack carry its code?
    ErrorCodePlace,
    /// Which codes are there?
    ErrorCodes,
    /// Is there a `<receipt>` for calls?
    CallReceipt,
    /// Do the attributes of call acks come in a fixed order?
    AttributeOrder,
}

/// The verdict of captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It exists, or for all.
    Yes,
    /// Not seen among `n` stanzas.
    NotSeen,
    /// Sometimes one, sometimes the other.
    Mixed,
    /// Every ack comes from the server.
    Server,
    /// Every ack comes from the address that was called.
    Peer,
    /// Every stanza of the action was acked.
    Acked,
    /// No stanza of the action was acked.
    NotAcked,
    /// The code is in the attribute `error` of the ack.
    Attribute,
    /// The code is in a child.
    Child,
    /// The code is in both.
    Both,
    /// The counts are the answer.
    Listed,
    /// One order fits all.
    Fixed,
    /// The order differs.
    Varies,
    /// There are fewer stanzas than were asked for.
    TooFew,
    /// The captures cannot show it.
    CannotTell,
}

named! { Verdict {
    Yes => "yes",
    NotSeen => "not-seen",
    Mixed => "mixed",
    Server => "server",
    Peer => "peer",
    Acked => "acked",
    NotAcked => "not-acked",
    Attribute => "attribute",
    Child => "child",
    Both => "both",
    Listed => "listed",
    Fixed => "fixed",
    Varies => "varies",
    TooFew => "too-few",
    CannotTell => "cannot-tell",
} }

named! { Question {
    DeviceAcks => "device-acks",
    AckFrom => "ack-from",
    Acked => "acked",
    ErrorChild => "error-child",
    ErrorCodePlace => "error-code-place",
    ErrorCodes => "error-codes",
    CallReceipt => "call-receipt",
    AttributeOrder => "attribute-order",
} }

impl Verdict {
    /// Whether one stanza is enough: what was seen once exists.
    #[must_use]
    pub const fn needs_one_example(self) -> bool {
        matches!(self, Self::Yes)
    }
}

impl Question {
    /// Every question, in the order in which they are reported.
    pub const ALL: &'static [Self] = &[
        Self::DeviceAcks,
        Self::AckFrom,
        Self::Acked,
        Self::ErrorChild,
        Self::ErrorCodePlace,
        Self::ErrorCodes,
        Self::CallReceipt,
        Self::AttributeOrder,
    ];

    /// The open question of [`CallAck::SPEC`](wabinary::stanza::CallAck::SPEC) that it helps to answer, counted from 0; `None`
    /// for one of our own.
    #[must_use]
    pub const fn of_specification(self) -> Option<usize> {
        match self {
            Self::DeviceAcks | Self::AckFrom => Some(0),
            Self::Acked => Some(1),
            Self::ErrorChild | Self::ErrorCodePlace | Self::ErrorCodes => Some(2),
            Self::CallReceipt => Some(3),
            Self::AttributeOrder => None,
        }
    }

    /// The question as a sentence.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::DeviceAcks => "Do devices ack the calls that they receive?",
            Self::AckFrom => "Whom does the ack of a call that was sent come from?",
            Self::Acked => "Which actions are acked?",
            Self::ErrorChild => "Does a refused ack have an <error> child?",
            Self::ErrorCodePlace => "Where is the code of a refusal?",
            Self::ErrorCodes => "Which codes are there?",
            Self::CallReceipt => "Is there a <receipt> for calls?",
            Self::AttributeOrder => "Do the attributes of call acks come in a fixed order?",
        }
    }

    /// The unit of `n`.
    #[must_use]
    pub const fn counted(self) -> &'static str {
        match self {
            Self::DeviceAcks => "calls received",
            Self::AckFrom => "acks of calls that were sent",
            Self::Acked => "calls sent",
            Self::ErrorChild | Self::ErrorCodePlace => "acks that refuse, in whole or in part",
            Self::ErrorCodes => "acks that refuse with a code",
            Self::CallReceipt => "receipts for calls, or calls answered if there are none",
            Self::AttributeOrder => "call acks received as bytes",
        }
    }

    /// Why there is no verdict when there is nothing to count.
    pub(super) const fn nothing_seen(self) -> &'static str {
        match self {
            Self::DeviceAcks => "no call was received",
            Self::AckFrom => "no ack of a call that was sent",
            Self::Acked => "no call was sent",
            Self::ErrorChild | Self::ErrorCodePlace => "no refusal",
            Self::ErrorCodes => "no refusal with a code",
            Self::CallReceipt => "no call was answered",
            Self::AttributeOrder => "no call ack was received as bytes",
        }
    }

    /// The limit of every verdict on the question.
    pub(super) const fn limit(self) -> Option<&'static str> {
        match self {
            Self::AckFrom => Some("`from` does not show who produced the ack"),
            _ => None,
        }
    }

    /// The verdict that counts give. At least one is not 0.
    pub(super) fn verdict(self, counts: &BTreeMap<String, u64>, n: u64) -> Verdict {
        let count = |name: &str| counts.get(name).copied().unwrap_or(0);
        let all_or = |choices: &[(&str, Verdict)], otherwise| {
            choices.iter().find(|(name, _)| count(name) == n).map_or(otherwise, |(_, verdict)| *verdict)
        };
        match self {
            Self::DeviceAcks if count("acked") == 0 => Verdict::NotSeen,
            Self::DeviceAcks => all_or(&[("acked", Verdict::Yes)], Verdict::Mixed),
            Self::AckFrom => all_or(&[("server", Verdict::Server), ("peer", Verdict::Peer)], Verdict::Mixed),
            Self::Acked => all_or(&[("acked", Verdict::Acked), ("not-acked", Verdict::NotAcked)], Verdict::Mixed),
            Self::ErrorChild if count("error-child") > 0 => Verdict::Yes,
            Self::CallReceipt if count("receipts") > 0 => Verdict::Yes,
            Self::ErrorChild | Self::CallReceipt => Verdict::NotSeen,
            Self::ErrorCodePlace => all_or(
                &[("attribute", Verdict::Attribute), ("child", Verdict::Child), ("both", Verdict::Both)],
                Verdict::Mixed,
            ),
            Self::ErrorCodes => Verdict::Listed,
            Self::AttributeOrder if have_one_order(counts.keys()) => Verdict::Fixed,
            Self::AttributeOrder => Verdict::Varies,
        }
    }
}

/// Whether no two names come in both orders. Each order is names with blanks between.
fn have_one_order<'a>(orders: impl Iterator<Item = &'a String> + Clone) -> bool {
    let pairs = |order: &'a str| {
        let names: Vec<&str> = order.split(' ').collect();
        let pairs = (0..names.len()).flat_map(|first| (first..names.len()).map(move |second| (first, second)));
        pairs
            .filter(|(first, second)| first != second)
            .filter_map(|(first, second)| Some((*names.get(first)?, *names.get(second)?)))
            .collect::<Vec<_>>()
    };
    let seen: std::collections::HashSet<_> = orders.flat_map(|order| pairs(order)).collect();
    !seen.iter().any(|&(first, second)| seen.contains(&(second, first)))
}
