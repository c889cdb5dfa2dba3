//! A client's loop around calls: it answers what comes in, and keeps what it sent until that is answered.
//!
//! The link is in memory. It loses frames and delays each by a different time, so that they overtake each other. It
//! ends when the client gives up; then both sides send again what was not answered, under the same ids. A seeded
//! generator makes all random numbers, so a session can be repeated.
//!
//! `cargo run -p wabinary-calls --example call_client` prints what happened.

use std::time::Duration;

use bytes::Bytes;
use wabinary::stanza::{CallAck, CallStanza, CallStanzaRef, ErrorCode};
use wabinary::{Decoder, Jid, JidRef, Node, NodeRef, decode, encode};
use wabinary_calls::{Event, Outcome, Replier, ReplyPolicy, Timeouts, Tracker, acknowledge};

/// The events of a session.
#[derive(Debug, Default, PartialEq)]
pub struct Report {
    /// Ids of the client's stanzas, in the order of their answers, with their outcomes.
    pub answered: Vec<(String, Outcome)>,
    /// How often the client connected.
    pub connections: u32,
    /// Frames that the client sent again.
    pub resent: u32,
    /// Further answers to answered stanzas, and receipts of the peer's device.
    pub repeated_or_delivered: u32,
    /// Ids of the server's stanzas that the client answered, in the order in which the answers reached the server.
    pub replied_to: Vec<String>,
    /// The time at which everything was answered.
    pub ended: Duration,
}

/// A client: everything that it needs besides a socket.
struct Client {
    decoder: Decoder,
    tracker: Tracker,
    replier: Replier,
    report: Report,
}

impl Client {
    fn new() -> Self {
        let timeouts = Timeouts { offer: Duration::from_secs(4), other: Duration::from_secs(2) };
        Self {
            decoder: Decoder::new(),
            tracker: Tracker::new(timeouts, 256),
            replier: Replier::new(ReplyPolicy::Web),
            report: Report::default(),
        }
    }

    /// Registers before sending: an answer is never faster than the bookkeeping.
    fn send(&mut self, call: &CallStanza, socket: &mut Link, now: Duration) -> Result<(), wabinary::Error> {
        self.tracker.send(call, now);
        socket.send(encode(call)?, now);
        Ok(())
    }

    /// Takes a frame that came in.
    fn receive(&mut self, frame: Bytes, socket: &mut Link, now: Duration) -> Result<(), wabinary::Error> {
        let node = self.decoder.decode(frame)?;
        for event in self.tracker.receive(node, now) {
            match event {
                Event::Answered(answer) => {
                    // A real client now ends the refused call, `answer.call_id`, and no other.
                    self.report.answered.push((id_of(&answer.stanza), answer.verdict.outcome));
                }
                Event::Repeated(_) | Event::Delivered(_) => self.report.repeated_or_delivered += 1,
                Event::Opened(_) | Event::Resent(_) | Event::WithoutId(_) => {}
                Event::Unmatched(_) | Event::Evicted(_) => {}
            }
        }
        // The client answers a repeated stanza again: the first answer may be lost.
        if let Ok(call) = CallStanzaRef::try_from(node) {
            for reply in self.replier.reply(call)?.stanzas() {
                self.tracker.send(reply, now);
                socket.send(encode(reply)?, now);
            }
        } else if node.tag() == "receipt" {
            socket.send(encode(&acknowledge(node)?)?, now);
        }
        Ok(())
    }

    /// Whether the client must give up the connection: something has waited too long. A client that waits on a socket
    /// sets its timer by `tracker.next_deadline()`.
    fn is_stuck(&self, now: Duration) -> bool {
        self.tracker.overdue(now).next().is_some()
    }

    /// Sends the waiting stanzas again, before any new one, unchanged and in the same order.
    fn reconnect(&mut self, socket: &mut Link, now: Duration) -> Result<(), wabinary::Error> {
        self.report.connections += 1;
        for stanza in self.tracker.resend_after_reconnect(now) {
            socket.send(encode(stanza)?, now);
            self.report.resent += 1;
        }
        Ok(())
    }
}

fn id_of(stanza: &Node) -> String {
    stanza.get::<&str>("id").unwrap_or_default().to_owned()
}

/// A server that acknowledges the stanzas it gets, and repeats stanzas that the client did not answer. Its tracker
/// uses the client's directions: it receives what the server delivers.
struct Server {
    tracker: Tracker,
}

impl Server {
    fn receive(&mut self, frame: Bytes, socket: &mut Link, now: Duration) -> Result<Option<String>, wabinary::Error> {
        let node = decode(frame)?;
        if let Ok(call) = CallStanzaRef::try_from(&node) {
            for answer in answers(call)? {
                socket.send(encode(&answer)?, now);
            }
        }
        let mut events = self.tracker.send(&node, now).into_iter();
        Ok(events.find_map(|event| match event {
            Event::Answered(answer) => Some(id_of(&answer.stanza)),
            _ => None,
        }))
    }

    fn deliver(&mut self, call: &CallStanza, socket: &mut Link, now: Duration) -> Result<(), wabinary::Error> {
        self.tracker.receive(call, now);
        socket.send(encode(call)?, now);
        Ok(())
    }

