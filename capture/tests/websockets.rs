//! Websockets of recordings: the messages of each direction, keys and counters.

use std::fmt::Write as _;

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit};
use data_encoding::BASE64;
use wabinary_capture::{Form, Keys, Payload, Records};

const FRAME: &[u8] = b"\0\xf8\x03\x1b\x04\xec\x0b";
const KEY: [u8; 32] = [7; 32];

fn framed(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[1..], bytes].concat()
}

fn sealed(counter: u32) -> Vec<u8> {
    sealed_by(&KEY, counter)
}

fn sealed_by(key: &[u8; 32], counter: u32) -> Vec<u8> {
    let mut nonce = [0; 12];
    nonce[8..].copy_from_slice(&counter.to_be_bytes());
    framed(&Aes256Gcm::new(key.into()).encrypt((&nonce).into(), FRAME).unwrap())
}

fn flipped(counter: u32) -> Vec<u8> {
    let mut frame = sealed(counter);
    *frame.last_mut().unwrap() ^= 1;
    frame
}

/// A recording whose sockets received these messages.
fn har(sockets: &[Vec<Vec<u8>>]) -> String {
    let mut text = r#"{"log":{"version":"1.2","entries":["#.to_owned();
    for (number, messages) in sockets.iter().enumerate() {
        text += if number > 0 { ",{" } else { "{" };
        text += r#""x":"\"_webSocketMessages\":[","_webSocketMessages" : ["#;
        for (at, message) in messages.iter().enumerate() {
            let (comma, data) = (if at > 0 { "," } else { "" }, BASE64.encode(message));
            write!(text, r#"{comma}{{"type":"receive","time":1700000000.5,"opcode":2,"data":"{data}"}}"#).unwrap();
        }
        text += "]}";
    }
    text + "]}}"
}

/// For each record its counter and the number of missing frames before it, or its error; then the number of notes that
/// need a person.
fn read(text: &str, keys: &str) -> (String, usize) {
    let keys = if keys.is_empty() { Keys::default() } else { Keys::read(keys.as_bytes()).unwrap() };
    let mut records = Records::with_keys(std::io::Cursor::new(text.to_owned()), Form::Auto, &keys).unwrap();
    let shown = records.by_ref().map(Result::unwrap).map(|record| match record.payload {
        Payload::Failed(failure) if failure.kind() == "stream-truncated" => {
            assert!(record.noted.socket.is_some());
            failure.kind().to_owned()
        }
        Payload::Frame(frame) => {
            assert_eq!(frame, FRAME);
            let (counter, missing) = (record.noted.counter, record.noted.missing_before);
            let shown = counter.map_or("plain".to_owned(), |counter| counter.to_string());
            missing.map_or(shown.clone(), |missing| format!("{shown}-{missing}"))
        }
        Payload::Failed(failure) => failure.kind().to_owned(),
        other => format!("{other:?}"),
    });
    let shown = shown.collect::<Vec<_>>().join(" ");
    let notes = records.take_notes();
    let secret = "07".repeat(4);
    assert!(!format!("{keys:?} {records:?} {notes:?}").contains(&secret));
    (shown, notes.iter().filter(|note| note.needs_person).count())
}

#[test]
fn messages_become_frames() {
    let key = format!("{{\"direction\":\"receive\",\"key\":\"{}\"}}\n", "07".repeat(32));
    let other = format!("# foreign\n{{\"key\":\"{}\"}}\n", BASE64.encode(&[9; 32]));
    let hook = format!("{{\"raw\":\"{}\",\"usages\":[\"decrypt\"],\"n\":1}}\n", BASE64.encode(&KEY));
    let of_send = key.replace("receive", "send");
    let pair = format!("{{\"send\":\"{}\",\"receive\":\"{}\"}}", "09".repeat(32), "07".repeat(32));
    let shaken = framed(b"\x1a\x02ab");
    let all = |counters: std::ops::Range<u32>| counters.map(sealed).collect::<Vec<_>>();
    let with_other = |counters: std::ops::Range<u32>| counters.map(|it| sealed_by(&[9; 32], it)).collect::<Vec<_>>();
    let long = [sealed(0), sealed(1), sealed(2)].concat();
    let halves = vec![long[..40].to_vec(), long[40..].to_vec()];
    let cut = vec![sealed(0), sealed(1)[..9].to_vec(), sealed(2)];
    let zeros = vec![sealed(0), sealed(1)[..9].to_vec(), vec![0; 3], sealed(1)[12..].to_vec(), sealed(2)];
    let late = vec![sealed(4)[9..].to_vec(), sealed(5), sealed(6)];
    for (name, sockets, keys, expected, notes) in [
        ("in order", vec![all(0..3)], key.clone(), "0 1 2", 0),
        ("a hook's words, foreign keys", vec![all(0..2)], format!("{other}{hook}"), "0 1", 0),
        ("a pair", vec![all(0..2)], pair, "0 1", 0),
        ("reconnects", vec![all(0..2), vec![shaken.clone()], all(0..2)], format!("{key}{other}"), "0 1 0 1", 0),
        ("another key", vec![[all(10..13), with_other(0..2)].concat()], format!("{key}{other}"), "10 11 12 0 1", 0),
        ("over borders", vec![halves], key.clone(), "0 1 2", 0),
        ("begun late", vec![all(4096..4098)], key.clone(), "4096 4097", 0),
        ("too late", vec![all(4097..4099)], key.clone(), "wrong-key wrong-key", 0),
        ("lost", vec![vec![sealed(0), sealed(3), sealed(4)]], key.clone(), "0 3-2 4", 1),
        ("lost at the start", vec![vec![shaken, sealed(1)]], key.clone(), "1-1", 1),
        ("flipped", vec![vec![sealed(0), flipped(1), sealed(2)]], key.clone(), "0 decrypt 2", 0),
        ("flipped first", vec![vec![flipped(0), sealed(1)]], key.clone(), "decrypt 1", 0),
        ("cut in its middle", vec![cut], key.clone(), "0 stream-truncated 2-1", 1),
        ("zeros in its middle", vec![zeros], key.clone(), "0 decrypt 2", 0),
        ("cut at its end", vec![vec![sealed(0), sealed(1)[..9].to_vec()]], key.clone(), "0 stream-truncated", 0),
        ("flipped, then anew", vec![vec![flipped(5), sealed(0)]], key.clone(), "decrypt 0", 0),
        ("begun in a message", vec![late], key.clone(), "stream-truncated 5 6", 0),
        ("no keys", vec![all(0..2)], String::new(), "encrypted encrypted", 0),
        ("of the other direction", vec![all(0..2)], of_send, "encrypted encrypted", 0),
        ("wrong", vec![all(0..2)], other, "wrong-key wrong-key", 0),
        ("plain", vec![vec![FRAME.to_vec(); 2]], String::new(), "plain plain", 0),
        ("plain behind lengths", vec![vec![framed(FRAME); 2]], key.clone(), "plain plain", 0),
        ("of somebody else", vec![vec![b"hello".to_vec(); 3]], key.clone(), "", 1),
        ("no socket", vec![], key.clone(), "", 1),
    ] {
        let text = har(&sockets);
        assert_eq!(read(&text, &keys), (expected.to_owned(), notes), "{name}");
        // The recording may end after any number of bytes. The records before the end are kept.
        for end in (40..text.len()).step_by(37) {
            let (shown, _) = read(&text[..end], &keys);
            assert!(shown.contains("json"), "{name}: {shown}");
        }
    }
}

#[test]
fn files_beside_the_recording_are_read_and_errors_say_where() {
    let entry = |file: &str| format!(r#"{{"response":{{"content":{{"size":1,"_file":"{file}"}}}}}}"#);
    let entries = ["page.html", "answer.jsonl", "socket.jsonl", "lost.jsonl"].map(entry).join(",");
    let recording = format!(r#"{{"log":{{"entries":[{entries}]}}}}"#);
    let message = |bytes: &[u8]| {
        let data = BASE64.encode(bytes);
        format!("{{\"type\":\"receive\",\"time\":1700000000500,\"opcode\":2,\"data\":\"{data}\"}}\n")
    };
    let files = move |name: &str| -> std::io::Result<Box<dyn std::io::Read>> {
        let text = match name {
            "answer.jsonl" => "{\"of\": \"a page\"}\n{\"of\": \"a page\"}\n".to_owned(),
            "socket.jsonl" => {
                [message(FRAME), "{\"type\":\"receive\",\"opcode\":2,\"data\":\"!\"}\n".to_owned(), message(FRAME)]
                    .concat()
            }
            _ => return Err(std::io::Error::other(format!("no {name}"))),
        };
        Ok(Box::new(std::io::Cursor::new(text)))
    };
    let input = std::io::Cursor::new(recording);
    let mut records = Records::with_files(input, Form::Auto, &Keys::default(), files).unwrap();
    let read = records.by_ref().map(Result::unwrap).map(|record| {
        let place = record.place.unwrap();
        (place.entry, place.message, record.line, matches!(record.payload, Payload::Frame(_)))
    });
    let mut read: Vec<_> = read.collect();
    read.sort_unstable();
    assert_eq!(read, [(2, 0, None, true), (2, 1, None, false), (2, 2, None, true)]);
    let notes = records.take_notes();
    let [note] = notes.as_slice() else { panic!("{notes:?}") };
    assert!(
        note.needs_person && note.text.contains("\"lost.jsonl\" beside the recording: no lost.jsonl"),
        "{}",
        note.text
    );
}

#[test]
fn recordings_open_to_what_was_sent() {
    let file = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/hooks/websocket/");
        std::fs::read(format!("{folder}{name}")).unwrap()
    };
    let keys = Keys::read(&*file("keys.jsonl")).unwrap();
    let attached = Keys::read(&*file("attached/keys.jsonl")).unwrap();
    let read = |name, keys| {
        let beside = move |name: &str| -> std::io::Result<Box<dyn std::io::Read>> {
            Ok(Box::new(std::io::Cursor::new(file(&format!("attached/{name}")))))
        };
        let records = Records::with_files(std::io::Cursor::new(file(name)), Form::Auto, keys, beside).unwrap();
        records.map(|record| record.unwrap()).map(|record| (record.direction, format!("{:?}", record.payload)))
    };
    let told: Vec<_> = read("frames.jsonl", &keys).collect();
    for (name, keys) in [("recording.har", &keys), ("devtools.jsonl", &keys), ("attached/recording.har", &attached)] {
        assert!(read(name, keys).eq(told.iter().cloned()), "{name}");
    }
    // One packet has all sent frames, another all received ones.
    let mut first = told[..8].to_vec();
    first.sort_by_key(|(direction, _)| *direction);
    for name in ["packets.jsonl", "packets.json"] {
        assert!(read(name, &keys).eq(first.iter().cloned()), "{name}");
    }
}
