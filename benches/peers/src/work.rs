//! The kinds of work. Whoever is timed has given the same tree or the same bytes as the others before.

use crate::case::Case;
use crate::frames::{STREAM, Subject};

mod build;
mod call_ack;
mod decode;
mod encode;
mod owned;
mod read;
mod zlib;

pub const DECODE: &str = "decode";
pub const DECODE_STREAM: &str = "stream";
pub const OWNED: &str = "owned";
pub const OWNED_ELSEWHERE: &str = "owned-elsewhere";
pub const READ: &str = "read";
pub const ENCODE: &str = "encode";
pub const BUILD: &str = "build";
pub const ZLIB: &str = "zlib";
pub const CALL_ACK: &str = "call-ack";

pub const KINDS: [&str; 9] = [DECODE, DECODE_STREAM, OWNED, OWNED_ELSEWHERE, READ, ENCODE, BUILD, ZLIB, CALL_ACK];

/// The work of one kind, made anew.
pub fn cases(kind: &str, subjects: &[Subject]) -> Vec<Case> {
    let all = subjects.iter();
    match kind {
        DECODE => all.filter(|subject| subject.name != STREAM).map(|subject| decode::case(DECODE, subject)).collect(),
        DECODE_STREAM => {
            all.filter(|subject| subject.name == STREAM).map(|subject| decode::case(DECODE_STREAM, subject)).collect()
        }
        OWNED => all.map(owned::here).collect(),
        OWNED_ELSEWHERE => all.map(owned::elsewhere).collect(),
        READ => all.map(read::case).collect(),
        ENCODE => all.map(encode::case).collect(),
        BUILD => build::cases(),
        ZLIB => all.filter(|subject| subject.frames[0].is_compressed()).map(zlib::case).collect(),
        CALL_ACK => all.filter(|subject| subject.name.starts_with("call ack")).map(call_ack::case).collect(),
        _ => Vec::new(),
    }
}
