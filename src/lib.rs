//! A codec for WhatsApp's binary nodes ("WABinary"): it decodes decrypted frames to trees, encodes trees back to the
//! same bytes, and reads call acknowledgements as typed stanzas.
//!
//! # Example
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
//! # Ok::<(), wabinary::Error>(())
//! ```
//!
//! # What to use
//!
//! | to | use |
//! |---|---|
//! | decode a frame | [`decode`], or a reusable [`Decoder`] with options |
//! | read a tree | [`Node`] and its `Copy` view [`NodeRef`]; addresses are [`JidRef`] and [`Jid`] |
//! | build or edit a tree | [`Node::build`] and [`Node::edit`], which return a [`Builder`] |
//! | encode a tree | [`encode`], or a reusable [`Encoder`] with options |
//! | write and read XML | `Display`; `Node::from_xml` and `XmlReader` (feature `xml`) |
//! | take frames out of a stream, and write them | [`stream::FrameReader`], [`stream::split_frame`], [`stream::write_frame`] |
//! | learn what each byte of a frame means, good or bad | [`explain::explain()`] |
//! | find deviations from the canonical form | [`explain::findings`] |
//! | read call acknowledgements, and find unusual parts | [`stanza::CallAckRef`], [`stanza::CallAck`], [`stanza::ack_findings`] |
//! | write a typed view of another stanza | [`KnownNames`] and [`KnownAttrs`] |
//! | show a stanza without its keys, or an address without its user | [`stanza::redacted`], [`stanza::redacted_jid`] |
//!
//! The crate `wabinary-calls` tracks stanzas over time: which answer belongs to which stanza, what is still unanswered,
//! what to reply. The crate `wabinary-render` shows explanations and reports.
//!
//! # How it works
//!
//! ```text
//! socket bytes ─► stream   24-bit length framing
//! frame        ─► frame    flag byte, zlib (bounded)
//! body         ─► wire     the grammar, once: nom parsers that report to a sink ─► tree | ranges, findings
//!                   │
//!                 Node ◄── builder, edits, JSON, XML
//!                   │
//!                 stanza   typed views: call acknowledgements, acknowledgements of every class, call stanzas, receipts
//! ```
//!
//! GRAMMAR.md, which ships with the crate, describes the format. Decoding is strict; each [`Leniency`] is an option. No
//! input causes a panic, and memory is bounded by the input and by [`Limits`].
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `serde` | `Serialize` for trees, explanations and errors, `Deserialize` for trees: the JSON form that docs/formats.md describes |
//! | `xml` | `Node::from_xml` and `XmlReader`, which read the XML that `Display` writes |
//! | `arbitrary` | the module `generate`: trees and addresses for fuzzing |
//! | `tokio-util` | `stream::FrameCodec`, a codec for `Framed` |
//! | `simdutf8` | nothing: texts that are not ASCII are checked faster |
//!
//! None is on by default.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// No code panics on purpose. Modules that read input also deny indexing; modules that read frames, streams and
// addresses deny unchecked arithmetic too (tests/modules.rs has the list).
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

#[cfg(doctest)]
#[doc = include_str!("../docs/migration.md")]
struct Migration;

mod decode;
mod encode;
mod error;
mod frame;
mod jid;
mod kernel;
mod node;
mod options;
mod printable;
mod token;
mod wire;

mod any_error;
pub mod explain;
#[cfg(feature = "arbitrary")]
pub mod generate;
pub mod stanza;
pub mod stream;
mod text;

pub use any_error::Error;
pub use decode::{Decoder, decode, decode_body, decode_body_first, decode_body_slice, decode_first, decode_slice};
pub use encode::{Encoder, encode};
pub use error::{
    AttrError, DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, JidError, LengthClaim, LengthField,
    OffsetSpace, StanzaError,
};
pub use jid::{Jid, JidForm, JidKey, JidRef, Server, address_text, is_address_attribute};
pub use node::{
    Attrs, Builder, Children, Content, Element, FromValue, KnownAttrs, KnownNames, KnownText, NewContent, NewValue,
    Node, NodeRef, Rewrite, UnixSeconds, Value,
};
pub use options::{Leniency, Limits, ParseLeniencyError};
pub use printable::Printable;
#[cfg(feature = "xml")]
pub use text::{TextPlace, XmlError, XmlReader};
pub use token::{Dictionary, Token};
