//! Shared by the commands that read frames: reads, decodes and writes record by record.

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

/// The kind of a failure: the user asked for bytes that the record does not have.
pub(crate) const FIDELITY: &str = "fidelity";

/// The output of a command.
pub(crate) trait Output {
    /// The verb for records, in messages.
    const VERB: &'static str;

    /// Whether it also needs the records that are not selected, to interpret the others.
    const HEARS_ALL: bool = false;

    /// The part of a failure that stderr may show: the message and the text around its place may contain a secret.
    fn told(failure: &Failure) -> Failure {
        failure.clone()
    }

    /// Sees a selected record, before it is written.
    fn chosen(&mut self, _: &Record, _: NodeRef<'_>) {}

    /// Sees how a record is read, whether it is decoded or not.
    fn read_as(&mut self, _: &Record, _: ReadAs) {}

    /// Writes a tree. The inner error makes the record a failure after all.
    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>>;

    /// Whether it writes the readable parts of refused frames.
    fn wants_parts(&self) -> bool {
        false
    }

    /// Writes a failure, and the readable part of the frame if wanted; false if the output has no place for it and
    /// stderr must report it.
    fn failure(&mut self, record: &Record, failure: &Failure, part: Option<NodeRef<'_>>) -> io::Result<bool>;

    /// Writes the rest.
    fn finish(self) -> io::Result<()>;
}

/// Reads all frames, and writes them to an output.
pub(crate) fn run<O: Output>(frames: Frames, output: O) -> Result<Status> {
    run_chosen(frames, Choice::default(), output)
}

/// Reads all frames, and writes the selected ones to an output.
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
            // The record may or may not be selected. The output omits it, and stderr reports it.
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

/// Whether the failure is an encrypted frame of a websocket. Such failures are reported once, at the end of the file.
fn is_told_of_the_file(record: &Record, failure: &Failure) -> bool {
    record.read.noted.socket.is_some() && ["encrypted", "wrong-key", "decrypt"].contains(&failure.kind())
}

/// An error of [`Output::finish`]: the output is complete, and a person must check it.
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
