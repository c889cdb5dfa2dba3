//! Finds what is unusual or wrong in an ack.

use std::fmt::Display;

use super::refusal::{Refusal, unknown_refusing};
use super::{AckFinding, AckRule, CLASS, CallAckRef, TAG};
use crate::stanza::redaction::{HIDDEN, is_secret, with_secrecy};
use crate::stanza::{CallAction, Direction, ErrorCode, text};
use crate::{Content, FromValue, JidRef, NodeRef, Value};

/// Finds everything unusual or wrong in a node that should be a call ack. Rules that also need the stanza that it
/// answers ([`AckRule::RecipientOfParticipant`], [`AckRule::UntypedVideo`]) are in `wabinary_calls::ack_findings`.
///
/// An ack with a finding of severity [`Error`](super::AckSeverity::Error) is not a call ack: no [`CallAckRef`] can be
/// made of it, and no other rule is tried.
///
/// ```
/// use wabinary::stanza::{AckRule, CallAck, ack_findings};
/// use wabinary::Jid;
///
/// let ack = CallAck::build("OF-0002").from_jid(Jid::SERVER).error_entry(503, "service unavailable").finish();
/// let findings = ack_findings(&ack);
/// assert_eq!((findings.len(), findings[0].rule()), (1, AckRule::SeedFraming));
/// assert_eq!(findings[0].to_string(), "CA10: error child without error attribute (the specification's framing)");
/// ```
#[must_use]
pub fn ack_findings<'a>(node: impl Into<NodeRef<'a>>) -> Vec<AckFinding> {
    let node = node.into();
    let mut findings = Findings(Vec::new());
    match CallAckRef::try_from(node) {
        Ok(ack) => findings.of_ack(ack),
        Err(_) => findings.of_other(node),
    }
    findings.0
}

/// The attributes that hold JIDs: of the ack, and of its descendants.
const ADDRESSES: [&str; 4] = ["from", "to", "participant", "recipient"];
const ADDRESSES_BELOW: [&str; 2] = ["jid", "call-creator"];

/// 2009-01-01, when WhatsApp began, and 2101-01-01, in seconds since 1970.
const PLAUSIBLE_TIMES: std::ops::Range<u64> = 1_230_768_000..4_133_980_800;

/// The reverse of the rule's wording.
const ATTRIBUTE_BESIDE_RELAY: &str = "error attribute without error child beside a usable relay";

struct Findings(Vec<AckFinding>);

impl Findings {
    fn add(&mut self, rule: AckRule, values: &[(&str, &dyn Display)]) {
        self.0.push(AckFinding::new(rule, values));
    }

    fn of_other(&mut self, node: NodeRef<'_>) {
        if node.tag() != TAG {
            return self.add(AckRule::NotAnAck, &[("tag", &node.tag())]);
        }
        let class = node.attr("class");
        if class != Some(Value::Text(CLASS)) {
            let class = class.map_or_else(|| "missing".to_owned(), shown);
            self.add(AckRule::NotOfACall, &[("class", &class)]);
        }
        if text(node, "id").is_none() {
            self.add(AckRule::NoId, &[]);
        }
    }

    fn of_ack(&mut self, ack: CallAckRef<'_>) {
        if ack.direction().is_none() {
            self.add(AckRule::NoDirection, &[]);
        }
        self.addresses(ack);
        self.time(ack);
        self.codes(ack);
        if let Some(CallAction::Other(value)) = ack.action() {
            self.add(AckRule::UnknownAction, &[("value", &value)]);
        }
        self.framing(ack);
        self.calls_named(ack);
        self.unknown_parts(ack);
        self.unknown_refusals(ack);
        let count = match ack.node().content() {
            Content::None | Content::Nodes(_) => None,
            Content::Bytes(bytes) => Some(bytes.len()),
            Content::Text(text) => Some(text.len()),
            Content::Jid(jid) => Some(jid.to_string().len()),
        };
        if let Some(count) = count {
            self.add(AckRule::UnexpectedContent, &[("count", &count)]);
        }
    }

    fn addresses(&mut self, ack: CallAckRef<'_>) {
        for (node, is_below_secret) in with_secrecy(ack.node()) {
            let names: &[&str] = if node.index() == ack.node().index() { &ADDRESSES } else { &ADDRESSES_BELOW };
            let named = node.attrs().filter(|(name, _)| names.contains(name));
            for (name, value) in named.filter(|(_, value)| JidRef::from_value(*value).is_none()) {
                let is_hidden = is_below_secret || is_secret(node);
                let value = if is_hidden { HIDDEN.to_owned() } else { shown(value) };
                self.add(AckRule::NotAJid, &[("name", &name), ("value", &value)]);
            }
        }
    }

