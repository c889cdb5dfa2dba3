//! Guesses what an unreadable input is, and says what to do about it.
//!
//! Each hint is a guess from the bytes, shown with the error. It does not change how the input is read.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use wabinary::stream::Prologue;

use crate::frame_start::{is_zlib, starts_like_a_frame};

/// A test, and the hint to show if it holds.
type Hint<T> = (fn(&T) -> bool, &'static str);

/// Hints for inputs that differ from a frame in their first bytes. The first that fits counts.
const OF_FRAMES: [Hint<[u8]>; 14] = [
    (
        |bytes| matches!(bytes, [_, 0x1f, 0x8b, 0x08, ..]),
        "this looks like a gzip body after a flag byte: bodies of frames are zlib streams; unpack it, and put 00 before it",
    ),
    (is_stream, "this looks like the start of a stream, with its intro header: read its bytes with --from stream"),
    (is_handshake, "this looks like a handshake frame (protobuf): nodes come after it, and the socket encrypts them"),
    (
        is_frame_behind_length,
        "this looks like a frame after its 24-bit length: leave those three bytes out, or read a \
                              file of such frames with --from stream",
    ),
    (is_encrypted_behind_length, ENCRYPTED),
    (
        |bytes| bytes.first() == Some(&0x78) && is_zlib(bytes),
        "this looks like a compressed body without its flag byte: put 02 before it",
    ),
    (|bytes| bytes.starts_with(b"\x1f\x8b"), "this looks like gzip: decompress it first"),
    (
        is_packet_capture,
        "this looks like a packet capture, where everything is encrypted: take frames inside the client, after decryption; `tshark -r \
         FILE -o tls.keylog_file:KEYS -Y websocket -T ek` gets the messages out, which wabinary reads with --keys",
    ),
    (
        is_mitmproxy_flow,
        "this looks like a flow file of mitmproxy: `mitmdump -nr FILE --set hardump=FILE.har` makes a recording (HAR) of it",
    ),
    (is_other_file, "this looks like a program, a picture, a document or an archive, and not like a capture"),
    (is_hex, "this looks like hexadecimal text in the place of a frame: it was encoded twice"),
    (is_text, "this looks like text in the place of a frame"),
    (is_protobuf, "this looks like protobuf, such as a message that was decrypted: frames hold nodes"),
    (is_random, ENCRYPTED),
];

const ENCRYPTED: &str = "this looks encrypted: take frames inside the client, after decryption (Noise, AES-GCM)";

/// Hints for lines that are neither hexadecimal nor base64.
const OF_LINES: [Hint<str>; 5] = [
    (|line| line.starts_with('<'), "this looks like XML: try --from log, or encode"),
    (|line| line.starts_with(['{', '[']), "this looks like JSON: try --from jsonl"),
    (is_log, "this looks like a line of a client's log: try --from log"),
    (is_hex_dump, "this looks like a hex dump that does not start with offset 0"),
    (ends_in_hex, "the last word looks like a frame: leave out what comes before it"),
];

/// Hints for lines that are not JSON.
const OF_NO_JSON: [Hint<str>; 2] = [
    (|line| line.starts_with('<'), "this looks like XML"),
    (|line| is_hex(line.as_bytes()), "this looks like a frame in hexadecimal"),
];

/// Hints for JSON objects without a frame or tree, by one of their keys.
const OF_KEYS: [(&[&str], &str); 2] = [
    (&["xml", "sublogger", "msg"], "this looks like a line of a client's log: try --from log"),
    (&["bytes", "data", "payload", "raw"], "frames are looked for under hex or base64, trees under node"),
];

/// The most bytes of a frame that hints look at. Longer lines get no hint.
const LONGEST: usize = 64 << 10;

/// The hint for an input that differs from a frame in its first bytes, read with a flag byte or without.
pub fn of_frame(frame: &[u8], has_flag_byte: bool) -> Option<&'static str> {
    match (has_flag_byte, frame.first()) {
        (true, Some(0xf8 | 0xf9)) => Some("this looks like a frame without its flag byte: try --flag-byte auto"),
        (false, Some(0x00 | 0x02)) if starts_like_a_frame(frame) => {
            Some("this looks like a frame with its flag byte: try --flag-byte auto")
        }
        _ => first(&OF_FRAMES, frame.get(..LONGEST).unwrap_or(frame)),
    }
}

/// The hint for a line that is neither hexadecimal nor base64.
pub fn of_line(line: &[u8]) -> Option<&'static str> {
    first(&OF_LINES, short_text(line)?)
}

/// The hint for a line in the place of a JSON object.
pub fn of_no_json(line: &[u8]) -> Option<&'static str> {
    first(&OF_NO_JSON, short_text(line)?)
}

