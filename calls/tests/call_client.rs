//! The example does what it says.

use std::collections::HashSet;

use wabinary_calls::Outcome;

#[allow(dead_code, unreachable_pub, reason = "an example, whose main is not called here")]
#[path = "../examples/call_client.rs"]
mod call_client;

use call_client::{DELIVERED, SENT, session};

/// However many frames a link loses, and in whatever order the others arrive, each stanza is answered once, with the
/// right outcome.
#[test]
fn a_session_ends_with_all_of_it_answered() {
    let sorted = |mut ids: Vec<String>| {
        ids.sort_unstable();
        ids
    };
    let (mut resent, mut repeated, mut orders) = (0, 0, HashSet::new());
    for (seed, loss) in (1..=60).zip([0, 20, 50].into_iter().cycle()) {
        let report = session(seed, loss).unwrap();
        let refused = report.answered.iter().filter(|(_, outcome)| *outcome != Outcome::Accepted);
        assert_eq!(refused.cloned().collect::<Vec<_>>(), [("41.17-3".to_owned(), Outcome::Refused)]);
        let answered: Vec<_> = report.answered.iter().map(|(id, _)| id.clone()).collect();
        assert_eq!(sorted(answered.clone()), SENT.map(|(id, _)| id), "{seed}");
        assert_eq!(sorted(report.replied_to.clone()), DELIVERED.map(|(id, _)| id), "{seed}");
        if loss == 0 {
            assert_eq!((report.connections, report.resent, report.repeated_or_delivered), (1, 0, 1), "{seed}");
        }
        assert_eq!(session(seed, loss).unwrap(), report, "the same session each time");
        resent += report.resent;
        repeated += report.repeated_or_delivered;
        orders.insert(answered);
    }
    assert!(resent > 50 && repeated > 20 && orders.len() > 10, "{resent} {repeated} {}", orders.len());
}
