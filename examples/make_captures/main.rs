//! Writes the synthetic captures in `tests/data/captures`. Without chance or clock: the same files every time.
//!
//! `cargo run --example make_captures`

mod calls;
mod files;
mod older_client;
mod people;
mod recording;
mod scenarios;
mod stanzas;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures");
    for (name, content) in captures()? {
        std::fs::write(folder.join(&name), &content)?;
        println!("{name}: {} bytes", content.len());
    }
    Ok(())
}

/// A file's name, from the folder on, and content.
type File = (String, Vec<u8>);

/// The files.
pub fn captures() -> Result<Vec<File>, Box<dyn std::error::Error>> {
    use files::{Form, USUAL, jsonl, stream};
    use recording::Direction::{Receive, Send};
    use wabinary::Dictionary::{V2, V3};

    let calls = calls::record();
    let older = older_client::record();
    let as_text = Form { time: |time, _| Some(files::rfc3339(time)), ..USUAL };
    let mut captures = vec![
        ("call.jsonl".to_owned(), jsonl(&calls, V3, USUAL)?),
        ("call.stream".to_owned(), stream(&calls, Send)?),
        ("call-receive.stream".to_owned(), stream(&calls, Receive)?),
        ("call-v2.jsonl".to_owned(), jsonl(&older, V2, as_text)?),
    ];
    captures.extend(scenarios::files()?);
    Ok(captures)
}
