//! `Serialize` for errors (feature `serde`): the objects that the tool writes under `error`.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{DecodeError, EncodeError, OffsetSpace};
use crate::options::Leniency;

/// `{"kind", "offset", "space", "path", "index_path"?, "message", "allow"?}`
impl Serialize for DecodeError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("DecodeError", 5 + optional(self.index_path(), self.allow()))?;
        fields.serialize_field("kind", self.kind().name())?;
        fields.serialize_field("offset", &self.offset())?;
        fields.serialize_field("space", &self.space())?;
        fields.serialize_field("path", self.path())?;
        end(fields, self.index_path(), self, self.allow())
    }
}

/// `{"kind", "path", "index_path"?, "message", "allow"?}`
impl Serialize for EncodeError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("EncodeError", 3 + optional(self.index_path(), self.allow()))?;
        fields.serialize_field("kind", self.kind().name())?;
        fields.serialize_field("path", self.path())?;
        end(fields, self.index_path(), self, self.allow())
    }
}

fn optional(index_path: Option<&str>, allow: Option<Leniency>) -> usize {
    usize::from(index_path.is_some()) + usize::from(allow.is_some())
}

/// Writes the fields that both errors end with.
fn end<S: SerializeStruct>(
    mut fields: S,
    index_path: Option<&str>,
    error: &dyn std::error::Error,
    allow: Option<Leniency>,
) -> Result<S::Ok, S::Error> {
    if let Some(index_path) = index_path {
        fields.serialize_field("index_path", index_path)?;
    }
    fields.serialize_field("message", &error.to_string())?;
    if let Some(allow) = allow {
        fields.serialize_field("allow", &allow.to_string())?;
    }
    fields.end()
}

/// `frame` or `inflated`
impl Serialize for OffsetSpace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
