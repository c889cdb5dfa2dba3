//! `Serialize` for errors (feature `serde`): the objects that the tool writes under `error`.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{DecodeError, EncodeError, OffsetSpace};

/// `{"kind", "offset", "space", "path", "message"}`
impl Serialize for DecodeError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("DecodeError", 5)?;
        fields.serialize_field("kind", self.kind().name())?;
        fields.serialize_field("offset", &self.offset())?;
        fields.serialize_field("space", &self.space())?;
        fields.serialize_field("path", self.path())?;
        fields.serialize_field("message", &self.to_string())?;
        fields.end()
    }
}

/// `{"kind", "path", "message"}`
impl Serialize for EncodeError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("EncodeError", 3)?;
        fields.serialize_field("kind", self.kind().name())?;
        fields.serialize_field("path", self.path())?;
        fields.serialize_field("message", &self.to_string())?;
        fields.end()
    }
}

/// `frame` or `inflated`
impl Serialize for OffsetSpace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
