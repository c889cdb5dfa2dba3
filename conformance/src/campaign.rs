//! Runs all inputs through a codec and sorts the deviations.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use wabinary::explain::FindingKind;
use wabinary::{Decoder, Dictionary, Leniency, Node};
use wabinary_generate::plain::PlainNode;

use crate::adapter::{Adapter, Outcome};
use crate::corners::{Feature, features_of, row_of, without};
use crate::inputs::{self, RowProbe};
use crate::minimise::{Style, minimise};
use crate::protocol::{Answer, Description, Op};
use crate::report::{Cell, Example, Report};
use crate::tree::Tree;
use crate::verdict::{Class, Deviation, Probe, Signature, decode, loosely};

/// How much to do.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Random frames for each dictionary.
    pub random: usize,
    /// The seed of the random frames.
    pub seed: u64,
    /// Whether the vectors are tried.
    pub vectors: bool,
    /// Tries to make one input smaller.
    pub tries: u32,
    /// Inputs with one signature that are made smaller; others are counted.
    pub examples: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { random: 5_000, seed: 1, vectors: true, tries: 2_000, examples: 12 }
    }
}

/// A codec that hangs or dies so often is left alone.
const MOST_HANGS: u64 = 6;
const MOST_CRASHES: u64 = 60;

/// The most inputs to minimise for one kind of crash or hang: each try may start the codec again.
const FATAL_EXAMPLES: usize = 3;

/// The time between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(10);

/// The place of a deviation that does not happen again.
const ONCE: &str = "once, after other requests";
const MOST_TOLD: usize = 3;

/// Tests a codec.
///
/// # Errors
/// The adapter cannot be started, or does not say who it is.
pub fn run(adapter: Adapter, effort: Effort) -> Result<Report> {
    run_and_tell(adapter, effort, |_| ())
}

/// Tests a codec, and passes a line of progress to `tell` every ten seconds.
///
/// # Errors
/// The adapter cannot be started, or does not say who it is.
pub fn run_and_tell(mut adapter: Adapter, effort: Effort, tell: fn(&str)) -> Result<Report> {
    let description = adapter.describe()?;
    let known = |version: &u8| Dictionary::from_version(*version);
    let dictionaries: Vec<_> = description.dictionaries.iter().rev().filter_map(known).collect();
    let mut campaign = Campaign {
        report: Report::of(&description),
        adapter,
        description,
        effort,
        rows: Vec::new(),
        unexplained: BTreeMap::new(),
        is_shrinking: false,
        tell,
        told: Instant::now(),
    };
    for dictionary in &dictionaries {
        campaign.rows = Vec::new();
        for row in inputs::rows(*dictionary) {
            if campaign.can(&row.probe) {
                campaign.try_row(&row)?;
            }
        }
        let mut probes = if effort.vectors { inputs::vectors(*dictionary) } else { Vec::new() };
        probes.extend(inputs::small(*dictionary, effort.seed));
        probes.extend(inputs::random(*dictionary, effort.seed, effort.random));
        probes.extend(inputs::refused(*dictionary));
        probes.retain(|probe| campaign.can(probe));
        for probe in &probes {
            if campaign.report.hangs >= MOST_HANGS || campaign.report.crashes >= MOST_CRASHES {
                campaign.report.gave_up = true;
                break;
            }
            campaign.try_any(probe)?;
        }
    }
    campaign.report.starts = campaign.adapter.starts;
    campaign.report.junk = campaign.adapter.junk;
    campaign.report.deaths = campaign.adapter.deaths;
    campaign.report.count_examples(&campaign.unexplained);
    Ok(campaign.report)
}

struct Campaign {
    adapter: Adapter,
    description: Description,
    effort: Effort,
    report: Report,
    /// The rows in which the codec deviates, with how.
    rows: Vec<(RowProbe, Deviation)>,
    /// How many inputs of a signature no row explains.
    unexplained: BTreeMap<Signature, usize>,
    is_shrinking: bool,
    tell: fn(&str),
    told: Instant,
}

