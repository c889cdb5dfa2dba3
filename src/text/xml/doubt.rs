//! Texts with a clear reading that is probably wrong: most come from a log.
//!
//! The reader warns of them, and the writer adds a prefix to avoid the warning.

/// The reason why the plain reading of a value or content may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The value of an address attribute has an `@` and is not an address.
    NoAddress,
    /// Hexadecimal digits as the content of an element that always has bytes.
    HexForBytes,
    /// Many hexadecimal digits as content.
    LongHex,
}

#[cfg(feature = "xml")]
impl Doubt {
    /// The warning, and what is expected instead.
    pub(super) const fn message(self) -> (&'static str, &'static str) {
        const HEX: &str = "{base64} and the bytes in base64; {utf8} before the digits if they are meant";
        match self {
            Self::NoAddress => (
                "text with @ that is not an address, read as a text",
                "user@server or user:device@server; {text} before it if the text is meant",
            ),
            Self::HexForBytes => ("hexadecimal digits in a node whose content is bytes, read as text", HEX),
            Self::LongHex => ("content that looks like bytes in hexadecimal, read as text", HEX),
        }
    }
}

/// Elements whose content is always bytes, never text. Sources: `tulir/whatsmeow` `send.go`, `sendfb.go`, `retry.go`,
/// `prekeys.go`, `pair.go`, `pair-code.go`, `user.go`, `message.go`, `mediaretry.go`, `appstate.go`, `newsletter.go`;
/// `WhiskeySockets/Baileys` `Utils/signal.ts`, `Utils/reporting-utils.ts`, `Socket/socket.ts`; for calls
/// `purpshell/meowcaller` and `Auties00/Cobalt`.
const ALWAYS_BYTES: [&str; 36] = [
    "auth_token",
    "capability",
    "client-props",
    "companion-props",
    "companion_identity_public",
    "companion_server_auth_key_pub",
    "cstoken",
    "device-identity",
    "enc",
    "enc_iv",
    "enc_p",
    "franking_tag",
    "hbh_key",
    "identity",
    "key-index-list",
    "link_code_pairing_wrapped_companion_ephemeral_pub",
    "link_code_pairing_wrapped_key_bundle",
    "link_code_pairing_wrapped_primary_ephemeral_pub",
    "patch",
    "picture",
    "plaintext",
    "primary_identity_pub",
    "pub-key",
    "registration",
    "reporting_tag",
    "reporting_token",
    "routing_info",
    "rte",
    "signature",
    "snapshot",
    "tctoken",
    "te",
    "te2",
    "token",
    "value",
    "verified_name",
];

/// More digits than words have.
const MANY_DIGITS: usize = 16;

/// Whether content without a prefix looks like hexadecimal bytes. Loggers break long ones into lines.
pub(super) fn of_content(tag: &str, text: &str) -> Option<Doubt> {
    let (mut digits, mut has_letter, mut has_capital) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {}
            b'a'..=b'f' => has_letter = true,
            b'A'..=b'F' => has_capital = true,
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            _ => return None,
        }
        digits += 1;
    }
    match digits {
        0 => None,
        _ if digits.is_multiple_of(2) && ALWAYS_BYTES.contains(&tag) => Some(Doubt::HexForBytes),
        MANY_DIGITS.. if has_letter && !has_capital => Some(Doubt::LongHex),
        _ => None,
    }
}
