//! Answers to the page, as JSON.

use std::fmt::Display;

use serde::Serialize;

/// A value as JSON. Every answer can be JSON.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The reason why there is no other answer.
pub(crate) fn error(error: &impl Display) -> String {
    json(&serde_json::json!({"error": error.to_string()}))
}
