//! What the page asks of the crates: a session that holds a capture, and answers in JSON.
//!
//! This is the boundary to JavaScript and nothing else. What is read, chosen, explained and reported is the business of
//! `wabinary-capture`, `wabinary-calls` and `wabinary-render`.

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

use wabinary_capture::Keys;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use answer::json;
use beside::Files;
use capture::Capture;

/// A capture that is open, and keys for recordings.
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
    /// Nothing is open.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes keys for the recordings that are opened from now on, in place of those before; how many, or why none.
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

    /// Closes what is open. `dictionary`: 2 or 3, 0 for the one that is announced. `lenient`: what real clients deviate in is
    /// accepted.
    pub fn start(&mut self, dictionary: u8, lenient: bool) {
        self.capture = Capture::new(dictionary, lenient);
    }

    /// Takes a file.
    pub fn take(&mut self, name: &str, file: Vec<u8>) {
        self.files.add(name, file);
    }

    /// Reads the files that were taken; what was read.
    pub fn read(&mut self) -> String {
        let files = std::mem::take(&mut self.files);
        for (name, file) in files.in_order() {
            if !files.was_opened(&name) {
                self.capture.read(&name, file, &self.keys, &files);
            }
        }
        json(&self.capture.finish())
    }

    /// Chooses the records that a filter asks for; how many, or what is wrong with it.
    pub fn choose(&mut self, filter: &str) -> String {
        match filter::read(filter) {
            Ok(filter) => json(&serde_json::json!({"count": self.capture.choose(&filter)})),
            Err(problem) => json(&problem),
        }
    }

    /// The rows of the chosen records from a place on.
    #[must_use]
    pub fn rows(&self, first: usize, count: usize) -> String {
        json(&self.capture.rows(first, count))
    }

    /// The place among the chosen records of the one with this number; where it would be, if it is not chosen.
    #[must_use]
    pub fn place(&self, frame: u32) -> usize {
        self.capture.place(frame)
    }

    /// A record, explained, by its place among the chosen ones.
    pub fn show(&mut self, place: usize) -> String {
        self.capture.show(place).map_or_else(|| answer::error(&"there is no such record"), |shown| json(&shown))
    }

    /// The bytes that an edited stanza has, explained, in place of a record.
    pub fn edit(&mut self, place: usize, xml: &str) -> String {
        json(&self.capture.edit(place, xml))
    }

    /// What became of the calls of the chosen records, as markup.
    #[must_use]
    pub fn calls(&mut self) -> String {
        json(&self.capture.calls())
    }

    /// The chosen records without persons and secrets.
    pub fn sanitize(&mut self) -> String {
        json(&self.capture.sanitize())
    }
}