    fn time(&mut self, ack: CallAckRef<'_>) {
        let is_plausible = |value| u64::from_value(value).is_some_and(|time| PLAUSIBLE_TIMES.contains(&time));
        if let Some(value) = ack.node().attr("t").filter(|value| !is_plausible(*value)) {
            self.add(AckRule::ImplausibleTime, &[("value", &shown(value))]);
        }
    }

    /// Invalid numbers and unknown codes, in the attribute and in the entries.
    fn codes(&mut self, ack: CallAckRef<'_>) {
        let of_ack = ack.node().attr("error").filter(|value| !matches!(value, Value::Text("") | Value::Null));
        let of_entries = ack.errors().filter_map(|entry| entry.node().attr("code"));
        let of_refusals = ack.refusals().map(Refusal::value);
        let codes = of_ack.into_iter().chain(of_refusals).map(|value| ("error", value));
        let codes = codes.chain(of_entries.map(|value| ("code", value)));
        let codes: Vec<_> = codes.collect();
        for (name, value) in &codes {
            if i64::from_value(*value).is_none() {
                self.add(AckRule::NotANumber, &[("name", name), ("value", &shown(*value))]);
            }
        }
        let numbers = codes.into_iter().filter_map(|(_, value)| i64::from_value(value));
        for number in numbers.filter(|number| *number != 0) {
            let known = u16::try_from(number).ok().and_then(|code| ErrorCode::from(code).known());
            if known.is_none() {
                self.add(AckRule::UnknownCode, &[("code", &number)]);
            }
        }
    }

    /// Contradictions between the errors, and between errors and a relay.
    fn framing(&mut self, ack: CallAckRef<'_>) {
        let of_ack = ack.error();
        let count = ack.errors().count();
        let is_usable = || ack.relay().is_some_and(|relay| relay.is_usable());
        if of_ack == Ok(None) && count > 0 {
            self.add(AckRule::SeedFraming, &[]);
        } else if of_ack != Ok(None) && count == 0 && is_usable() {
            self.0.push(AckFinding::worded(AckRule::SeedFraming, ATTRIBUTE_BESIDE_RELAY, &[]));
        }
        if let Ok(Some(attribute)) = of_ack {
            let codes = ack.errors().filter_map(|entry| entry.known_code());
            for code in codes.filter(|code| *code != attribute) {
                self.add(AckRule::CodesDisagree, &[("attribute", &attribute), ("code", &code)]);
            }
        }
        if count > 1 {
            self.add(AckRule::SeveralErrors, &[("count", &count)]);
        }
        let is_taken = ack.direction() == Some(Direction::Receive) && !ack.is_refused();
        let has_media = ack.relay().is_some() || ack.group_info().is_some();
        if is_taken && ack.action() == Some(CallAction::Offer) && !has_media {
            self.add(AckRule::NoRelay, &[]);
        }
    }

    fn calls_named(&mut self, ack: CallAckRef<'_>) {
        let mut named = ack.node().children().filter_map(|child| text(child, "call-id"));
        let Some(one) = named.next() else { return };
        if let Some(other) = named.find(|other| *other != one) {
            self.add(AckRule::DifferentCalls, &[("one", &one), ("other", &other)]);
        }
    }

    fn unknown_refusals(&mut self, ack: CallAckRef<'_>) {
        for (node, is_below_secret) in unknown_refusing(ack) {
            let value = if is_below_secret || is_secret(node) {
                HIDDEN.to_owned()
            } else {
                node.attr("error").map_or_else(String::new, shown)
            };
            self.add(AckRule::ErrorOfUnknown, &[("tag", &node.tag()), ("value", &value)]);
        }
    }

    fn unknown_parts(&mut self, ack: CallAckRef<'_>) {
        for (name, _) in ack.unknown_attrs() {
            self.add(AckRule::UnknownPart, &[("kind", &"attribute"), ("name", &name)]);
        }
        for child in ack.unknown_children() {
            self.add(AckRule::UnknownPart, &[("kind", &"child"), ("name", &child.tag())]);
        }
    }
}

/// A value as a message shows it.
fn shown(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Jid(jid) => jid.to_string(),
        Value::Null => "null".to_owned(),
    }
}
