//! Frames to trees: which dictionary, flag byte or not.

use crate::allow::Allow;
use crate::fault::{Failure, Fault};
use crate::frame_start::ROOT_TAGS;
use crate::hints;
use crate::notes::{Note, Notes};
use crate::numbered::Numbered;
use crate::record::Payload;
use bytes::Bytes;
use wabinary::stanza::Direction;
use wabinary::{DecodeError, Decoder, Dictionary, Leniency, Limits, NodeRef, OffsetSpace};

/// The longest frame that is decoded, in bytes: twice the limit of the socket. A tree may take eight times as much.
const LONGEST_FRAME: usize = 32 << 20;

/// The longest frame that is tried with another dictionary, in bytes: the second tree takes as much memory again.
const LONGEST_TRIED: usize = 1 << 20;

/// The bytes of flag and head: an input that fails there may not be a frame at all.
const HEAD: usize = 4;

/// How to read frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// The dictionary. `None`: the one that a stream announces, otherwise the default.
    pub dictionary: Option<Dictionary>,
    /// Whether frames start with a flag byte. `None`: they do, unless the first byte is `f8` or `f9`.
    pub flag_byte: Option<bool>,
    /// The accepted deviations.
    pub allow: Allow,
}

/// How the frame of one record is read.
#[derive(Clone, Copy, Debug)]
pub struct ReadAs {
    /// The dictionary.
    pub dictionary: Dictionary,
    /// Whether the frame starts with a flag byte.
    pub has_flag_byte: bool,
    /// The accepted deviations.
    pub allow: Leniency,
    is_sent: bool,
}

impl Default for ReadAs {
    fn default() -> Self {
        Self { dictionary: Dictionary::default(), has_flag_byte: true, allow: Leniency::NONE, is_sent: false }
    }
}

/// Decodes the frames of all inputs of a run, and notices if another dictionary fits them better.
#[derive(Debug)]
pub struct FrameDecoder {
    options: Reading,
    with: [OneDictionary; 2],
    notes: Notes,
    told_no_flag_byte: bool,
    told_unknown_version: bool,
}

/// The decoders of one dictionary.
#[derive(Debug)]
struct OneDictionary {
    dictionary: Dictionary,
    /// For sent records, and for the others.
    decoders: [Decoder; 2],
    /// Decoders that try frames of the other dictionary.
    probes: [Decoder; 2],
    /// How many frames have a known tag at their root only with this dictionary.
    only_here: u64,
    /// How many frames have one only with the other dictionary.
    only_there: u64,
}

impl FrameDecoder {
    /// A decoder with these options.
    #[must_use]
    pub fn new(options: Reading) -> Self {
        let allow = options.allow;
        let decoders = |dictionary, limits| {
            allow.each().map(|allow| Decoder::new().with_dictionary(dictionary).with_limits(limits).allow(allow))
        };
        let with = [Dictionary::V2, Dictionary::V3].map(|dictionary| OneDictionary {
            dictionary,
            decoders: decoders(dictionary, Limits::default()),
            probes: decoders(dictionary, Limits { inflated: LONGEST_TRIED, ..Limits::default() }),
            only_here: 0,
            only_there: 0,
        });
        Self { options, with, notes: Notes::default(), told_no_flag_byte: false, told_unknown_version: false }
    }

    /// How to read a record, by its options and its first byte.
    pub fn read_as(&mut self, record: &Numbered) -> ReadAs {
        let dictionary = self.dictionary(record);
        let has_flag_byte = match &record.read.payload {
            Payload::Frame(frame) => self.has_flag_byte(frame),
            _ => true,
        };
        let direction = record.head.direction;
        let is_sent = direction == Some(Direction::Send);
        ReadAs { dictionary, has_flag_byte, allow: self.options.allow.of(direction), is_sent }
    }