/// The hint for a JSON object that has neither frame nor tree.
pub fn of_object(json: &[u8]) -> Option<&'static str> {
    let fields: BTreeMap<String, IgnoredAny> = serde_json::from_slice(json).ok()?;
    let found = OF_KEYS.iter().find(|(keys, _)| keys.iter().any(|key| fields.contains_key(*key)));
    found.map(|(_, hint)| *hint)
}

/// The text of the first hint that fits.
fn first<T: ?Sized>(hints: &[Hint<T>], input: &T) -> Option<&'static str> {
    hints.iter().find(|(looks, _)| looks(input)).map(|(_, hint)| *hint)
}

/// The text of a line, if it is short enough for hints.
fn short_text(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line).ok().map(str::trim).filter(|line| line.len() <= LONGEST)
}

/// `W A 6 3`, or the routing header before it.
fn is_stream(bytes: &[u8]) -> bool {
    Prologue::starts(bytes)
}

/// The messages of the handshake: one field 2, 3 or 4, which starts with a key. Source: `tulir/whatsmeow`
/// `socket/noisehandshake.go` and the `HandshakeMessage` of its protobuf definitions.
fn is_handshake(bytes: &[u8]) -> bool {
    let message = behind_length(bytes).unwrap_or(bytes);
    let mut fields = Fields(message);
    let only = fields.next();
    let (Some((2..=4, Some(inner))), true) = (only, fields.0.is_empty()) else { return false };
    matches!(Fields(inner).next(), Some((1, Some(key))) if matches!(key.len(), 32 | 48))
}

/// A message of the handshake by its outer fields alone: one field 2, 3 or 4 with fields inside.
pub(crate) fn is_message_of_handshake(bytes: &[u8]) -> bool {
    let mut fields = Fields(bytes);
    let (only, is_all) = (fields.next(), fields.0.is_empty());
    let Some((2..=4, Some(inner))) = only else { return false };
    let mut inside = Fields(inner);
    is_all && inside.by_ref().count() > 0 && inside.0.is_empty()
}

/// The bytes after a 24-bit length that is exactly theirs.
fn behind_length(bytes: &[u8]) -> Option<&[u8]> {
    let [a, b, c, rest @ ..] = bytes else { return None };
    (u32::from_be_bytes([0, *a, *b, *c]) as usize == rest.len()).then_some(rest)
}

fn is_frame_behind_length(bytes: &[u8]) -> bool {
    behind_length(bytes).is_some_and(starts_like_a_frame)
}

fn is_encrypted_behind_length(bytes: &[u8]) -> bool {
    behind_length(bytes).is_some_and(is_random)
}

/// Two lengths of netstrings, one in the other, and the name of a member: `2770:9:websocket;`.
pub(crate) fn is_mitmproxy_flow(bytes: &[u8]) -> bool {
    let mut pieces = bytes.get(..64).unwrap_or(bytes).splitn(3, |byte| *byte == b':');
    let mut is_length =
        || pieces.next().is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit));
    let are_lengths = is_length() && is_length();
    let name = pieces.next().and_then(|rest| rest.split(|byte| *byte == b';').next()).unwrap_or_default();
    are_lengths && name.len() > 1 && name.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_')
}

/// The first bytes of ELF, Windows programs, PNG, JPEG, PDF and zip.
fn is_other_file(bytes: &[u8]) -> bool {
    let starts = [&b"\x7fELF"[..], b"MZ\x90\x00", b"\x89PNG", b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04"];
    starts.iter().any(|start| bytes.starts_with(start))
}

fn is_packet_capture(bytes: &[u8]) -> bool {
    let starts = [&b"\xd4\xc3\xb2\xa1"[..], b"\xa1\xb2\xc3\xd4", b"\x0a\x0d\x0d\x0a"];
    starts.iter().any(|start| bytes.starts_with(start))
}

fn is_hex(bytes: &[u8]) -> bool {
    let digits = bytes.trim_ascii();
    digits.len() >= 8 && digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit)
}

fn is_text(bytes: &[u8]) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    bytes.len() >= 8 && bytes.iter().all(is_plain)
}

/// At least two fields of protobuf, or one inside of another, and nothing else.
fn is_protobuf(bytes: &[u8]) -> bool {
    let mut fields = Fields(bytes);
    let (mut count, mut nested) = (0, false);
    for (number, value) in fields.by_ref() {
        count += 1;
        nested |= value.is_some_and(|value| value.len() > 2 && Fields(value).by_ref().count() > 0);
        if number > 100 {
            return false;
        }
    }
    bytes.len() >= 8 && fields.0.is_empty() && (count > 1 || nested)
}

