//! Trees as XML, one root after another.

use std::io;

use wabinary::XmlReader;

use super::Reader;
use crate::record::{Fault, Payload, Record};

/// Reads each root as a record.
pub(super) fn records(input: Reader) -> impl Iterator<Item = io::Result<Record>> {
    let mut roots = XmlReader::new(input);
    std::iter::from_fn(move || {
        let record = roots.next()?.map(|root| {
            let payload = root.map_or_else(|error| Fault::from(error).into(), |node| Payload::Node(Box::new(node)));
            let record = Record { warnings: roots.warnings().to_vec(), ..payload.into() };
            record.at_line(roots.line())
        });
        Some(record)
    })
}
