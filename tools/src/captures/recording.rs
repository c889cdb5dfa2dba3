//! A recording on one connection, written down as it goes: a clock, ids, and the stanzas.

use wabinary::{Builder, JidRef, Node, UnixSeconds};

use super::stanzas::Call;

/// When the captures begin, in milliseconds since 1970: 2023-11-14 22:13:20 UTC.
pub(crate) const START: u64 = 1_700_000_000_000;

/// As seen from the device that captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Send,
    Receive,
}

/// What is written down.
pub(crate) enum Record {
    /// A line that is no record: a comment on what follows, or what should not be there.
    Line(String),
    Stanza(Stanza),
}

pub(crate) struct Stanza {
    pub(crate) time: u64,
    pub(crate) direction: Direction,
    pub(crate) node: Node,
    pub(crate) compressed: bool,
}

pub(crate) struct Recording {
    pub(crate) records: Vec<Record>,
    now: u64,
    /// How many ids either side has used.
    ids: [u32; 2],
}

/// A call stanza of one side, for the other to answer.
#[derive(Clone)]
pub(crate) struct Sent<'a> {
    pub(crate) id: String,
    /// The other side: `to` of what was sent, `from` of what was received.
    pub(crate) peer: JidRef<'a>,
    /// The tag of the action.
    pub(crate) kind: String,
}

impl Recording {
    pub(crate) fn new() -> Self {
        Self { records: Vec::new(), now: START, ids: [0; 2] }
    }

    pub(crate) fn note(&mut self, text: &str) {
        self.line(&format!("# {text}"));
    }

    /// Something that is no record stands in the file.
    pub(crate) fn line(&mut self, text: &str) {
        self.records.push(Record::Line(text.to_owned()));
    }

    /// Time goes by.
    pub(crate) fn wait(&mut self, milliseconds: u64) {
        self.now += milliseconds;
    }

    /// The time so many milliseconds from now, as stanzas carry it.
    pub(crate) fn seconds_in(&self, milliseconds: u64) -> UnixSeconds {
        UnixSeconds((self.now + milliseconds) / 1000)
    }

    /// An id as clients count them.
    pub(crate) fn own_id(&mut self) -> String {
        self.ids[0] += 1;
        format!("41.17-{}", self.ids[0])
    }

    /// An id that this connection has not seen, as phones make them.
    pub(crate) fn foreign_id(&mut self) -> String {
        self.ids[1] += 1;
        format!("FEDCBA98765432100000000000{:06X}", 0xA0_0000 + self.ids[1])
    }

    /// Sends a stanza, so many milliseconds after the one before.
    pub(crate) fn send(&mut self, after: u64, node: Node) {
        self.record(after, Direction::Send, node, false);
    }

    /// The same for one that is received.
    pub(crate) fn receive(&mut self, after: u64, node: Node) {
        self.record(after, Direction::Receive, node, false);
    }

    fn record(&mut self, after: u64, direction: Direction, node: Node, compressed: bool) {
        self.now += after;
        self.records.push(Record::Stanza(Stanza { time: self.now, direction, node, compressed }));
    }

