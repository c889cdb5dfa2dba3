//! Stanzas that a logger writes twice: once as text, and once as a tree or in a line about an ack.

use std::collections::VecDeque;

use wabinary::stanza::Direction;

use crate::record::{Manner, Payload, Record};

/// A repetition is recognised if at most this many stanzas are between.
const BACK: usize = 32;

/// The last logged stanzas.
#[derive(Debug, Default)]
pub(crate) struct Twice(VecDeque<Told>);

#[derive(Debug)]
struct Told {
    tag: String,
    id: String,
    direction: Option<Direction>,
    manners: Vec<Manner>,
}

impl Twice {
    /// Whether a record has a stanza that was not yet logged in another manner. A stanza logged again in the same
    /// manner was sent again.
    pub(crate) fn is_new(&mut self, record: &Record) -> bool {
        let (Some(manner), Payload::Tree(tree)) = (record.manner, &record.payload) else { return true };
        let node = tree.node();
        let Some(id) = node.attr("id").map(|value| format!("{value:?}")) else { return true };
        let same = self
            .0
            .iter_mut()
            .rev()
            .find(|told| told.tag == node.tag() && told.id == id && told.direction == record.direction);
        match same {
            Some(told) if !told.manners.contains(&manner) => {
                told.manners.push(manner);
                false
            }
            _ => {
                let (tag, direction) = (node.tag().to_owned(), record.direction);
                self.0.push_back(Told { tag, id, direction, manners: vec![manner] });
                if self.0.len() > BACK {
                    self.0.pop_front();
                }
                true
            }
        }
    }
}
