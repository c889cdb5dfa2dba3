//! What a person should hear about an input beside its records.

use std::cell::RefCell;
use std::rc::Rc;

/// Something to tell about an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Whether a person should look before believing the results.
    pub needs_person: bool,
}

/// The notes of an input, which its readers share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Rc<RefCell<Vec<Note>>>);

impl Notes {
    /// Notes what was assumed or done.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.0.borrow_mut().push(Note { text: text.into(), needs_person: false });
    }

    /// Notes what a person should look at.
    pub(crate) fn warn(&self, text: impl Into<String>) {
        self.0.borrow_mut().push(Note { text: text.into(), needs_person: true });
    }

    pub(crate) fn take(&self) -> Vec<Note> {
        self.0.take()
    }
}
