//! The least that reading can cost: every length is followed and held to the bounds, and nothing is built.

/// Skips a body and gives what is left behind it; `None` where it breaks off.
///
/// For skipping, a node is a list of values like any other, and a JID a few values in a row; so all that has to be kept
/// is how many values are still to come.
pub fn skip(body: &[u8]) -> Option<&[u8]> {
    let mut rest = body;
    let mut to_come = 1_usize;
    while to_come > 0 {
        to_come -= 1;
        let (&first, after) = rest.split_first()?;
        rest = match first {
            0x00..=0xeb => after,
            0xec..=0xef => after.get(1..)?,
            0xf0..=0xf4 => return None,
            // Two JIDs have numbers behind their user; neither is frequent.
            0xf5 => skip(after)?.get(4..).and_then(skip)?,
            0xf6 => skip(after)?.get(2..).and_then(skip)?,
            0xf7 => {
                to_come += 1;
                after.get(2..)?
            }
            0xf8 => {
                let (&size, after) = after.split_first()?;
                to_come += usize::from(size);
                after
            }
            0xf9 => {
                let (size, after) = after.split_first_chunk::<2>()?;
                to_come += usize::from(u16::from_be_bytes(*size));
                after
            }
            0xfa => {
                to_come += 2;
                after
            }
            0xfb | 0xff => {
                let (&length, after) = after.split_first()?;
                after.get(usize::from(length & 0x7f)..)?
            }
            0xfc => {
                let (&length, after) = after.split_first()?;
                after.get(usize::from(length)..)?
            }
            0xfd => {
                let (&[high, middle, low], after) = after.split_first_chunk()?;
                after.get(u32::from_be_bytes([0, high & 0x0f, middle, low]) as usize..)?
            }
            0xfe => {
                let (length, after) = after.split_first_chunk::<4>()?;
                after.get(u32::from_be_bytes(*length) as usize..)?
            }
        };
    }
    Some(rest)
}
