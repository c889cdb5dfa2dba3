//! JIDs as texts (feature `serde`). In a tree they are `{"jid": ..}`, which distinguishes them from texts.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{Jid, JidForm, JidRef};

/// As its text.
impl Serialize for JidRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// As its text, so that it is the key of a map as well.
///
/// ```
/// use std::collections::BTreeMap;
/// use wabinary::Jid;
///
/// let devices = BTreeMap::from([(Jid::phone(15550001111), [0, 5])]);
/// let json = serde_json::to_string(&devices)?;
/// assert_eq!(json, r#"{"15550001111@s.whatsapp.net":[0,5]}"#);
/// assert_eq!(serde_json::from_str::<BTreeMap<Jid, [u16; 2]>>(&json)?, devices);
/// # Ok::<(), serde_json::Error>(())
/// ```
impl Serialize for Jid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

/// From its text. Every JID comes back, also one that only a pair on the wire can be: the text `12:256@lid`, which
/// [`JidRef::parse`] refuses, is the user `12:256`.
impl<'de> Deserialize<'de> for Jid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Jid;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the text of a JID")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Jid, E> {
                let read = JidRef::parse(text);
                let literal = |error| JidRef::parse_as(text, JidForm::Pair).map_err(|_| error);
                read.or_else(literal).map(Jid::from).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}
