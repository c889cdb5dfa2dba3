//! A plain walk over a body: node by node as in the grammar. It follows every length and checks it against the bounds,
//! but looks at no contents and builds nothing.

/// Skips one node and returns the bytes after it; `None` if the body is malformed.
pub fn skip(body: &[u8]) -> Option<&[u8]> {
    let (size, rest) = list(body)?;
    let mut rest = value(rest)?;
    for _ in 0..size.checked_sub(1)? / 2 {
        rest = value(rest)?;
        rest = value(rest)?;
    }
    if size % 2 == 1 {
        return Some(rest);
    }
    if !matches!(rest.first()?, 0x00 | 0xf8 | 0xf9) {
        return value(rest);
    }
    let (children, mut rest) = list(rest)?;
    for _ in 0..children {
        rest = skip(rest)?;
    }
    Some(rest)
}

/// A list head and its size.
fn list(body: &[u8]) -> Option<(usize, &[u8])> {
    let (&first, rest) = body.split_first()?;
    match first {
        0x00 => Some((0, rest)),
        0xf8 => rest.split_first().map(|(&size, rest)| (size.into(), rest)),
        0xf9 => rest.split_first_chunk().map(|(size, rest)| (u16::from_be_bytes(*size).into(), rest)),
        _ => None,
    }
}

/// A string, JID or null.
fn value(body: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = body.split_first()?;
    match first {
        0x00..=0xeb => Some(rest),
        0xec..=0xef => rest.get(1..),
        0xf5 => value(value(rest)?.get(4..)?),
        0xf6 => value(value(rest)?.get(2..)?),
        0xf7 => value(rest.get(2..)?),
        0xfa => value(value(rest)?),
        0xfb | 0xff => {
            let (&length, rest) = rest.split_first()?;
            rest.get(usize::from(length & 0x7f)..)
        }
        0xfc => {
            let (&length, rest) = rest.split_first()?;
            rest.get(usize::from(length)..)
        }
        0xfd => {
            let (&[high, middle, low], rest) = rest.split_first_chunk()?;
            rest.get(u32::from_be_bytes([0, high & 0x0f, middle, low]) as usize..)
        }
        0xfe => {
            let (length, rest) = rest.split_first_chunk()?;
            rest.get(u32::from_be_bytes(*length) as usize..)
        }
        _ => None,
    }
}
