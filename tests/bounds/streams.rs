//! Streams of frames in pieces that make the reader's buffer grow, or keep it in use.

use std::hint::black_box;

use bytes::Bytes;
use wabinary::stream::{FrameReader, LONGEST_FRAME, write_frame};

use crate::{Bound, peak};

fn documented() -> Bound {
    Bound::of("`stream::FrameReader`, of the most that was fed and not taken at a time")
}

fn frame_of(length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    write_frame(&vec![7; length], &mut out).unwrap();
    out
}

/// Feeds a stream in pieces of a size, and returns the number of frames. No frame is kept.
fn read(stream: &[u8], piece: usize) -> usize {
    let mut reader = FrameReader::new();
    let mut frames = 0;
    for piece in stream.chunks(piece) {
        reader.feed(piece);
        while let Ok(Some(frame)) = reader.next_frame() {
            frames += usize::from(!black_box(frame).is_empty());
        }
    }
    black_box(reader);
    frames
}

#[test]
fn a_length_that_is_claimed_is_not_reserved() {
    let bound = documented();
    let claims: [&[u8]; 4] = [
        &[0xff, 0xff, 0xff],
        &[0xff, 0xff, 0xff, 0x00],
        b"ED\x00\x01\xff\xff\xff",
        b"ED\x00\x01\xff\xff\xffWA\x06\x03",
    ];
    for claim in claims {
        for piece in [1, claim.len()] {
            let peak = peak(|| assert_eq!(read(claim, piece), 0));
            // Only the memory of any reader.
            assert!(peak <= 256, "{peak} bytes of heap for {claim:02x?}");
            bound.hold(claim.len(), peak, || format!("{claim:02x?}"));
        }
    }
}

#[test]
fn the_longest_frame_in_pieces_of_any_size() {
    let bound = documented();
    let routed = |length: usize| [b"ED\x00\x01".as_slice(), &frame_of(length), b"WA\x06\x03"].concat();
    let streams = [
        ("a frame", frame_of(LONGEST_FRAME), 1),
        ("a frame behind another", [frame_of(5), frame_of(LONGEST_FRAME)].concat(), 2),
        ("edge routing", routed(LONGEST_FRAME), 0),
    ];
    for (name, stream, frames) in streams {
        for piece in [1, 7, 4_096, 1 << 20, stream.len()] {
            let peak = peak(|| assert_eq!(read(&stream, piece), frames, "{name}"));
            bound.hold(stream.len(), peak, || format!("{name}, in pieces of {piece}"));
        }
    }
}

#[test]
fn frames_that_are_taken_and_let_go_leave_the_room_of_what_was_fed_at_once() {
    let bound = documented();
    for (length, piece) in [(1, 4), (1, 65_536), (1_000, 900), (1_000, 65_536), (40_000, 39_000), (100_000, 150_000)] {
        let stream = frame_of(length).repeat(4_000_000 / (length + 3));
        let peak = peak(|| assert!(read(&stream, piece) > 30));
        // The bytes that wait are less than a frame and the piece fed last.
        bound.hold(length + 3 + piece, peak, || format!("frames of {length} in pieces of {piece}"));
    }
}

#[test]
fn a_frame_that_is_held_keeps_the_buffer_that_it_came_in_and_no_more() {
    /// The memory of each frame besides its buffer, according to SECURITY.md.
    const BESIDE: u64 = 64;
    let of_held = Bound::of("frames of a `FrameReader` that are held, of all that was fed meanwhile");
    let sizes = [
        (1, 4),
        (1, 1_000),
        (1, 33_000),
        (1, 65_537),
        (1, 1 << 20),
        (1_000, 40_000),
        (33_000, 33_003),
        (70_000, 70_003),
    ];
    // A reader that had a large frame allocates larger buffers.
    for (first, (length, piece)) in [0, 100_000].into_iter().flat_map(|first| sizes.map(|sizes| (first, sizes))) {
        let stream = frame_of(length).repeat(8_000_000 / (length + 3));
        let stream = [frame_of(first), stream].concat();
        let mut held: Vec<Bytes> = Vec::with_capacity(stream.len() / piece + 2);
        let mut reader = FrameReader::new();
        let peak = peak(|| {
            // The first frame of each piece is kept.
            for piece in stream.chunks(piece) {
                reader.feed(piece);
                held.extend(reader.next_frame().unwrap());
                while reader.next_frame().unwrap().is_some() {}
            }
        });
        let bound = Bound { constant: of_held.constant + BESIDE * held.len() as u64, ..of_held };
        let told = || format!("one frame of {length} held of each piece of {piece}, the first one of {first}");
        bound.hold(stream.len(), peak, told);
        assert!(held.len() > 5);
    }
}

#[test]
fn one_small_frame_keeps_the_whole_buffer_alive_and_a_copy_does_not() {
    let stream = [frame_of(1), frame_of(1 << 20)].concat();
    let kept = |of: fn(Bytes) -> Bytes| {
        let mut held = Bytes::new();
        let info = allocation_counter::measure(|| {
            let mut reader = FrameReader::new();
            reader.feed(&stream);
            held = of(reader.next_frame().unwrap().unwrap());
            assert!(reader.next_frame().unwrap().is_some());
        });
        assert_eq!(held, [7][..]);
        info.bytes_current
    };
    assert!(kept(|frame| frame) > 1 << 20);
    assert!(kept(|frame| Bytes::copy_from_slice(&frame)) < 100);
}
