//! zapo with its console logger: the message, then an inspected object.
//!
//! Source: `vinikjkkj/zapo` `src/infra/log/ConsoleLogger.ts`.

use super::inspected::{self, Stop};
use super::{Begun, Dialect, Head, Progress, head};
use crate::fault::Fault;
use crate::json::Read;
use crate::json::ordered::Json;
use crate::json::zapo;
use crate::record::Record;

pub(super) const DIALECT: Dialect = Dialect { begins, read, goes_on: inspected::goes_on };

fn begins(line: &str) -> Option<Begun<'_>> {
    let (before, step) = line.split_once("node transport ")?;
    let (step, object) = step.split_at_checked(step.find('{')?)?;
    let direction = Some(zapo::direction(step.trim())?);
    let is_json = object.starts_with("{\"") || before.contains('{');
    (!is_json).then(|| Begun { head: Head { before: before.to_owned(), direction }, stanza: object })
}

fn read(stanza: &str, head: &Head) -> Progress {
    match inspected::value(stanza) {
        Ok(json) => match json.get("xml") {
            Some(Json::Text(xml)) => {
                let record = zapo::of_xml(xml, head.direction);
                Progress::Read(Read::one(Record { time: head::time(&head.before), ..record }))
            }
            _ => Progress::Read(Read::PassedOver),
        },
        Err(Stop::End) => {
            let message = "the stanza that begins here does not end: a brace is missing";
            Progress::Open(Fault::in_tree("log-cut", "", message))
        }
        Err(Stop::Bad(..)) => Progress::Read(Read::PassedOver),
    }
}