impl Campaign {
    fn can(&self, probe: &Probe) -> bool {
        self.description.ops.contains(&probe.op())
    }

    fn ask(&mut self, probe: &Probe) -> Result<(Outcome, Option<Deviation>)> {
        if self.told.elapsed() > PROGRESS {
            let Report { name, asked, crashes, hangs, .. } = &self.report;
            let found: usize = self.unexplained.values().sum();
            let doing = if self.is_shrinking { "; making an input smaller" } else { "" };
            (self.tell)(&format!(
                "{name}: {asked} answers, {found} deviate without a row, {crashes} crashes, {hangs} hangs{doing}"
            ));
            self.told = Instant::now();
        }
        let outcome = self.adapter.ask(&probe.request())?;
        let deviation = probe.judge(&outcome, self.description.keeps);
        Ok((outcome, deviation))
    }

    fn test(&mut self, probe: &Probe) -> Result<Option<Deviation>> {
        Ok(self.ask(probe)?.1)
    }

    fn try_row(&mut self, row: &RowProbe) -> Result<()> {
        let (outcome, deviation) = self.ask(&row.probe)?;
        self.count(&row.probe, deviation.as_ref());
        let dictionary = row.probe.dictionary();
        let found = match &outcome {
            Outcome::Answered(Answer::Node(tree)) => Some(tree.clone()),
            Outcome::Answered(Answer::Frame(frame)) => {
                let mut no_server = Decoder::new().with_dictionary(dictionary).allow(Leniency::INTEROP_NO_SERVER);
                let node = loosely(dictionary, frame);
                let node = node.or_else(|| no_server.decode_slice(frame).ok().map(|node| node.to_node()));
                node.map(|node| Tree::of(node.as_ref()))
            }
            _ => None,
        };
        let ours = match &row.probe {
            Probe::Decode(_, frame) => decode(dictionary, frame).ok().or_else(|| loosely(dictionary, frame)),
            Probe::Encode(_, node) => Some(node.clone()),
            Probe::Refuse(..) => None,
        };
        self.report.cells.push(Cell {
            row: row.row.clone(),
            why: row.why.clone(),
            dictionary: dictionary.version(),
            decoding: matches!(row.probe, Probe::Decode(..)),
            input: row.probe.input(),
            class: deviation.as_ref().map(|deviation| deviation.signature.class),
            refused: matches!(outcome, Outcome::Answered(Answer::Error(_))),
            found: deviation.as_ref().map(|deviation| deviation.found.clone()),
            expected: deviation.as_ref().map(|deviation| deviation.expected.clone()),
            tree: found,
            ours: ours.map(|node| Tree::of(node.as_ref())),
        });
        match deviation {
            // GRAMMAR.md has no row for what dies.
            Some(deviation) if deviation.signature.class.is_fatal() => {
                self.report.add(Example::new(&row.probe, deviation));
            }
            Some(deviation) if self.happens_once(&row.probe, &deviation)? => {}
            Some(deviation) => self.rows.push((row.clone(), deviation)),
            None => {}
        }
        Ok(())
    }

    /// Whether a deviation is gone when the codec is asked again: then an earlier request caused it, not this input. The
    /// report has the first few.
    fn happens_once(&mut self, probe: &Probe, deviation: &Deviation) -> Result<bool> {
        if deviation.signature.class.is_fatal() || self.test(probe)?.is_some() && self.test_rested(probe)?.is_some() {
            return Ok(false);
        }
        let mut deviation = deviation.clone();
        deviation.signature.place = ONCE.to_owned();
        let told = self.unexplained.entry(deviation.signature.clone()).or_default();
        *told += 1;
        if *told <= MOST_TOLD {
            self.report.add(Example::new(probe, deviation));
        }
        Ok(true)
    }

