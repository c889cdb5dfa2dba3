//! Explained frames and reports on captures as text, JSON and HTML.
//!
//! | what | text | JSON | HTML |
//! |---|---|---|---|
//! | an explained frame, [`explain::Explained`] | [`explain::Text`] | `Serialize` | [`explain::Page`] |
//! | the specification of a stanza, [`wabinary::stanza::StanzaSpec`] | | `Serialize` | [`spec::page`] |
//! | a report, [`wabinary_calls::report::Report`] | [`report::write_text`] | [`report::Json`] | [`report::page`] |
//!
//! This crate opens no files and uses no terminal, so it works in a browser too. The caller decides how wide lines are,
//! and whether text has styles. Texts of a capture are escaped, for a terminal and in a page ([`shown`]).
//!
//! ```
//! use wabinary_calls::report::Record;
//! use wabinary_render::explain::{Explained, Text};
//!
//! let explanation = wabinary::explain::explain(&[0x00, 0xf8, 0x01, 0x1b]);
//! let record = Record::default();
//! let explained = Explained { record: &record, explanation: Some(&explanation), size: 4, node: None, failure: None::<&str> };
//! let mut text = Text::new(Vec::new());
//! text.write(&explained)?;
//! assert!(String::from_utf8_lossy(&text.finish()?).contains("tag \"ack\", single-byte token 27"));
//! # Ok::<(), std::io::Error>(())
//! ```

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented,
    clippy::string_slice
)]

pub mod explain;
pub mod json;
pub mod record;
pub mod report;
pub mod shown;
pub mod spec;
pub mod survey;
pub mod xml;

mod counted;
mod date;
mod page;
mod tone;

/// The version of this crate, which every page names.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub use date::date;
pub use page::{Capture, SCRIPT, STYLE};
