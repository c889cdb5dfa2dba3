//! The flag byte, and bodies compressed with zlib (RFC 1950).
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

use flate2::{Compress, Compression, Decompress, DecompressError, FlushCompress, FlushDecompress, Status};

use crate::error::{DecodeErrorKind, ZlibError};
use crate::options::Leniency;

/// The bit of the flag byte that says that the rest of the frame is a zlib stream.
const ZLIB: u8 = 0x02;
/// The step by which output memory grows, so that memory follows the bytes really inflated.
const STEP: usize = 16 * 1024;
/// With more room than this the zlib library may lose the reason of an error.
const SHORT_STEP: usize = 256;
/// A first guess of the expansion. Deflate expands at most about 1032 times.
const USUAL_RATIO: usize = 4;

/// The flag byte of a plain body.
pub(crate) const PLAIN_FLAG: u8 = 0x00;
/// The flag byte of a compressed body.
pub(crate) const ZLIB_FLAG: u8 = ZLIB;

/// Reads the flag byte. Returns whether the body is compressed.
#[inline]
pub(crate) fn is_compressed(flag: u8, allow: Leniency) -> Result<bool, DecodeErrorKind> {
    let unknown = flag & !ZLIB;
    if unknown != 0 && !allow.contains(Leniency::FLAG_BITS) {
        return Err(DecodeErrorKind::UnknownFlagBits(unknown));
    }
    Ok(flag & ZLIB != 0)
}

/// The error in a zlib stream, and how much of the stream was consumed.
pub(crate) struct InflateError {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) consumed: usize,
    pub(crate) source: Option<ZlibError>,
}

/// Inflates with a reused state and window.
#[derive(Default)]
pub(crate) struct Inflater {
    state: Option<Box<Decompress>>,
}

impl Inflater {
    /// Inflates all of `stream`, exactly one zlib stream, into `out`, at most `limit` bytes.
    pub(crate) fn inflate(&mut self, stream: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), InflateError> {
        out.clear();
        let state = self.state.get_or_insert_with(|| Box::new(Decompress::new(true)));
        state.reset(true);
        let fail = |kind, state: &Decompress| {
            let consumed = (state.total_in() as usize).min(stream.len());
            InflateError { kind, consumed, source: None }
        };
        let mut step = stream.len().saturating_mul(USUAL_RATIO).clamp(256, STEP);
        loop {
            // One byte above the limit distinguishes a body that is too large from one that just fits.
            let room = limit.saturating_add(1).saturating_sub(out.len());
            out.reserve(step.min(room));
            step = out.capacity().max(STEP);
            let rest = stream.get(state.total_in() as usize..).unwrap_or(&[]);
            let before = (state.total_in(), out.len());
            let status = state.decompress_vec(rest, out, FlushDecompress::None);
            let kind = match status {
                _ if out.len() > limit => {
                    let _ = read_again(limit, STEP, stream, state);
                    DecodeErrorKind::InflatedTooLarge(limit)
                }
                Ok(Status::StreamEnd) => {
                    let left = stream.len().saturating_sub(state.total_in() as usize);
                    if left == 0 {
                        return Ok(());
                    }
                    DecodeErrorKind::ZlibTrailingBytes(left)
                }
                Ok(_) if before != (state.total_in(), out.len()) => continue,
                // Without progress although there is room, the input is at its end.
                Ok(_) => DecodeErrorKind::ZlibTruncated,
                Err(error) if error.needs_dictionary().is_some() => DecodeErrorKind::ZlibDictionary,
                Err(error) => {
                    let error = read_again(limit, SHORT_STEP, stream, state).err().unwrap_or(error);
                    let source = Some(ZlibError(error.to_string()));
                    return Err(InflateError { source, ..fail(DecodeErrorKind::ZlibCorrupt, state) });
                }
            };
            return Err(fail(kind, state));
        }
    }
}

/// Reads `stream` until it inflates to more than `limit` bytes, or to its error, in steps of at most [`STEP`] bytes. They do
/// not depend on memory from before, so neither does the number of bytes read, nor what the error says.
#[cold]
fn read_again(limit: usize, step: usize, stream: &[u8], state: &mut Decompress) -> Result<(), DecompressError> {
    state.reset(true);
    let mut out = [0; STEP];
    loop {
        let before = state.total_out();
        let room = (limit as u64).saturating_add(1).saturating_sub(before).min(step as u64) as usize;
        let rest = stream.get(state.total_in() as usize..).unwrap_or(&[]);
        state.decompress(rest, out.get_mut(..room).unwrap_or(&mut []), FlushDecompress::None)?;
        if state.total_out() == before {
            return Ok(());
        }
    }
}

/// Appends `body` as a zlib stream of compression level 0 to 9.
pub(crate) fn deflate(body: &[u8], level: u8, out: &mut Vec<u8>) {
    let mut state = Compress::new(Compression::new(level.min(9).into()), true);
    // Reserves enough even if compressing makes the body longer. Level 0 sizes its blocks by the room left, and a body
    // must give the same stream with any reused memory.
    out.reserve(body.len().saturating_add(body.len() / 8).saturating_add(STEP));
    loop {
        let rest = body.get(state.total_in() as usize..).unwrap_or(&[]);
        // It fails only if a state is used after the end of its stream, so this loop reaches the end.
        if let Ok(Status::StreamEnd) = state.compress_vec(rest, out, FlushCompress::Finish) {
            return;
        }
        out.reserve(STEP);
    }
}
