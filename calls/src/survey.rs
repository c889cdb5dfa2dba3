//! The evidence of captures for the open questions in the specification of call acks, and its limits.
//!
//! A [`CaptureSurvey`] takes the records of one capture, a [`Survey`] adds up captures. Questions and conditions are
//! data. No verdict is "no", because a capture shows only what happened while it was taken.

use std::collections::{BTreeMap, BTreeSet};

mod capture;
mod conformance;
mod description;
mod facts;
mod question;
mod recorded;

pub use capture::CaptureSurvey;
pub use conformance::{Conformance, ObservedAttribute, ObservedChild};
pub use description::{Attribute, Child, Description};
pub use question::{Question, Verdict};
pub use recorded::{Fidelity, Recorded};

use facts::{Facts, Tally};

/// The combined evidence of several captures.
///
/// ```
/// use wabinary::stanza::{CallAck, Direction};
/// use wabinary::{Jid, Node};
/// use wabinary_calls::report::Record;
/// use wabinary_calls::survey::{CaptureSurvey, Recorded, Survey};
///
/// let peer: Jid = "100000022222222@lid".parse()?;
/// let mut capture = CaptureSurvey::default();
/// for (frame, id) in (0..).step_by(2).zip(["A1", "A2", "A3"]) {
///     let call = Node::build("call").attr("from", &peer).attr("id", id).child("transport", |_| {}).finish();
///     let ack = CallAck::build(id).to_jid(&peer).finish().into_node();
///     let record = |frame, direction| Record { frame, direction: Some(direction), ..Record::default() };
///     capture.add(&record(frame, Direction::Receive), call.as_ref(), Recorded::default());
///     capture.add(&record(frame + 1, Direction::Send), ack.as_ref(), Recorded::default());
/// }
/// let mut survey = Survey::new(5);
/// survey.add(capture);
/// let devices = &survey.findings()[0];
/// assert_eq!((devices.id.as_str(), devices.verdict.name(), devices.n), ("device-acks", "yes", 3));
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[derive(Debug)]
pub struct Survey {
    min: u64,
    captures: Vec<Facts>,
}

/// An answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// The question.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub question: Question,
    /// The name of the question; for one action, with the action after a colon.
    pub id: String,
    /// The verdict of the captures.
    pub verdict: Verdict,
    /// The number of stanzas that led to the verdict.
    pub n: u64,
    /// How many of these stanzas showed each variant.
    pub counts: BTreeMap<String, u64>,
    /// The number of captures that contribute.
    pub captures: u64,
    /// The programs that wrote these captures.
    pub techniques: BTreeSet<String>,
    /// The orders of attributes in the acks that the recording client sent in these captures. They differ from client
    /// to client.
    pub clients: BTreeSet<String>,
    /// The confidence in the verdict; `None` without a verdict.
    pub confidence: Option<Confidence>,
    /// The limits of the verdict.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub why: Option<String>,
}

/// The confidence in a verdict. Captures alone confirm nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It has few stanzas.
    Speculative,
    /// It has as many stanzas as required.
    Probable,
}

named! { Confidence {
    Speculative => "speculative",
    Probable => "probable",
} }

impl Survey {
    /// A survey in which every verdict except "yes" needs `min` stanzas.
    #[must_use]
    pub fn new(min: u64) -> Self {
        Self { min, captures: Vec::new() }
    }

    /// Adds a capture.
    pub fn add(&mut self, capture: CaptureSurvey) {
        self.captures.push(capture.finish());
    }

    /// How many captures were added.
    #[must_use]
    pub fn captures(&self) -> usize {
        self.captures.len()
    }

    /// How many records the captures have.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.captures.iter().map(|facts| facts.records).sum()
    }

    /// The number of records with this fidelity.
    #[must_use]
    pub fn fidelity(&self, fidelity: Fidelity) -> u64 {
        self.captures.iter().map(|facts| facts.fidelity.get(&fidelity).copied().unwrap_or(0)).sum()
    }

    /// A finding for each question. The question about acked actions has one finding for each action seen.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let actions: BTreeSet<&str> =
            self.captures.iter().flat_map(|facts| facts.acked.keys().map(|action| &**action)).collect();
        let mut findings = Vec::new();
        for question in Question::ALL {
            if *question == Question::Acked {
                let of_action =
                    |action| self.finding(*question, format!("acked:{action}"), |facts| facts.acked.get(action));
                findings.extend(actions.iter().map(|action| of_action(*action)));
            } else {
                findings.push(self.finding(*question, question.name().to_owned(), |facts| facts.tallies.get(question)));
            }
        }
        findings
    }

    fn finding<'a>(
        &'a self,
        question: Question,
        id: String,
        tally: impl Fn(&'a Facts) -> Option<&'a Tally>,
    ) -> Finding {
        let mut finding = Finding {
            question,
            id,
            verdict: Verdict::CannotTell,
            n: 0,
            counts: BTreeMap::new(),
            captures: 0,
            techniques: BTreeSet::new(),
            clients: BTreeSet::new(),
            confidence: None,
            why: None,
        };
        let mut refused = None;
        for facts in &self.captures {
            let Some(tally) = tally(facts) else { continue };
            if tally.cannot_tell.is_some() {
                refused = refused.or(tally.cannot_tell);
                continue;
            }
            for (count, number) in &tally.counts {
                let sum = finding.counts.entry(count.clone()).or_default();
                *sum = sum.saturating_add(*number);
            }
            if tally.n() > 0 {
                finding.n = finding.n.saturating_add(tally.n());
                finding.captures = finding.captures.saturating_add(1);
                finding.techniques.extend(facts.techniques.iter().cloned());
                finding.clients.extend(facts.clients.iter().cloned());
            }
        }
        if finding.n == 0 {
            finding.why = Some(refused.unwrap_or(question.nothing_seen()).to_owned());
            return finding;
        }
        finding.verdict = question.verdict(&finding.counts, finding.n);
        if finding.n < self.min && !finding.verdict.needs_one_example() {
            finding.verdict = Verdict::TooFew;
            finding.why = Some(format!("{} of at least {}", finding.n, self.min));
            return finding;
        }
        finding.confidence = Some(if finding.n < self.min { Confidence::Speculative } else { Confidence::Probable });
        finding.why = question.limit().map(str::to_owned).or_else(|| Some(format!("left out: {}", refused?)));
        finding
    }
}
