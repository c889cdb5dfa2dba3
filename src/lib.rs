//! Codec for WhatsApp's binary node encoding ("WABinary"): decrypted frames to trees and back to the same bytes, and
//! typed call acknowledgements.
//!
//! ```text
//! socket bytes ─► stream   24-bit length framing
//! frame        ─► frame    flag byte, zlib (bounded)
//! body         ─► wire     the grammar, once: nom parsers driving a sink ─► tree | findings
//!                   │
//!                 Node ◄── builder, edits, JSON (feature `serde`), XML (`Display`; read with feature `xml`)
//!                   │
//!                 stanza   typed views: call acknowledgements
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
//! | find out what is unusual in a frame | [`explain::findings`] |
//! | read call acknowledgements | [`stanza::CallAckRef`], [`stanza::CallAck`] |
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
//! The format is described in GRAMMAR.md, which ships with the crate.

#![forbid(unsafe_code)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod decode;
mod encode;
mod error;
mod frame;
mod jid;
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
