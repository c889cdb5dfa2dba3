//! Streams of frames.

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use wabinary::stream::{FrameReader, LONGEST_FRAME, StreamError, write_frame};

/// A stream gives the same frames in any pieces.
pub fn framed(u: &mut Unstructured<'_>) -> Result<()> {
    let mut stream = u.choose(&PROLOGUES)?.to_vec();
    let mut frames = Vec::new();
    for _ in 0..u.int_in_range(0..=6)? {
        let frame = vec![u.arbitrary()?; *u.choose(&[0, 1, 2, 255, 256, 300])?];
        write_frame(&frame, &mut stream).expect("a short frame");
        frames.push(Bytes::from(frame));
    }
    let whole = read(&stream, &[stream.len()], LONGEST_FRAME);
    assert_eq!((&whole.frames, whole.offset, whole.end), (&frames, stream.len() as u64, Ok(())));
    let pieces: Vec<usize> = u.arbitrary::<Vec<u8>>()?.into_iter().map(usize::from).collect();
    assert_eq!(read(&stream, &pieces, LONGEST_FRAME), whole);
    // A malformed stream, a truncated one or one with too long a frame gives the same error in any pieces.
    stream.truncate(u.int_in_range(0..=stream.len())?);
    stream.extend(u.arbitrary::<&[u8]>()?);
    let limit = *u.choose(&[0, 255, 300, LONGEST_FRAME])?;
    assert_eq!(read(&stream, &pieces, limit), read(&stream, &[stream.len()], limit));
    Ok(())
}

/// Any pieces give the same result; see [`pieces_limit_and_stream`] for the input.
pub fn framed_bytes(data: &[u8]) {
    let Some((pieces, limit, stream)) = pieces_limit_and_stream(data) else { return };
    let whole = read(stream, &[stream.len()], limit);
    assert_eq!(read(stream, &pieces, limit), whole);
    // Every byte belongs to the prologue, a length or a frame, or is left over.
    let taken: usize = whole.frames.iter().map(|frame| 3 + frame.len()).sum();
    assert!(taken as u64 <= whole.offset && whole.offset <= stream.len() as u64);
    if whole.error.is_none() && whole.end.is_ok() {
        assert_eq!(whole.offset, stream.len() as u64);
    }
    // Writing the frames again gives the stream after its prologue.
    let mut written = Vec::new();
    whole.frames.iter().for_each(|frame| write_frame(frame, &mut written).expect("it was framed"));
    assert!(stream[..whole.offset as usize].ends_with(&written));
}

/// The pieces, the limit and the stream in an input. The first byte is the size of every piece; if its top bit is set,
/// its other bits say how many sizes follow the second byte, and pieces have these in turn. The second byte is the
/// limit, the rest the stream.
pub fn pieces_limit_and_stream(data: &[u8]) -> Option<(Vec<usize>, usize, &[u8])> {
    let ([piece, limit], rest) = data.split_first_chunk()?;
    let (sizes, stream) = match piece {
        0..0x80 => (std::slice::from_ref(piece), rest),
        _ => rest.split_at(usize::from(piece & 0x7f).min(rest.len())),
    };
    let mut left = stream.len();
    let in_turn = sizes.iter().map(|size| usize::from(*size)).cycle();
    // Empty pieces are fed too, but not for ever.
    let pieces = in_turn.take(stream.len()).take_while(|size| {
        let is_needed = left > 0;
        left = left.saturating_sub(*size);
        is_needed
    });
    let limit = if *limit == 0xff { LONGEST_FRAME } else { usize::from(*limit) };
    Some((pieces.collect(), limit, stream))
}

const PROLOGUES: [&[u8]; 7] = [
    b"",
    b"WA\x06\x03",
    b"WA\x06\x02",
    b"WA\x05\x03",
    b"ED\0\x01\0\0\x03xyzWA\x06\x03",
    b"ED\0\x01\0\0\0WA\x06\x03",
    b"",
];

#[derive(Debug, PartialEq)]
struct ReadStream {
    frames: Vec<Bytes>,
    dictionary: Option<u8>,
    error: Option<StreamError>,
    offset: u64,
    end: std::result::Result<(), StreamError>,
}

/// Reads a stream that arrives in pieces of these sizes; the rest is the last piece.
fn read(stream: &[u8], pieces: &[usize], limit: usize) -> ReadStream {
    let mut reader = FrameReader::new().with_limit(limit);
    let (mut frames, mut error) = (Vec::new(), None);
    let mut rest = stream;
    for piece in pieces.iter().copied().chain([usize::MAX]) {
        let (now, later) = rest.split_at(piece.min(rest.len()));
        reader.feed(now);
        rest = later;
        loop {
            match reader.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(found) => {
                    assert_eq!(*error.get_or_insert(found), found);
                    break;
                }
            }
        }
    }
    let dictionary = reader.prologue().map(|prologue| prologue.dictionary_version);
    ReadStream { frames, dictionary, error, offset: reader.offset(), end: reader.finish() }
}
