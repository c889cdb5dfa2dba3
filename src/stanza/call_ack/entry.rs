//! `<error>`, an entry of a call acknowledgement.

use crate::{AttrError, Children, JidRef, KnownAttrs, KnownNames, NodeRef, Value};
use std::fmt;

/// An `<error>` child of a call acknowledgement: why the stanza could not be routed or accepted, for whom.
///
/// ```
/// use wabinary::stanza::CallAck;
///
/// let ack = CallAck::build("A1").error_entry(404, "not found").finish();
/// let entry = ack.as_ref().errors().next().unwrap();
/// assert_eq!((entry.code()?, entry.text()?), (Some(404), Some("not found")));
/// # Ok::<(), wabinary::AttrError>(())
/// ```
#[derive(Clone, Copy)]
pub struct ErrorEntry<'a> {
    attrs: KnownAttrs<'a, 5>,
}

/// Its attributes that have a getter.
static KNOWN_OF_ERROR: KnownNames<5> = KnownNames::new(["code", "text", "jid", "call-id", "call-creator"]);
const CODE: usize = 0;
const TEXT: usize = 1;
const JID: usize = 2;
const CALL_ID: usize = 3;
const CALL_CREATOR: usize = 4;

impl<'a> ErrorEntry<'a> {
    #[inline]
    pub(super) fn new(node: NodeRef<'a>) -> Self {
        Self { attrs: node.known_attrs(&KNOWN_OF_ERROR) }
    }

    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.attrs.node()
    }

    /// `code`: a number like those of HTTP.
    ///
    /// Required: no. Confidence: speculative. Observed: `404`, `503`. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is not a number from 0 to 65,535.
    #[inline]
    pub fn code(self) -> Result<Option<u16>, AttrError> {
        self.attrs.read(CODE)
    }

    /// `text`: a text for people.
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is not a text.
    #[inline]
    pub fn text(self) -> Result<Option<&'a str>, AttrError> {
        self.attrs.read(TEXT)
    }

    /// `jid`: the user or device that it is about. Not in the specification's entry; a captured refusal has it
    /// (`purpshell/meowcaller` issue 35), and the Android client keeps it.
    ///
    /// # Errors
    /// A value that is not a JID.
    pub fn jid(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.attrs.read(JID)
    }

    /// `call-id`: the call that is refused. Not in the specification's entry; a captured refusal has it, others have none.
    ///
    /// # Errors
    /// A value that is not a text.
    pub fn call_id(self) -> Result<Option<&'a str>, AttrError> {
        self.attrs.read(CALL_ID)
    }

    /// `call-creator`: the device that began it. Not in the specification's entry; beside `call-id`.
    ///
    /// # Errors
    /// A value that is not a JID.
    pub fn call_creator(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.attrs.read(CALL_CREATOR)
    }

    /// The other attributes, in order.
    pub fn rest(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.attrs.others()
    }

    /// Whether it reports a refusal: any entry does but one whose code is 0.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        self.known_code() != Some(0)
    }

    /// The code, if it is a number.
    pub(super) fn known_code(self) -> Option<u16> {
        self.attrs.read_if_valid(CODE)
    }

    /// The children of the entry, in order; none was seen.
    #[must_use]
    pub fn children(self) -> Children<'a> {
        self.node().children()
    }
}

impl fmt::Debug for ErrorEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("ErrorEntry");
        fields.field("code", &self.known_code()).field("text", &self.attrs.read_if_valid::<&str>(TEXT));
        fields.field("jid", &self.attrs.read_if_valid::<JidRef<'_>>(JID).map(|jid| jid.to_string()));
        fields.field("call_id", &self.attrs.read_if_valid::<&str>(CALL_ID));
        fields.field("other_attrs", &self.rest().map(|(name, _)| name).collect::<Vec<_>>()).finish()
    }
}
