//! The facts about a capture that its page shows.

use std::path::{Path, PathBuf};

use wabinary_calls::report::Clock;
use wabinary_render::{Capture, date};

use crate::frame_decoder::ReadAs;
use crate::record::{Payload, Record};

/// Collects the facts while records are read.
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
            let dated = record.head.stamp.filter(|stamp| matches!(stamp.clock, Clock::Unix | Clock::Local));
            *start = dated.map(date);
        }
        let version = read_as.dictionary.version();
        if matches!(record.read.payload, Payload::Frame(_)) && !dictionaries.contains(&version) {
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
