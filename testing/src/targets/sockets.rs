//! Websockets of recordings, with keys.

use std::fmt::Write as _;
use std::io::Cursor;

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit};
use arbitrary::{Result, Unstructured};
use data_encoding::{BASE64, HEXLOWER};
use wabinary_capture::{Form, Keys, Payload, Records};

const KEY: [u8; 32] = [7; 32];

/// A recording of sockets whose messages are frames, encrypted frames, parts of them and other bytes: every frame that
/// is read was sent, in order, and no key is shown.
pub fn recorded(u: &mut Unstructured<'_>) -> Result<()> {
    let (mut sent, mut messages, mut counter) = (Vec::new(), Vec::new(), 0_u32);
    for number in 0..u.int_in_range(1..=24)? {
        let frame = [&b"\0\xf8\x04\x1b\x04\xec\x0b\xfc\x01"[..], &[number]].concat();
        let body = match u.int_in_range(0..=7_usize)? {
            0 => frame.clone(),
            1 => u.bytes(u.len().min(20))?.to_vec(),
            skipped @ 2..=4 => {
                counter = counter.wrapping_add([1, 2, 5000][skipped - 2]);
                sealed(counter, &frame)
            }
            _ => {
                counter = counter.wrapping_add(1);
                sealed(counter, &frame)
            }
        };
        let mut bytes = [&u32::try_from(body.len()).expect("it is short").to_be_bytes()[1..], &body].concat();
        if u.ratio(1, 10)? {
            let at = u.choose_index(bytes.len())?;
            bytes[at] ^= 1 << u.int_in_range(0..=7)?;
        }
        sent.push(frame);
        // A message may hold a part of a frame, or several.
        let cut = if u.ratio(1, 6)? { u.choose_index(bytes.len())? } else { bytes.len() };
        match messages.last_mut() {
            Some(last) if u.ratio(1, 8)? => Vec::extend_from_slice(last, &bytes),
            _ => {
                messages.push(bytes[..cut].to_vec());
                messages.extend((cut < bytes.len()).then(|| bytes[cut..].to_vec()));
            }
        }
    }
    let mut text = r#"{"log":{"entries":[{"_webSocketMessages":["#.to_owned();
    for (at, message) in messages.iter().enumerate() {
        let (comma, data) = (if at > 0 { "," } else { "" }, BASE64.encode(message));
        write!(text, r#"{comma}{{"type":"receive","time":1700000000.5,"opcode":2,"data":"{data}"}}"#).expect("memory");
    }
    text += "]}]}}";
    let line = format!("{{\"direction\":\"receive\",\"key\":\"{}\"}}\n", HEXLOWER.encode(&KEY));
    let keys = Keys::read(line.as_bytes()).expect("a key").with_window(u.int_in_range(0..=6000)?);
    let mut records = Records::with_keys(Cursor::new(text), Form::Har, &keys).expect("a recording");
    let mut rest = sent.iter();
    for record in records.by_ref() {
        let record = record.expect("a slice can be read");
        assert!(!format!("{record:?}").contains(&HEXLOWER.encode(&KEY[..4])));
        // The result of a changed bit in a plain frame or a length is unknown.
        if let Payload::Frame(frame) = record.payload
            && record.noted.counter.is_some()
        {
            assert!(rest.any(|sent| *sent == frame), "{frame:02x?}");
        }
    }
    Ok(())
}

fn sealed(counter: u32, frame: &[u8]) -> Vec<u8> {
    let mut nonce = [0; 12];
    nonce[8..].copy_from_slice(&counter.to_be_bytes());
    Aes256Gcm::new((&KEY).into()).encrypt((&nonce).into(), frame).expect("a short frame")
}
