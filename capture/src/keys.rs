//! Keys of connections, and decryption with them. No message and no `Debug` shows them, and their memory is cleared.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use aes_gcm::aead::Aead;
use aes_gcm::aes::Aes256;
use aes_gcm::aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt};
use aes_gcm::{Aes256Gcm, KeyInit};
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use serde::Deserialize;
use serde_json::value::RawValue;
use wabinary::stanza::Direction;
use zeroize::Zeroizing;

use crate::direction::{direction_of_word, is_no_direction};
use crate::lines::is_skipped;

/// How far ahead a counter is searched by default.
const WINDOW: u32 = 4_096;

/// The longest file of keys, in bytes.
const LONGEST_FILE: usize = 16 << 20;

/// The bytes of the tag after a ciphertext.
const TAG: usize = 16;

/// Keys of connections, for reading encrypted frames.
///
/// ```
/// use wabinary_capture::Keys;
///
/// let line = format!("{{\"direction\": \"send\", \"key\": \"{}\"}}\n", "07".repeat(32));
/// assert_eq!(Keys::read(line.as_bytes())?.len(), 1);
/// let error = Keys::read(&b"{\"key\": \"0707\"}"[..]).unwrap_err();
/// assert_eq!(error.to_string(), "line 1: a key of 2 bytes; expected 32 bytes, as hex or base64");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Keys {
    /// Each key has its own memory, which is cleared: a growing list would leave copies of the keys.
    keys: Arc<[Arc<Key>]>,
    window: u32,
}

impl Default for Keys {
    fn default() -> Self {
        Self { keys: Arc::default(), window: WINDOW }
    }
}

impl fmt::Debug for Keys {
    /// Shows the number of keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("count", &self.keys.len()).finish_non_exhaustive()
    }
}

impl Keys {
    /// Reads JSON lines: `{"direction": "send" | "receive", "key": HEX | BASE64}` or `{"send": KEY, "receive": KEY}`, as the
    /// hook for WhatsApp Web and other hooks write them. Empty lines and comments are skipped.
    ///
    /// # Errors
    /// The error of the input, or of a line that is not a key.
    pub fn read(input: impl Read) -> io::Result<Self> {
        let text = read_to_end(input)?;
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        let mut keys = Vec::new();
        for (number, line) in (1_u64..).zip(text.split(|byte| *byte == b'\n')) {
            if !is_skipped(line) {
                read_line(line, &mut keys).map_err(|problem| invalid(format!("line {number}: {problem}")))?;
            }
        }
        if keys.is_empty() {
            return Err(invalid("no key in it; expected lines with direction and key".to_owned()));
        }
        Ok(Self { keys: keys.into(), window: WINDOW })
    }

    /// The keys, with counters searched this far ahead of the expected one.
    #[must_use]
    pub fn with_window(self, window: u32) -> Self {
        Self { window, ..self }
    }

    /// The number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(crate) fn window(&self) -> u32 {
        self.window
    }

    /// The keys for a direction, with their numbers.
    pub(crate) fn of(&self, direction: Direction) -> impl Iterator<Item = (usize, &Key)> {
        let fits = move |key: &Key| key.direction.is_none_or(|of| of == direction);
        self.keys.iter().map(|key| &**key).enumerate().filter(move |(_, key)| fits(key))
    }
}

/// A key that opens frames of one direction, or of either.
pub(crate) struct Key {
    direction: Option<Direction>,
    /// The counter of the first frame, if the file of keys has it.
    pub(crate) counter: Option<u32>,
    cipher: Aes256Gcm,
    block: Aes256,
    hash: GHash,
}

impl Key {
    fn new(key: &[u8; 32], direction: Option<Direction>, counter: Option<u32>) -> Self {
        let block = Aes256::new(key.into());
        let mut subkey = Zeroizing::new([0; 16]);
        block.encrypt_block((&mut *subkey).into());
        Self { direction, counter, cipher: Aes256Gcm::new(key.into()), hash: GHash::new((&*subkey).into()), block }
    }

    /// The counter that a frame was encrypted with, if this is its key.
    ///
    /// The tag is a hash of the ciphertext, hidden by the encrypted nonce. Without the hash it decrypts to the nonce, so
    /// one try finds any counter.
    pub(crate) fn counter_of(&self, frame: &[u8]) -> Option<u32> {
        let (text, tag) = frame.split_last_chunk::<TAG>()?;
        let mut hash = self.hash.clone();
        hash.update_padded(text);
        let mut lengths = [0; 16];
        let bits = (text.len() as u64).checked_mul(8)?;
        lengths.last_chunk_mut::<8>()?.copy_from_slice(&bits.to_be_bytes());
        hash.update_padded(&lengths);
        let mut nonce = *tag;
        nonce.iter_mut().zip(hash.finalize()).for_each(|(byte, hash)| *byte ^= hash);
        self.block.decrypt_block((&mut nonce).into());
        match nonce {
            [0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d, 0, 0, 0, 1] => Some(u32::from_be_bytes([a, b, c, d])),
            _ => None,
        }
    }

