//! The interface of the page to the crates: a session holds a capture, and answers in JSON.
//!
//! This module is only the boundary to JavaScript. `wabinary-capture`, `wabinary-calls` and `wabinary-render` read,
//! select, explain and report.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod answer;
mod beside;
mod capture;
mod editing;
mod filter;
mod row;
mod sharing;
mod showing;
#[cfg(test)]
mod tests;

use wabinary_capture::Keys;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use answer::json;
use beside::Files;
use capture::Capture;

/// An open capture, and keys for recordings.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    keys: Keys,
    /// The files that `read` reads.
    files: Files,
    capture: Capture,
}

#[wasm_bindgen]
impl Session {
    /// A session without a capture.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes keys for recordings that are opened later, in place of earlier keys. Returns their number, or the error.
    pub fn take_keys(&mut self, file: Vec<u8>) -> String {
        let file = Zeroizing::new(file);
        match Keys::read(&**file) {
            Ok(keys) => {
                self.keys = keys;
                json(&serde_json::json!({"keys": self.keys.len()}))
            }
            Err(error) => answer::error(&error),
        }
    }

    /// Forgets the keys.
    pub fn forget_keys(&mut self) {
        self.keys = Keys::default();
    }

    /// Closes the open files. `dictionary`: 2 or 3, or 0 for the announced one. `lenient`: accepts the deviations of
    /// real clients.
    pub fn start(&mut self, dictionary: u8, lenient: bool) {
        self.capture = Capture::new(dictionary, lenient);
    }

    /// Takes a file.
    pub fn take(&mut self, name: &str, file: Vec<u8>) {
        self.files.add(name, file);
    }

    /// Reads the files that were taken. Returns a summary.
    pub fn read(&mut self) -> String {
        let files = std::mem::take(&mut self.files);
        for (name, file) in files.in_order() {
            if !files.was_opened(&name) {
                self.capture.read(&name, file, &self.keys, &files);
            }
        }
        json(&self.capture.finish())
    }

    /// Selects the records that match a filter. Returns their number, or the error.
    pub fn choose(&mut self, filter: &str) -> String {
        match filter::read(filter) {
            Ok(filter) => json(&serde_json::json!({"count": self.capture.choose(&filter)})),
            Err(problem) => json(&problem),
        }
    }

    /// The rows of the selected records from an index on.
    #[must_use]
    pub fn rows(&self, first: usize, count: usize) -> String {
        json(&self.capture.rows(first, count))
    }

    /// The index among the selected records of the one with this number, or where it would be.
    #[must_use]
    pub fn place(&self, frame: u32) -> usize {
        self.capture.place(frame)
    }

    /// An explained record, by its index among the selected ones.
    pub fn show(&mut self, place: usize) -> String {
        self.capture.show(place).map_or_else(|| answer::error(&"there is no such record"), |shown| json(&shown))
    }

    /// Encodes an edited stanza, and explains its bytes in place of a record.
    pub fn edit(&mut self, place: usize, xml: &str) -> String {
        json(&self.capture.edit(place, xml))
    }

    /// The report on the calls of the selected records, as markup.
    #[must_use]
    pub fn calls(&mut self) -> String {
        json(&self.capture.calls())
    }

    /// The selected records without persons and secrets.
    pub fn sanitize(&mut self) -> String {
        json(&self.capture.sanitize())
    }
}
