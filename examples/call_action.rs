//! Reads an incoming `<call>`: the call, the sender, and the event.
//!
//! It does the same as `tulir/whatsmeow` `call.go` (`handleCallEvent`) and `oxidezap/whatsapp-rust`
//! `wacore/src/stanza/call.rs` (`parse_call_stanza`). Here the result borrows from the tree, so reading allocates
//! nothing.
//!
//! `cargo run --example call_action` reads the calls in `tests/data/captures/call-receive.stream`.

use wabinary::stream::FrameReader;
use wabinary::{AttrError, Decoder, FromValue, JidRef, NodeRef, Server, StanzaError, UnixSeconds, Value};

/// An incoming call stanza.
#[derive(Debug, PartialEq)]
pub struct Call<'a> {
    /// The stanza's id, which an ack repeats; not the id of the call. Some actions come without one.
    pub stanza_id: Option<&'a str>,
    /// The sender: a user, one of their devices, or the call itself.
    pub from: JidRef<'a>,
    /// The time when the server took it.
    pub time: UnixSeconds,
    /// Whether the server kept it while this device was offline.
    pub offline: bool,
    /// The sender's platform: `android`.
    pub platform: Option<&'a str>,
    /// The version of the sender's client.
    pub version: Option<&'a str>,
    /// The id of the call.
    pub call_id: &'a str,
    /// The device that began the call.
    pub creator: JidRef<'a>,
    /// The creator's phone number if `creator` is a hidden id; else the reverse.
    pub creator_alt: Option<JidRef<'a>>,
    /// The group that is called.
    pub group: Option<JidRef<'a>>,
    /// The event.
    pub action: Action<'a>,
}

/// An event in a call.
#[derive(Debug, PartialEq)]
pub enum Action<'a> {
    /// A call begins.
    Offer(Media),
    /// A group call has begun, and this device can join.
    OfferNotice(Media),
    /// The other device rings.
    PreAccept,
    /// It was answered.
    Accept(Media),
    /// It was declined.
    Reject(Option<Reason<'a>>),
    /// Addresses of the peer; the number counts the rounds.
    Transport(Option<u32>),
    /// The latencies of the relays.
    RelayLatency,
    /// The microphone was switched off, or on.
    Mute(bool),
    /// The camera was switched; the number is the step of the handshake.
    Video(u8),
    /// The call ended, after this many seconds.
    Terminate(Option<Reason<'a>>, Option<u32>),
    /// Any other event, by its tag. Every version of the clients adds some.
    Other(&'a str),
}

/// The media of a call: from an attribute, or from a `<video>` child.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Media {
    /// Sound only.
    Audio,
    /// Sound and pictures.
    Video,
}

impl FromValue<'_> for Media {
    const EXPECTED: &'static str = "\"audio\" or \"video\"";

    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text("audio") => Some(Self::Audio),
            Value::Text("video") => Some(Self::Video),
            _ => None,
        }
    }
}

impl Media {
    fn of(action: NodeRef<'_>) -> Self {
        if action.child("video").is_some() { Self::Video } else { Self::Audio }
    }
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason<'a> {
    /// Nobody answered.
    Timeout,
    /// Another device of this user answered.
    AcceptedElsewhere,
    /// Another device of this user declined.
    RejectedElsewhere,
    /// Anything else.
    Other(&'a str),
}

impl<'a> FromValue<'a> for Reason<'a> {
    const EXPECTED: &'static str = "a reason";

    fn from_value(value: Value<'a>) -> Option<Self> {
        Some(match <&str>::from_value(value)? {
            "timeout" => Self::Timeout,
            "accepted_elsewhere" => Self::AcceptedElsewhere,
            "rejected_elsewhere" => Self::RejectedElsewhere,
            other => Self::Other(other),
        })
    }
}

/// Reads a `<call>`; `None` for one that does not have exactly one action.
///
/// # Errors
/// Another stanza; an attribute that is missing or is not what it should be, with the path to it.
pub fn read_call(call: NodeRef<'_>) -> Result<Option<Call<'_>>, StanzaError> {
    if call.tag() != "call" {
        return Err(StanzaError::Tag { found: call.tag().to_owned(), expected: "call" });
    }
    let mut actions = call.children();
    let (Some(action), None) = (actions.next(), actions.next()) else { return Ok(None) };
    let creator: JidRef<'_> = action.get("call-creator")?;
    let alt = if creator.server() == Server::Lid { "caller_pn" } else { "caller_lid" };
    Ok(Some(Call {
        stanza_id: call.get_opt("id")?,
        from: call.get("from")?,
        time: call.get("t")?,
        offline: call.attr("offline").is_some(),
        platform: call.get_opt("platform")?,
        version: call.get_opt("version")?,
        call_id: action.get("call-id")?,
        creator,
        creator_alt: action.get_opt(alt)?,
        group: action.get_opt("group-jid")?,
        action: read_action(action)?,
    }))
}

fn read_action(action: NodeRef<'_>) -> Result<Action<'_>, AttrError> {
    Ok(match action.tag() {
        "offer" => Action::Offer(Media::of(action)),
        "offer_notice" => Action::OfferNotice(action.get("media")?),
        "preaccept" => Action::PreAccept,
        "accept" => Action::Accept(Media::of(action)),
        "reject" => Action::Reject(action.get_opt("reason")?),
        "transport" => Action::Transport(action.get_opt("p2p-cand-round")?),
        "relaylatency" => Action::RelayLatency,
        "mute_v2" => Action::Mute(action.get::<u8>("mute-state")? != 0),
        "video" => Action::Video(action.get("state")?),
        "terminate" => Action::Terminate(action.get_opt("reason")?, action.get_opt("duration")?),
        other => Action::Other(other),
    })
}

fn main() -> Result<(), wabinary::Error> {
    let mut socket = FrameReader::new();
    socket.feed(include_bytes!("../tests/data/captures/call-receive.stream"));
    let mut decoder = Decoder::new();
    while let Some(frame) = socket.next_frame()? {
        let stanza = decoder.decode(frame)?;
        if stanza.tag() == "call" {
            match read_call(stanza)? {
                Some(call) => println!("{} {} {}: {:?}", call.time.0, call.call_id, call.from, call.action),
                None => println!("a call without an action: {stanza}"),
            }
        }
    }
    Ok(())
}
