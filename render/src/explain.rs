//! Explained frames as text, JSON and HTML.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wabinary::NodeRef;
use wabinary::explain::{Explanation, RangeKind};
use wabinary_calls::report::Record;

mod html;
mod purpose;
mod terms;
mod text;

pub use html::{Page, SCRIPT, STYLE, Section, furniture, refused};
pub use text::Text;

use crate::record::serialize_members;

/// The data to show for a record.
///
/// It serializes as an object: the members of the record, then `size`, `ranges`, `findings` and `error`.
#[derive(Debug)]
pub struct Explained<'a, F> {
    /// The record.
    pub record: &'a Record,
    /// `None` if there are no bytes to explain, or too many.
    pub explanation: Option<&'a Explanation>,
    /// The number of bytes of the record, explained or not.
    pub size: usize,
    /// The tree. `None` if the record failed.
    pub node: Option<NodeRef<'a>>,
    /// Why the record failed.
    pub failure: Option<F>,
}

impl<F: Serialize> Serialize for Explained<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        serialize_members(self.record, &mut map)?;
        map.serialize_entry("size", &self.size)?;
        match self.explanation {
            Some(explanation) => {
                map.serialize_entry("ranges", &explanation.ranges_with_text())?;
                map.serialize_entry("findings", explanation.findings())?;
            }
            None => {
                map.serialize_entry("ranges", Unread::of(self.size).as_slice())?;
                map.serialize_entry("findings", &[(); 0])?;
            }
        }
        map.serialize_entry("error", &self.failure)?;
        map.end()
    }
}

/// The only range of an unexplained frame.
#[derive(Serialize)]
struct Unread {
    start: usize,
    end: usize,
    space: &'static str,
    leaf: bool,
    depth: u32,
    path: &'static str,
    kind: RangeKind,
    text: String,
}

impl Unread {
    fn of(size: usize) -> Option<Self> {
        let text = format!("not read: {size} bytes");
        let (space, path, kind) = ("frame", "", RangeKind::Unread);
        (size > 0).then_some(Self { start: 0, end: size, space, leaf: true, depth: 0, path, kind, text })
    }
}

/// The message of a failure.
fn message<F: Display>(failure: Option<&F>) -> String {
    failure.map(ToString::to_string).unwrap_or_default()
}
