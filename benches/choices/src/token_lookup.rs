//! How a text is looked up among the tokens.

use std::collections::HashMap;
use std::hash::BuildHasher;

use wabinary::{Dictionary, Token};

use crate::table::Table;
use crate::texts::{self, scramble};
use crate::timing::{Effort, Work, work};

include!(concat!(env!("OUT_DIR"), "/tokens.rs"));

const DICTIONARY: Dictionary = Dictionary::V3;
/// So many texts are looked up in a row, so that no branch can be learned.
const TEXTS: u64 = 1024;

pub fn measure(effort: Effort) -> Table {
    let columns = [
        "table of build.rs",
        "phf",
        "quickphf",
        "HashMap, SipHash",
        "HashMap, foldhash",
        "HashMap, rustc-hash",
        "the same behind the library's filter",
        "binary search",
    ];
    let about = "One text among the 1259 tokens of dictionary version 3; 1024 different texts in a row, in no order. The \
                 library first asks whether a token has this first byte and length; the others, but for that one \
                 column, whether one is as long at all.";
    let mut table = Table::new("Token lookup", about, &columns, effort);
    let sip: HashMap<&str, u16> = map();
    let fold: HashMap<&str, u16, foldhash::fast::FixedState> = map();
    let fx: HashMap<&str, u16, rustc_hash::FxBuildHasher> = map();
    let longest = SORTED.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
    let may_be = |text: &str| text.len() <= longest;
    let filter = Filter::new();
    for (what, texts) in sets() {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let contenders = vec![
            Some(looker(&texts, |text| DICTIONARY.find(text).map(id))),
            Some(looker(&texts, |text| if may_be(text) { PHF.get(text).copied() } else { None })),
            Some(looker(&texts, |text| if may_be(text) { QUICKPHF.get(text).copied() } else { None })),
            Some(looker(&texts, |text| if may_be(text) { sip.get(text).copied() } else { None })),
            Some(looker(&texts, |text| if may_be(text) { fold.get(text).copied() } else { None })),
            Some(looker(&texts, |text| if may_be(text) { fx.get(text).copied() } else { None })),
            Some(looker(&texts, |text| if filter.may_have(text) { fx.get(text).copied() } else { None })),
            Some(looker(&texts, |text| if may_be(text) { search(text) } else { None })),
        ];
        table.row(what, texts.len(), contenders);
    }
    table
}

fn search(text: &str) -> Option<u16> {
    let at = SORTED.binary_search_by_key(&text, |(token, _)| token);
    at.ok().map(|at| SORTED[at].1)
}

/// As in `src/token.rs`: the lengths, as bits, that tokens with a first byte have.
struct Filter([u64; 256]);

impl Filter {
    fn new() -> Self {
        let mut lengths = [0; 256];
        for (text, _) in SORTED {
            lengths[usize::from(text.as_bytes()[0])] |= 1 << text.len().min(63);
        }
        Self(lengths)
    }

    fn may_have(&self, text: &str) -> bool {
        text.as_bytes().first().is_some_and(|first| self.0[usize::from(*first)] >> text.len().min(63) & 1 != 0)
    }
}

/// What is looked up.
fn sets() -> Vec<(&'static str, Vec<String>)> {
    let tokens = |two_bytes: bool| -> Vec<String> {
        let kind = DICTIONARY.tokens().filter(|(token, _)| token.dictionary().is_some() == two_bytes);
        let texts: Vec<&str> = kind.map(|(_, text)| text).collect();
        (0..TEXTS).map(|n| texts[scramble(n) as usize % texts.len()].to_owned()).collect()
    };
    let made = |text: fn(u64) -> String| (0..TEXTS).map(text).collect::<Vec<_>>();
    let words = texts::of_frame("texts in ASCII");
    vec![
        ("hit: tokens of one byte", tokens(false)),
        ("hit: tokens of two bytes", tokens(true)),
        ("miss: phone numbers, 11", made(|n| format!("1555{:07}", scramble(n) % 10_000_000))),
        ("miss: message ids, 20", made(|n| format!("3EB0{:016X}", scramble(n)))),
        ("miss: numbers, 6", made(|n| (100_000 + scramble(n) % 900_000).to_string())),
        ("miss: texts, 8 to 40", texts::shortened(&words)),
        ("miss: texts, 220", words),
    ]
}

fn map<S: BuildHasher + Default>() -> HashMap<&'static str, u16, S> {
    SORTED.iter().copied().collect()
}

fn id(token: Token) -> u16 {
    token.dictionary().map_or(0, |dictionary| u16::from(dictionary + 1) << 8) | u16::from(token.index())
}

/// Looks all texts up, after checking what is found.
fn looker<'w>(texts: &'w [&'w str], find: impl Fn(&str) -> Option<u16> + 'w) -> Work<'w> {
    for (text, id) in SORTED {
        assert_eq!(find(text), Some(*id), "{text}");
        assert_eq!(find(&format!("{text}\0")), None, "{text}");
    }
    work(move || texts.iter().fold(0, |sum, text| sum + u64::from(find(text).unwrap_or(u16::MAX))))
}
