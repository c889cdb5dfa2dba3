//! What an adapter's answer is worth, beside the answer of this library.

use std::fmt;

use data_encoding::HEXLOWER;
use wabinary::{DecodeError, Decoder, Dictionary, Encoder, Leniency, Limits, Node};
use wabinary_generate::compress;

use crate::adapter::Outcome;
use crate::protocol::{Answer, Op, Request};
use crate::refusals::Refusal;
use crate::tree::{Keeps, Tree, difference};

/// Inputs that are longer, in bytes, are compressed if that makes them small.
pub const LONG: usize = 40;

/// Something to ask a codec.
#[derive(Clone, Debug, PartialEq)]
pub enum Probe {
    /// Decode a frame.
    Decode(Dictionary, Vec<u8>),
    /// Encode a tree.
    Encode(Dictionary, Node),
    /// Encode a tree that this library refuses.
    Refuse(Dictionary, Box<Refusal>),
}

/// How an answer deviates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// It takes what the grammar refuses.
    Accepts,
    /// It refuses what the grammar accepts.
    Refuses,
    /// It gives another tree; encoding, a frame of another tree.
    OtherTree,
    /// It encodes the right tree in other bytes.
    OtherBytes,
    /// The program dies.
    Crashes,
    /// It does not answer.
    Hangs,
    /// It answers something that the protocol does not have.
    BreaksProtocol,
}

/// The kind of a deviation. Deviations with the same signature may have the same cause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// Whether a frame was decoded, or a tree encoded.
    pub decoding: bool,
    /// How it deviates.
    pub class: Class,
    /// The error of this library, or the part in which the trees differ.
    pub place: String,
}

/// A deviation.
#[derive(Clone, Debug, PartialEq)]
pub struct Deviation {
    /// Its kind.
    pub signature: Signature,
    /// The result of this library.
    pub expected: String,
    /// The result of the codec.
    pub found: String,
}

impl Class {
    /// The name in reports. It is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Refuses => "refuses",
            Self::OtherTree => "other-tree",
            Self::OtherBytes => "other-bytes",
            Self::Crashes => "crashes",
            Self::Hangs => "hangs",
            Self::BreaksProtocol => "breaks-protocol",
        }
    }

    /// Whether there is no answer to compare.
    #[must_use]
    pub const fn is_fatal(self) -> bool {
        matches!(self, Self::Crashes | Self::Hangs | Self::BreaksProtocol)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.decoding { "decoding" } else { "encoding" };
        write!(f, "{direction}: {}", self.class.name())?;
        if self.place.is_empty() { Ok(()) } else { write!(f, " ({})", self.place) }
    }
}

impl Probe {
    /// The dictionary.
    #[must_use]
    pub fn dictionary(&self) -> Dictionary {
        match self {
            Self::Decode(dictionary, _) | Self::Encode(dictionary, _) | Self::Refuse(dictionary, _) => *dictionary,
        }
    }

    /// What the codec has to do.
    #[must_use]
    pub fn op(&self) -> Op {
        match self {
            Self::Decode(..) => Op::Decode,
            Self::Encode(..) | Self::Refuse(..) => Op::Encode,
        }
    }

    /// What an adapter is asked.
    #[must_use]
    pub fn request(&self) -> Request {
        let dictionary = self.dictionary().version();
        match self {
            Self::Decode(_, frame) => Request::Decode { dictionary, frame: frame.clone() },
            Self::Encode(_, node) => {
                Request::Encode { dictionary, node: serde_json::to_value(node).unwrap_or_default() }
            }
            Self::Refuse(_, refusal) => {
                Request::Encode { dictionary, node: serde_json::to_value(&refusal.tree).unwrap_or_default() }
            }
        }
    }

    /// The input on one line.
    #[must_use]
    pub fn input(&self) -> String {
        match self {
            Self::Decode(_, frame) => HEXLOWER.encode(frame),
            Self::Encode(_, node) => node.to_string(),
            Self::Refuse(_, refusal) => refusal.shown.clone(),
        }
    }

    /// The length of the input: of a tree, that of its frame; of one that has no frame, that of the text in reports.
    #[must_use]
    pub fn length(&self) -> usize {
        match self {
            Self::Decode(_, frame) => frame.len(),
            Self::Encode(dictionary, node) => encode(*dictionary, node).map_or(usize::MAX, |frame| frame.len()),
            Self::Refuse(_, refusal) => refusal.shown.len(),
        }
    }

