//! How urgently something needs attention.

use anstyle::{AnsiColor, Style};

/// How urgently something needs attention. Colours and signs repeat what the words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Heading,
    Dim,
    Good,
    Warning,
    Bad,
}

impl Tone {
    /// The style on a terminal.
    pub(crate) const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Heading => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
        }
    }

    /// The class in a page.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Plain | Self::Heading | Self::Dim => "soft",
            Self::Good => "good",
            Self::Warning => "note",
            Self::Bad => "bad",
        }
    }

    /// The sign in a page, for readers who see no colour.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Plain | Self::Heading | Self::Dim => "·",
            Self::Good => "✓",
            Self::Warning => "▲",
            Self::Bad => "✕",
        }
    }
}