    /// Tests after a request that every codec answers: the one before may have been refused, and that have had the effect.
    fn test_rested(&mut self, probe: &Probe) -> Result<Option<Deviation>> {
        let easy = match probe {
            Probe::Decode(dictionary, _) => Probe::Decode(*dictionary, vec![0, 0xf8, 1, 0x1b]),
            Probe::Encode(dictionary, _) | Probe::Refuse(dictionary, _) => {
                Probe::Encode(*dictionary, Node::build("ack").finish())
            }
        };
        self.test(&easy)?;
        self.test(probe)
    }

    fn count(&mut self, probe: &Probe, deviation: Option<&Deviation>) {
        let share = match probe.op() {
            Op::Decode => &mut self.report.decoding,
            Op::Encode => &mut self.report.encoding,
        };
        share.asked += 1;
        share.conforming += u64::from(deviation.is_none());
        self.report.asked += 1;
        match deviation.map(|deviation| deviation.signature.class) {
            None => self.report.conforming += 1,
            Some(Class::Crashes) => self.report.crashes += 1,
            Some(Class::Hangs) => self.report.hangs += 1,
            Some(_) => {}
        }
    }

    fn try_any(&mut self, probe: &Probe) -> Result<()> {
        let deviation = self.test(probe)?;
        self.count(probe, deviation.as_ref());
        let Some(deviation) = deviation else { return Ok(()) };
        if self.happens_once(probe, &deviation)? {
            return Ok(());
        }
        match self.explain(probe, &deviation)? {
            Explained::ByRow(row) => {
                *self.report.in_rows.entry(row).or_default() += 1;
                Ok(())
            }
            Explained::Elsewhere(found) => self.elsewhere(&found.0, &found.1),
        }
    }

    /// Makes an input small that no row explains.
    fn elsewhere(&mut self, probe: &Probe, deviation: &Deviation) -> Result<()> {
        let number = self.unexplained.entry(deviation.signature.clone()).or_default();
        *number += 1;
        let (examples, tries) = match deviation.signature.class {
            Class::Hangs => (FATAL_EXAMPLES, 8),
            Class::Crashes => (FATAL_EXAMPLES, 150),
            Class::BreaksProtocol => (self.effort.examples, 150),
            _ => (self.effort.examples, u32::MAX),
        };
        if *number > examples {
            return Ok(());
        }
        let tries = tries.min(self.effort.tries);
        let (_, features) = self.features(deviation.signature.decoding);
        let fits = |tree: &PlainNode| without(tree, &features) == *tree;
        self.is_shrinking = true;
        let (small, deviation) = minimise(probe, deviation, tries, &fits, &mut |probe| self.test(probe))?;
        self.is_shrinking = false;
        self.report.add(Example::new(&small, deviation));
        Ok(())
    }

    /// Whether the codec's own deviations in the rows explain this one.
    fn explain(&mut self, probe: &Probe, deviation: &Deviation) -> Result<Explained> {
        let elsewhere = || Explained::Elsewhere(Box::new((probe.clone(), deviation.clone())));
        if deviation.signature.class.is_fatal() {
            return Ok(elsewhere());
        }
        let node = match probe {
            Probe::Decode(dictionary, frame) => match decode(*dictionary, frame) {
                Ok(node) => node,
                Err(_) => return Ok(self.row_of_refusal(frame, deviation).map_or_else(elsewhere, Explained::ByRow)),
            },
            Probe::Encode(_, node) => node.clone(),
            Probe::Refuse(_, refusal) => {
                let is_known = |row: &RowProbe, known: &Deviation| {
                    let is_alike = known.signature.class == deviation.signature.class || !refusal.breaks_a_rule();
                    Some(row.row.as_str()) == refusal.row && is_alike
                };
                let known = self.rows.iter().find(|(row, known)| is_known(row, known));
                return Ok(known.map_or_else(elsewhere, |(row, _)| Explained::ByRow(row.row.clone())));
            }
        };
        let plain = PlainNode::from(node.as_ref());
        let (rows, features) = self.features(matches!(probe, Probe::Decode(..)));
        let bare = without(&plain, &features);
        if bare != plain {
            for other in rewritten(probe, &bare) {
                if let Some(deviation) = self.test(&other)? {
                    // The deviation may be about spelling.
                    return Ok(match self.row_of_spelling(&other) {
                        Some(row) => Explained::ByRow(row),
                        None => Explained::Elsewhere(Box::new((other, deviation))),
                    });
                }
            }
            let present = features.iter().find(|feature| without(&plain, &[feature]) != plain);
            let row = present.and_then(|feature| row_of(feature, &rows)).unwrap_or_default();
            return Ok(Explained::ByRow(row.to_owned()));
        }
        Ok(self.row_of_spelling(probe).map_or_else(elsewhere, Explained::ByRow))
    }

