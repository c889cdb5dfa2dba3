//! A short recording, and what its author says is to be found in it.

use std::fmt::Write;
use std::ops::{Deref, DerefMut};

use super::*;

pub(crate) struct Story {
    /// Of the files.
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) recording: Recording,
    pub(crate) form: Form,
    /// Lines of JSON.
    stanzas: Vec<String>,
    unmatched: Vec<String>,
    findings: Vec<String>,
}

impl Story {
    /// What the story is about, in the file's second line.
    pub(crate) fn about(&mut self, about: &'static str) {
        self.about = about;
        self.note(about);
    }

    /// What became of a call stanza: the outcome with its code; how often it was sent, and how many acks and receipts it
    /// got. Where an answer belongs to it by anything but its address, and where the call is named by anything but the
    /// stanza itself, the outcome says so: `refused 403, by bare-server, call in error`.
    pub(crate) fn expect(&mut self, stanza: &Sent<'_>, outcome: &str, [sent, acks, receipts]: [u32; 3]) {
        let Sent { id, kind, .. } = stanza;
        self.stanzas.push(format!(
            r#"{{"stanza": "{id} {kind}", "outcome": "{outcome}", "sent": {sent}, "acks": {acks}, "receipts": {receipts}}}"#
        ));
    }

    /// An ack or a receipt that answers nothing, and why.
    pub(crate) fn expect_unmatched(&mut self, stanza: &str, mismatch: &str) {
        self.unmatched.push(format!(r#"{{"stanza": "{stanza}", "mismatch": "{mismatch}"}}"#));
    }

    /// All that is found in the ack with this id.
    pub(crate) fn expect_findings(&mut self, id: &str, findings: &[&str]) {
        let findings: Vec<_> = findings.iter().map(|finding| format!("\"{}\"", finding.replace('"', "\\\""))).collect();
        self.findings.push(format!(r#"{{"ack": "{id}", "findings": [{}]}}"#, findings.join(", ")));
    }

    /// What is expected, as JSON.
    pub(crate) fn expected(&self) -> String {
        let mut text = format!("{{\n\"about\": \"{}\"", self.about.replace('"', "\\\""));
        for (name, lines) in [("stanzas", &self.stanzas), ("unmatched", &self.unmatched), ("findings", &self.findings)]
        {
            let lines = if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join(",\n")) };
            write!(text, ",\n\"{name}\": [{lines}]").expect("a String takes what it is given");
        }
        text + "\n}\n"
    }

    /// The device offers a call; an offer to one device.
    pub(crate) fn offer<'a>(&mut self, to: JidRef<'a>, call: &Call<'_>) -> Sent<'a> {
        self.send_call(200, to, &mut call.offer(&[]))
    }

    /// The server takes an offer: its ack has a relay.
    pub(crate) fn offer_taken(&mut self, after: u64, offer: &Sent<'_>, call: &Call<'_>) {
        self.acked_with(after, offer, |ack| relay(ack, call));
    }

    /// The server takes it, and that is all there is to it.
    pub(crate) fn offer_accepted(&mut self, after: u64, offer: &Sent<'_>, call: &Call<'_>) {
        self.offer_taken(after, offer, call);
        self.expect(offer, "accepted, call in relay", [1, 1, 0]);
    }

    /// The server takes another stanza.
    pub(crate) fn accepted(&mut self, after: u64, stanza: &Sent<'_>) {
        self.acked(after, stanza);
        self.expect(stanza, "accepted", [1, 1, 0]);
    }

    /// The device takes a stanza.
    pub(crate) fn accept(&mut self, after: u64, stanza: &Sent<'_>) {
        self.ack(after, stanza);
        self.expect(stanza, "accepted", [1, 1, 0]);
    }

    /// The same stanza once more.
    pub(crate) fn send_again(&mut self, after: u64, stanza: &Sent<'_>, action: &mut Builder) {
        self.send_call_as(after, stanza.peer, &stanza.id, action);
    }

    /// Receives an ack from elsewhere than where the stanza went.
    pub(crate) fn acked_by(&mut self, after: u64, from: JidRef<'_>, stanza: &Sent<'_>) {
        let ack = ack_of(&Sent { peer: from, ..stanza.clone() }, |_| {});
        self.receive(after, ack);
    }
}

/// All stories, in the order in which they are told.
#[derive(Default)]
pub(crate) struct Stories(pub(super) Vec<Story>);

impl Stories {
    /// Begins a story; `name` is that of its files.
    pub(crate) fn add(&mut self, name: &'static str) -> &mut Story {
        let mut recording = Recording::new();
        recording.note("Synthetic: written by examples/make_captures, nothing here was captured. See ../README.md.");
        let (stanzas, unmatched, findings) = (Vec::new(), Vec::new(), Vec::new());
        self.0.push(Story { name, about: "", recording, form: USUAL, stanzas, unmatched, findings });
        self.0.last_mut().expect("it was added")
    }
}

impl Deref for Story {
    type Target = Recording;

    fn deref(&self) -> &Recording {
        &self.recording
    }
}

impl DerefMut for Story {
    fn deref_mut(&mut self) -> &mut Recording {
        &mut self.recording
    }
}

/// A `<relay>` with all that media needs; what is secret in it says so.
pub(crate) fn relay(parent: &mut Builder, call: &Call<'_>) {
    parent.child("relay", |relay| {
        relay.attr("uuid", "0000000000000031").attr("self_pid", 1).attr("peer_pid", 2);
        named(relay, call);
        secret(relay, "token");
        secret(relay, "auth_token");
        secret(relay, "key");
        secret(relay, "hbh_key");
        relay.child("te2", |endpoint| {
            endpoint.attr("relay_id", 0).attr("relay_name", "xyz1c01").attr("token_id", 0).attr("auth_token_id", 0);
            endpoint.attr("protocol", 0).content(&[192, 0, 2, 10, 0x0d, 0x96]);
        });
    });
}

/// A child whose content is a secret.
pub(crate) fn secret(parent: &mut Builder, tag: &str) {
    parent.child(tag, |child| _ = child.attr("id", 0).content(SECRET));
}

/// Names the call.
pub(crate) fn named(builder: &mut Builder, call: &Call<'_>) {
    builder.attr("call-id", call.id).attr("call-creator", call.creator);
}

/// An `<error>` with what `fill` sets.
pub(crate) fn error(ack: &mut Builder, fill: impl FnOnce(&mut Builder)) {
    ack.child("error", fill);
}

/// An ack with nothing in it yet but `class` and `id`.
pub(crate) fn bare_ack(id: &str) -> Builder {
    let mut ack = Node::build("ack");
    ack.attr("class", "call").attr("id", id);
    ack
}
