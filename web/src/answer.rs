//! Answers to the page, as JSON.

use std::fmt::Display;

use serde::Serialize;

/// A value as JSON. Everything that is answered has a form in JSON.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Why there is no other answer.
pub(crate) fn error(error: &impl Display) -> String {
    json(&serde_json::json!({"error": error.to_string()}))
}
