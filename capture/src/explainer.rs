//! Explanations of records, within bounds.

use wabinary::explain::Explanation;
use wabinary::{Decoder, Dictionary, Encoder, Leniency, Limits, NodeRef};

use crate::fault::{Failure, Fault};
use crate::frame_decoder::ReadAs;
use crate::numbered::Numbered;
use crate::record::{Fidelity, Payload};

/// The largest body that is explained, in bytes: ranges take some 50 times as much.
const LONGEST_EXPLAINED: usize = 4 << 20;

/// Explains the frames of a run.
#[derive(Debug, Default)]
pub struct Explainer {
    /// One for each way to read frames.
    decoders: Vec<((Dictionary, Leniency), Decoder)>,
}

impl Explainer {
    /// An explainer without any decoders yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Explains a frame.
    ///
    /// # Errors
    /// If the frame is too long.
    pub fn frame(&mut self, frame: &[u8], read_as: ReadAs) -> Result<Explanation, Failure> {
        if frame.len() > LONGEST_EXPLAINED {
            let message =
                format_args!("the body is longer than {LONGEST_EXPLAINED} bytes, the most that explain accepts");
            return Err(Fault::in_frame("too-long", LONGEST_EXPLAINED, message).into());
        }
        let key = (read_as.dictionary, read_as.allow);
        let known = self.decoders.iter().position(|(known, _)| *known == key);
        let mut decoder = match known {
            Some(at) => self.decoders.swap_remove(at).1,
            None => {
                let limits = Limits { inflated: LONGEST_EXPLAINED, ..Limits::default() };
                Decoder::new().with_dictionary(key.0).allow(key.1).with_limits(limits)
            }
        };
        let explanation = if read_as.has_flag_byte { decoder.explain(frame) } else { decoder.explain_body(frame) };
        self.decoders.push((key, decoder));
        Ok(explanation)
    }

    /// Explains the frame of a record, or the frame that its tree is encoded to.
    ///
    /// # Errors
    /// If the frame is too long, the tree cannot be encoded, or a logger lost a part of the stanza.
    pub fn record(&mut self, record: &Numbered, node: NodeRef<'_>, read_as: ReadAs) -> Result<Explanation, Failure> {
        match &record.read.payload {
            Payload::Frame(frame) => self.frame(frame, read_as),
            _ if record.read.fidelity == Fidelity::Text => {
                let lost = record.read.lost;
                let message = format_args!(
                    "the bytes are not known: the record has text fidelity, and its logger lost {lost}; record frames to \
                     explain them"
                );
                Err(Fault::in_tree("fidelity", "", message).into())
            }
            _ => {
                let mut encoder = Encoder::new().with_dictionary(read_as.dictionary).allow(read_as.allow);
                let frame = encoder.encode(node).map_err(Fault::from)?;
                self.frame(&frame, read_as)
            }
        }
    }
}
