//! One type for every error of the crate.

use crate::error::{AttrError, DecodeError, EncodeError, JidError, StanzaError};
use crate::options::ParseLeniencyError;
use crate::stanza::FromNodeError;
use crate::stream::StreamError;
#[cfg(feature = "xml")]
use crate::text::XmlError;

/// Any error of this crate. Every error type converts into it, so `?` works in functions that do several things.
///
/// ```
/// use wabinary::{Error, decode_slice, encode, stanza::CallAckRef};
///
/// fn refusal(frame: &[u8]) -> Result<Option<u16>, Error> {
///     let node = decode_slice(frame)?; // DecodeError
///     let ack = CallAckRef::try_from(&node)?; // StanzaError
///     Ok(ack.error()?) // AttrError
/// }
///
/// let error = refusal(&[0x00, 0xf8, 0x01, 0x07]).unwrap_err();
/// assert!(matches!(error, Error::Stanza(_)));
/// assert_eq!(error.to_string(), r#"tag is "receipt", expected "ack""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum Error {
    /// A frame cannot be decoded.
    Decode(#[from] DecodeError),
    /// A tree cannot be encoded.
    Encode(#[from] EncodeError),
    /// A text is not a JID.
    Jid(#[from] JidError),
    /// An attribute is absent, or not of the requested type.
    Attr(#[from] AttrError),
    /// A node is not the requested stanza.
    Stanza(#[from] StanzaError),
    /// A stream cannot be framed.
    Stream(#[from] StreamError),
    /// A text is not the XML of a node.
    #[cfg(feature = "xml")]
    Xml(#[from] XmlError),
    /// A text names no leniency.
    Leniency(#[from] ParseLeniencyError),
}

/// The node is dropped.
impl From<FromNodeError> for Error {
    fn from(error: FromNodeError) -> Self {
        Self::Stanza(error.into())
    }
}
