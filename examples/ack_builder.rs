//! Acknowledges incoming stanzas, as every client must: the server repeats stanzas without an ack.
//!
//! The same function in three clients: `tulir/whatsmeow` `receipt.go` (`sendAck`), `WhiskeySockets/Baileys`
//! `src/Utils/stanza-ack.ts` (`buildAckStanza`), `oxidezap/whatsapp-rust` `src/client.rs` and, for calls,
//! `wacore/src/stanza/call.rs` (`build_call_video_ack`).
//!
//! `cargo run --example ack_builder` answers the server's stanzas in `tests/data/captures/call-receive.stream`.

use wabinary::stream::FrameReader;
use wabinary::{AttrError, Decoder, FromValue, JidRef, Node, NodeRef, Value, encode};

/// An id that can match an ack.
struct StanzaId<'a>(&'a str);

impl<'a> FromValue<'a> for StanzaId<'a> {
    const EXPECTED: &'static str = "the id of a stanza";

    fn from_value(value: Value<'a>) -> Option<Self> {
        <&str>::from_value(value).filter(|id| !id.is_empty()).map(Self)
    }
}

/// The ack for a `<call>`, `<receipt>`, `<message>` or `<notification>`; with `refusal` the code of an error.
///
/// Addresses are copied unchanged, down to the wire form. The ack has no `from` and no `t`: the server adds them.
///
/// # Errors
/// A stanza without an id or a sender, which no ack can answer.
pub fn ack(stanza: NodeRef<'_>, refusal: Option<u16>) -> Result<Node, AttrError> {
    let StanzaId(id) = stanza.get("id")?;
    let from: JidRef<'_> = stanza.get("from")?;
    let participant = stanza.attr("participant").filter(|value| JidRef::from_value(*value) != Some(from));
    Ok(Node::build("ack")
        .attr("class", stanza.tag())
        .attr("id", id)
        .attr_opt("to", stanza.attr("from"))
        .attr_opt("type", kind(stanza))
        .attr_opt("participant", participant)
        // Without it the server cannot route the ack of a stanza for another of the user's addresses.
        .attr_opt("recipient", stanza.attr("recipient"))
        .attr_opt("error", refusal)
        .finish())
}

/// `type` of the ack. For a call it is the action: a peer that asks for video takes an ack without it for a refusal.
/// For other stanzas it is the stanza's own type; whatsmeow omits it for messages, Baileys does not.
fn kind(stanza: NodeRef<'_>) -> Option<Value<'_>> {
    match stanza.tag() {
        "call" => stanza.children().next().map(|action| Value::Text(action.tag())),
        "message" => None,
        _ => stanza.attr("type"),
    }
}

fn main() -> Result<(), wabinary::Error> {
    let mut socket = FrameReader::new();
    socket.feed(include_bytes!("../tests/data/captures/call-receive.stream"));
    let mut decoder = Decoder::new();
    while let Some(frame) = socket.next_frame()? {
        let stanza = decoder.decode(frame)?;
        if matches!(stanza.tag(), "call" | "receipt" | "message" | "notification") {
            let ack = ack(stanza, None)?;
            println!("{ack} ({} bytes)", encode(&ack)?.len());
        }
    }
    Ok(())
}
