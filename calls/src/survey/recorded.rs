//! How records were recorded.

/// How a record was recorded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recorded<'a> {
    /// The fidelity of the record.
    pub fidelity: Fidelity,
    /// The dialect of the record, if it is not this project's own.
    pub source: Option<&'a str>,
    /// Whether its recorder leaves out acks without content.
    pub drops_acks: bool,
}

/// How exactly a record shows the bytes on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fidelity {
    /// The bytes.
    #[default]
    Bytes,
    /// The exact structure.
    Tree,
    /// The output of a logger.
    Text,
}

named! { Fidelity {
    Bytes => "bytes",
    Tree => "tree",
    Text => "text",
} }

impl Fidelity {
    /// Every fidelity, the best first.
    pub const ALL: &'static [Self] = &[Self::Bytes, Self::Tree, Self::Text];
}