/// Bytes like those of a cipher: no frame starts after the flag, the number of distinct values is about that of chance,
/// and little is text.
fn is_random(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in bytes {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    }
    let different = seen.iter().filter(|seen| **seen).count() as f64;
    let by_chance = 256.0 * (1.0 - (255.0_f64 / 256.0).powf(bytes.len() as f64));
    let printable = bytes.iter().filter(|byte| matches!(byte, b' '..=b'~')).count();
    let is_frame = matches!(bytes, [_, 0xf8 | 0xf9, ..]) || bytes.get(1..).is_some_and(is_zlib);
    !is_frame && bytes.len() >= 20 && different > 0.8 * by_chance && printable * 3 < bytes.len() * 2
}

/// The fields of a protobuf message: numbers, and the values that have a length. A malformed rest ends the iteration.
struct Fields<'b>(&'b [u8]);

impl<'b> Iterator for Fields<'b> {
    type Item = (u64, Option<&'b [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, rest) = number(self.0)?;
        let (value, rest) = match key & 7 {
            0 => (None, number(rest)?.1),
            1 => (None, rest.get(8..)?),
            2 => {
                let (length, rest) = number(rest)?;
                let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                (Some(value), rest)
            }
            5 => (None, rest.get(4..)?),
            _ => return None,
        };
        self.0 = rest;
        (key >> 3 > 0).then_some((key >> 3, value))
    }
}

/// A number of up to nine bytes, seven bits in each.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let last = bytes.iter().take(9).position(|byte| *byte < 0x80)?;
    let (number, rest) = bytes.split_at_checked(last + 1)?;
    Some((number.iter().rev().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f)), rest))
}

/// A tag after other text.
fn is_log(line: &str) -> bool {
    line.contains("/>") || line.contains("</") || line.contains("[RECEIVED]") || line.contains("[SENT]")
}

/// An offset of four or eight digits, and hex after it.
fn is_hex_dump(line: &str) -> bool {
    let Some((offset, rest)) = line.split_once([':', ' ']) else { return false };
    let is_hex = |word: &str| word.len().is_multiple_of(2) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let starts = rest.split_whitespace().next().is_some_and(|word| matches!(word.len(), 2 | 4 | 8) && is_hex(word));
    matches!(offset.len(), 4 | 7 | 8) && offset.bytes().all(|byte| byte.is_ascii_hexdigit()) && starts
}

