//! The page's filter: the options of the tool, by their names.

use serde::{Deserialize, Serialize};
use wabinary_capture::choice::{Choice, Moment};
use wabinary_capture::direction_of_word;

/// The filter for records.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) choice: Choice,
    /// Only failed and refused records.
    pub(crate) exceptions: bool,
}

/// The fields of the page; empty ones do not filter.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    tag: String,
    attr: String,
    direction: String,
    peer: String,
    id: String,
    frame: String,
    since: String,
    until: String,
    grep: String,
    exceptions: bool,
}

/// The field that cannot be read, and the error.
#[derive(Serialize)]
pub(crate) struct Problem {
    field: &'static str,
    error: String,
}

pub(crate) fn read(json: &str) -> Result<Filter, Problem> {
    let fields: Fields = serde_json::from_str(json).unwrap_or_default();
    let choice = Choice {
        tags: each("tag", &fields.tag, |tag| Ok::<_, String>(tag.to_owned()))?,
        attrs: each("attr", &fields.attr, str::parse)?,
        direction: one("direction", &fields.direction, |word| {
            direction_of_word(word).ok_or_else(|| "expected send or receive".to_owned())
        })?,
        peer: one("peer", &fields.peer, |text| text.parse().map_err(|error| format!("{error}; expected user@server")))?,
        id: one("id", &fields.id, |id| Ok::<_, String>(id.to_owned()))?,
        frames: each("frame", &fields.frame, str::parse)?,
        since: one("since", &fields.since, Moment::start)?,
        until: one("until", &fields.until, Moment::end)?,
        grep: one("grep", &fields.grep, |text| text.parse().map_err(|error| last_line(&error)))?,
    };
    Ok(Filter { choice, exceptions: fields.exceptions })
}

fn one<T>(field: &'static str, text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Problem> {
    let text = text.trim();
    let read = if text.is_empty() { None } else { Some(read(text)) };
    read.transpose().map_err(|error| Problem { field, error })
}

/// Values separated by commas.
fn each<T>(field: &'static str, text: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, Problem> {
    let texts = text.split(',').map(str::trim).filter(|text| !text.is_empty());
    texts.map(|text| read(text).map_err(|error| Problem { field, error })).collect()
}

/// The error of a regular expression begins with a picture of several lines.
fn last_line(error: &impl ToString) -> String {
    let error = error.to_string();
    let last = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
    format!("not a regular expression: {last}")
}
