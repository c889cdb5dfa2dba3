//! Ids, times, addresses and keys, all made up.

use arbitrary::{Result, Unstructured};
use wabinary::generate::{jid, text};
use wabinary::{Builder, Jid, NewValue, Server, Value};

/// Sets an attribute, unless the stanza lacks it this time.
pub(super) fn mostly<'v, V: Into<NewValue<'v>>>(
    u: &mut Unstructured<'_>,
    node: &Builder,
    name: &str,
    value: impl FnOnce(&mut Unstructured<'_>) -> Result<V>,
) -> Result<()> {
    if u.ratio(9, 10)? {
        node.set(name, value(u)?);
    }
    Ok(())
}

/// An id as one of the clients writes it.
pub(super) fn id(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=4)? {
        0 => format!("3EB0{}", hex(u, 18)?),
        1 => format!("{}.{}-{}", u.int_in_range(1..=99_999)?, u.int_in_range(1..=99_999)?, u.int_in_range(0..=999)?),
        2 => hex(u, 32)?,
        3 => hex(u, 5)?.to_lowercase(),
        _ => u.int_in_range(0..=9_999_999)?.to_string(),
    })
}

/// Upper-case hexadecimal digits.
pub(super) fn hex(u: &mut Unstructured<'_>, digits: usize) -> Result<String> {
    (0..digits).map(|_| Ok(char::from(*u.choose(b"0123456789ABCDEF")?))).collect()
}

/// Seconds since 1970, or milliseconds.
pub(super) fn time(u: &mut Unstructured<'_>) -> Result<u64> {
    let seconds = 1_700_000_000 + u.int_in_range(0..=99_999_999)?;
    Ok(if u.ratio(1, 12)? { seconds * 1000 } else { seconds })
}

/// A user, mostly with a device.
pub(super) fn device(u: &mut Unstructured<'_>) -> Result<Jid> {
    let user = user(u)?;
    let device = *u.choose(&[0, 0, 1, 5, 17, 99, 255])?;
    Ok(user.with_device(device).unwrap_or(user))
}

/// A user by phone number or LID; rarely a hosted one.
pub(super) fn user(u: &mut Unstructured<'_>) -> Result<Jid> {
    let (phone, lid) =
        (15_550_000_000 + u.int_in_range(0..=9999)?, 100_000_000_000_000 + u.int_in_range(0..=99_999_999)?);
    Ok(match u.int_in_range(0..=9)? {
        0..=4 => Jid::phone(phone),
        5..=8 => Jid::lid(lid),
        _ => Jid::new(&lid.to_string(), Server::HostedLid).unwrap_or_else(|_| Jid::lid(lid)),
    })
}

/// A chat: a user, a group, a broadcast, a newsletter, or any address.
pub(super) fn chat(u: &mut Unstructured<'_>) -> Result<Jid> {
    Ok(match u.int_in_range(0..=9)? {
        0..=4 => device(u)?,
        5 | 6 => Jid::group(120_363_000_000_000_000 + u.int_in_range(0..=999_999)?),
        7 => u.choose(&["status@broadcast", "120363000000000001@newsletter"])?.parse().unwrap_or(Jid::SERVER),
        8 => Jid::SERVER,
        _ => jid(u, false)?,
    })
}

/// The address of a host, with its port.
pub(super) fn address(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let length = *u.choose(&[6, 18])?;
    secret(u, length)
}

/// Bytes in place of a ciphertext or a key.
pub(super) fn secret(u: &mut Unstructured<'_>, length: usize) -> Result<Vec<u8>> {
    let (start, step) = (u.arbitrary::<u8>()?, u.arbitrary::<u8>()?);
    Ok((0..length).map(|at| start.wrapping_add(step.wrapping_mul(at as u8))).collect())
}

/// An attribute of any kind, which may replace one that matters.
pub(super) fn odd_attribute(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    const NAMES: [&str; 14] = [
        "id",
        "from",
        "to",
        "participant",
        "t",
        "type",
        "class",
        "error",
        "count",
        "offline",
        "notify",
        "e",
        "version",
        "",
    ];
    let name = match *u.choose(&NAMES)? {
        "" => text(u)?,
        name => name.to_owned(),
    };
    match u.int_in_range(0..=4)? {
        0 => _ = node.remove(&name),
        1 => _ = node.set(&name, Value::Null),
        2 => _ = node.set(&name, u.arbitrary::<i64>()?),
        3 => _ = node.set(&name, jid(u, false)?),
        _ => _ = node.set(&name, text(u)?),
    }
    Ok(())
}
