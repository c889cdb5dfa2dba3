//! An input that is one frame.

use std::io::{self, Read};

use crate::record::{Payload, Record};
use crate::{LONGEST_RECORD, Reader};

/// Reads the frame. Stops early if the frame is too long.
pub(crate) fn records(reader: Reader) -> impl Iterator<Item = io::Result<Record>> {
    std::iter::once_with(move || {
        let mut frame = Vec::new();
        reader.take(LONGEST_RECORD as u64).read_to_end(&mut frame)?;
        Ok(Payload::Frame(frame.into()).into())
    })
}
