//! Trees as XML, one root after another.

use std::io;

use wabinary::XmlReader;

use crate::Reader;
use crate::fault::Fault;
use crate::record::{Payload, Record};
use crate::tree::Tree;

/// Reads each root as a record.
pub(crate) fn records(input: Reader) -> impl Iterator<Item = io::Result<Record>> {
    let mut roots = XmlReader::new(input);
    std::iter::from_fn(move || {
        let record = roots.next()?.map(|root| {
            let payload = root.map_or_else(|error| Fault::from(error).into(), |node| Payload::from(Tree::from(node)));
            Record::from(payload).at_line(roots.line())
        });
        Some(record)
    })
}
