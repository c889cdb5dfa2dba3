//! The adapter of this library.
//!
//! ```text
//! wabinary-conformance --command 'wabinary-adapter --allow real-clients'
//! ```

use std::io::{self, BufRead, Write};

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wabinary::{Decoder, Dictionary, Encoder, Leniency, Node};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let allow: Leniency = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--allow"), Some(names)) => names.parse().map_err(io::Error::other)?,
        (None, _) => Leniency::NONE,
        _ => return Err(io::Error::other("usage: wabinary-adapter [--allow NAMES]")),
    };
    for line in io::stdin().lock().lines() {
        let mut reader = serde_json::Deserializer::from_str(line.as_ref().map_or("", String::as_str));
        reader.disable_recursion_limit();
        let Ok(request) = Json::deserialize(&mut reader) else { continue };
        let mut answer = answer(&request, allow).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        answer["id"] = request["id"].clone();
        let mut out = io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(request: &Json, allow: Leniency) -> Result<Json, Box<dyn std::error::Error>> {
    let version = request["dictionary"].as_u64().and_then(|version| u8::try_from(version).ok());
    let dictionary = version.and_then(Dictionary::from_version).unwrap_or_default();
    Ok(match request["op"].as_str() {
        Some("describe") => {
            let versions: Vec<_> = Dictionary::ALL.iter().map(|dictionary| dictionary.version()).collect();
            json!({ "name": "wabinary", "version": env!("CARGO_PKG_VERSION"), "dictionaries": versions })
        }
        Some("decode") => {
            let frame = HEXLOWER.decode(request["hex"].as_str().unwrap_or_default().as_bytes())?;
            let mut decoder = Decoder::new().with_dictionary(dictionary).allow(allow);
            json!({ "node": serde_json::to_value(decoder.decode_slice(&frame)?)? })
        }
        Some("encode") => {
            let node = Node::deserialize(&request["node"])?;
            let mut encoder = Encoder::new().with_dictionary(dictionary).allow(allow);
            json!({ "hex": HEXLOWER.encode(encoder.encode_slice(&node)?) })
        }
        _ => json!({ "error": "unknown op; expected describe, decode or encode" }),
    })
}
