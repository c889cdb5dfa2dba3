//! The output of writers.

use crate::kernel::short_copy::copy;

/// Room for output. A writer takes it and returns the room after its output, as a parser does with its input.
///
/// Output that does not fit leaves no room, so nothing after it fits either. One check at the end is enough: if room is
/// left, everything fitted. Writers may change bytes of the returned room.
pub(crate) type Room<'o> = &'o mut [u8];

/// Writes an array of bytes.
#[inline(always)]
pub(crate) fn put<const N: usize>(room: Room<'_>, bytes: [u8; N]) -> Room<'_> {
    match room.split_first_chunk_mut() {
        Some((place, rest)) => {
            *place = bytes;
            rest
        }
        None => &mut [],
    }
}

/// Writes bytes.
#[inline(always)]
pub(crate) fn put_all<'o>(room: Room<'o>, bytes: &[u8]) -> Room<'o> {
    match room.split_at_mut_checked(bytes.len()) {
        Some((place, rest)) => {
            copy(place, bytes);
            rest
        }
        None => &mut [],
    }
}

/// Returns the bytes that `write` writes.
pub(crate) fn written(write: impl for<'o> Fn(Room<'o>) -> Room<'o>) -> Vec<u8> {
    let mut out = vec![0; 64];
    loop {
        let left = write(&mut out).len();
        if left > 0 {
            out.truncate(out.len().saturating_sub(left));
            return out;
        }
        out = vec![0; out.len().saturating_mul(2)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_every_length_are_written_where_they_fit() {
        let bytes: Vec<u8> = (1..=80).collect();
        for length in 0..=bytes.len() {
            for room in 0..=bytes.len() + 2 {
                let mut out = vec![0; room];
                let left = put_all(&mut out, &bytes[..length]).len();
                assert_eq!(left, room.saturating_sub(length), "{length} bytes in room for {room}");
                let written: Vec<u8> = out.iter().copied().filter(|byte| *byte != 0).collect();
                assert_eq!(written, if length <= room { &bytes[..length] } else { &[] });
            }
        }
    }

    #[test]
    fn nothing_fits_behind_what_did_not() {
        let mut out = [0; 4];
        let room = put(put(&mut out, [1, 2, 3]), [4, 5]);
        assert_eq!(put(put_all(room, &[]), [6]), []);
        assert_eq!(out, [1, 2, 3, 0]);
        assert_eq!(written(|room| put_all(room, &[7; 1_000])), [7; 1_000]);
    }
}
