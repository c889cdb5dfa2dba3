//! `Serialize` for reports (feature `serde`): objects with the names of the fields, times in seconds.

use serde::ser::{Error, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use wabinary::stanza::KnownCode;

use super::{
    AnswerReport, CallReport, ClassCounts, ClassReport, ErrorReport, Evidence, Latencies, More, Nearly, NeverAcked,
    OtherRefusal, Peer, Report, Seen, StanzaReport, Stray, StreamEnd, Time, Totals,
};

/// Implements `Serialize` as an object. A member is a field or an expression; `?` omits it if it is `None`, empty or
/// false.
macro_rules! serialize_object {
    ($($Type:ident |$it:ident| { $($member:tt)* })*) => {$(
        impl Serialize for $Type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $it = self;
                let mut map = serializer.serialize_map(None)?;
                serialize_object!(@members map $($member)*);
                map.end()
            }
        }
    )*};
    (@members $map:ident) => {};
    (@members $map:ident ..$seen:expr, $($rest:tt)*) => {
        $seen.serialize_members(&mut $map)?;
        serialize_object!(@members $map $($rest)*);
    };
    (@members $map:ident $name:literal: $value:expr, if $condition:expr; $($rest:tt)*) => {
        if $condition {
            $map.serialize_entry($name, &$value)?;
        }
        serialize_object!(@members $map $($rest)*);
    };
    (@members $map:ident $name:literal: $value:expr, $($rest:tt)*) => {
        $map.serialize_entry($name, &$value)?;
        serialize_object!(@members $map $($rest)*);
    };
}

serialize_object! {
    Report |it| {
        "calls": it.calls, "unmatched": it.unmatched, "peers": it.peers, "latencies": it.latencies,
        "refused_others": it.refused_others,
        "classes": it.classes, if !it.classes.is_empty();
        "never_acked": it.never_acked, if !it.classes.is_empty();
        "stream_ends": it.stream_ends, if !it.stream_ends.is_empty();
        "totals": it.totals,
    }
    CallReport |it| {
        "call_id": it.call_id, "call_creator": it.call_creator, "direction": it.direction, "peer": it.peer,
        "outcome": it.outcome, "error": it.error, "stanzas": it.stanzas, "unmatched": it.unmatched,
    }
    StanzaReport |it| {
        "stanza": "call", ..it.seen, "direction": it.direction, "id": it.id, "action": it.action,
        "call_id": it.call_id, "from": it.from, "to": it.to,
        "participant": it.participant, if it.participant.is_some();
        "action_reason": it.action_reason, if it.action_reason.is_some();
        "outcome": it.outcome, "error": it.error,
        "reason": it.reason().map(Reason), if it.reason().is_some();
        "latency_s": seconds(it.latency), "evidence": it.evidence,
        "resent": it.resent, if !it.resent.is_empty();
        "answers": it.answers,
        "more": it.more, if it.more.sends > 0 || it.more.acks > 0 || it.more.receipts > 0;
    }
    More |it| { "sends": it.sends, "acks": it.acks, "receipts": it.receipts, }
    Seen |it| { ..it, }
    AnswerReport |it| { ..it, }
    ErrorReport |it| {
        "element": it.element, if &*it.element != "error";
        "device": true, if it.is_of_device;
        "code": it.code, "text": it.text, if it.text.is_some();
        "jid": it.jid, "call_id": it.call_id,
    }
    Evidence |it| {
        "matched_by": it.matched_by, if it.matched_by.is_some();
        "call_id": it.call_id, "call_found_in": it.call_found_in,
    }
    Stray |it| {
        ..it.answer, "direction": it.direction, "id": it.id, "mismatch": it.mismatch,
        "nearly": it.nearly, if it.nearly.is_some();
    }
    Nearly |it| { "frame": it.frame, "action": it.action, "peer": it.peer, }
    OtherRefusal |it| {
        "stanza": "ack", ..it.seen, "direction": it.direction, "class": it.class, "id": it.id, "from": it.from, "to": it.to,
        "participant": it.participant, if it.participant.is_some();
        "outcome": "refused", "error": it.code,
    }
    ClassReport |it| { "class": it.class.name(), "sent": it.sent, "received": it.received, }
    ClassCounts |it| {
        "stanzas": it.stanzas, "acked": it.acked, "refused": it.refused, "pending": it.pending,
        "never_acked": it.never_acked,
    }
    NeverAcked |it| {
        "stanza": it.class.name(), ..it.seen, "id": it.id, "from": it.from, "sends": it.sends, "then": it.then,
    }
    StreamEnd |it| { ..it.seen, "id": it.id, "class": it.class, }
    Peer |it| {
        "address": it.address, "stanzas": it.stanzas, "ack": it.ack, "receipt": it.receipt, "both": it.both,
        "neither": it.neither, "typed_acks": it.typed_acks, "untyped_acks": it.untyped_acks, "refused": it.refused,
        "receipts_for": it.receipts_for,
    }
    Latencies |it| {
        "direction": it.direction, "action": it.action, "count": it.count, "min_s": seconds(it.min),
        "median_s": seconds(it.median), "p95_s": seconds(it.p95), "max_s": seconds(it.max),
    }
    Totals |it| {
        "records": it.records, "unreadable": it.unreadable, "calls": it.calls, "failed_calls": it.failed_calls,
        "stanzas": it.stanzas, "all_stanzas": it.all_stanzas,
        "accepted": it.accepted, "accepted_with_relay": it.accepted_with_relay, "refused": it.refused,
        "partly_refused": it.partly_refused, "ack_refused": it.ack_refused, "unanswered": it.unanswered,
        "pending": it.pending,
        "sent_again": it.sent_again, "answered_after_resend": it.answered_after_resend, "acks": it.acks,
        "receipts": it.receipts, "duplicates": it.duplicates, "unmatched": it.unmatched,
        "receipt_acks": it.receipt_acks, "refused_others": it.refused_others, "warnings": it.warnings, "clocks": it.clocks,
    }
}

