//! Frames for fuzzing: stanzas that get past a client's dispatch, spelled in every legal way, or damaged.
//!
//! ```
//! use wabinary_generate::{Damage, Frames, Recipe, Spelling, Stanza};
//!
//! let recipe = Recipe { stanza: Stanza::Ack, spelling: Spelling::Odd, ..Recipe::default() };
//! for made in Frames::new(recipe, 1).take(10) {
//!     assert_eq!(wabinary::decode(made.frame)?.tag(), "ack");
//! }
//! // The same seed gives the same frames.
//! let damaged = Recipe { damage: Damage::Tree, ..recipe };
//! assert!(Frames::new(damaged, 7).take(3).eq(Frames::new(damaged, 7).take(3)));
//! # Ok::<(), wabinary::DecodeError>(())
//! ```
//!
//! | to | use |
//! |---|---|
//! | make frames from a seed | [`Frames`] |
//! | make a frame from a fuzzer's bytes | [`Recipe::make`] |
//! | make one stanza | [`Stanza::make`] |
//! | spell a tree in any legal way | [`spell()`] |
//! | damage a frame | [`damage`] |
//! | mutate a frame by its tree | [`mutate_frame`], [`mutate()`] |
//!
//! Trees of any shape come from `wabinary::generate`, which the feature `arbitrary` of the codec shares with this crate.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented
)]

pub mod damage;
mod frames;
mod mutate;
pub mod plain;
mod random;
mod spell;
mod stanza;

pub use frames::{Damage, Frames, Made, Recipe, Spelling};
pub use mutate::{mutate, mutate_frame};
pub use random::random_bytes;
pub use spell::{Care, Spelled, compress, spell, spell_with};
pub use stanza::Stanza;
