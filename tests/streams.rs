//! What a reader of a stream tells beside its frames: the dictionary of the prologue, and where it stands.

use wabinary::Dictionary;
use wabinary::stream::{FrameReader, StreamError, write_frame};

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
    // One byte at a time: what was fed and is no frame yet does not count.
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

#[test]
fn a_frame_that_is_too_long_is_where_its_length_stands() {
    for prologue in [&b""[..], b"WA\x06\x03", b"ED\x00\x01\x00\x00\x02abWA\x06\x03"] {
        for frames in 0..3 {
            let mut stream = prologue.to_vec();
            (0..frames).for_each(|length| write_frame(&vec![7; length], &mut stream).unwrap());
            let offset = stream.len() as u64;
            write_frame(&[7; 9], &mut stream).unwrap();
            // At once, and as soon as the length is there.
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
