//! WhatsApp stanzas over time: which answer belongs to which stanza, what to reply, and what a capture
//! shows.
//!
//! ```text
//! stanza out ─┐
//!             ├─► Ledger ─► events     opened, sent again, answered, delivered, unmatched
//! stanza in  ─┘     │
//!                   ├─► Tracker        with deadlines, for a client
//!                   └─► report         with the clocks and early answers of a capture
//! stanza in ────────► Replier          the ack or receipt to send back
//! ```
//!
//! | to | use |
//! |---|---|
//! | know whether an ack answers a stanza | [`answers()`] |
//! | match stanzas and answers as they pass | [`Ledger`] |
//! | know in a client what was answered, refused or lost | [`Tracker`] |
//! | answer the call stanzas that come in | [`Replier`], under a [`ReplyPolicy`] |
//! | acknowledge any other stanza | [`acknowledge`] |
//! | find what is unusual in an ack and its stanza | [`ack_findings`] |
//! | report on a capture | [`report::ReportBuilder`] |
//!
//! A client that takes part in calls answers what comes in, and keeps what it sent until that is answered:
//!
//! ```
//! use std::time::{Duration, Instant};
//! use wabinary::stanza::{CallStanza, CallStanzaRef};
//! use wabinary::{decode, encode};
//! use wabinary_calls::{Event, Outcome, Replier, ReplyPolicy, Timeouts, Tracker};
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
//!         self.tracker.send(call, self.started.elapsed()); // before it is sent
//!         socket.extend(encode(call)?);
//!         Ok(())
//!     }
//!
//!     fn receive(&mut self, frame: Vec<u8>, socket: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
//!         let node = decode(frame)?;
//!         for event in self.tracker.receive(&node, self.started.elapsed()) {
//!             match event {
//!                 Event::Answered(answer) if answer.verdict.outcome == Outcome::Refused => {
//!                     println!("{:?} is refused: {:?}", answer.call_id, answer.verdict.code);
//!                 }
//!                 other => println!("{other:?}"),
//!             }
//!         }
//!         if let Ok(call) = CallStanzaRef::try_from(&node) {
//!             for reply in self.replier.reply(call)?.stanzas() {
//!                 self.tracker.send(reply, self.started.elapsed());
//!                 socket.extend(encode(reply)?);
//!             }
//!         }
//!         Ok(())
//!     }
//!
//!     fn reconnected(&mut self, socket: &mut Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
//!         for stanza in self.tracker.resend_after_reconnect(self.started.elapsed()) {
//!             socket.extend(encode(stanza)?);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! // <call to="100000022222222@lid" id="A1"><offer call-id="0123"/></call>, and the ack that refuses it.
//! let peer: wabinary::Jid = "100000022222222@lid".parse()?;
//! let offer = wabinary::Node::build("call").attr("to", &peer).attr("id", "A1")
//!     .child("offer", |offer| offer.attr("call-id", "0123"))
//!     .finish();
//! let ack = wabinary::stanza::CallAck::build("A1").from_jid(&peer).error(403).finish();
//! let (mut calls, mut socket) = (Calls::new(), Vec::new());
//! calls.send(&CallStanza::try_from(offer)?, &mut socket)?;
//! calls.receive(encode(&ack)?.into(), &mut socket)?;
//! calls.reconnected(&mut socket)?;
//! assert_eq!(calls.tracker.pending().count(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The example `call_client` runs this over a link that loses and reorders.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Everything here reads input from peers.
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented,
    clippy::arithmetic_side_effects
)]

/// Gives an enum the names that JSON and documents use, and implements `Serialize` with them under the feature `serde`.
macro_rules! named {
    ($Enum:ident { $($variant:ident => $name:literal,)* }) => {
        impl $Enum {
            /// The name used in JSON and in documents. Stable across versions.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $Enum {
            /// The [name](Self::name).
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

mod accounts;
mod answer;
mod class;
mod code;
mod findings;
mod ledger;
mod matching;
mod named_call;
mod outcome;
mod outline;
mod reply;
mod tracker;
mod verdict;

pub mod report;
pub mod survey;

pub use accounts::Accounts;
pub use answer::AnswerKind;
pub use class::Class;
pub use code::Code;
pub use findings::ack_findings;
pub use ledger::{Entry, EntryId, Event, Ledger, Match};
pub use matching::{MatchedBy, Mismatch, answers};
pub use named_call::named_call;
pub use outcome::Outcome;
pub use reply::{Replier, Reply, ReplyPolicy, acknowledge};
pub use tracker::{Answer, Pending, Timeouts, Tracker};
pub use verdict::Verdict;
