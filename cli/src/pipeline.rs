//! What the commands that read frames have in common: each record is read, decoded and written, one after another.

use std::fmt;
use std::io;

use anyhow::Result;
use wabinary::NodeRef;
use wabinary_capture::choice::{Chooser, Chosen};

use crate::choice::Choice;
use crate::frame_decoder::{FrameDecoder, ReadAs};
use crate::input::Input;
use crate::options::Frames;
use crate::record::{Failure, Record};
use crate::status::Status;
use crate::timings::{Stage, Timings};

/// The kind of a failure: bytes were asked of a record that does not have them.
pub(crate) const FIDELITY: &str = "fidelity";

/// What a command writes.
pub(crate) trait Output {
    /// What is done with records.
    const VERB: &'static str;

    /// Whether it takes records that are not chosen too, to know what the others mean.
    const HEARS_ALL: bool = false;

    /// What stderr may tell of a failure: its message and the text around its place may show a secret.
    fn told(failure: &Failure) -> Failure {
        failure.clone()
    }

    /// Hears that a record is chosen, before it is written.
    fn chosen(&mut self, _: &Record, _: NodeRef<'_>) {}

    /// Hears how a record is read, whatever becomes of it.
    fn read_as(&mut self, _: &Record, _: ReadAs) {}

    /// Writes what there is to say about a tree. The inner error is why the record fails after all.
    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>>;

    /// Whether it writes what can be read of frames that are refused.
    fn wants_parts(&self) -> bool {
        false
    }

    /// Writes why a record failed, and what can be read of it if that is wanted; false if the output has no place for it,
    /// and stderr has to tell.
    fn failure(&mut self, record: &Record, failure: &Failure, part: Option<NodeRef<'_>>) -> io::Result<bool>;

    /// Writes what is left.
    fn finish(self) -> io::Result<()>;
}

/// Reads all frames, and writes them to an output.
pub(crate) fn run<O: Output>(frames: Frames, output: O) -> Result<Status> {
    run_chosen(frames, Choice::default(), output)
}

/// Reads all frames, and writes those that are chosen to an output.
pub(crate) fn run_chosen<O: Output>(frames: Frames, choice: Choice, mut output: O) -> Result<Status> {
    let Frames { files, from, keys, reading, progress, timings } = frames;
    let mut input = Input::new(files, from).with_keys(keys.read()?);
    let mut status = progress.start(&input);
    let mut decoder = FrameDecoder::new(&reading);
    let wanted = choice.wanted();
    let asks_for_peer = wanted.peer.is_some();
    let (is_selective, mut matches) = (!wanted.is_everything(), 0_u64);
    let mut chooser = Chooser::new(wanted);
    let mut timings = timings.then(Timings::start);
    let mut ended = |stage| timings.iter_mut().for_each(|timings: &mut Timings| timings.ended(stage));
    while let Some(record) = input.next(&mut status) {
        ended(Stage::Reading);
        let read_as = decoder.read_as(&record, &mut status);
        output.read_as(&record, read_as);
        let decoded = decoder.decode(&record, read_as);
        ended(Stage::Decoding);
        let chosen = chooser.choose(&record, decoded.as_ref().ok().copied());
        let written = match (decoded, chosen) {
            (Ok(node), Chosen::Yes) => {
                matches += 1;
                output.chosen(&record, node);
                output.tree(&record, node)?
            }
            (Ok(node), _) if O::HEARS_ALL => output.tree(&record, node)?,
            (Err(failure), Chosen::No) if !O::HEARS_ALL => {
                drop(failure);
                continue;
            }
            (Err(failure), _) => Err(failure),
            (Ok(_), _) => continue,
        };
        match written {
            Ok(()) => status.succeeded(),
            // Nobody can say whether it is one of those that are wanted: the output does not have it, stderr tells.
            Err(failure) if chosen == Chosen::Unknown && !O::HEARS_ALL => {
                status.failed(input.place(&record), &O::told(&failure));
            }
            Err(failure) => {
                if failure.kind() == FIDELITY {
                    status.asked_lossy();
                }
                let part = if output.wants_parts() { decoder.part(&record, read_as) } else { None };
                match output.failure(&record, &failure, part)? {
                    true => status.count_failed(),
                    false if is_told_of_the_file(&record, &failure) => status.failed_with_its_file(),
                    false => status.failed(input.place(&record), &O::told(&failure)),
                }
            }
        }
        ended(Stage::Printing);
    }
    status.end_file();
    match output.finish() {
        Err(error) if is::<NeedsPerson>(&error) => status.needs_person(),
        other => other?,
    }
    ended(Stage::Printing);
    status.end_progress();
    status.sum_up(O::VERB);
    if is_selective && !O::HEARS_ALL && matches == 0 && status.records() > 0 {
        let hint = if asks_for_peer { "; an address has its server, as in 100000022222222@lid" } else { "" };
        status.say(format_args!("none of {} records matches{hint}", status.records()));
    }
    decoder.finish(&mut status);
    if let Some(timings) = timings {
        status.say(format_args!("{} records: {timings}", status.records()));
    }
    Ok(status)
}

/// Whether it is a frame of a websocket that does not open: that is told once, at the end of its file.
fn is_told_of_the_file(record: &Record, failure: &Failure) -> bool {
    record.read.noted.socket.is_some() && ["encrypted", "wrong-key", "decrypt"].contains(&failure.kind())
}

/// From [`Output::finish`]: all is written, and a person has to look at it.
#[derive(Debug)]
pub(crate) struct NeedsPerson;

impl fmt::Display for NeedsPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a person has to look at the output")
    }
}

impl std::error::Error for NeedsPerson {}

fn is<E: std::error::Error + 'static>(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<E>())
}
