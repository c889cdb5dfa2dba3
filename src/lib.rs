//! Codec for WhatsApp's binary node encoding ("WABinary"): decrypted frames to trees and back to the same bytes, and
//! typed call acknowledgements.
//!
//! ```text
//! socket bytes ─► stream   24-bit length framing
//! frame        ─► frame    flag byte, zlib (bounded)
//! body         ─► wire     the grammar, once: nom parsers driving a sink ─► tree | ranges, findings
//!                   │
//!                 Node ◄── builder, edits, JSON (feature `serde`), XML (`Display`; read with feature `xml`)
//!                   │
//!                 stanza   typed views: call acknowledgements, acknowledgements of every class, call stanzas, receipts
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
//! | show a stanza without its keys | [`stanza::redacted`]; an address without its user: [`stanza::redacted_jid`] |
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
//! What happens over time is in the crate `wabinary-calls`: which answer belongs to which stanza, what waits for one, what
//! to reply. The crate `wabinary-render` shows explanations and reports.
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
pub use jid::{Jid, JidForm, JidRef, Server};
pub use node::{
    Attrs, Builder, Children, Content, Element, FromValue, KnownAttrs, KnownNames, KnownText, NewContent, NewValue,
    Node, NodeRef, Rewrite, UnixSeconds, Value,
};
pub use options::{Leniency, Limits, ParseLeniencyError};
#[cfg(feature = "xml")]
pub use text::{TextPlace, XmlError, XmlReader};
pub use token::{Dictionary, Token};