    /// Sends `<call to id>` with this action.
    pub(crate) fn send_call<'a>(&mut self, after: u64, to: JidRef<'a>, action: &mut Builder) -> Sent<'a> {
        let id = self.own_id();
        self.send_call_as(after, to, &id, action)
    }

    /// The same with an id of a special form.
    pub(crate) fn send_call_as<'a>(&mut self, after: u64, to: JidRef<'a>, id: &str, action: &mut Builder) -> Sent<'a> {
        let action = action.finish();
        let kind = action.tag().to_owned();
        self.send(after, Node::build("call").attr("to", to).attr("id", id).append(action).finish());
        Sent { id: id.to_owned(), peer: to, kind }
    }

    /// Receives `<call from id t …>` with this action.
    pub(crate) fn receive_call<'a>(&mut self, after: u64, from: JidRef<'a>, action: &mut Builder) -> Sent<'a> {
        let id = self.foreign_id();
        self.receive_call_with(after, from, &id, action, |_| {})
    }

    /// The same with an id and attributes of one's own.
    pub(crate) fn receive_call_with<'a>(
        &mut self,
        after: u64,
        from: JidRef<'a>,
        id: &str,
        action: &mut Builder,
        attributes: impl FnOnce(&mut Builder),
    ) -> Sent<'a> {
        let action = action.finish();
        let kind = action.tag().to_owned();
        let time = self.seconds_in(after);
        let mut call = Node::build("call");
        call.attr("from", from).attr("id", id).attr("t", time).attr("platform", "android").attr("version", "2.0.0");
        attributes(&mut call);
        self.receive(after, call.append(action).finish());
        Sent { id: id.to_owned(), peer: from, kind }
    }

    /// Receives the ack of what was sent: in the name of the peer, typed.
    pub(crate) fn acked(&mut self, after: u64, call: &Sent<'_>) {
        self.acked_with(after, call, |_| {});
    }

    /// The same with more in it.
    pub(crate) fn acked_with(&mut self, after: u64, call: &Sent<'_>, fill: impl FnOnce(&mut Builder)) {
        let ack = ack_of(call, fill);
        self.receive(after, ack);
    }

    /// The same, compressed: the server does so with long frames.
    pub(crate) fn acked_compressed(&mut self, after: u64, call: &Sent<'_>, fill: impl FnOnce(&mut Builder)) {
        let ack = ack_of(call, fill);
        self.record(after, Direction::Receive, ack, true);
    }

    /// Answers what was received with an ack that names the action, as WhatsApp Web does.
    pub(crate) fn ack(&mut self, after: u64, call: &Sent<'_>) {
        let mut ack = untyped_ack_to(call);
        self.send(after, ack.attr("type", &call.kind).finish());
    }

    /// The same without a type, as `tulir/whatsmeow` and `WhiskeySockets/Baileys` do.
    pub(crate) fn ack_untyped(&mut self, after: u64, call: &Sent<'_>) {
        let ack = untyped_ack_to(call).finish();
        self.send(after, ack);
    }

    /// Answers with a receipt instead, as WhatsApp Web does for `offer`, `accept`, `reject` and `enc_rekey`; the server
    /// acks the receipt.
    pub(crate) fn receipt(&mut self, after: u64, received: &Sent<'_>, call: &Call<'_>) {
        let action = call.action(&received.kind).finish();
        let mut receipt = Node::build("receipt");
        receipt.attr("to", received.peer).attr("id", &received.id).append(action);
        self.send(after, receipt.finish());
        self.receipt_acked(60, &received.id, received.peer);
    }

    /// Receives the peer's receipt for what was sent, and acks it.
    pub(crate) fn receive_receipt(&mut self, after: u64, from: JidRef<'_>, sent: &Sent<'_>, call: &Call<'_>) {
        let action = call.action(&sent.kind).finish();
        let mut receipt = Node::build("receipt");
        let time = self.seconds_in(after);
        receipt.attr("from", from).attr("id", &sent.id).attr("t", time).append(action);
        self.receive(after, receipt.finish());
        let ack = Node::build("ack").attr("class", "receipt").attr("id", &sent.id).attr("to", from).finish();
        self.send(2, ack);
    }

    /// Receives the ack of a receipt.
    pub(crate) fn receipt_acked(&mut self, after: u64, id: &str, from: JidRef<'_>) {
        let time = self.seconds_in(after);
        let mut ack = Node::build("ack");
        self.receive(after, ack.attr("from", from).attr("class", "receipt").attr("id", id).attr("t", time).finish());
    }
}

pub(crate) fn ack_of(call: &Sent<'_>, fill: impl FnOnce(&mut Builder)) -> Node {
    let mut ack = Node::build("ack");
    ack.attr("from", call.peer).attr("class", "call").attr("type", &call.kind).attr("id", &call.id);
    fill(&mut ack);
    ack.finish()
}

pub(crate) fn untyped_ack_to(call: &Sent<'_>) -> Builder {
    let mut ack = Node::build("ack");
    ack.attr("class", "call").attr("id", &call.id).attr("to", call.peer);
    ack
}
