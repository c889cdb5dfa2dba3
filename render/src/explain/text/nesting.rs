//! The indentation of the rows of a tree.

use wabinary::explain::{Range, RangeKind};

/// The ranges around the current one. The ranges are visited in order.
pub(super) struct Nesting<'r> {
    /// Draws only this many of the innermost nodes around a row.
    drawn: usize,
    around: Vec<RangeKind>,
    /// The node or JID that begins with the next leaf.
    begun: Option<&'r Range>,
    /// Whether the name of the attribute came already.
    is_named: bool,
    indent: String,
}

impl<'r> Nesting<'r> {
    pub(super) fn new(drawn: usize) -> Self {
        Self { drawn, around: Vec::new(), begun: None, is_named: false, indent: String::new() }
    }

    /// Moves to a range. For a leaf, returns the node or JID that begins with it.
    pub(super) fn enter(&mut self, range: &'r Range) -> Option<&'r Range> {
        self.around.truncate(range.depth as usize);
        if !range.leaf {
            self.around.push(range.kind);
            self.is_named &= range.kind != RangeKind::Attribute;
            if let RangeKind::Node | RangeKind::Jid = range.kind {
                self.begun = Some(range);
            }
            return None;
        }
        let begun = self.begun.take().filter(|begun| begun.start == range.start);
        self.draw(begun.map(|begun| begun.kind));
        self.is_named |= range.kind == RangeKind::AttributeName;
        begun.filter(|_| range.kind != RangeKind::Error)
    }

    /// The indentation of the last leaf.
    pub(super) fn indent(&self) -> &str {
        &self.indent
    }

    /// A node or JID that begins with a leaf shares its row.
    fn draw(&mut self, begun: Option<RangeKind>) {
        let nodes = self.around.iter().filter(|kind| **kind == RangeKind::Node).count();
        let nodes = nodes - usize::from(begun == Some(RangeKind::Node) && nodes > 0);
        let is_value = self.is_named && self.around.contains(&RangeKind::Attribute);
        let is_part = begun != Some(RangeKind::Jid) && self.around.contains(&RangeKind::Jid);
        self.indent.clear();
        if nodes > self.drawn {
            self.indent.push_str("… ");
        }
        let lines = if nodes > self.drawn { self.drawn - 1 } else { nodes };
        (0..lines).for_each(|_| self.indent.push_str("│ "));
        (0..usize::from(is_value) + usize::from(is_part)).for_each(|_| self.indent.push_str("  "));
    }
}