fn ends_in_hex(line: &str) -> bool {
    let last = line.rsplit_once(char::is_whitespace).map(|(_, word)| word.trim_start_matches("0x"));
    last.is_some_and(|word| is_hex(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that look random and are equal in every run (xorshift).
    fn noise(length: usize, seed: u64) -> Vec<u8> {
        let mut state = seed;
        let mut step = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        (0..length).map(|_| step()).collect()
    }

    fn framed(payload: &[u8]) -> Vec<u8> {
        [&(payload.len() as u32).to_be_bytes()[1..], payload].concat()
    }

    /// A protobuf field with a length below 128.
    fn field(number: u8, value: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, value.len() as u8], value].concat()
    }

    #[track_caller]
    fn frame_looks(frame: impl AsRef<[u8]>, hint: &str) {
        let frame = frame.as_ref();
        let found = of_frame(frame, true).unwrap_or("");
        assert!(found.contains(hint) && found.is_empty() == hint.is_empty(), "{}: {found}", frame.escape_ascii());
    }

    #[test]
    fn flows_of_mitmproxy_begin_with_two_lengths_and_a_name() {
        for (start, is_flow) in [
            ("2770:9:websocket;1:0#", true),
            ("2770:9:web_socket", true),
            ("2770:x:websocket;", false),
            ("2770:9:Websocket;", false),
            ("2770:1:w;", false),
            (":9:websocket;", false),
        ] {
            assert_eq!(is_mitmproxy_flow(start.as_bytes()), is_flow, "{start}");
        }
    }

    #[test]
    fn handshakes_and_streams_are_told() {
        let client_hello = field(2, &field(1, &noise(32, 1)));
        let server_hello =
            field(3, &[field(1, &noise(32, 2)), field(2, &noise(48, 3)), field(3, &noise(30, 4))].concat());
        let client_finish = field(4, &[field(1, &noise(48, 5)), field(2, &noise(60, 6))].concat());
        for message in [&client_hello, &server_hello, &client_finish] {
            frame_looks(message, "handshake");
            frame_looks(framed(message), "handshake");
        }
        frame_looks([b"WA\x06\x03", &*framed(&client_hello)].concat(), "--from stream");
        frame_looks(b"ED\x00\x01\x00\x00\x02xyWA\x06\x03", "--from stream");
        frame_looks(&client_hello[..12], "");
    }

    #[test]
    fn a_length_in_front_is_told() {
        frame_looks(framed(b"\x00\xf8\x01\x1b"), "after its 24-bit length");
        frame_looks(framed(b"\xf8\x01\x1b"), "after its 24-bit length");
        frame_looks(framed(b"\x02\x78\x9c\x01"), "after its 24-bit length");
        frame_looks(framed(&noise(300, 7)), "encrypted");
        frame_looks(b"\x00\x00\x05\x00\xf8\x01\x1b", "");
    }

    #[test]
    fn what_a_cipher_gives_is_told_from_what_a_client_writes() {
        for seed in 1..200 {
            for length in [32, 64, 200, 1000, 60_000] {
                let mut bytes = noise(length, seed);
                // A start that no hint knows.
                bytes[..2].copy_from_slice(&[0xa7, 0x33]);
                frame_looks(bytes, "encrypted");
            }
            frame_looks([&[0xa7], &noise(18, seed)[..]].concat(), "");
        }
        let frames = include_str!("../../tests/data/vectors/peer-encoded.jsonl");
        let mut count = 0;
        #[derive(serde::Deserialize)]
        struct Vector {
            hex: String,
        }
        for line in frames.lines() {
            let Ok(Vector { hex }) = serde_json::from_str(line) else { continue };
            let mut frame = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
            // An undefined flag.
            frame[0] = 0x80;
            assert_eq!(of_frame(&frame, true), None, "{hex}");
            count += 1;
        }
        assert!(count > 100);
    }

    #[test]
    fn other_things_are_told_by_their_start() {
        frame_looks(b"\x78\x9c\xfb\xc1\x28\x0d", "put 02 before it");
        frame_looks(b"\x78\x9d\xfb\xc1\x28\x0d", "");
        frame_looks(b"\x1f\x8b\x08\0", "gzip");
        frame_looks(b"\x7fELF\x02\x01\x01", "this looks like a program");
        frame_looks(b"\x02\x1f\x8b\x08\0", "gzip body after a flag byte");
        frame_looks(b"\xd4\xc3\xb2\xa1\x02\0", "packet capture");
        frame_looks(b"\x0a\x0d\x0d\x0a\x1c\0", "packet capture");
        frame_looks(b"00f8031b04ec0b", "encoded twice");
        frame_looks(b"{\"tag\": \"ack\"}", "text in the place");
        frame_looks(b"short", "");
        frame_looks([field(1, b"hello"), field(6, b"world")].concat(), "protobuf");
        frame_looks(field(6, &field(1, b"hello world")), "protobuf");
        frame_looks(b"\x08\x01\x10\xac\x02\x18\x01\x20\x05", "protobuf");
        frame_looks(b"\x08\x01\x10\xac\x02\x18\x01\x20", "");
        frame_looks(b"", "");
    }

    #[test]
    fn a_flag_byte_too_little_or_too_much_is_told() {
        assert!(of_frame(b"\xf8\x00", true).unwrap().contains("without its flag byte"));
        assert_eq!(of_frame(b"\xf8\x00", false), None);
        assert!(of_frame(b"\x00\xf8\x01\x1b", false).unwrap().contains("with its flag byte"));
        assert_eq!(of_frame(b"\x00\xf8\x01\x1b", true), None);
    }

    #[test]
    fn lines_and_objects_of_other_programs_are_told() {
        for (line, hint) in [
            ("  <ack id=\"1\"/>", "looks like XML"),
            ("{\"hex\": \"00f8011b\"}", "--from jsonl"),
            ("12:00:00.123 [Client/Recv DEBUG] <ack id=\"1\"/>", "log"),
            ("00000010: 00f8 031b 04ec 0b                        .......", "offset 0"),
            ("0010   00 f8 03 1b 04 ec 0b   .......", "offset 0"),
            ("nothing 00f8031b04ec0b", "last word"),
            ("nothing to see", ""),
            ("00f8zz1b", ""),
        ] {
            let found = of_line(line.as_bytes()).unwrap_or("");
            assert!(found.contains(hint) && found.is_empty() == hint.is_empty(), "{line}: {found}");
        }
        assert_eq!(of_line(b"<\xff"), None);
        assert_eq!(of_object(b"{\"payload\": \"00f8011b\"}"), Some(OF_KEYS[1].1));
        assert_eq!((of_object(b"{\"x\": 1}"), of_object(b"{")), (None, None));
        assert_eq!(of_no_json(b" 00f8011b "), Some("this looks like a frame in hexadecimal"));
        assert_eq!(of_no_json(b"oops"), None);
    }
}
