//! How records were recorded.

/// How a record was recorded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recorded<'a> {
    /// How much of what was on the wire it shows.
    pub fidelity: Fidelity,
    /// The dialect that it is written in, if that is not this project's own.
    pub source: Option<&'a str>,
    /// Whether its recorder leaves out acks without content.
    pub drops_acks: bool,
}

/// How much of what was on the wire a record shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fidelity {
    /// The bytes.
    #[default]
    Bytes,
    /// The exact structure.
    Tree,
    /// What a logger printed.
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
