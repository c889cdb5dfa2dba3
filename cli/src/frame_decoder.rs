//! Frames to trees: which dictionary, flag byte or not.

use bytes::Bytes;
use wabinary::{DecodeError, Decoder, Dictionary, Limits, NodeRef, OffsetSpace};

use crate::hints;
use crate::options::{FlagByte, FrameReading};
use crate::record::{Failure, Fault, Payload, Record};
use crate::status::Status;

/// Tags of the stanzas and stream elements that stand at the root of frames. Source: the dispatch of
/// `tulir/whatsmeow` `client.go` and of `WhiskeySockets/Baileys` `src/Socket/`.
const ROOT_TAGS: [&str; 16] = [
    "ack",
    "call",
    "chatstate",
    "error",
    "failure",
    "handshake",
    "ib",
    "iq",
    "message",
    "notification",
    "presence",
    "receipt",
    "stream:error",
    "stream:features",
    "success",
    "xmlstreamend",
];

/// The longest frame that is decoded, in bytes: twice what the socket carries. A tree may take eight times as much.
const LONGEST_FRAME: usize = 32 << 20;

/// Frames that are longer, in bytes, are not tried with another dictionary: it would take as much memory again.
const LONGEST_TRIED: usize = 1 << 20;

/// The bytes of flag and head: what goes wrong there may be no frame at all.
const HEAD: usize = 4;

/// How the frame of a record is read.
#[derive(Clone, Copy)]
pub(crate) struct ReadAs {
    pub(crate) dictionary: Dictionary,
    pub(crate) has_flag_byte: bool,
}

/// Decodes the frames of all inputs.
pub(crate) struct FrameDecoder {
    /// By option.
    chosen: Option<Dictionary>,
    flag_byte: FlagByte,
    readings: [Reading; 2],
    told_no_flag_byte: bool,
    told_unknown_version: bool,
}

/// Frames that are read with one dictionary.
struct Reading {
    dictionary: Dictionary,
    decoder: Decoder,
    /// Tries frames of the other dictionary.
    probe: Decoder,
    /// How many have a known tag at their root with this dictionary and not with the other one.
    only_here: u64,
    /// The other way round.
    only_there: u64,
}

impl FrameDecoder {
    pub(crate) fn new(options: &FrameReading) -> Self {
        let decoder = |dictionary| Decoder::new().with_dictionary(dictionary).allow(options.leniency.allow());
        let readings = [Dictionary::V2, Dictionary::V3].map(|dictionary| Reading {
            dictionary,
            decoder: decoder(dictionary),
            probe: decoder(dictionary).with_limits(Limits { inflated: LONGEST_TRIED, ..Limits::default() }),
            only_here: 0,
            only_there: 0,
        });
        let (chosen, flag_byte) = (options.dictionary, options.flag_byte);
        Self { chosen, flag_byte, readings, told_no_flag_byte: false, told_unknown_version: false }
    }

    /// How a record is read, by its options and its first byte.
    pub(crate) fn read_as(&mut self, record: &Record, status: &mut Status) -> ReadAs {
        let dictionary = self.dictionary(record, status);
        let has_flag_byte = match &record.payload {
            Payload::Frame(frame) => self.has_flag_byte(frame, status),
            _ => true,
        };
        ReadAs { dictionary, has_flag_byte }
    }

    /// The tree of a record.
    pub(crate) fn decode<'a>(&'a mut self, record: &'a Record, read_as: ReadAs) -> Result<NodeRef<'a>, Failure> {
        let ReadAs { dictionary, has_flag_byte } = read_as;
        let frame = match &record.payload {
            Payload::Frame(frame) => frame,
            Payload::Node(node) => return Ok((&**node).into()),
            Payload::Failed(failure) => return Err(failure.clone()),
        };
        if frame.len() > LONGEST_FRAME {
            let message = format_args!("longer than {LONGEST_FRAME} bytes");
            return Err(Fault::in_frame("too-long", LONGEST_FRAME, message).into());
        }
        let [older, newer] = &mut self.readings;
        let (used, other) = if older.dictionary == dictionary { (older, newer) } else { (newer, older) };
        let decoded = read(&mut used.decoder, frame, has_flag_byte);
        match decoded.as_ref().map(|node| node.tag()) {
            Ok(tag) if ROOT_TAGS.contains(&tag) => {
                let there = used.dictionary.find(tag).map_or(tag, |token| other.dictionary.text(token));
                used.only_here += u64::from(!ROOT_TAGS.contains(&there));
            }
            _ if frame.len() > LONGEST_TRIED => {}
            _ => {
                let there = read(&mut other.probe, frame, has_flag_byte);
                used.only_there += u64::from(there.is_ok_and(|node| ROOT_TAGS.contains(&node.tag())));
            }
        }
        decoded.map_err(|error| {
            let is_none_from_the_start = error.space() == OffsetSpace::Frame && error.offset() < HEAD;
            let hint = is_none_from_the_start.then(|| hints::of_frame(frame, has_flag_byte)).flatten();
            Fault::from(&error).with_hint(hint).into()
        })
    }

    /// Warns at the end if another dictionary fits more frames. The exit status stays 0 if the user chose the dictionary.
    pub(crate) fn finish(&self, status: &mut Status) {
        let [older, newer] = &self.readings;
        for (used, other) in [(older, newer), (newer, older)] {
            if used.only_there > used.only_here {
                let (this, that) = (used.dictionary.version(), other.dictionary.version());
                status.say(format_args!(
                    "warning: stanzas that only dictionary {that} can read: {}; that only dictionary {this} can read: {}; \
                     try --dictionary {that}",
                    used.only_there, used.only_here,
                ));
                if self.chosen.is_none() {
                    status.needs_person();
                }
            }
        }
    }

    fn dictionary(&mut self, record: &Record, status: &mut Status) -> Dictionary {
        let announced = record.dictionary_version.filter(|_| self.chosen.is_none());
        let Some(version) = announced else { return self.chosen.unwrap_or_default() };
        Dictionary::from_version(version).unwrap_or_else(|| {
            if !std::mem::replace(&mut self.told_unknown_version, true) {
                let used = Dictionary::default().version();
                status.say(format_args!(
                    "warning: the stream announces dictionary {version}, which is unknown; using {used}"
                ));
                status.needs_person();
            }
            Dictionary::default()
        })
    }

    fn has_flag_byte(&mut self, frame: &Bytes, status: &Status) -> bool {
        match self.flag_byte {
            FlagByte::Yes => true,
            FlagByte::No => false,
            FlagByte::Auto => {
                let is_body = matches!(frame.first(), Some(0xf8 | 0xf9));
                if is_body && !std::mem::replace(&mut self.told_no_flag_byte, true) {
                    status.say("assuming that frames with f8 or f9 as first byte have no flag byte (--flag-byte no)");
                }
                !is_body
            }
        }
    }
}

fn read<'a>(decoder: &'a mut Decoder, frame: &Bytes, has_flag_byte: bool) -> Result<NodeRef<'a>, DecodeError> {
    if has_flag_byte { decoder.decode_slice(frame) } else { decoder.decode_body(frame.clone()) }
}
