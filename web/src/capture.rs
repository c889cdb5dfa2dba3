//! The records of the open files.

use std::io::Cursor;

use bytes::Bytes;
use serde::Serialize;
use wabinary::Dictionary;
use wabinary_calls::report::Clock;
use wabinary_capture::choice::{Chooser, Chosen};
use wabinary_capture::sanitize::Clocks;
use wabinary_capture::{Allow, Explainer, Form, FrameDecoder, Keys, Note, Numbered, ReadAs, Reading, Records};

use crate::beside::Files;
use crate::filter::Filter;
use crate::row::Row;

/// A record that was read.
pub(crate) struct Item {
    pub(crate) record: Numbered,
    pub(crate) read_as: ReadAs,
    pub(crate) row: Row,
}

/// The open files and their records.
#[derive(Default)]
pub(crate) struct Capture {
    pub(crate) files: Vec<File>,
    pub(crate) items: Vec<Item>,
    /// The indexes in `items` of the selected records, in order.
    pub(crate) chosen: Vec<usize>,
    pub(crate) decoder: Decoding,
    pub(crate) explainer: Explainer,
    clocks: Clocks,
    /// Whether the report selects the same records again.
    pub(crate) is_filtered: bool,
}

/// A decoder that is made once its options are known.
pub(crate) struct Decoding(pub(crate) FrameDecoder);

impl Default for Decoding {
    fn default() -> Self {
        Self(FrameDecoder::new(Reading::default()))
    }
}

/// A file and its notes.
#[derive(Serialize)]
pub(crate) struct File {
    pub(crate) name: String,
    /// The detected form.
    form: &'static str,
    size: usize,
    records: usize,
    /// When it begins, if its records have dates.
    start: Option<String>,
    notes: Vec<Told>,
}

/// A note for people.
#[derive(Serialize)]
struct Told {
    text: String,
    needs_person: bool,
}

impl From<Note> for Told {
    fn from(Note { text, needs_person }: Note) -> Self {
        // The page has a button and a field instead of these options.
        let mut text = text.trim_start_matches("warning: ").replace("--keys", "the button Give keys");
        while let Some((before, after)) = text.split_once(" (--") {
            text = format!("{before}{}", after.split_once(')').map_or("", |(_, after)| after));
        }
        Self { text: text.replace("--dictionary", "dictionary"), needs_person }
    }
}

/// A summary of the records in numbers.
#[derive(Serialize)]
pub(crate) struct Summary<'a> {
    files: &'a [File],
    records: usize,
    failed: usize,
    refused: usize,
    /// The number of records that need another key.
    locked: usize,
    notes: Vec<Told>,
}

impl Capture {
    pub(crate) fn new(dictionary: u8, lenient: bool) -> Self {
        let allow = if lenient { "real-clients".parse().unwrap_or_default() } else { Allow::default() };
        let reading = Reading { dictionary: Dictionary::from_version(dictionary), flag_byte: None, allow };
        Self { decoder: Decoding(FrameDecoder::new(reading)), ..Self::default() }
    }

    /// Reads a file. If reading fails, keeps the records before the failure.
    pub(crate) fn read(&mut self, name: &str, file: Bytes, keys: &Keys, beside: &Files) {
        let (size, before) = (file.len(), self.items.len());
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let mut notes = Vec::new();
        let mut form = Form::Auto;
        let beside = beside.clone();
        match Records::with_files(Cursor::new(file), form, keys, move |name| beside.open(name)) {
            Ok(mut records) => {
                form = records.form();
                for read in records.by_ref() {
                    match read {
                        Ok(read) => self.add(Numbered::new(self.items.len() as u64, number, form, read)),
                        Err(error) => notes.push(broken(&error)),
                    }
                }
                notes.extend(records.take_notes().into_iter().map(Told::from));
            }
            Err(error) => notes.push(broken(&error)),
        }
        let records = self.items.len() - before;
        let mut stamps = self.items.iter().skip(before).filter_map(|item| item.record.head.stamp);
        let start = stamps.find(|stamp| matches!(stamp.clock, Clock::Unix | Clock::Local)).map(wabinary_render::date);
        self.files.push(File { name: name.to_owned(), form: form.says(), size, records, start, notes });
    }

    fn add(&mut self, record: Numbered) {
        let read_as = self.decoder.0.read_as(&record);
        let since_start = self.clocks.since_start(&record);
        let decoded = self.decoder.0.decode(&record, read_as);
        let row = Row::new(&record, since_start, &decoded);
        self.items.push(Item { record, read_as, row });
    }

    pub(crate) fn finish(&mut self) -> Summary<'_> {
        self.decoder.0.finish();
        self.chosen = (0..self.items.len()).collect();
        let count = |test: fn(&Row) -> bool| self.items.iter().filter(|item| test(&item.row)).count();
        Summary {
            records: self.items.len(),
            failed: count(Row::is_failed),
            refused: count(Row::is_refused),
            locked: count(Row::is_locked),
            notes: self.decoder.0.take_notes().into_iter().map(Told::from).collect(),
            files: &self.files,
        }
    }

    /// Selects records; returns their number.
    pub(crate) fn choose(&mut self, filter: &Filter) -> usize {
        let mut chooser = Chooser::new(filter.choice.clone());
        let (decoder, items) = (&mut self.decoder.0, &self.items);
        let mut fits = |item: &Item| {
            let node = decoder.decode(&item.record, item.read_as).ok();
            let chosen = chooser.choose(&item.record, node) == Chosen::Yes;
            chosen && (!filter.exceptions || item.row.is_failed() || item.row.is_refused())
        };
        self.chosen = items.iter().enumerate().filter(|(_, item)| fits(item)).map(|(place, _)| place).collect();
        self.is_filtered = self.chosen.len() < self.items.len();
        self.chosen.len()
    }

    pub(crate) fn rows(&self, first: usize, count: usize) -> Vec<&Row> {
        let chosen = self.chosen.iter().skip(first).take(count);
        chosen.filter_map(|place| self.items.get(*place)).map(|item| &item.row).collect()
    }

    pub(crate) fn place(&self, frame: u32) -> usize {
        self.chosen.partition_point(|place| *place < frame as usize)
    }

    /// A selected record.
    pub(crate) fn item(&self, place: usize) -> Option<&Item> {
        self.items.get(*self.chosen.get(place)?)
    }
}

fn broken(error: &std::io::Error) -> Told {
    Told { text: format!("it cannot be read to its end: {error}"), needs_person: true }
}
