//! Unpacks an input before its form is detected: compression, byte order marks, UTF-16.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use crate::Reader;

/// The deepest nesting of compression.
const LAYERS: usize = 4;
const BUFFER: usize = 64 << 10;

const GZIP: &[u8] = b"\x1f\x8b\x08";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF_16_LE_MARK: &[u8] = b"\xff\xfe";
const UTF_16_BE_MARK: &[u8] = b"\xfe\xff";

/// The unpacked input. `is_text`: whether it can be text.
pub(crate) fn unpack(input: impl Read + 'static, is_text: bool) -> io::Result<Reader> {
    let mut input: Reader = Box::new(BufReader::with_capacity(BUFFER, input));
    for _ in 0..LAYERS {
        let (start, again) = peek(input)?;
        input = match &*start {
            start if start.starts_with(GZIP) => Box::new(buffered(MultiGzDecoder::new(again))),
            start if start.starts_with(ZSTD) => Box::new(buffered(Zstd::Waiting(again))),
            start if start.starts_with(UTF_8_MARK) => {
                let mut again = again;
                again.consume(UTF_8_MARK.len());
                return Ok(again);
            }
            start if is_text && (start.starts_with(UTF_16_LE_MARK) || start.starts_with(UTF_16_BE_MARK)) => {
                let is_big_endian = start.starts_with(UTF_16_BE_MARK);
                return Ok(Box::new(buffered(Utf16 { input: again, is_big_endian, high: None, ready: Vec::new() })));
            }
            _ => return Ok(again),
        };
    }
    Ok(input)
}

fn buffered(input: impl Read) -> BufReader<impl Read> {
    BufReader::with_capacity(BUFFER, input)
}

/// The first bytes of an input, and a reader that still returns them.
fn peek(mut input: Reader) -> io::Result<(Vec<u8>, Reader)> {
    if input.fill_buf()?.len() >= ZSTD.len() {
        let start = input.fill_buf()?.iter().take(ZSTD.len()).copied().collect();
        return Ok((start, input));
    }
    let mut start = Vec::new();
    input.by_ref().take(ZSTD.len() as u64).read_to_end(&mut start)?;
    let again = Cursor::new(start.clone());
    // Reading on would read a terminal past its end.
    let again: Reader = if start.len() < ZSTD.len() { Box::new(again) } else { Box::new(again.chain(input)) };
    Ok((start, again))
}

/// Unpacks zstd frames, one after another.
enum Zstd {
    Waiting(Reader),
    Open(Box<StreamingDecoder<Reader, ruzstd::decoding::FrameDecoder>>),
    Over,
}

impl Read for Zstd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(self, Self::Over) {
                Self::Over => return Ok(0),
                Self::Waiting(mut input) => {
                    if input.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    let decoder = StreamingDecoder::new(input).map_err(|error| bad(&error))?;
                    *self = Self::Open(Box::new(decoder));
                }
                Self::Open(mut decoder) => {
                    let length = decoder.read(buffer).map_err(|error| bad(&error))?;
                    if length == 0 && !buffer.is_empty() {
                        *self = Self::Waiting(decoder.into_inner());
                        continue;
                    }
                    *self = Self::Open(decoder);
                    return Ok(length);
                }
            }
        }
    }
}

fn bad(error: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not zstd to its end: {error}"))
}

/// Converts UTF-16 to UTF-8, after its byte order mark.
struct Utf16 {
    input: Reader,
    is_big_endian: bool,
    /// The first half of a character.
    high: Option<u16>,
    ready: Vec<u8>,
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() {
            let mut piece = Vec::new();
            self.input.by_ref().take(BUFFER as u64 / 2).read_to_end(&mut piece)?;
            if piece.is_empty() {
                match self.high.take() {
                    Some(_) => self.ready.extend("\u{fffd}".bytes()),
                    None => return Ok(0),
                }
            }
            let units = piece.chunks(2).map(|pair| match (pair, self.is_big_endian) {
                ([a, b], true) => u16::from_be_bytes([*a, *b]),
                ([a, b], false) => u16::from_le_bytes([*a, *b]),
                _ => 0xfffd,
            });
            let units: Vec<u16> = self.high.take().into_iter().chain(units).collect();
            let (whole, last) = match units.split_last() {
                Some((last, whole)) if (0xd800..0xdc00).contains(last) && !piece.is_empty() => (whole, Some(*last)),
                _ => (&*units, None),
            };
            self.high = last;
            let characters = char::decode_utf16(whole.iter().copied()).map(|read| read.unwrap_or('\u{fffd}'));
            let text: String = characters.filter(|character| *character != '\u{feff}').collect();
            self.ready.extend(text.bytes());
        }
        let length = self.ready.len().min(buffer.len());
        let (given, kept) = self.ready.split_at(length);
        buffer.iter_mut().zip(given).for_each(|(to, from)| *to = *from);
        self.ready = kept.to_vec();
        Ok(length)
    }
}
