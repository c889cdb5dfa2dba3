//! Stanzas and answers over time.

use arbitrary::{Result, Unstructured};
use wabinary::stanza::Direction;
use wabinary_calls::{Event, Ledger};
use wabinary_generate::Stanza;

/// Any stanzas with few ids: each opens an entry, belongs to an existing one, or to none; entries count their stanzas
/// and answers, and a settled entry stays settled.
pub fn seen(u: &mut Unstructured<'_>) -> Result<()> {
    let mut ledger = Ledger::new();
    let mut opened = 0;
    for _ in 0..u.int_in_range(1..=12)? {
        let stanza = *u.choose(&[Stanza::Call, Stanza::Ack, Stanza::Receipt, Stanza::Message, Stanza::Notification])?;
        let share = u.len() / 8;
        let node = stanza.make(&mut Unstructured::new(u.bytes(share)?))?;
        let node = node.edit().set("id", *u.choose(&["A", "B", "C"])?).finish();
        let direction = *u.choose(&[None, Some(Direction::Send), Some(Direction::Receive)])?;
        let settled = ledger.iter().filter(|(_, entry)| entry.is_settled()).count();
        for event in ledger.see(&node, direction, || opened) {
            match event {
                Event::Opened(entry) | Event::WithoutId(entry) => {
                    assert_eq!(ledger.get(entry).map(|entry| entry.data), Some(opened));
                    opened += 1;
                }
                Event::Resent(entry) => assert!(ledger.get(entry).is_some_and(|entry| entry.sends() > 1)),
                Event::Answered(found) => assert_eq!(ledger.get(found.entry).map(|entry| entry.answers()), Some(1)),
                Event::Repeated(found) => assert!(ledger.get(found.entry).is_some_and(|entry| entry.answers() > 1)),
                Event::Delivered(found) => {
                    assert!(ledger.get(found.entry).is_some_and(|entry| entry.receipts() > 0 && entry.id().is_some()));
                }
                Event::Unmatched(_) => {}
                Event::Evicted(_) => panic!("a ledger evicts nothing"),
            }
        }
        assert_eq!(ledger.len(), opened);
        assert!(ledger.iter().filter(|(_, entry)| entry.is_settled()).count() >= settled);
    }
    Ok(())
}
