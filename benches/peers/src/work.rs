//! The kinds of work.

use crate::case::{Case, STREAM, Subject};

mod building;
mod decoding;
mod encoding;
mod owned;

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

/// Creates the work of one kind.
pub fn cases(kind: &str, subjects: &[Subject]) -> Vec<Case> {
    let of = |is_chosen: fn(&Subject) -> bool, case: fn(&Subject) -> Case| {
        subjects.iter().filter(|subject| is_chosen(subject)).map(case).collect()
    };
    match kind {
        DECODE => of(|subject| subject.name != STREAM, |subject| decoding::decode(DECODE, subject)),
        DECODE_STREAM => of(|subject| subject.name == STREAM, |subject| decoding::decode(DECODE_STREAM, subject)),
        OWNED => of(|_| true, owned::here),
        OWNED_ELSEWHERE => of(|_| true, owned::elsewhere),
        READ => of(|_| true, decoding::read_all),
        ENCODE => of(|_| true, encoding::case),
        BUILD => building::cases(),
        ZLIB => of(Subject::is_compressed, decoding::inflate),
        CALL_ACK => of(|subject| subject.name.starts_with("call ack"), decoding::call_ack),
        _ => Vec::new(),
    }
}
