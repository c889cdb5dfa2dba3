//! Notes for the user about an input.

use std::cell::RefCell;
use std::rc::Rc;

/// A note about an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Whether a person should check before trusting the results.
    pub needs_person: bool,
}

/// The notes of an input. Its readers share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Rc<RefCell<Vec<Note>>>);

impl Notes {
    /// Notes an assumption or an action.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.0.borrow_mut().push(Note { text: text.into(), needs_person: false });
    }

    /// Notes something that a person should check.
    pub(crate) fn warn(&self, text: impl Into<String>) {
        self.0.borrow_mut().push(Note { text: text.into(), needs_person: true });
    }

    pub(crate) fn take(&self) -> Vec<Note> {
        self.0.take()
    }
}
