//! What the command line asks for.

use std::env;

use crate::callgrind::Failure;

pub(crate) struct Options {
    pub(crate) record: bool,
    /// By how many percent a count may grow.
    pub(crate) threshold: f64,
    /// Only what has this in its name.
    pub(crate) filter: String,
    /// By function.
    pub(crate) profile: bool,
    /// Do all work once, without callgrind.
    pub(crate) only_tested: bool,
}

impl Options {
    pub(crate) fn of_command_line() -> Result<Self, Failure> {
        let (mut record, mut threshold, mut filter) = (false, 3.0, String::new());
        let (mut benched, mut tested, mut profile) = (false, false, false);
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--record" => record = true,
                "--threshold" => threshold = arguments.next().ok_or("--threshold takes a number")?.parse()?,
                "--profile" => profile = true,
                "--test" => tested = true,
                // Said by `cargo bench`, not by `cargo test`.
                "--bench" => benched = true,
                option if option.starts_with('-') => return Err(format!("there is no option {option}").into()),
                text => text.clone_into(&mut filter),
            }
        }
        if record && !filter.is_empty() {
            return Err("the baseline is recorded as a whole".into());
        }
        Ok(Self { record, threshold, filter, profile, only_tested: tested || !benched })
    }
}
