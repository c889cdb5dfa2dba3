//! A piece of work, and those who do it.

use std::hint::black_box;

/// Does the work as often as it is told to.
pub type Run = Box<dyn FnMut(u32)>;

/// One who does a piece of work.
pub struct Contender {
    pub name: &'static str,
    pub run: Run,
}

/// This codec.
pub const OURS: &str = "wabinary";
/// What the names of the peer's ways begin with, and the name of the only or usual one.
pub const PEER: &str = "wacore";
/// Going through the bytes without building anything.
pub const WALK: &str = "bare walk";
/// Decoding, without what comes behind it.
pub const DECODE_ALONE: &str = "decode alone";
/// What the names of inflating alone begin with.
pub const INFLATE: &str = "inflate";

/// The same work on the same bytes, by each contender.
pub struct Case {
    pub kind: &'static str,
    pub frame: &'static str,
    /// Bytes of a frame, on average.
    pub bytes: usize,
    /// How many frames a run is.
    pub frames: usize,
    /// Whether more than one thread is at work.
    pub is_on_threads: bool,
    pub contenders: Vec<Contender>,
}

impl Contender {
    /// Does `each` for one item after the other. There is one call of `each`, so that it is compiled into the loop.
    pub fn new<T: 'static>(name: &'static str, items: Vec<T>, mut each: impl FnMut(&T) + 'static) -> Self {
        let run = move |times: u32| {
            let mut at = 0;
            for _ in 0..times as usize * items.len() {
                each(black_box(&items[at]));
                at += 1;
                if at == items.len() {
                    at = 0;
                }
            }
        };
        Self { name, run: Box::new(run) }
    }
}
