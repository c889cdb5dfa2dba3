//! Lines at the side of a ladder that connect answers with their stanzas.

/// The most lines side by side; further stanzas share the last.
const MOST: usize = 6;

/// The piece of a line next to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tie {
    Nothing,
    /// It begins here.
    Start,
    /// It passes.
    Through,
    /// An answer, not the last.
    Branch,
    End,
}

impl Tie {
    /// The piece between this row and the one before it.
    pub(super) fn above(self) -> Self {
        match self {
            Self::Nothing | Self::Start => Self::Nothing,
            Self::Through | Self::Branch | Self::End => Self::Through,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Nothing => "x",
            Self::Start => "s",
            Self::Through => "t",
            Self::Branch => "b",
            Self::End => "e",
        }
    }
}

/// The pieces next to each row. `stanzas`: the stanza that each row belongs to.
pub(super) fn ties(stanzas: &[Option<usize>]) -> Vec<Vec<Tie>> {
    let mut spans: Vec<(usize, usize, usize)> = Vec::new();
    for (row, stanza) in stanzas.iter().enumerate() {
        let Some(stanza) = *stanza else { continue };
        match spans.iter_mut().find(|(of, _, _)| *of == stanza) {
            Some((_, _, last)) => *last = row,
            None => spans.push((stanza, row, row)),
        }
    }
    spans.retain(|(_, first, last)| first < last);
    // The last row of each line.
    let mut tracks: Vec<usize> = Vec::new();
    let mut placed = Vec::new();
    for (stanza, first, last) in spans {
        let free = tracks.iter().position(|end| *end < first);
        let track = free.unwrap_or(tracks.len()).min(MOST - 1);
        if track == tracks.len() {
            tracks.push(last);
        } else if let Some(end) = tracks.get_mut(track) {
            *end = last.max(*end);
        }
        placed.push((track, stanza, first, last));
    }
    let mut pieces = vec![vec![Tie::Nothing; tracks.len()]; stanzas.len()];
    for (track, stanza, first, last) in placed {
        for row in first..=last {
            let of_row = stanzas.get(row).copied().flatten();
            let piece = match row {
                _ if row == first => Tie::Start,
                _ if row == last => Tie::End,
                _ if of_row == Some(stanza) => Tie::Branch,
                _ => Tie::Through,
            };
            if let Some(place) = pieces.get_mut(row).and_then(|row| row.get_mut(track)) {
                *place = piece;
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cross_stand_side_by_side() {
        let classes = |stanzas: &[Option<usize>]| {
            let rows = ties(stanzas);
            rows.iter().map(|row| row.iter().map(|piece| piece.class()).collect::<String>()).collect::<Vec<_>>()
        };
        assert_eq!(classes(&[Some(0), Some(0)]), ["s", "e"]);
        assert_eq!(classes(&[Some(0), Some(1), Some(0), Some(1)]), ["sx", "ts", "et", "xe"]);
        assert_eq!(classes(&[Some(0), Some(0), Some(1), None, Some(1)]), ["s", "e", "s", "t", "e"]);
        assert_eq!(classes(&[Some(0), Some(0), Some(0)]), ["s", "b", "e"]);
        assert_eq!(classes(&[Some(0), None, Some(1)]), ["", "", ""]);
        let many: Vec<_> = (0..20).chain(0..20).map(Some).collect();
        assert!(ties(&many).iter().all(|row| row.len() == MOST));
    }
}
