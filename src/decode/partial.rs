//! The readable part of a refused frame.

use bytes::Bytes;

use super::{Decoder, Task};
use crate::error::DecodeError;
use crate::node::NodeRef;

impl Decoder {
    /// Decodes one frame, flag byte included, and returns the tree up to the first error beside that error. Use it to
    /// look at a damaged frame, or at one that this decoder does not fully know.
    ///
    /// Without an error the tree is that of [`decode`](Self::decode). With an error it has every node whose tag was
    /// read, with its complete attributes, its content if that is complete, and the children that were begun. It
    /// encodes like any other tree, and the encoded frame decodes to it. It is `None` if the error comes before the
    /// first tag. If a zlib stream is cut or corrupt, it is the tree of the bytes that inflate.
    ///
    /// ```
    /// use wabinary::Decoder;
    ///
    /// // <ack id="7" class="call"> with a third attribute that is cut.
    /// let frame: &'static [u8] = &[0x00, 0xf8, 0x07, 0x1b, 0x08, 0xff, 0x81, 0x7f, 0x15, 0x64, 0x06, 0xfa, 0x00];
    /// let mut decoder = Decoder::new();
    /// let (node, result) = decoder.decode_partial(frame);
    /// assert_eq!(node.unwrap().to_string(), r#"<ack id="7" class="call"/>"#);
    /// assert_eq!(result.unwrap_err().path(), "ack > @from");
    /// ```
    pub fn decode_partial(&mut self, frame: impl Into<Bytes>) -> (Option<NodeRef<'_>>, Result<(), DecodeError>) {
        let frame = frame.into();
        self.sink.tree.release();
        self.sink.tree.shared = Bytes::new();
        let (compressed, result) = match self.flag(&frame) {
            Ok((true, body)) => (true, self.inflated(body, Task { keeps_part: true, ..Task::INFLATED })),
            Ok((false, body)) => (false, self.body(body, Task { keeps_part: true, ..Task::FRAME })),
            Err(error) => (false, Err(error)),
        };
        let tree = &mut self.sink.tree;
        // A refused frame is not the tree's frame. If no node was read from it, the tree need not keep it.
        tree.is_frame = result.is_ok();
        if tree.is_frame || !compressed && !tree.cells.is_empty() {
            tree.shared = frame;
        }
        let node = (!tree.cells.is_empty()).then(|| NodeRef::root(tree));
        (node, result.map(drop))
    }
}
