//! Reports on captures as text, JSON and HTML.

mod ack_json;
mod failures;
mod html;
mod json;
mod text;
mod words;

pub use html::{Page, SCRIPT, STYLE, page, sections};
pub use json::{Json, Layout};
pub use text::{LiveText, write_text};
