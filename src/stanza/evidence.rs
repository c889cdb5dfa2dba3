//! How far a fact about a stanza can be relied upon.

/// Who a fact is from, the most reliable first: where two disagree, the first is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// WhatsApp Web's own client modules, as public copies have them.
    WhatsAppWeb,
    /// A stanza or finding that somebody captured live and published.
    Capture,
    /// The Android client, as third-party decompilations show it.
    Android,
    /// Re-implementations of the client.
    Implementation,
    /// The newer form of the wacrg specification (`spec/signalling/` and its neighbours).
    NewerSpecification,
    /// The wacrg entry itself (`spec/stanzas/call-ack.yaml`).
    Specification,
    /// Only a test or comment of a re-implementation.
    Fixture,
}

impl Source {
    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WhatsAppWeb => "whatsapp-web",
            Self::Capture => "capture",
            Self::Android => "android",
            Self::Implementation => "implementation",
            Self::NewerSpecification => "newer-specification",
            Self::Specification => "specification",
            Self::Fixture => "fixture",
        }
    }
}

/// How sure a fact is, in the words of the wacrg specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// Likely so.
    Probable,
    /// A guess, or contested.
    Speculative,
}

impl Confidence {
    /// The name used in JSON and in documents: `probable`, `speculative`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Probable => "probable",
            Self::Speculative => "speculative",
        }
    }
}
