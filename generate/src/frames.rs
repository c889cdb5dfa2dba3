//! What to make, and frames of it one after another.

use arbitrary::{Result, Unstructured};
use wabinary::{Content, JidRef, Value};
use wabinary::{Dictionary, Encoder, JidForm, Leniency, Limits, NewContent, NewValue, Node, NodeRef, Rewrite};

use crate::damage;
use crate::random::random_bytes;
use crate::spell::{Care, Spelled, compress, spell_with};
use crate::stanza::Stanza;

/// How a tree is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spelling {
    /// As an encoder writes it.
    #[default]
    Canonical,
    /// With one or more forms that a decoder must accept and an encoder would not choose: long lengths and list heads, tokens and
    /// packable texts spelled out, packed tokens, digits in HEX_8, zlib, pairs with an empty user, device 0 in an AD_JID.
    Odd,
}

/// The damage to a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Damage {
    /// Nothing.
    #[default]
    None,
    /// One to four times, bytes are changed, dropped, added or cut off. Some frames still decode, to another tree.
    Bytes,
    /// One production breaks a rule of the grammar, and the rest of the frame is good.
    Tree,
}

/// What frames to make.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recipe {
    /// The stanza.
    pub stanza: Stanza,
    /// How it is spelled.
    pub spelling: Spelling,
    /// The damage.
    pub damage: Damage,
    /// The dictionary that it is written with.
    pub dictionary: Dictionary,
}

/// A frame, and what it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The frame.
    pub frame: Vec<u8>,
    /// The tree that it holds; before the damage, if it is damaged.
    pub node: Node,
    /// The rule that a frame with [`Damage::Tree`] breaks: `pair-without-server`.
    pub broken: Option<&'static str>,
}

impl Recipe {
    /// Makes a frame from a fuzzer's bytes.
    ///
    /// # Errors
    /// The bytes make a tree that does not encode, or nothing in it can be spelled or damaged as wanted: take others.
    pub fn make(&self, u: &mut Unstructured<'_>) -> Result<Made> {
        let share = u.len() / 2;
        let mut of_tree = Unstructured::new(u.bytes(share)?);
        let mut node = self.stanza.make(&mut of_tree)?;
        let mut has_odd_form = false;
        if self.spelling == Spelling::Odd {
            let odd = node.rewrite(&mut OddForms(u));
            has_odd_form = odd != node;
            node = odd;
        }
        let refused = |_| arbitrary::Error::IncorrectFormat;
        let plain = Encoder::new().with_dictionary(self.dictionary).encode(&node).map_err(refused)?;
        // Text content that has no coded form is read as bytes: the tree is the one that a decoder reads.
        let mut decoder = wabinary::Decoder::new().with_dictionary(self.dictionary);
        let node = decoder.decode(plain.clone()).map_err(|_| arbitrary::Error::IncorrectFormat)?.to_node().detach();
        let mut frame = match self.spelling {
            Spelling::Canonical => plain.to_vec(),
            Spelling::Odd => {
                let care = *u.choose(&[Care::of(8), Care::of(60), Care::of(255)])?;
                let mut spell = |care| spell_with(u, node.as_ref(), self.dictionary, Leniency::NONE, care);
                let is_odd = |spelled: &Spelled| has_odd_form || !spelled.canonical;
                let mut spelled = spell(care)?;
                if !is_odd(&spelled) {
                    spelled = spell(Care::of(255))?;
                }
                if !is_odd(&spelled) {
                    return Err(arbitrary::Error::IncorrectFormat);
                }
                spelled.frame
            }
        };
        let mut broken = None;
        match self.damage {
            Damage::None => {}
            Damage::Bytes => damage::bytes(u, &mut frame)?,
            Damage::Tree => broken = Some(damage::production(u, &mut frame, self.dictionary)?),
        }
        let compressed = self.spelling == Spelling::Odd && frame.first() == Some(&0) && u.ratio(1, 8)?;
        // A decoder must not accept a compressed body beyond its limit.
        if compressed && frame.len() < Limits::default().inflated {
            frame = compress(&frame, u.int_in_range(0..=9)?);
        }
        // Nobody sends an empty frame, and a line of hexadecimal digits cannot show one.
        if frame.is_empty() { Err(arbitrary::Error::IncorrectFormat) } else { Ok(Made { frame, node, broken }) }
    }
}

/// Frames of one recipe from a seed, without end: frame `n` of a seed is the same on every machine.
pub struct Frames {
    recipe: Recipe,
    seed: u64,
    next: u64,
}

impl Frames {
    /// Frames of a recipe from a seed.
    #[must_use]
    pub fn new(recipe: Recipe, seed: u64) -> Self {
        Self { recipe, seed, next: 0 }
    }
}

impl Iterator for Frames {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        loop {
            let number = self.next;
            self.next = number.wrapping_add(1);
            let seed = self.seed.rotate_left(32) ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93);
            // Mostly small frames. Some use more choices than there are, and end early.
            let length = match number % 16 {
                0..=8 => 300,
                9..=14 => 1200,
                _ => 6000,
            };
            if let Ok(made) = self.recipe.make(&mut Unstructured::new(&random_bytes(seed, length))) {
                return Some(made);
            }
        }
    }
}

/// Writes some addresses in a form that no encoder chooses for them.
struct OddForms<'u, 'd>(&'u mut Unstructured<'d>);

impl OddForms<'_, '_> {
    fn odd<'a>(&mut self, jid: JidRef<'a>) -> Option<JidRef<'a>> {
        let form = if jid.user().is_none() { JidForm::PairEmpty } else { JidForm::Ad };
        let is_chosen = jid.form() == JidForm::Pair && self.0.ratio(1, 3).unwrap_or(false);
        is_chosen.then(|| jid.with_form(form).ok()).flatten()
    }
}

impl Rewrite for OddForms<'_, '_> {
    fn value<'a>(&mut self, _: NodeRef<'a>, _: &'a str, value: Value<'a>) -> NewValue<'a> {
        let odd = value.as_jid().and_then(|jid| self.odd(jid));
        odd.map_or_else(|| value.into(), NewValue::from)
    }

    fn content<'a>(&mut self, _: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
        match content {
            Content::Jid(jid) => self.odd(jid).unwrap_or(jid).into(),
            content => content.into(),
        }
    }
}
