//! An adapter with one fault, for the tests of the kit.
//!
//! Each fault is one that a codec could have. It is put around this library: into the frame before it decodes, into the tree
//! after it decoded or before it encodes, or into the frame after it encoded.

use std::io::{self, BufRead, Write};
use std::time::Duration;

use data_encoding::{BASE64, HEXLOWER};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wabinary::{Decoder, Dictionary, Encoder, Leniency, Node};

/// Answers requests on standard input, with a fault.
pub(crate) fn run(fault: &str) -> io::Result<()> {
    // The line that the test harness has begun.
    println!();
    let (mut answered, mut has_failed) = (0, false);
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut reader = serde_json::Deserializer::from_str(&line);
        reader.disable_recursion_limit();
        let Ok(request) = Json::deserialize(&mut reader) else { continue };
        let mut answer = answer(&request, fault).unwrap_or_else(|error| json!({ "error": error }));
        if fault == "remembers-an-error" {
            let is_error = answer.get("error").is_some();
            if std::mem::replace(&mut has_failed, is_error) && !is_error {
                answer = json!({ "error": "still broken" });
            }
        }
        answer["id"] = request["id"].clone();
        match fault {
            "prints-junk" => println!("debug: {{\"id\": {answered}}}\n[1, 2"),
            "dies-now-and-then" if answered % 400 == 399 => std::process::exit(3),
            "closes-its-pipe" if request["op"] == "decode" && has(&request, "tag", &json!("call")) => return Ok(()),
            "answers-twice" => println!("{answer}"),
            _ => {}
        }
        answered += 1;
        writeln!(io::stdout(), "{answer}")?;
        io::stdout().flush()?;
    }
    Ok(())
}

/// Whether the frame of a request has this in its tree.
fn has(request: &Json, part: &str, value: &Json) -> bool {
    let frame = HEXLOWER.decode(request["hex"].as_str().unwrap_or_default().as_bytes()).unwrap_or_default();
    wabinary::decode(frame).is_ok_and(|node| serde_json::to_value(&node).is_ok_and(|json| json[part] == *value))
}

fn answer(request: &Json, fault: &str) -> Result<Json, String> {
    let version = request["dictionary"].as_u64().unwrap_or(3) as u8;
    let dictionary = Dictionary::from_version(version).unwrap_or_default();
    match request["op"].as_str() {
        Some("describe") => Ok(json!({ "name": fault, "version": "1", "dictionaries": [3] })),
        Some("decode") => {
            let frame = HEXLOWER.decode(request["hex"].as_str().unwrap_or_default().as_bytes()).unwrap_or_default();
            let mut tree = decode(frame, dictionary, fault)?;
            if fault == "refuses-depth-50" && depth(&tree) > 50 {
                return Err("deep".to_owned());
            }
            each(&mut tree, &|node| of_tree(node, fault));
            let part = if fault == "names-its-part-otherwise" && tree["tag"] == "call" { "tree" } else { "node" };
            Ok(json!({ part: tree }))
        }
        _ => {
            let mut tree = request["node"].clone();
            each(&mut tree, &|node| before_encoding(node, fault));
            let node = Node::deserialize(&tree).map_err(|error| error.to_string())?;
            let rule = match fault {
                "writes-empty-tags" => Leniency::EMPTY_TAG,
                "writes-names-twice" => Leniency::DUPLICATE_NAMES,
                _ => Leniency::NONE,
            };
            let mut encoder = Encoder::new().with_dictionary(dictionary).allow(rule);
            let frame = encoder.encode(&node).map_err(|error| error.to_string())?;
            Ok(json!({ "hex": HEXLOWER.encode(&after_encoding(frame.to_vec(), fault)) }))
        }
    }
}