    /// The frame of a tree, compressed, if that is how a long one is small.
    #[must_use]
    pub fn compressed(&self) -> Option<Vec<u8>> {
        let Self::Encode(dictionary, node) = self else { return None };
        let frame = encode(*dictionary, node).filter(|frame| frame.len() > LONG)?;
        Some(compress(&frame, 9)).filter(|compressed| compressed.len() < frame.len())
    }

    /// The kinds of the parts of the frame, without what is in them: inputs of one shape mostly deviate for one reason.
    #[must_use]
    pub fn shape(&self) -> String {
        let frame = match self {
            Self::Decode(_, frame) => frame.clone(),
            Self::Encode(dictionary, node) => encode(*dictionary, node).unwrap_or_default(),
            Self::Refuse(..) => return self.input(),
        };
        let explanation = Decoder::new().with_dictionary(self.dictionary()).explain(&frame);
        let leaves = explanation.ranges().iter().filter(|range| range.leaf);
        leaves.map(|range| range.kind.name()).collect::<Vec<_>>().join(" ")
    }

    /// Compares what became of the request with what this library does. `None` if they agree.
    #[must_use]
    pub fn judge(&self, outcome: &Outcome, keeps: Keeps) -> Option<Deviation> {
        let (expected, verdict) = match self {
            Self::Decode(dictionary, frame) => of_decoding(&decode(*dictionary, frame), outcome, keeps),
            Self::Encode(dictionary, node) => of_encoding(*dictionary, node, outcome, keeps),
            Self::Refuse(dictionary, refusal) => of_refusal(*dictionary, refusal, outcome, keeps),
        };
        let (class, place, found) = match outcome {
            Outcome::Crashed(said) => (Class::Crashes, String::new(), format!("ends: {said}")),
            Outcome::Hung(said) => (Class::Hangs, String::new(), said.clone()),
            Outcome::Answered(Answer::Broken(what)) => (Class::BreaksProtocol, String::new(), what.clone()),
            Outcome::Answered(_) => verdict?,
        };
        let decoding = self.op() == Op::Decode;
        Some(Deviation { signature: Signature { decoding, class, place }, expected, found })
    }
}

/// The class of a deviation, the part that deviates, and the result of the codec.
type Verdict = Option<(Class, String, String)>;

/// Decodes a frame by the strict rules.
///
/// # Errors
/// Those of the library.
pub fn decode(dictionary: Dictionary, frame: &[u8]) -> Result<Node, DecodeError> {
    Decoder::new().with_dictionary(dictionary).decode_slice(frame).map(|node| node.to_node())
}

/// Encodes a tree by the strict rules. `None` if it does not encode.
#[must_use]
pub fn encode(dictionary: Dictionary, node: &Node) -> Option<Vec<u8>> {
    Encoder::new().with_dictionary(dictionary).encode(node).ok().map(|frame| frame.to_vec())
}

fn of_decoding(ours: &Result<Node, DecodeError>, outcome: &Outcome, keeps: Keeps) -> (String, Verdict) {
    let expected = match ours {
        Ok(node) => Tree::of(node.as_ref()).to_string(),
        Err(error) => format!("error {} @{}", error.kind().name(), error.offset()),
    };
    let verdict = match (ours, outcome) {
        (Ok(node), Outcome::Answered(Answer::Node(found))) => {
            let expected = Tree::of(node.as_ref()).kept(keeps);
            difference(&expected, &found.clone().kept(keeps))
                .map(|place| (Class::OtherTree, place.to_owned(), found.to_string()))
        }
        (Ok(_), Outcome::Answered(Answer::Error(error))) => {
            Some((Class::Refuses, String::new(), format!("error: {error}")))
        }
        (Err(error), Outcome::Answered(Answer::Node(found))) => {
            Some((Class::Accepts, error.kind().name().to_owned(), found.to_string()))
        }
        _ => None,
    };
    (expected, verdict)
}