    fn reconnect(&self, socket: &mut Link, now: Duration) -> Result<(), wabinary::Error> {
        for call in self.tracker.unacknowledged() {
            socket.send(encode(&call.stanza.edit().set("offline", "1").finish())?, now);
        }
        Ok(())
    }
}

/// For an offer: the ack and the receipt of the peer's device. Accepts are refused.
fn answers(call: CallStanzaRef<'_>) -> Result<Vec<Node>, wabinary::Error> {
    let (id, to) = (call.id().unwrap_or_default(), call.node().get::<JidRef>("to")?);
    let ack = CallAck::build(id);
    ack.from_jid(to);
    let call_id = call.call_id().unwrap_or_default();
    Ok(match call.action_node().map(NodeRef::tag) {
        Some("accept") => {
            let refusal = ack.kind("accept").error(ErrorCode::InternalError.number());
            let refusal = refusal.child("error", |error| error.attr("call-id", call_id));
            vec![refusal.finish().into_node()]
        }
        Some("offer") => {
            let receipt = Node::build("receipt")
                .attr("from", to)
                .attr("id", id)
                .child("offer", |offer| offer.attr("call-id", call_id))
                .finish();
            vec![ack.kind("offer").finish().into_node(), receipt]
        }
        _ => vec![ack.finish().into_node()],
    })
}

/// One direction of a connection.
struct Link {
    /// The frames in transit, with their arrival times.
    frames: Vec<(Duration, Bytes)>,
    /// The percentage of frames that are lost.
    loss: u64,
    chance: Chance,
}

impl Link {
    fn send(&mut self, frame: Bytes, now: Duration) {
        if self.chance.below(100) >= self.loss {
            let delay = Duration::from_millis(20 + self.chance.below(600));
            self.frames.push((now + delay, frame));
        }
    }

    /// The frames that have arrived, in order.
    fn arrived(&mut self, now: Duration) -> Vec<Bytes> {
        self.frames.sort_by_key(|(arrives, _)| *arrives);
        let count = self.frames.iter().take_while(|(arrives, _)| *arrives <= now).count();
        self.frames.drain(..count).map(|(_, frame)| frame).collect()
    }
}

/// Pseudorandom numbers: xorshift.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Ids of stanzas and actions that the client sends to its peer, one each second.
pub const SENT: [(&str, &str); 6] = [
    ("41.17-1", "offer"),
    ("41.17-2", "transport"),
    ("41.17-3", "accept"),
    ("41.17-4", "mute_v2"),
    ("41.17-5", "video"),
    ("41.17-6", "terminate"),
];
/// Ids of stanzas and actions that the server delivers, one each second.
pub const DELIVERED: [(&str, &str); 4] =
    [("FEDC01", "offer"), ("FEDC02", "transport"), ("FEDC03", "video"), ("FEDC04", "terminate")];

fn stanza(address: &str, id: &str, action: &str) -> Result<CallStanza, wabinary::Error> {
    let peer: Jid = "100000022222222@lid".parse()?;
    let call = Node::build("call")
        .attr(address, &peer)
        .attr("id", id)
        .child(action, |action| action.attr("call-id", "0123456789ABCDEF0123456789ABCD01").attr("call-creator", &peer))
        .finish();
    Ok(CallStanza::try_from(call)?)
}

/// Runs until everything is answered. `loss` is the percentage of frames that are lost.
pub fn session(seed: u64, loss: u64) -> Result<Report, wabinary::Error> {
    // A generator at 0 stays at 0.
    let chance = |salt| Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(salt).max(1));
    let link = |salt| Link { frames: Vec::new(), loss, chance: chance(salt) };
    let (mut up, mut down) = (link(1), link(2));
    let mut client = Client::new();
    let mut server = Server { tracker: Tracker::new(Timeouts::default(), 256) };
    let (mut to_send, mut to_deliver) = (SENT.iter().peekable(), DELIVERED.iter().peekable());
    client.reconnect(&mut up, Duration::ZERO)?;
    let mut now = Duration::ZERO;
    while to_send.peek().is_some()
        || to_deliver.peek().is_some()
        || client.tracker.pending().next().is_some()
        || server.tracker.unacknowledged().next().is_some()
    {
        now += Duration::from_millis(50);
        if now.subsec_millis() == 0 {
            if let Some((id, action)) = to_send.next() {
                client.send(&stanza("to", id, action)?, &mut up, now)?;
            }
            if let Some((id, action)) = to_deliver.next() {
                server.deliver(&stanza("from", id, action)?, &mut down, now)?;
            }
        }
        for frame in up.arrived(now) {
            client.report.replied_to.extend(server.receive(frame, &mut down, now)?);
        }
        for frame in down.arrived(now) {
            client.receive(frame, &mut up, now)?;
        }
        // In this session the server never hangs up, so an idle client reconnects now and then.
        if client.is_stuck(now) || (now.as_secs() > 0 && now.as_millis().is_multiple_of(20_000)) {
            // Frames in transit are lost.
            (up.frames, down.frames) = (Vec::new(), Vec::new());
            client.reconnect(&mut up, now)?;
            server.reconnect(&mut down, now)?;
        }
    }
    client.report.ended = now;
    Ok(client.report)
}

fn main() -> Result<(), wabinary::Error> {
    for loss in [0, 30, 60] {
        println!("{loss} of 100 frames lost: {:?}\n", session(1, loss)?);
    }
    Ok(())
}
