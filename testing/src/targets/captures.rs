//! Reading captures.

use std::fmt::Write;
use std::io::Cursor;

use wabinary_capture::{Form, Payload, Records};

/// Any bytes in the form that the first one chooses.
pub fn any_form(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    const FORMS: [Form; 8] =
        [Form::Auto, Form::AutoTrees, Form::Hex, Form::Base64, Form::Stream, Form::JsonLines, Form::Json, Form::Har];
    if let Some(form) = FORMS.get(usize::from(*choice) % FORMS.len()) {
        read(rest, *form);
    }
}

/// Any text as a log.
pub fn log(data: &[u8]) {
    read(data, Form::Log);
}

/// Any text as pasted bytes.
pub fn pasted(data: &[u8]) {
    read(data, Form::Hex);
}

/// Any text as JSON.
pub fn objects(data: &[u8]) {
    read(data, Form::JsonLines);
}

/// Reads all records. Each takes a part of the input, can be displayed, and comes in order.
fn read(data: &[u8], form: Form) {
    let Ok(records) = Records::new(Cursor::new(data.to_vec()), form) else { return };
    let mut shown = String::new();
    let mut count = 0;
    for (number, record) in records.enumerate() {
        let Ok(record) = record else { break };
        assert_eq!(record.index, number as u64);
        assert!(record.line.is_none_or(|line| line > 0));
        shown.clear();
        match &record.payload {
            Payload::Tree(tree) => {
                write!(shown, "{tree:#}").unwrap();
                let json = serde_json::to_string(tree);
                assert!(json.is_ok() || shown.len() > 256, "{shown}");
                assert_eq!(tree.first_missing().is_some(), tree.has_missing());
            }
            Payload::Failed(failure) => write!(shown, "{failure}").unwrap(),
            Payload::Frame(_) => {}
        }
        count += 1;
    }
    // A gzip or zstd body may hold more than it takes.
    assert!(
        count <= data.len() + 1 || data.starts_with(b"\x1f\x8b") || data.starts_with(b"\x28\xb5"),
        "{count} records"
    );
}
