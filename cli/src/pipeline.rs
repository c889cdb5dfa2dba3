//! What the commands that read frames have in common: each record is read, decoded and written, one after another.

use std::io;

use anyhow::Result;
use wabinary::NodeRef;

use crate::frame_decoder::{FrameDecoder, ReadAs};
use crate::input::Input;
use crate::options::Frames;
use crate::record::{Failure, Record};
use crate::status::Status;
use crate::timings::{Stage, Timings};

/// What a command writes.
pub(crate) trait Output {
    /// What is done with records.
    const VERB: &'static str;

    /// Whether an error may show the text around its place. That text may be a secret.
    const SHOWS_INPUT: bool = true;

    /// Hears how a record is read, whatever becomes of it.
    fn read_as(&mut self, _: &Record, _: ReadAs) {}

    /// Writes what there is to say about a tree. The inner error is why the record fails after all.
    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>>;

    /// Writes why a record failed; false if the output has no place for it, and stderr has to tell.
    fn failure(&mut self, record: &Record, failure: &Failure) -> io::Result<bool>;

    /// Writes what is left.
    fn finish(self) -> io::Result<()>;
}

/// Reads all frames, and writes them to an output.
pub(crate) fn run<O: Output>(frames: Frames, mut output: O) -> Result<Status> {
    let Frames { files, from, reading, progress, timings } = frames;
    let mut input = Input::new(files, from);
    let mut status = progress.start(&input);
    let mut decoder = FrameDecoder::new(&reading);
    let mut timings = timings.then(Timings::start);
    let mut ended = |stage| timings.iter_mut().for_each(|timings: &mut Timings| timings.ended(stage));
    while let Some(record) = input.next(&mut status) {
        ended(Stage::Reading);
        let read_as = decoder.read_as(&record, &mut status);
        output.read_as(&record, read_as);
        let decoded = decoder.decode(&record, read_as);
        ended(Stage::Decoding);
        let written = decoded.map_or_else(|failure| Ok(Err(failure)), |node| output.tree(&record, node))?;
        if let Err(failure) = written {
            match output.failure(&record, &failure)? {
                true => status.count_failed(),
                false if O::SHOWS_INPUT => status.failed(input.place(&record), &failure),
                false => status.failed(input.place(&record), &failure.without_picture()),
            }
        }
        ended(Stage::Printing);
    }
    output.finish()?;
    ended(Stage::Printing);
    status.end_progress();
    status.sum_up(O::VERB);
    decoder.finish(&mut status);
    if let Some(timings) = timings {
        status.say(format_args!("{} records: {timings}", status.records()));
    }
    Ok(status)
}