    /// Decrypts a frame.
    pub(crate) fn open(&self, frame: &[u8], counter: u32) -> Option<Vec<u8>> {
        let mut nonce = [0; 12];
        nonce.last_chunk_mut::<4>()?.copy_from_slice(&counter.to_be_bytes());
        self.cipher.decrypt((&nonce).into(), frame).ok()
    }
}

fn invalid(problem: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// Reads a whole input, without leaving copies where memory grows.
fn read_to_end(mut input: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(vec![0; 64 << 10]);
    let mut length = 0;
    loop {
        if length == text.len() {
            if length >= LONGEST_FILE {
                return Err(invalid("too long to be a file of keys".to_owned()));
            }
            let mut larger = Zeroizing::new(vec![0; length * 2]);
            larger.iter_mut().zip(text.iter()).for_each(|(to, from)| *to = *from);
            text = larger;
        }
        match input.read(text.get_mut(length..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    text.truncate(length);
    Ok(text)
}

/// A line of a file of keys. Values stay unparsed, so that no copy of a key is made.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    send: Option<&'a RawValue>,
    #[serde(borrow)]
    receive: Option<&'a RawValue>,
    #[serde(borrow)]
    key: Option<&'a RawValue>,
    #[serde(borrow)]
    raw: Option<&'a RawValue>,
    #[serde(borrow)]
    counter: Option<&'a RawValue>,
    #[serde(borrow)]
    direction: Option<&'a RawValue>,
    #[serde(borrow)]
    usages: Option<&'a RawValue>,
}

fn read_line(line: &[u8], keys: &mut Vec<Arc<Key>>) -> Result<(), String> {
    let line: Line<'_> = serde_json::from_slice(line).map_err(|_| "expected a JSON object with a key".to_owned())?;
    let counter = line.counter.and_then(|value| value.get().parse().ok());
    let mut add = |value: Option<&RawValue>, direction: Option<Direction>| {
        let Some(value) = value else { return Ok(false) };
        let quoted = value.get().as_bytes();
        let text = quoted.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\""));
        let key = read_key(text.ok_or("a key that is not a text; expected 32 bytes, as hex or base64")?)?;
        keys.push(Arc::new(Key::new(&key, direction, counter)));
        Ok::<_, String>(true)
    };
    let pair = [add(line.send, Some(Direction::Send))?, add(line.receive, Some(Direction::Receive))?];
    if pair.contains(&true) {
        return Ok(());
    }
    let usages: Vec<String> = line.usages.and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default();
    let direction = match line.direction.and_then(|value| serde_json::from_str::<String>(value.get()).ok()) {
        Some(word) => match direction_of_word(&word) {
            None if !is_no_direction(&word) => {
                return Err("expected send or receive as direction".to_owned());
            }
            known => known,
        },
        None => match usages.as_slice() {
            [only] if only == "encrypt" => Some(Direction::Send),
            [only] if only == "decrypt" => Some(Direction::Receive),
            _ => None,
        },
    };
    match add(line.key, direction)? || add(line.raw, direction)? {
        true => Ok(()),
        false => Err("no key in it; expected a member key, or send and receive".to_owned()),
    }
}

fn read_key(text: &[u8]) -> Result<Zeroizing<[u8; 32]>, String> {
    // In JSON a slash may be escaped.
    let mut text = Zeroizing::new(text.to_vec());
    text.retain(|byte| *byte != b'\\' && !byte.is_ascii_whitespace());
    let decode = |encoding: &data_encoding::Encoding| encoding.decode(&text).ok().map(Zeroizing::new);
    let encodings = [&HEXLOWER_PERMISSIVE, &BASE64, &BASE64_NOPAD, &BASE64URL_NOPAD];
    let decoded: Vec<_> = encodings.into_iter().filter_map(decode).collect();
    let found = decoded.first().ok_or("a key that is neither hex nor base64; expected 32 bytes")?;
    let key = decoded.iter().find_map(|key| <&[u8; 32]>::try_from(key.as_slice()).ok());
    let wrong = || format!("a key of {} bytes; expected 32 bytes, as hex or base64", found.len());
    key.map(|key| Zeroizing::new(*key)).ok_or_else(wrong)
}