    /// The notes on frames since the last call.
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }

    /// The tree of a record.
    ///
    /// # Errors
    /// The reason why it has no tree.
    pub fn decode<'a>(&'a mut self, record: &'a Numbered, read_as: ReadAs) -> Result<NodeRef<'a>, Failure> {
        let ReadAs { dictionary, has_flag_byte, is_sent, .. } = read_as;
        let frame = match &record.read.payload {
            Payload::Frame(frame) => frame,
            Payload::Tree(tree) => return Ok(tree.node()),
            Payload::Failed(failure) => return Err(failure.clone()),
        };
        if frame.len() > LONGEST_FRAME {
            let message = format_args!("longer than {LONGEST_FRAME} bytes");
            return Err(Fault::in_frame("too-long", LONGEST_FRAME, message).into());
        }
        let [older, newer] = &mut self.with;
        let (used, other) = if older.dictionary == dictionary { (older, newer) } else { (newer, older) };
        let decoded = read(of(&mut used.decoders, is_sent), frame, has_flag_byte);
        match decoded.as_ref().map(|node| node.tag()) {
            Ok(tag) if ROOT_TAGS.contains(&tag) => {
                let there = used.dictionary.find(tag).map_or(tag, |token| other.dictionary.text(token));
                used.only_here += u64::from(!ROOT_TAGS.contains(&there));
            }
            _ if frame.len() > LONGEST_TRIED => {}
            _ => {
                let there = read(of(&mut other.probes, is_sent), frame, has_flag_byte);
                used.only_there += u64::from(there.is_ok_and(|node| ROOT_TAGS.contains(&node.tag())));
            }
        }
        decoded.map_err(|error| {
            let is_none_from_the_start = error.space() == OffsetSpace::Frame && error.offset() < HEAD;
            let hint = is_none_from_the_start.then(|| hints::of_frame(frame, has_flag_byte)).flatten();
            Fault::from(&error).with_hint(hint).into()
        })
    }

    /// The readable part of a record whose frame is refused.
    pub fn part(&mut self, record: &Numbered, read_as: ReadAs) -> Option<NodeRef<'_>> {
        let Payload::Frame(frame) = &record.read.payload else { return None };
        if frame.len() > LONGEST_FRAME {
            return None;
        }
        let reading = self.with.iter_mut().find(|with| with.dictionary == read_as.dictionary)?;
        let decoder = of(&mut reading.decoders, read_as.is_sent);
        let frame = if read_as.has_flag_byte { frame.clone() } else { [&[0], &**frame].concat().into() };
        decoder.decode_partial(frame).0
    }

    /// Adds a final note if another dictionary fits more frames. A person must check unless the user chose the
    /// dictionary.
    pub fn finish(&mut self) {
        let [older, newer] = &self.with;
        for (used, other) in [(older, newer), (newer, older)] {
            if used.only_there > used.only_here {
                let (this, that) = (used.dictionary.version(), other.dictionary.version());
                let told = format!(
                    "warning: stanzas that only dictionary {that} can read: {}; that only dictionary {this} can read: {}; \
                     try --dictionary {that}",
                    used.only_there, used.only_here,
                );
                match self.options.dictionary {
                    None => self.notes.warn(told),
                    Some(_) => self.notes.say(told),
                }
            }
        }
    }

    fn dictionary(&mut self, record: &Numbered) -> Dictionary {
        let announced = record.read.dictionary_version.filter(|_| self.options.dictionary.is_none());
        let Some(version) = announced else { return self.options.dictionary.unwrap_or_default() };
        Dictionary::from_version(version).unwrap_or_else(|| {
            if !std::mem::replace(&mut self.told_unknown_version, true) {
                let used = Dictionary::default().version();
                self.notes.warn(format!(
                    "warning: the stream announces dictionary {version}, which is unknown; using {used}"
                ));
            }
            Dictionary::default()
        })
    }

    fn has_flag_byte(&mut self, frame: &Bytes) -> bool {
        match self.options.flag_byte {
            Some(has) => has,
            None => {
                let is_body = matches!(frame.first(), Some(0xf8 | 0xf9));
                if is_body && !std::mem::replace(&mut self.told_no_flag_byte, true) {
                    self.notes
                        .say("assuming that frames with f8 or f9 as first byte have no flag byte (--flag-byte no)");
                }
                !is_body
            }
        }
    }
}

/// The decoder for sent records, or the one for the others.
fn of([rest, sent]: &mut [Decoder; 2], is_sent: bool) -> &mut Decoder {
    if is_sent { sent } else { rest }
}

fn read<'a>(decoder: &'a mut Decoder, frame: &Bytes, has_flag_byte: bool) -> Result<NodeRef<'a>, DecodeError> {
    if has_flag_byte { decoder.decode_slice(frame) } else { decoder.decode_body(frame.clone()) }
}