    /// The rows in which the codec deviates when it decodes, or when it encodes, and the parts of trees that they are about.
    fn features(&self, decoding: bool) -> (Vec<String>, Vec<&'static Feature>) {
        let of_direction = self.rows.iter().filter(|(row, _)| matches!(row.probe, Probe::Decode(..)) == decoding);
        let rows: Vec<String> = of_direction.map(|(row, _)| row.row.clone()).collect();
        let features = features_of(&rows);
        (rows, features)
    }

    /// The row in which the codec accepts what is refused for this reason.
    fn row_of_refusal(&self, frame: &[u8], deviation: &Deviation) -> Option<String> {
        // Frames are truncated in many ways, which differ in the byte that claims more.
        let mark: &[(&str, u8)] = &[("D16", 0xfe), ("D19", 0xec), ("D37", 0xf5), ("D44", 0xf9)];
        let fits = |row: &str| {
            let group = row.split('.').next().unwrap_or(row);
            mark.iter().find(|(marked, _)| *marked == group).is_none_or(|(_, byte)| frame.contains(byte))
        };
        let found = self.rows.iter().find(|(row, known)| known.signature == deviation.signature && fits(&row.row));
        found.map(|(row, _)| row.row.clone())
    }

    /// The row with a spelling of this frame that the codec does not read.
    fn row_of_spelling(&self, probe: &Probe) -> Option<String> {
        let Probe::Decode(dictionary, frame) = probe else { return None };
        let findings = Decoder::new().with_dictionary(*dictionary).findings(frame).ok()?;
        let rows = findings.iter().flat_map(|finding| match finding.kind {
            FindingKind::LongListHead => &["D17.1", "D17.2", "D21.2"][..],
            FindingKind::LongLength => &["D17.3", "D17.4"],
            FindingKind::TokenSpelled => &["D17.5", "D17.7"],
            FindingKind::Unpacked => &["D17.6"],
            FindingKind::HexDigits => &["D17.8"],
            FindingKind::PackedLength => &["D17.9", "D22.3"],
            _ => &[],
        });
        let rows: Vec<_> = rows.collect();
        self.rows.iter().map(|(row, _)| row.row.clone()).find(|row| rows.contains(&&row.as_str()))
    }
}

enum Explained {
    ByRow(String),
    Elsewhere(Box<(Probe, Deviation)>),
}

/// Another tree in the place of a probe's: as an encoder writes it, and for a frame in each other style.
fn rewritten(probe: &Probe, tree: &PlainNode) -> Vec<Probe> {
    match probe {
        Probe::Encode(dictionary, _) => {
            tree.to_node().ok().map(|node| Probe::Encode(*dictionary, node)).into_iter().collect()
        }
        Probe::Decode(dictionary, _) => {
            let frames = Style::ALL.iter().filter_map(|style| style.frame(tree, *dictionary));
            frames.map(|frame| Probe::Decode(*dictionary, frame)).collect()
        }
        Probe::Refuse(..) => Vec::new(),
    }
}
