//! Codec for WhatsApp's binary node encoding ("WABinary"): decrypted frames to trees and back to the same bytes, and
//! typed call acknowledgements with replies and tracking.
//!
//! ```text
//! socket bytes ─► stream   24-bit length framing
//! frame        ─► frame    flag byte, zlib (bounded)
//! body         ─► wire     the grammar, once: nom parsers driving a sink ─► tree | ranges, findings
//!                   │
//!                 Node ◄── builder, edits, JSON (feature `serde`), XML (`Display`; read with feature `xml`)
//!                   │
//!                 stanza   typed views: call acknowledgements, what to reply, what waits for its answer
//! ```
//!
//! | to | use |
//! |---|---|
//! | decode a frame | [`decode`], or a [`Decoder`] with options, used again without allocating |
//! | read a tree | [`Node`] and its `Copy` view [`NodeRef`]; addresses are [`JidRef`] and [`Jid`] |
//! | build or edit one | [`Node::build`], [`Node::edit`], both giving a [`Builder`] |
//! | encode it | [`encode`], or an [`Encoder`] |
//! | write it as XML, and read that | `Display`; `Node::from_xml`, `XmlReader` (feature `xml`) |
//! | take frames out of a stream | [`stream::FrameReader`] |
//! | find out what each byte of a frame is for, of bad ones too | [`explain::explain()`] |
//! | find out what is unusual in a frame | [`explain::findings`] |
//! | read call acknowledgements | [`stanza::CallAckRef`], [`stanza::CallAck`]; what is unusual: [`stanza::ack_findings`] |
//! | answer calls that come in | [`stanza::Replier`], under a [`stanza::ReplyPolicy`] |
//! | know what was answered, refused or lost | [`stanza::Tracker`] |
//! | show a stanza without its keys | [`stanza::redacted`] |
//!
//! ```
//! use wabinary::stanza::CallAckRef;
//!
//! // <ack id="A1" class="call" from="s.whatsapp.net" error="404"/>
//! let frame: &'static [u8] = &[
//!     0x00, 0xf8, 0x09, 0x1b, 0x08, 0xfb, 0x01, 0xa1, 0x15, 0x64, 0x06, 0xfa, 0x00, 0x03, 0xa8, 0xec, 0x35,
//! ];
//! let node = wabinary::decode(frame)?;
//! let ack = CallAckRef::try_from(&node)?;
//! assert_eq!((ack.id(), ack.error()?), ("A1", Some(404)));
//! assert_eq!(wabinary::encode(&node)?, frame);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A client that takes part in calls answers what comes in, and keeps what it sent until that is answered:
//!
//! ```
//! use std::time::{Duration, Instant};
//! use wabinary::stanza::{CallStanza, CallStanzaRef, Event, Outcome, Replier, ReplyPolicy, Timeouts, Tracker};
//! use wabinary::{decode, encode};
//!
//! struct Calls {
//!     replier: Replier,
//!     tracker: Tracker,
//!     started: Instant,
//! }
//!
//! impl Calls {
//!     fn new() -> Self {
//!         let replier = Replier::new(ReplyPolicy::Web);
//!         Self { replier, tracker: Tracker::new(Timeouts::default(), 256), started: Instant::now() }
//!     }
//!
//!     fn send(&mut self, call: &CallStanza, socket: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
//!         self.tracker.register(call, self.started.elapsed())?; // before it is sent
//!         socket.extend(encode(call)?);
//!         Ok(())
//!     }
//!
//!     fn receive(&mut self, frame: Vec<u8>, socket: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
//!         let node = decode(frame)?;
//!         if let Ok(call) = CallStanzaRef::try_from(&node) {
//!             for reply in self.replier.reply(call)?.stanzas() {
//!                 socket.extend(encode(reply)?);
//!             }
//!         }
//!         match self.tracker.receive(&node, self.started.elapsed()) {
//!             Event::Answered(answer) => match answer.outcome {
//!                 Outcome::Refused(code) => println!("{:?} is refused: {code:?}", answer.call_id),
//!                 outcome => println!("{outcome:?} after {:?}", answer.latency),
//!             },
//!             other => println!("{other:?}"),
//!         }
//!         Ok(())
//!     }
//!
//!     fn reconnected(&mut self, socket: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
//!         for call in self.tracker.resend_after_reconnect(self.started.elapsed()) {
//!             socket.extend(encode(call.node())?);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! // <call to="100000022222222@lid" id="A1"><offer call-id="0123"/></call>, and the ack that refuses it.
//! let peer: wabinary::Jid = "100000022222222@lid".parse()?;
//! let offer = wabinary::Node::build("call").attr("to", &peer).attr("id", "A1")
//!     .child("offer", |offer| { offer.attr("call-id", "0123"); })
//!     .finish();
//! let ack = wabinary::stanza::CallAck::build("A1").from(&peer).error(403).finish();
//! let (mut calls, mut socket) = (Calls::new(), Vec::new());
//! calls.send(&CallStanza::try_from(offer).unwrap(), &mut socket)?;
//! calls.receive(encode(&ack)?.into(), &mut socket)?;
//! calls.reconnected(&mut socket)?;
//! assert_eq!(calls.tracker.pending().count(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The example `call_client` runs this over a link that loses and reorders.
//!
//! The format is described in GRAMMAR.md, which ships with the crate.

#![forbid(unsafe_code)]
// Nothing panics on purpose. Modules that read what comes from outside deny indexing too, those that read frames, streams
// and addresses also unchecked arithmetic (tests/modules.rs has the list).
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented,
    clippy::incompatible_msrv
)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

// A part of `arbitrary` is shared with the tests, which know the crate by its name.
#[cfg(feature = "arbitrary")]
extern crate self as wabinary;

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod decode;
mod encode;
mod error;
mod frame;
mod jid;
mod kernel;
mod node;
mod options;
mod token;
mod wire;

pub mod explain;
pub mod stanza;
pub mod stream;
mod text;

pub use decode::{Decoder, decode, decode_body, decode_first, decode_slice};
pub use encode::{Encoder, encode};
pub use error::{
    AttrError, Claim, DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Field, JidError, Space, StanzaError,
};
pub use jid::{Jid, JidForm, JidRef, Server};
pub use node::{
    Attrs, Builder, Children, Content, Element, FromValue, NewContent, NewValue, Node, NodeRef, Rewrite, UnixSeconds,
    Value,
};
pub use options::{Allow, Limits, UnknownLeniency};
#[cfg(feature = "xml")]
pub use text::{Place, XmlError, XmlReader};
pub use token::{Dictionary, Token};
