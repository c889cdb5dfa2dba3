//! Roots one after another.

use std::io::{self, BufRead};

use super::error::{Problem, XmlError};
use super::outline::{Found, Outline};
use super::read::read_root;
use crate::node::Node;

impl Node {
    /// Reads the XML of a displayed tree, on one line or indented.
    ///
    /// White space around tags and around content, comments and the XML declaration mean nothing
    /// ([`XmlReader::warnings`] lists the places where they may be a mistake). A value or content has a prefix such as
    /// `{jid}` if it would be read differently without one; docs/formats.md lists the prefixes.
    ///
    /// # Errors
    /// Text that is not XML, or not the XML of one tree: with line, column and a picture of the place. More than 256
    /// nested nodes, or more than 1,048,576 nodes in total. Only the five entities of XML exist, and no DOCTYPE.
    ///
    /// ```
    /// use wabinary::{JidRef, Node, Value, encode};
    ///
    /// let ack = Node::from_xml(r#"
    ///     <ack id="OF-0002" class="call" from="s.whatsapp.net">
    ///       <error code="503" text="service unavailable"/>
    ///     </ack>
    /// "#)?;
    /// assert_eq!(ack.get("from"), Ok(Value::Jid(JidRef::SERVER)));
    /// assert_eq!(ack.child("error").unwrap().get("code"), Ok(503_u16));
    /// assert_eq!(Node::from_xml(&ack.to_string())?, ack);
    /// # Ok::<(), wabinary::XmlError>(())
    /// ```
    pub fn from_xml(xml: &str) -> Result<Self, XmlError> {
        let mut roots = XmlReader { outline: Outline::new(xml.as_bytes(), usize::MAX), warnings: Vec::new() };
        let mut next = || roots.next_root().ok().flatten();
        match (next(), next()) {
            (Some(Ok(node)), None) => Ok(node),
            (Some(Ok(_)), Some(Err(error))) | (Some(Err(error)), _) => Err(error),
            (Some(Ok(_)), Some(Ok(_))) => Err(roots.outline.error(Problem::new(0, "second root", "the end"))),
            (None, _) => Err(roots.outline.error(Problem::new(0, "no node", "<"))),
        }
    }
}

/// The longest root that is read from a reader, in bytes.
const LONGEST: usize = 64 << 20;

/// Reads trees one after another from XML with any number of roots, such as the output of `wabinary decode`.
///
/// An item is a tree, or the error in its place: later roots are still read, if the reader can find where they start. A
/// node without end tag includes the text after it. The reader holds only one root at a time and refuses a root of more
/// than 67,108,864 bytes. Between roots, lines that start with `#` are comments too. The outer error is that of the
/// input.
///
/// ```
/// use wabinary::XmlReader;
///
/// let capture = "<receipt id='1'/>\n<ack id=2/>\n<presence/>\n";
/// let mut roots = XmlReader::new(capture.as_bytes());
/// assert_eq!(roots.next().unwrap()?.unwrap().tag(), "receipt");
/// let error = roots.next().unwrap()?.unwrap_err();
/// assert_eq!(error.to_string(), "value without quotes at line 2, column 9, in ack: expected a quote");
/// assert_eq!(roots.next().unwrap()?.unwrap().tag(), "presence");
/// assert_eq!(roots.line(), 3);
/// assert!(roots.next().is_none());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct XmlReader<R> {
    outline: Outline<R>,
    warnings: Vec<XmlError>,
}

impl<R: BufRead> std::fmt::Debug for XmlReader<R> {
    /// Shows the position of the reader, not its contents.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XmlReader").field("line", &self.line()).finish_non_exhaustive()
    }
}

impl<R: BufRead> XmlReader<R> {
    /// Reads UTF-8, with or without a byte order mark.
    pub fn new(input: R) -> Self {
        Self { outline: Outline::new(input, LONGEST), warnings: Vec::new() }
    }

    /// The line in which the last item starts, from 1.
    pub fn line(&self) -> u64 {
        self.outline.line()
    }

    /// Doubts about the last item, although it was read: at most 17 places.
    ///
    /// Loggers print comments in the place of content, and bytes in hexadecimal. If pasted, both differ from the bytes
    /// on the wire. The XML of a displayed tree causes no warning.
    ///
    /// ```
    /// use wabinary::XmlReader;
    ///
    /// let log = "<enc v=\"2\"><!-- 182 bytes --></enc><enc>3308</enc><to jid=\"12:256@lid\"/>";
    /// let mut roots = XmlReader::new(log.as_bytes());
    /// let mut next = || roots.next().map(|_| roots.warnings()[0].to_string());
    /// assert!(next().unwrap().starts_with("comment in the place of content, read as no content at line 1, column 12, in enc"));
    /// assert!(next().unwrap().starts_with("hexadecimal digits in a node whose content is bytes, read as text at line 1"));
    /// assert!(next().unwrap().starts_with("text with @ that is not an address, read as a text at line 1, column 60, in to > @jid"));
    /// ```
    #[must_use]
    pub fn warnings(&self) -> &[XmlError] {
        &self.warnings
    }

    fn next_root(&mut self) -> io::Result<Option<Result<Node, XmlError>>> {
        self.warnings.clear();
        let Some(found) = self.outline.next()? else { return Ok(None) };
        let read = match found {
            Found::Root => match std::str::from_utf8(self.outline.found()) {
                Ok(root) => read_root(root),
                Err(error) => Err(Problem::new(error.valid_up_to(), "bytes that are not UTF-8", "UTF-8")),
            },
            Found::Bad(what, expected) => Err(Problem::new(0, what, expected)),
            Found::TooLong(error) => return Ok(Some(Err(error))),
        };
        let read = read.map_err(|problem| self.outline.error(problem));
        Ok(Some(read.map(|(node, warnings)| {
            self.warnings.extend(warnings.into_iter().map(|problem| self.outline.error(problem)));
            node
        })))
    }
}

impl<R: BufRead> Iterator for XmlReader<R> {
    type Item = io::Result<Result<Node, XmlError>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_root().transpose()
    }
}
