//! What a page says of the capture that it shows.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, Unit};
use wabinary_calls::report::{Notation, Time};
use wabinary_render::Capture;

use crate::frame_decoder::ReadAs;
use crate::record::{Payload, Record};
use crate::time::stamp;

/// Collects it while records are read.
pub(crate) struct CaptureFacts(Capture);

impl CaptureFacts {
    pub(crate) fn of(files: &[PathBuf]) -> Self {
        let named: Vec<_> = files.iter().filter(|file| file.as_os_str() != "-").collect();
        let first = named.first().map(|file| name(file)).unwrap_or_default();
        let name = match named.len() {
            0 | 1 => first,
            count => format!("{first} and {} more", count - 1),
        };
        Self(Capture { name, ..Capture::default() })
    }

    pub(crate) fn note(&mut self, record: &Record, read_as: ReadAs) {
        let Capture { start, dictionaries, .. } = &mut self.0;
        if start.is_none() {
            *start = record.head.time.as_ref().map(for_people);
        }
        let version = read_as.dictionary.version();
        if matches!(record.payload, Payload::Frame(_)) && !dictionaries.contains(&version) {
            dictionaries.push(version);
        }
    }

    pub(crate) fn finish(self) -> Capture {
        self.0
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}

/// Seconds since 1970 as a date; other times as they are.
fn for_people(time: &Time) -> String {
    let epoch = stamp(time).filter(|stamp| stamp.notation == Notation::SinceEpoch);
    let date = epoch.and_then(|stamp| Timestamp::from_microsecond(stamp.micros).ok());
    let date = date.and_then(|date| date.round(Unit::Second).ok());
    date.map_or_else(|| time.as_text().to_owned(), |date| date.to_string())
}
