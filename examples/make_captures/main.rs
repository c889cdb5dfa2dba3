//! Writes the synthetic captures in `tests/data/captures`. Without chance or clock: the same files every time.
//!
//! `cargo run --example make_captures`

mod calls;
mod files;
mod older_client;
mod people;
mod recording;
mod stanzas;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures");
    for (name, content) in captures()? {
        std::fs::write(folder.join(name), &content)?;
        println!("{name}: {} bytes", content.len());
    }
    Ok(())
}

/// A file's name and content.
type File = (&'static str, Vec<u8>);

/// The files.
pub fn captures() -> Result<[File; 4], Box<dyn std::error::Error>> {
    use files::{jsonl, stream};
    use recording::Direction::{Receive, Send};
    use wabinary::Dictionary::{V2, V3};

    let calls = calls::record();
    let older = older_client::record();
    Ok([
        ("call.jsonl", jsonl(&calls, V3, files::seconds)?),
        ("call.stream", stream(&calls, Send)?),
        ("call-receive.stream", stream(&calls, Receive)?),
        ("call-v2.jsonl", jsonl(&older, V2, files::rfc3339)?),
    ])
}
