//! Reads captures of WhatsApp stanzas: frames, logs, JSON and pasted bytes, in the forms of other programs.
//!
//! ```text
//! bytes ─► unpack   gzip, zstd, byte order marks, UTF-16
//!            │
//!            ├─► detect     the form, by the first 64 KiB
//!            │
//!            └─► a reader   text lines, JSON values, a stream, XML ─► Record
//!                   └─► a dialect for each line or object (`log`, `json`)
//! ```
//!
//! [`Records`] takes any [`Read`](std::io::Read) and returns records one by one. It opens no files, starts no threads
//! and uses no clock, so it also runs in a browser.
//!
//! ```
//! use wabinary::stanza::Direction;
//! use wabinary_capture::{Fidelity, Form, Payload, Records};
//!
//! let log = "22:13:20.822 [whatsmeow/client/Recv DEBUG] <ack class=\"call\" error=\"403\" from=\"100000022222222@lid\" id=\"A1\"/>\n";
//! let record = Records::new(log.as_bytes(), Form::Auto)?.next().unwrap()?;
//! assert_eq!((record.direction, record.fidelity), (Some(Direction::Receive), Fidelity::Text));
//! let Payload::Tree(tree) = record.payload else { panic!() };
//! assert_eq!(tree.node().get("error"), Ok(403_u16));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! A new dialect is one file and one row in its table: `log::DIALECTS` for text, `json::DIALECTS` for objects.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented,
    clippy::incompatible_msrv,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::io::{self, BufRead};

mod allow;
mod bytes_text;
pub mod choice;
mod colour;
mod detect;
mod direction;
mod draft;
mod explainer;
mod fault;
mod frame_decoder;
mod frame_start;
mod frame_stream;
pub mod hints;
mod json;
mod keys;
mod lines;
mod log;
mod markup;
mod notes;
mod numbered;
mod pasted;
mod raw_frame;
mod read;
mod record;
mod records;
pub mod sanitize;
mod time;
mod tree;
mod twice;
mod unpack;
pub mod wacrg;
mod websocket;
mod xml_nodes;

pub use allow::Allow;
pub use bytes_text::read_hex;
pub use direction::direction_of_word;
pub use explainer::Explainer;
pub use fault::{Failure, Fault};
pub use frame_decoder::{FrameDecoder, ReadAs, Reading};
pub use frame_start::ROOT_TAGS;
pub use keys::Keys;
pub use notes::Note;
pub use numbered::Numbered;
pub use record::{Fidelity, Lost, MessagePlace, Noted, Payload, Record};
pub use records::{Form, Records};
pub use sanitize::{Residue, ResidueCheck, ResidueKind, Sanitizer};
pub use time::{Clock, Time};
pub use tree::Tree;

/// The longest line or JSON value that is read, in bytes. A frame of the socket has at most 16 MiB.
const LONGEST_RECORD: usize = 64 << 20;

/// The most bytes of an input that are read to detect its form.
const START: u64 = 64 << 10;

type Reader = Box<dyn BufRead>;

/// Opens a file next to a recording, by its name.
type OpenFile = Box<dyn FnMut(&str) -> io::Result<Box<dyn io::Read>>>;
