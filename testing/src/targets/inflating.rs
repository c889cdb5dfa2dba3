//! Zlib frames, against the zlib library used directly.

use std::io::Write;

use arbitrary::{Result, Unstructured};
use bytes::Bytes;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use wabinary::{Decoder, Limits, OffsetSpace};

/// A body that is compressed in blocks of any size, and cut or damaged a little, reads as its plain body or is refused.
pub fn inflated(u: &mut Unstructured<'_>) -> Result<()> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(u.int_in_range(0..=9)?));
    let mut body = Vec::new();
    for _ in 0..u.int_in_range(0..=6)? {
        let piece = [0xf8, 0x02, 0x1b].repeat(u.int_in_range(0..=90)?);
        let piece = if u.arbitrary()? { piece } else { u.arbitrary::<&[u8]>()?.to_vec() };
        encoder.write_all(&piece).expect("memory takes everything");
        // Ends a block, and may leave an empty one.
        encoder.flush().expect("memory takes everything");
        body.extend(piece);
    }
    let mut stream = encoder.finish().expect("memory takes everything");
    if u.ratio(1, 4)? {
        let at = u.choose_index(stream.len())?;
        stream[at] = u.arbitrary()?;
    }
    if u.ratio(1, 4)? {
        stream.truncate(u.choose_index(stream.len())?);
    }
    agrees(&stream, u.int_in_range(0..=2_000)?);
    Ok(())
}

/// The first two bytes are the limit, the others a stream.
pub fn inflated_bytes(data: &[u8]) {
    let Some(([high, low], stream)) = data.split_first_chunk() else { return };
    agrees(stream, usize::from(u16::from_be_bytes([*high, *low])));
}

fn agrees(stream: &[u8], limit: usize) {
    let limits = Limits { inflated: limit, ..Limits::default() };
    let frame = Bytes::from([&[2], stream].concat());
    let mut decoder = Decoder::new().with_limits(limits);
    let found = decoder.decode(frame.clone()).map(|node| node.to_node());

    // The result of the library, with room for one byte above the limit.
    let (mut state, mut body) = (Decompress::new(true), vec![0; limit + 1]);
    let status = loop {
        let (read, written) = (state.total_in() as usize, state.total_out() as usize);
        let status = state.decompress(&stream[read..], &mut body[written..], FlushDecompress::None);
        let is_stuck = (read, written) == (state.total_in() as usize, state.total_out() as usize);
        if is_stuck || !matches!(status, Ok(Status::Ok)) {
            break status;
        }
    };
    body.truncate(state.total_out() as usize);
    let is_over = body.len() > limit;
    let is_whole = matches!(status, Ok(Status::StreamEnd)) && !is_over;
    let is_all = state.total_in() as usize == stream.len();
    match &found {
        Err(error) if error.space() == OffsetSpace::Frame => {
            let kind = error.kind().name();
            assert!(error.offset() <= frame.len());
            match kind {
                "inflated-too-large" => assert!(is_over, "{} bytes, {limit} are allowed", body.len()),
                "zlib-trailing-bytes" => assert!(is_whole && !is_all),
                "zlib-truncated" | "zlib-corrupt" | "zlib-dictionary" => assert!(!is_whole, "{kind}"),
                _ => panic!("{error} is not an error of a zlib stream"),
            }
        }
        _ => {
            assert!(is_whole && is_all, "it is read though it does not inflate");
            let plain = Decoder::new().decode_body(body.clone()).map(|node| node.to_node());
            match (&found, plain) {
                (Ok(found), Ok(plain)) => assert_eq!(*found, plain),
                (Err(found), Err(plain)) => {
                    assert_eq!((found.kind(), found.offset()), (plain.kind(), plain.offset()));
                    assert_eq!(found.path(), plain.path());
                }
                (found, plain) => panic!("{found:?}, but the plain body is {plain:?}"),
            }
        }
    }
    // Again with a used state, from a slice, and in part.
    let again = decoder.decode_slice(&frame).map(|node| node.to_node());
    assert_eq!(again.is_ok(), found.is_ok());
    let (part, result) = decoder.decode_partial(frame);
    match (&found, result) {
        (Ok(found), Ok(())) => assert!(part.is_some_and(|part| part == *found)),
        (Err(found), Err(error)) => assert_eq!((found.kind(), found.offset()), (error.kind(), error.offset())),
        (found, result) => panic!("{found:?}, but in part {result:?}"),
    }
}
