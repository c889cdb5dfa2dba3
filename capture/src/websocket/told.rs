//! Notes for the user about the websockets of an input, each only once.

use crate::fault::Fault;
use crate::keys::Keys;
use crate::notes::Notes;

const RECORD_KEYS: &str = "record again with the hook for keys or with the page hook (docs/frames.md)";

const NOTHING: &str = "no websocket of WhatsApp in the recording: start recording before the page connects; a socket of a worker is \
                       only recorded where the recorder attaches to workers";

/// Counts the events to note.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Whether any message was seen.
    pub(super) any: bool,
    /// Whether any message belongs to a WhatsApp socket.
    pub(super) has_sockets: bool,
    pub(super) passed_over: u64,
    pub(super) handshakes: u64,
    pub(super) foreign: u64,
    /// Places where counters do not start as expected.
    pub(super) starts: Vec<String>,
    gaps: u64,
    missing: u64,
    first_gap: String,
    /// The number of frames that are `encrypted`, `wrong-key` and `decrypt`, and the place of the first.
    unopened: [(u64, String); 3],
}

impl Told {
    pub(super) fn gap(&mut self, socket: u64, direction: &str, counter: u32, missing: u32) {
        if self.gaps == 0 {
            self.first_gap = format!("socket {socket}, {direction}, before counter {counter}");
        }
        self.gaps += 1;
        self.missing += u64::from(missing);
    }

    /// Why a frame did not open.
    pub(super) fn unopened(
        &mut self,
        socket: u64,
        direction: &str,
        has_key: bool,
        is_wrong: bool,
        failed: &mut u32,
    ) -> Fault {
        *failed = failed.saturating_add(1);
        let (at, kind, message) = match (has_key, is_wrong) {
            (false, _) => (0, "encrypted", "the frame is encrypted; expected a key of its direction"),
            (true, true) => (1, "wrong-key", "no key opens any frame of this socket and direction"),
            (true, false) => (2, "decrypt", "the frame does not open, though others of its socket do"),
        };
        if let Some((count, first)) = self.unopened.get_mut(at) {
            if *count == 0 {
                *first = format!("socket {socket}, {direction}");
            }
            *count += 1;
        }
        Fault::in_tree(kind, "", message)
    }

    pub(super) fn say(self, keys: &Keys, notes: &Notes) {
        if !self.any {
            return;
        }
        let counted = [
            (self.handshakes, "handshake frame"),
            (self.passed_over, "text or control message"),
            (self.foreign, "socket that is not WhatsApp's"),
        ];
        let counted = counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| match what.split_once(' ') {
            _ if *count == 1 => format!("1 {what}"),
            Some(("socket", _)) => format!("{count} sockets that are not WhatsApp's"),
            _ => format!("{count} {what}s"),
        });
        let counted: Vec<_> = counted.collect();
        if !counted.is_empty() {
            notes.say(format!("passed over {}", counted.join(", ")));
        }
        for start in &self.starts {
            notes.say(start);
        }
        if !self.has_sockets {
            notes.warn(NOTHING);
        }
        let [encrypted, wrong, broken] = &self.unopened;
        let frames = |count: u64| if count == 1 { "1 frame".to_owned() } else { format!("{count} frames") };
        if encrypted.0 > 0 {
            let (count, first) = (frames(encrypted.0), &encrypted.1);
            let lack = if keys.is_empty() { "there are no keys" } else { "no key is for that direction" };
            let to_do = "give the keys with --keys, if they were recorded; else";
            notes.say(format!("{count} encrypted, the first in {first}: {lack}; {to_do} {RECORD_KEYS}"));
        }
        if wrong.0 > 0 {
            let (count, first, keys) = (frames(wrong.0), &wrong.1, keys.len());
            let to_do = "give the keys of these connections; they change with every connection, so take keys and recording at the same time";
            notes.say(format!("{count} that none of {keys} keys opens, the first in {first}: {to_do}"));
        }
        if broken.0 > 0 {
            let (count, first) = (frames(broken.0), &broken.1);
            notes.say(format!(
                "{count} that do not open though others do, the first in {first}: record again if they matter"
            ));
        }
        if self.gaps > 0 {
            let (missing, gaps, first) = (frames(self.missing), self.gaps, &self.first_gap);
            notes.warn(format!("warning: {missing} missing in {gaps} gaps, the first in {first}: see missing_before"));
        }
    }
}