impl Seen {
    /// Writes the members into the object around it.
    pub(crate) fn serialize_members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("frame", &self.frame)?;
        if let Some(line) = self.line {
            map.serialize_entry("line", &line)?;
        }
        match &self.time {
            Some(time) => map.serialize_entry("time", time),
            None => Ok(()),
        }
    }
}

impl AnswerReport {
    fn serialize_members<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("stanza", &self.kind)?;
        self.seen.serialize_members(map)?;
        map.serialize_entry("from", &self.from)?;
        map.serialize_entry("to", &self.to)?;
        map.serialize_entry("type", &self.typed)?;
        map.serialize_entry("outcome", &self.outcome)?;
        map.serialize_entry("error", &self.error)?;
        if !self.errors.is_empty() {
            map.serialize_entry("errors", &self.errors)?;
        }
        if self.relay {
            map.serialize_entry("relay", &true)?;
        }
        map.serialize_entry("latency_s", &seconds(self.latency))?;
        // Absent for an answer without a stanza and without a call.
        if self.evidence.matched_by.is_some() || self.evidence.call_id.is_some() {
            map.serialize_entry("evidence", &self.evidence)?;
        }
        map.serialize_entry("findings", &self.findings)
    }
}

/// The JSON value from the capture, digit by digit.
impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(self.as_json()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// The meaning of a code.
struct Reason(&'static KnownCode);

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let KnownCode { name, meaning, confidence, sources, .. } = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", name)?;
        map.serialize_entry("meaning", meaning)?;
        map.serialize_entry("confidence", confidence)?;
        map.serialize_entry("sources", sources)?;
        map.end()
    }
}

/// Microseconds as seconds.
pub(crate) fn seconds(micros: Option<u64>) -> Option<f64> {
    micros.map(|micros| micros as f64 / 1e6)
}
