//! The frames of a stream, by each way to read them, and the other data that a reader reports.

use bytes::BytesMut;
use wabinary::Dictionary;
use wabinary::stream::{FrameReader, StreamError, split_frame, write_frame};

#[test]
fn a_prologue_names_the_dictionary_that_there_is() {
    for (version, dictionary) in [(2, Some(Dictionary::V2)), (3, Some(Dictionary::V3)), (0, None), (4, None)] {
        let mut reader = FrameReader::new();
        reader.feed(&[b'W', b'A', 6, version, 0, 0, 0]);
        assert_eq!(reader.next_frame().unwrap().as_deref(), Some(&[][..]));
        assert_eq!(reader.prologue().expect("it stands there").dictionary(), dictionary, "{version}");
    }
}

#[test]
fn the_offset_is_where_the_next_length_stands() {
    let mut stream = b"ED\x00\x01\x00\x00\x02ab".to_vec();
    stream.extend_from_slice(b"WA\x06\x03");
    let mut starts = vec![stream.len() as u64];
    for length in [0, 1, 300, 70_000] {
        write_frame(&vec![7; length], &mut stream).unwrap();
        starts.push(stream.len() as u64);
    }
    // One byte at a time: the bytes of an incomplete frame do not count.
    let mut reader = FrameReader::new();
    let mut seen = Vec::new();
    assert_eq!(reader.offset(), 0);
    for byte in &stream {
        reader.feed(std::slice::from_ref(byte));
        let before = reader.offset();
        if reader.next_frame().unwrap().is_some() {
            seen.push(before);
        }
    }
    seen.push(reader.offset());
    assert_eq!(seen, starts);
    reader.feed(&[0]);
    let offset = *starts.last().unwrap();
    assert_eq!(reader.finish(), Err(StreamError::Truncated { offset, left: 1, expected: 3 }));
}

/// A client that reads its socket into one buffer, and a server that answers without a prologue.
#[test]
fn a_buffer_splits_into_what_a_reader_reads() {
    let mut stream = Vec::new();
    // As the first frame, the third would look like a prologue.
    for length in [0, 1, 0x57_41_06, 300] {
        write_frame(&vec![7; length], &mut stream).unwrap();
    }
    for start in [0, 7] {
        let stream = &stream[start..];
        let mut reader = FrameReader::new().without_prologue();
        let mut buffer = BytesMut::new();
        let mut lengths = Vec::new();
        for piece in stream.chunks(1 << 20) {
            reader.feed(piece);
            buffer.extend_from_slice(piece);
            let before = buffer.as_ptr() as usize;
            while let Some(frame) = split_frame(&mut buffer, 0x57_41_06).unwrap() {
                assert!((before..before + stream.len()).contains(&(frame.as_ptr() as usize)), "it was copied");
                assert_eq!(reader.next_frame(), Ok(Some(frame.freeze())));
                lengths.push(reader.offset());
            }
        }
        assert_eq!((lengths.len(), reader.prologue(), buffer.len()), (if start == 0 { 4 } else { 2 }, None, 0));
    }
    let mut long = BytesMut::from(&[0, 0, 5, 9][..]);
    assert_eq!(split_frame(&mut long, 4), Err(StreamError::TooLong { length: 5, limit: 4, offset: 0 }));
    assert_eq!(long.len(), 4);
}

#[cfg(feature = "tokio-util")]
#[test]
fn a_codec_frames_like_a_writer_and_tells_what_is_cut() {
    use std::io::ErrorKind;
    use tokio_util::codec::{Decoder, Encoder};
    use wabinary::stream::{FrameCodec, Prologue};

    let (mut codec, mut sent) = (FrameCodec::new().with_limit(4), BytesMut::new());
    Prologue::new(Dictionary::V3).write(&mut sent).unwrap();
    codec.encode(&b"abcd"[..], &mut sent).unwrap();
    assert_eq!(&sent[..], b"WA\x06\x03\0\0\x04abcd");
    let mut received = sent.split_off(4);
    assert_eq!(codec.decode_eof(&mut received).unwrap().as_deref(), Some(&b"abcd"[..]));
    assert_eq!(codec.decode_eof(&mut received).unwrap(), None);
    for (bytes, kind, text) in [
        (&b"\0\0\x05"[..], ErrorKind::InvalidData, "frame of 5 bytes at offset 7 of the stream: expected at most 4"),
        (b"\0\0\x04a", ErrorKind::UnexpectedEof, "stream ends inside the frame at offset 7"),
    ] {
        let error = codec.decode_eof(&mut BytesMut::from(bytes)).unwrap_err();
        assert!(error.kind() == kind && error.to_string().starts_with(text), "{error}");
    }
}

#[test]
fn a_stream_may_end_before_its_frames_are_taken() {
    let stream = b"WA\x06\x03\0\0\x01a\0\0\x02bc";
    for length in 0..=stream.len() {
        let mut reader = FrameReader::new();
        reader.feed(&stream[..length]);
        let before = reader.finish();
        while reader.next_frame().unwrap().is_some() {}
        assert_eq!((before, before.is_ok()), (reader.finish(), [0, 4, 8, 13].contains(&length)), "{length}");
    }
    let mut reader = FrameReader::new().without_prologue().with_limit(1);
    reader.feed(&stream[4..]);
    assert_eq!(reader.finish(), Err(StreamError::TooLong { length: 2, limit: 1, offset: 4 }));
}

#[test]
fn a_frame_that_is_too_long_is_where_its_length_stands() {
    for prologue in [&b""[..], b"WA\x06\x03", b"ED\x00\x01\x00\x00\x02abWA\x06\x03"] {
        for frames in 0..3 {
            let mut stream = prologue.to_vec();
            (0..frames).for_each(|length| write_frame(&vec![7; length], &mut stream).unwrap());
            let offset = stream.len() as u64;
            write_frame(&[7; 9], &mut stream).unwrap();
            // At once, and as soon as the length is complete.
            for fed in [stream.len(), stream.len() - 9] {
                let mut reader = FrameReader::new().with_limit(8);
                reader.feed(&stream[..fed]);
                (0..frames).for_each(|_| assert!(reader.next_frame().unwrap().is_some()));
                assert_eq!(reader.next_frame(), Err(StreamError::TooLong { length: 9, limit: 8, offset }));
                assert_eq!(reader.offset(), offset);
            }
        }
    }
}
