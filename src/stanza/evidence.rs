//! The reliability of a fact about a stanza.

/// The source of a fact, the most reliable first. If two sources disagree, the first one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Public copies of WhatsApp Web's own client modules.
    WhatsAppWeb,
    /// A published live capture of a stanza, or a published finding.
    Capture,
    /// Third-party decompilations of the Android client.
    Android,
    /// Re-implementations of the client.
    Implementation,
    /// The newer form of the wacrg specification (`spec/signalling/` and related folders).
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

/// The confidence in a fact, in the words of the wacrg specification.
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
