//! XML, for people: what `Display` writes, and reading it back (feature `xml`).
//!
//! A value or content carries a prefix such as `{jid}` only where reading it plainly would give something else. Each
//! rule is written once: the writer decides by calling the rules of the reader (`prefix`), and escapes are read beside where
//! they are written (`names`, `chars`).

mod chars;
mod doubt;
mod names;
mod prefix;
mod write;

#[cfg(feature = "xml")]
mod error;
#[cfg(feature = "xml")]
mod outline;
#[cfg(feature = "xml")]
mod prefixed;
#[cfg(feature = "xml")]
mod read;
#[cfg(feature = "xml")]
mod roots;
#[cfg(feature = "xml")]
mod warnings;

#[cfg(feature = "xml")]
pub use error::XmlError;
#[cfg(feature = "xml")]
pub use roots::XmlReader;
