//! The first bytes of frames.

/// Tags of the stanzas and stream elements at the root of frames. Source: the dispatch of
/// `tulir/whatsmeow` `client.go` and of `WhiskeySockets/Baileys` `src/Socket/`.
pub const ROOT_TAGS: [&str; 16] = [
    "ack",
    "call",
    "chatstate",
    "error",
    "failure",
    "handshake",
    "ib",
    "iq",
    "message",
    "notification",
    "presence",
    "receipt",
    "stream:error",
    "stream:features",
    "success",
    "xmlstreamend",
];

/// A flag byte and a list head or the header of a zlib stream; or a list head alone.
pub(crate) fn starts_like_a_frame(bytes: &[u8]) -> bool {
    match bytes {
        [0x00, 0xf8 | 0xf9, ..] | [0xf8 | 0xf9, _, ..] => true,
        [0x02, body @ ..] => is_zlib(body),
        _ => false,
    }
}

/// The header of a zlib stream (RFC 1950).
pub(crate) fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [method, check, ..] if method & 0x0f == 8 && u16::from_be_bytes([*method, *check]) % 31 == 0)
}
