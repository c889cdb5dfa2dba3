//! The help: short with `-h`, complete with `--help`, and as manual pages.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

pub(crate) const EXIT_STATUS: &str = "\
Exit status:
  0  success
  1  at least one record failed; the others were processed
  2  the command line is wrong
  3  a file could not be read, or the output could not be written
  4  done, but a warning on stderr needs your attention; of diff: the frames differ";

pub(crate) const ENVIRONMENT: &str = "\
Environment:
  NO_COLOR        if it is set, no colours, unless --color always
  CLICOLOR_FORCE  if it is set, colours also where there is no terminal
  COLUMNS         how wide lines are; otherwise as wide as the terminal";

/// The longest line, in columns.
const WIDTH: usize = 100;

/// Options that few people need: `-h` omits them.
const RARE: [&str; 4] = ["counter_window", "when", "timings", "flag_byte"];

/// The commands with a short help in addition to the long one.
pub(crate) fn with_short_help(tool: Command) -> Command {
    tool.max_term_width(WIDTH).mut_subcommands(|command| {
        let long = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples = sections(&long).0;
        let more = format!("{examples}\n\n`wabinary help {}` says more.", command.get_name()).trim_start().to_owned();
        let command = command.after_help(more).after_long_help(long).max_term_width(WIDTH);
        command.mut_args(|arg: Arg| {
            if !RARE.contains(&arg.get_id().as_str()) {
                return arg;
            }
            // The long help of a manual page covers only what `-h` omits.
            let help = arg.get_long_help().or(arg.get_help()).cloned().unwrap_or_default();
            arg.long_help(help).hide_short_help(true)
        })
    })
}

/// The text after the options, which begins with the examples: these, and the rest.
pub(crate) fn sections(after: &str) -> (&str, &str) {
    after.split_once("\n\n").unwrap_or((after, ""))
}

/// Parses a value that is usually one of a list, which shells complete.
#[derive(Clone)]
pub(crate) struct OneOf<T> {
    pub(crate) values: &'static [(&'static str, &'static str)],
    pub(crate) read: fn(&str) -> Result<T, String>,
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for OneOf<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let read = self.read;
        StringValueParser::new().try_map(move |text| read(&text)).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |&(name, help): &(&'static str, &'static str)| {
            let value = PossibleValue::new(name);
            if help.is_empty() { value } else { value.help(help) }
        };
        Some(Box::new(self.values.iter().map(value)))
    }
}
