//! Files that are opened together. One may name others.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

use bytes::Bytes;

/// Files that are opened together. A HAR opens the files with its messages. Those are not read as captures.
#[derive(Clone, Default)]
pub(crate) struct Files {
    files: Rc<RefCell<Vec<(String, Bytes)>>>,
    opened: Rc<RefCell<BTreeSet<String>>>,
}

impl Files {
    pub(crate) fn add(&self, name: &str, file: Vec<u8>) {
        self.files.borrow_mut().push((name.to_owned(), file.into()));
    }

    /// The files, those that may name others first.
    pub(crate) fn in_order(&self) -> Vec<(String, Bytes)> {
        let mut files = self.files.borrow().clone();
        files.sort_by_key(|(name, _)| !(name.ends_with(".har") || name.ends_with(".har.gz")));
        files
    }

    /// Whether another file named it.
    pub(crate) fn was_opened(&self, name: &str) -> bool {
        self.opened.borrow().contains(name)
    }

    /// Opens a file that another file names.
    pub(crate) fn open(&self, name: &str) -> io::Result<Box<dyn Read>> {
        let files = self.files.borrow();
        let found = files.iter().find(|(known, _)| known == name);
        let Some((_, file)) = found else {
            return Err(io::Error::other("it was not given together with the recording; give both at once"));
        };
        self.opened.borrow_mut().insert(name.to_owned());
        Ok(Box::new(Cursor::new(file.clone())))
    }
}