fn of_encoding(dictionary: Dictionary, node: &Node, outcome: &Outcome, keeps: Keeps) -> (String, Verdict) {
    let ours = Encoder::new().with_dictionary(dictionary).encode(node);
    let expected = match &ours {
        Ok(frame) => HEXLOWER.encode(frame),
        Err(error) => format!("error {error}"),
    };
    let verdict = match (&ours, outcome) {
        (Ok(ours), Outcome::Answered(Answer::Frame(found))) if ours != found => {
            let shown = HEXLOWER.encode(found);
            match decode(dictionary, found) {
                Ok(again) => {
                    let as_meant = decode(dictionary, ours).unwrap_or_else(|_| node.clone());
                    let (as_meant, again) = (Tree::of(as_meant.as_ref()), Tree::of(again.as_ref()));
                    let meant = difference(&as_meant.clone().kept(keeps), &again.clone().kept(keeps));
                    // What the codec's trees do not keep apart shows in the bytes; the order may be lost before.
                    let written = || difference(&as_meant.clone().ordered(keeps), &again.clone().ordered(keeps));
                    match (meant, written()) {
                        (Some(place), _) => Some((Class::OtherTree, place.to_owned(), shown)),
                        (None, Some(place)) => Some((Class::OtherBytes, place.to_owned(), shown)),
                        (None, None) if difference(&as_meant, &again).is_some() => None,
                        (None, None) => Some((Class::OtherBytes, "spelling".to_owned(), shown)),
                    }
                }
                Err(error) => Some((Class::OtherTree, format!("unreadable, {}", error.kind().name()), shown)),
            }
        }
        (Ok(_), Outcome::Answered(Answer::Error(error))) => {
            Some((Class::Refuses, String::new(), format!("error: {error}")))
        }
        (Err(error), Outcome::Answered(Answer::Frame(found))) => {
            Some((Class::Accepts, error.kind().name().to_owned(), HEXLOWER.encode(found)))
        }
        _ => None,
    };
    (expected, verdict)
}

/// A refusal is right, whatever its reason. A frame of exactly this tree is right unless it breaks a rule of the grammar.
fn of_refusal(dictionary: Dictionary, refusal: &Refusal, outcome: &Outcome, keeps: Keeps) -> (String, Verdict) {
    let expected = format!("error {}", refusal.why);
    let Outcome::Answered(Answer::Frame(found)) = outcome else { return (expected, None) };
    let place = match loosely(dictionary, found) {
        Some(node) => difference(&refusal.tree.clone().kept(keeps), &Tree::of(node.as_ref()).kept(keeps)),
        None => Some("unreadable"),
    };
    let verdict = match place {
        Some(place) => Some((Class::OtherTree, place)),
        None => refusal.breaks_a_rule().then_some((Class::Accepts, refusal.why)),
    };
    (expected, verdict.map(|(class, place)| (class, place.to_owned(), HEXLOWER.encode(found))))
}

/// A frame as far as it means something: under looser rules, or without what follows its node.
#[must_use]
pub fn loosely(dictionary: Dictionary, frame: &[u8]) -> Option<Node> {
    let limits = Limits { depth: 4_096, ..Limits::default() };
    let decoder = || Decoder::new().with_dictionary(dictionary).with_limits(limits);
    let rules = Leniency::ALL.iter().filter(|rule| **rule != Leniency::INTEROP_NO_SERVER);
    let mut loose = rules.fold(decoder(), |decoder, rule| decoder.allow(*rule));
    let first = decoder().decode_first(frame.to_vec()).ok().map(|(node, _)| node.to_node());
    first.or_else(|| loose.decode_slice(frame).ok().map(|node| node.to_node()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_judged_by_what_the_codec_keeps_apart() {
        let all = ["attr-order", "jid", "jid-form", "null", "empty-children", "text-content"];
        let [asked, sorted, typed] =
            ["<ack b=\"1\" a=\"2\"/>", "<ack a=\"2\" b=\"1\"/>", "<ack b=\"1\" a=\"{jid}2@lid\"/>"]
                .map(|xml| Node::from_xml(xml).unwrap());
        let frame = |node| encode(Dictionary::V3, node).unwrap();
        let long = [&[0, 0xf9, 0], &frame(&asked)[2..]].concat();
        for (asked, frame, lost, place) in [
            (&asked, frame(&asked), "", None),
            (&asked, frame(&sorted), "", Some((Class::OtherTree, "order of attributes"))),
            (&asked, frame(&sorted), "attr-order", None),
            (&asked, long, "", Some((Class::OtherBytes, "spelling"))),
            (&asked, frame(&typed), "", Some((Class::OtherTree, "kind of a value"))),
            (&asked, b"\0".to_vec(), "", Some((Class::OtherTree, "unreadable, truncated"))),
        ] {
            let keeps = all.into_iter().filter(|kept| *kept != lost).map(str::to_owned).collect::<Vec<_>>();
            let outcome = Outcome::Answered(Answer::Frame(frame));
            let probe = Probe::Encode(Dictionary::V3, asked.clone());
            let deviation = probe.judge(&outcome, keeps.try_into().unwrap());
            let found = deviation.map(|deviation| (deviation.signature.class, deviation.signature.place));
            assert_eq!(found, place.map(|(class, place)| (class, place.to_owned())), "{outcome:?}, {lost}");
        }
    }
}
