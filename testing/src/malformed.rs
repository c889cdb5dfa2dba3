//! The reason why each frame of `malformed.jsonl` is refused, derived by hand from the grammar and the offset rules of
//! GRAMMAR.md, sections 4 and 10.

use wabinary::OffsetSpace::{self, Frame, Inflated};

/// Name, error kind, offset (`None` if the grammar promises none), space, path (see [`full_path`]).
pub const REFUSED: [(&str, &str, Option<usize>, OffsetSpace, &str); 94] = [
    // The flag byte is at 0, the head of the root at 1, its tag at 3. Before the first tag there is no path.
    ("empty frame", "truncated", Some(0), Frame, ""),
    ("flag only", "truncated", Some(1), Frame, ""),
    ("head LIST_EMPTY", "empty-node", Some(1), Frame, ""),
    ("head size 0 LIST_8", "empty-node", Some(1), Frame, ""),
    ("head size 0 LIST_8 with tag", "empty-node", Some(1), Frame, ""),
    ("head LIST_16 truncated 0", "truncated", Some(2), Frame, ""),
    ("head is a token", "not-a-node", Some(1), Frame, ""),
    ("head is JID_PAIR", "not-a-node", Some(1), Frame, ""),
    ("head is BINARY_8", "not-a-node", Some(1), Frame, ""),
    ("head 247", "not-a-node", Some(1), Frame, ""),
    ("head 240", "unassigned-byte", Some(1), Frame, ""),
    ("tag LIST_EMPTY", "not-a-string", Some(3), Frame, ""),
    ("tag empty BINARY_8", "empty-tag", Some(3), Frame, ""),
    ("tag is a list", "not-a-string", Some(3), Frame, ""),
    ("tag is a JID", "not-a-string", Some(3), Frame, ""),
    ("tag is AD_JID", "not-a-string", Some(3), Frame, ""),
    ("tag invalid UTF-8", "invalid-utf8", Some(5), Frame, ""),
    ("unassigned byte 240 as tag", "unassigned-byte", Some(3), Frame, ""),
    ("unassigned byte 242 as tag", "unassigned-byte", Some(3), Frame, ""),
    ("unassigned byte 244 as tag", "unassigned-byte", Some(3), Frame, ""),
    // From here on the tag is a token, so the key is at 4; that is a token too, so the value is at 5.
    ("unassigned byte 240 as value", "unassigned-byte", Some(5), Frame, "ack > @id"),
    ("dictionary index missing", "truncated", Some(4), Frame, ""),
    ("dictionary 3 index missing in value", "truncated", Some(6), Frame, "ack > @id"),
    ("attribute value missing", "truncated", Some(5), Frame, "ack > @id"),
    ("attribute key LIST_EMPTY", "not-a-string", Some(4), Frame, "ack"),
    ("attribute key JID", "not-a-string", Some(4), Frame, "ack"),
    ("attribute key is a list", "not-a-string", Some(4), Frame, "ack"),
    ("attribute value is a list", "not-a-value", Some(5), Frame, "ack > @id"),
    ("attribute value truncated UTF-8", "invalid-utf8", Some(7), Frame, "ack > @id"),
    ("attribute value overlong UTF-8", "invalid-utf8", Some(7), Frame, "ack > @id"),
    ("attribute value UTF-8 surrogate", "invalid-utf8", Some(7), Frame, "ack > @id"),
    ("attribute value UTF-8 above 10FFFF", "invalid-utf8", Some(7), Frame, "ack > @id"),
    // The content is at 4 as well; a list of children there has its first child at 6.
    ("content child missing", "truncated", Some(9), Frame, "ack"),
    ("content child not a node", "not-a-node", Some(6), Frame, "ack"),
    ("content child LIST_EMPTY", "empty-node", Some(6), Frame, "ack"),
    ("32767 attributes claimed", "truncated", Some(5), Frame, "ack"),
    ("BINARY_8 length missing", "truncated", Some(5), Frame, "ack"),
    ("BINARY_8 too long", "truncated", Some(9), Frame, "ack"),
    ("BINARY_8 empty body", "truncated", Some(6), Frame, "ack"),
    ("BINARY_20 length truncated", "truncated", Some(7), Frame, "ack"),
    ("BINARY_32 length truncated", "truncated", Some(8), Frame, "ack"),
    ("BINARY_32 sign bit", "truncated", Some(9), Frame, "ack"),
    ("BINARY_32 all ones", "truncated", Some(10), Frame, "ack"),
    ("BINARY_32 in value too long", "truncated", Some(10), Frame, "ack > @id"),
    // A packed value has its length at 6 and its octets from 7 on.
    ("NIBBLE_8 length missing", "truncated", Some(6), Frame, "ack > @id"),
    ("NIBBLE_8 truncated", "truncated", Some(8), Frame, "ack > @id"),
    ("NIBBLE_8 127 claimed", "truncated", Some(8), Frame, "ack > @id"),
    ("NIBBLE_8 odd with zero bytes", "odd-empty-packed", Some(6), Frame, "ack > @id"),
    ("NIBBLE_8 high nibble 12", "invalid-nibble", Some(7), Frame, "ack > @id"),
    ("NIBBLE_8 low nibble 12", "invalid-nibble", Some(7), Frame, "ack > @id"),
    ("NIBBLE_8 high nibble 13", "invalid-nibble", Some(7), Frame, "ack > @id"),
    ("NIBBLE_8 low nibble 13", "invalid-nibble", Some(7), Frame, "ack > @id"),
    ("NIBBLE_8 high nibble 14", "invalid-nibble", Some(7), Frame, "ack > @id"),
    ("NIBBLE_8 low nibble 14", "invalid-nibble", Some(7), Frame, "ack > @id"),
    ("NIBBLE_8 padding in the middle", "invalid-nibble", Some(7), Frame, "ack > @id"),
    ("NIBBLE_8 odd, pad 0", "invalid-padding", Some(8), Frame, "ack > @id"),
    ("NIBBLE_8 odd, pad 12", "invalid-padding", Some(8), Frame, "ack > @id"),
    ("HEX_8 length missing", "truncated", Some(6), Frame, "ack > @id"),
    ("HEX_8 truncated", "truncated", Some(9), Frame, "ack > @id"),
    // A pair has its user at 6. An AD_JID has the domain there, the device at 7, the user at 8.
    ("JID_PAIR both null", "empty-server", Some(7), Frame, "ack > @id"),
    ("JID_PAIR nested JID user", "not-a-string", Some(6), Frame, "ack > @id"),
    ("JID_PAIR server is a list", "not-a-string", Some(9), Frame, "ack > @id"),
    ("AD_JID truncated 0", "truncated", Some(6), Frame, "ack > @id"),
    ("AD_JID truncated 1", "truncated", Some(7), Frame, "ack > @id"),
    ("AD_JID truncated 2", "truncated", Some(8), Frame, "ack > @id"),
    ("AD_JID user LIST_EMPTY", "empty-user", Some(8), Frame, "ack > @id"),
    ("AD_JID nested JID", "not-a-string", Some(8), Frame, "ack > @id"),
    ("AD_JID domain type 2", "unknown-domain", Some(6), Frame, "ack > @id"),
    ("AD_JID domain type 3", "unknown-domain", Some(6), Frame, "ack > @id"),
    ("AD_JID domain type 127", "unknown-domain", Some(6), Frame, "ack > @id"),
    ("AD_JID domain type 130", "unknown-domain", Some(6), Frame, "ack > @id"),
    ("AD_JID domain type 255", "unknown-domain", Some(6), Frame, "ack > @id"),
    // Form 5, user of three bytes at 6, device at 9, server at 11.
    ("FB_JID wrong server", "wrong-server", Some(11), Frame, "ack > @id"),
    ("INTEROP_JID truncated integrator", "truncated", Some(12), Frame, "ack > @id"),
    ("INTEROP_JID user LIST_EMPTY", "empty-user", Some(6), Frame, "ack > @id"),
    // After the node no element is open.
    ("one trailing byte", "trailing-bytes", Some(4), Frame, ""),
    ("second node", "trailing-bytes", Some(4), Frame, ""),
    ("zlib garbage", "zlib-corrupt", None, Frame, ""),
    ("zlib flag on a plain body", "zlib-corrupt", None, Frame, ""),
    ("zlib header only", "zlib-truncated", Some(3), Frame, ""),
    ("zlib truncated body", "zlib-truncated", Some(6), Frame, ""),
    ("zlib trailing byte", "zlib-trailing-bytes", Some(12), Frame, ""),
    ("zlib trailing second stream", "zlib-trailing-bytes", Some(12), Frame, ""),
    // These inflate to f8011b00, to nothing, to f8021bfc05, and to 00f8011b.
    ("zlib node trailing byte", "trailing-bytes", Some(3), Inflated, ""),
    ("zlib empty output", "truncated", Some(0), Inflated, ""),
    ("zlib of truncated node", "truncated", Some(5), Inflated, "ack"),
    ("zlib preset dictionary", "zlib-dictionary", None, Frame, ""),
    ("zlib nested flag", "empty-node", Some(0), Inflated, ""),
    ("unknown flag bit 0", "unknown-flag-bits", Some(0), Frame, ""),
    // A level is f80207f801, five bytes, or f80207f9ffff, six; the 129th node comes after 128 of them.
    ("depth 129", "too-deep", Some(1 + 128 * 5), Frame, "128 times receipt"),
    ("depth 400", "too-deep", Some(1 + 128 * 5), Frame, "128 times receipt"),
    ("depth bomb, unterminated", "too-deep", Some(1 + 128 * 5), Frame, "128 times receipt"),
    ("depth bomb, LIST_16 claims", "too-deep", Some(1 + 128 * 6), Frame, "128 times receipt"),
    ("depth bomb in zlib", "too-deep", Some(128 * 5), Inflated, "128 times receipt"),
];

/// Spells out `128 times receipt`.
pub fn full_path(path: &str) -> String {
    match path.strip_prefix("128 times ") {
        Some(tag) => vec![tag; 128].join(" > "),
        None => path.to_owned(),
    }
}
