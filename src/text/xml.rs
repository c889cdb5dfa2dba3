//! XML, for people: `Display` writes it, and the feature `xml` reads it.
//!
//! A value or content has a prefix such as `{jid}` only if its plain text would be read differently. Each rule is
//! written once: the writer calls the rules of the reader (`prefix`), and escapes are read in the module that writes
//! them (`names`, `chars`).

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