/// Decodes, with the faults of a reader.
fn decode(mut frame: Vec<u8>, dictionary: Dictionary, fault: &str) -> Result<Json, String> {
    let mut decoder = Decoder::new().with_dictionary(dictionary);
    let leniency = match fault {
        "accepts-trailing-bytes" => Leniency::NONE,
        "ignores-padding" => Leniency::PAD_NIBBLE,
        "ignores-flags" => Leniency::FLAG_BITS,
        "masks-lengths" => Leniency::LENGTH_BITS,
        "keeps-names-twice" => Leniency::DUPLICATE_NAMES,
        "accepts-empty-tags" => Leniency::EMPTY_TAG,
        _ => Leniency::NONE,
    };
    decoder = decoder.allow(leniency);
    let error = |error: wabinary::DecodeError| error.to_string();
    let to_json = |node: wabinary::NodeRef<'_>| serde_json::to_value(node).map_err(|error| error.to_string());
    match fault {
        "accepts-trailing-bytes" => return to_json(decoder.decode_first(frame).map_err(error)?.0),
        "reads-text-lossily" => {
            let bad = decoder.decode_slice(&frame).err().filter(|error| error.kind().name() == "invalid-utf8");
            if let Some(bad) = bad {
                frame[bad.offset()] = b'?';
            }
        }
        "refuses-long-list-heads" if frame.contains(&0xf9) => return Err("LIST_16".to_owned()),
        "refuses-empty-list-heads" if frame.windows(2).any(|two| two == [0xf8, 0]) => return Err("empty".to_owned()),
        "refuses-stored-zlib" if frame.starts_with(&[2, 0x78, 0x01]) => return Err("stored".to_owned()),
        "dies-of-empty-bytes" if frame.ends_with(&[0xfc, 0x00]) => std::process::abort(),
        "dies-of-addresses-in-addresses" if frame.windows(2).any(|two| two == [0xf6, 0xf6]) => std::process::abort(),
        "hangs-on-interop" if frame.contains(&0xf5) => std::thread::sleep(Duration::from_secs(3600)),
        _ => {}
    }
    to_json(decoder.decode_slice(&frame).map_err(error)?)
}

fn depth(tree: &Json) -> usize {
    let children = tree["content"]["nodes"].as_array();
    1 + children.into_iter().flatten().map(depth).max().unwrap_or(0)
}

/// How many bytes the content has.
fn content_length(node: &Json) -> Option<usize> {
    BASE64.decode(node["content"]["bytes"].as_str()?.as_bytes()).ok().map(|bytes| bytes.len())
}

/// Does something to each node.
fn each(tree: &mut Json, change: &dyn Fn(&mut Json)) {
    change(tree);
    if let Some(nodes) = tree["content"].get_mut("nodes").and_then(Json::as_array_mut) {
        nodes.iter_mut().for_each(|node| each(node, change));
    }
}

fn attrs(node: &mut Json) -> Vec<&mut Json> {
    node["attrs"].as_array_mut().into_iter().flatten().collect()
}

