//! Decodes frames, and reports notes on stderr.

use wabinary::NodeRef;
use wabinary_capture::{self as capture, Reading};

pub(crate) use capture::ReadAs;

use crate::options::{FlagByte, FrameReading};
use crate::record::{Failure, Record};
use crate::status::Status;

/// Decodes the frames of all inputs.
pub(crate) struct FrameDecoder(capture::FrameDecoder);

impl FrameDecoder {
    pub(crate) fn new(options: &FrameReading) -> Self {
        let flag_byte = match options.flag_byte {
            FlagByte::Yes => Some(true),
            FlagByte::No => Some(false),
            FlagByte::Auto => None,
        };
        let (dictionary, allow) = (options.dictionary, options.leniency.allow());
        Self(capture::FrameDecoder::new(Reading { dictionary, flag_byte, allow }))
    }

    /// How to read a record, by its options and its first byte.
    pub(crate) fn read_as(&mut self, record: &Record, status: &mut Status) -> ReadAs {
        let read_as = self.0.read_as(record);
        self.tell_notes(status);
        read_as
    }

    /// The tree of a record.
    pub(crate) fn decode<'a>(&'a mut self, record: &'a Record, read_as: ReadAs) -> Result<NodeRef<'a>, Failure> {
        self.0.decode(record, read_as)
    }

    /// The readable part of a record whose frame is refused.
    pub(crate) fn part(&mut self, record: &Record, read_as: ReadAs) -> Option<NodeRef<'_>> {
        self.0.part(record, read_as)
    }

    /// Warns at the end if another dictionary fits more frames.
    pub(crate) fn finish(&mut self, status: &mut Status) {
        self.0.finish();
        self.tell_notes(status);
    }

    fn tell_notes(&mut self, status: &mut Status) {
        for note in self.0.take_notes() {
            status.say(note.text);
            if note.needs_person {
                status.needs_person();
            }
        }
    }
}