/// The faults of a reader that show in the tree.
fn of_tree(node: &mut Json, fault: &str) {
    let content = node["content"].clone();
    match fault {
        "reads-null-as-empty" => attrs(node).into_iter().filter(|it| it[1].is_null()).for_each(|it| it[1] = json!("")),
        "sorts-attributes" => {
            if let Some(list) = node["attrs"].as_array_mut() {
                list.sort_by_key(|it| it[0].to_string());
            }
        }
        "reads-content-tokens-as-bytes" => {
            if let Some(text) = content["text"].as_str() {
                node["content"] = json!({ "bytes": BASE64.encode(text.as_bytes()) });
            }
        }
        "drops-empty-lists" if content == json!({ "nodes": [] }) => node["content"] = Json::Null,
        "swaps-dash-and-dot" => attrs(node).into_iter().for_each(|it| {
            if let Some(text) = it[1].as_str().filter(|text| text.bytes().all(|byte| b"0123456789-.".contains(&byte))) {
                let swapped = text.chars().map(|c| match c {
                    '-' => '.',
                    '.' => '-',
                    c => c,
                });
                it[1] = json!(swapped.collect::<String>());
            }
        }),
        "reads-hex-in-lower-case" => attrs(node).into_iter().for_each(|it| {
            let is_hex = |text: &&str| text.len() > 1 && text.bytes().all(|byte| b"0123456789ABCDEF".contains(&byte));
            if let Some(text) = it[1].as_str().filter(is_hex) {
                it[1] = json!(text.to_lowercase());
            }
        }),
        "reads-hosted-as-phone" => attrs(node).into_iter().for_each(|it| {
            if let Some(text) = it[1]["jid"].as_str().and_then(|text| text.strip_suffix("@hosted")) {
                it[1] = json!({ "jid": format!("{text}@s.whatsapp.net") });
            }
        }),
        "loses-device-bit-7" => attrs(node).into_iter().for_each(|it| {
            if let Some(text) =
                it[1]["jid"].as_str().map(|text| text.replace(":255@", ":127@").replace(":254@", ":126@"))
            {
                it[1]["jid"] = json!(text);
            }
        }),
        "drops-the-integrator" => attrs(node).into_iter().for_each(|it| {
            if let Some((_, user)) =
                it[1]["jid"].as_str().filter(|jid| jid.ends_with("@interop")).and_then(|jid| jid.split_once('-'))
            {
                it[1] = json!({ "jid": format!("0-{user}") });
            }
        }),
        "hangs-on-255-bytes" if content_length(node) == Some(255) => std::thread::sleep(Duration::from_secs(3600)),
        "loses-a-child-of-255" => {
            let nodes = node["content"].get_mut("nodes").and_then(Json::as_array_mut);
            nodes.filter(|nodes| nodes.len() == 255).map(Vec::pop);
        }
        "misreads-one-token" if node["tag"] == "receipt" => node["tag"] = json!("receipts"),
        "misreads-the-last-dictionary" => attrs(node).into_iter().for_each(|it| {
            let token = it[1].as_str().and_then(|text| Dictionary::V3.find(text));
            if token.is_some_and(|token| token.dictionary() == Some(3) && token.index() > 127) {
                it[1] = json!("?");
            }
        }),
        // Two faults: what has one must not shrink to what has the other.
        "loses-content-beside-three" => match node["attrs"].as_array_mut() {
            Some(list) if list.len() >= 3 => node["content"] = Json::Null,
            Some(list) if list.len() == 1 => list[0][1] = json!("?"),
            _ => {}
        },
        "drops-the-ninth-attribute" => {
            if let Some(list) = node["attrs"].as_array_mut() {
                list.truncate(8);
            }
        }
        _ => {}
    }
}

/// The faults of a writer that show in the tree.
fn before_encoding(node: &mut Json, fault: &str) {
    match fault {
        "drops-empty-values" => {
            if let Some(list) = node["attrs"].as_array_mut() {
                list.retain(|it| it[1] != "");
            }
        }
        "loses-256-bytes" if content_length(node) == Some(256) => node["content"] = json!({ "bytes": "" }),
        "loses-a-dot-of-odd" => attrs(node).into_iter().for_each(|it| {
            let is_odd = |text: &&str| text.len() % 2 == 1 && text.bytes().all(|byte| b"0123456789-.".contains(&byte));
            if let Some(text) = it[1].as_str().filter(is_odd).and_then(|text| text.strip_suffix('.')) {
                it[1] = json!(text);
            }
        }),
        "writes-devices-modulo-256" => attrs(node).into_iter().for_each(|it| {
            if let Some(text) = it[1]["jid"].as_str().map(|text| text.replace(":256@", ":0@")) {
                it[1]["jid"] = json!(text);
            }
        }),
        "wraps-the-number-of-children" => {
            if let Some(nodes) = node["content"].get_mut("nodes").and_then(Json::as_array_mut) {
                nodes.truncate(nodes.len() & 0xffff);
            }
        }
        "writes-texts-as-addresses" => attrs(node).into_iter().for_each(|it| {
            if let Some(text) =
                it[1].as_str().filter(|text| text.contains('@')).filter(|text| wabinary::JidRef::parse(text).is_ok())
            {
                it[1] = json!({ "jid": text });
            }
        }),
        _ => {}
    }
}

/// The faults of a writer that show in the bytes.
fn after_encoding(mut frame: Vec<u8>, fault: &str) -> Vec<u8> {
    match fault {
        "never-writes-odd-packed" => {
            // An odd packed text with the other padding.
            if let Some(at) = frame.windows(2).position(|two| two[0] == 0xff && two[1] & 0x80 != 0) {
                let last = at + 1 + usize::from(frame[at + 1] & 0x7f);
                if last + 1 == frame.len() {
                    frame[last] &= 0xf0;
                }
            }
        }
        "writes-long-heads" if frame.get(1) == Some(&0xf8) => drop(frame.splice(1..2, [0xf9, 0])),
        _ => {}
    }
    frame
}
