//! Decoding: frames to trees.
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

use std::fmt;
use std::mem::take;

use bytes::Bytes;

mod care;
mod offer;
mod once;
mod partial;
mod recent_names;
mod sink;
mod texts;

pub use once::{decode, decode_body, decode_body_first, decode_body_slice, decode_first, decode_slice};

use crate::error::{DecodeError, DecodeErrorKind, DecodeErrorParts, LengthClaim, LengthField, OffsetSpace, ZlibError};
use crate::frame::{self, Inflater};
use crate::node::tree::Tree;
use crate::node::{Node, NodeRef};
use crate::options::{KEPT, LARGEST, Leniency, Limits};
use crate::token::Dictionary;
use crate::wire::{OpenNode, Refused, Rules, Walk};
use sink::{Source, TreeSink};

/// A decoder with its own options and memory. It reuses its memory, so in steady state it allocates nothing.
///
/// Each method returns a view that borrows the decoder; [`take`](Self::take) turns it into an owned [`Node`].
///
/// ```
/// use wabinary::{Decoder, Dictionary};
///
/// let mut decoder = Decoder::new().with_dictionary(Dictionary::V2);
/// let mut kept = Vec::new();
/// for frame in [[0x00, 0xf8, 0x01, 0x0b], [0x00, 0xf8, 0x01, 0x1b]] {
///     let node = decoder.decode_slice(&frame)?; // borrows the decoder
///     if node.tag() == "participants" {
///         kept.extend(decoder.take()); // an owned tree
///     }
/// }
/// assert_eq!(kept.len(), 1);
/// # Ok::<(), wabinary::DecodeError>(())
/// ```
pub struct Decoder {
    pub(crate) rules: Rules,
    /// Builds the tree, and holds the one decoded last.
    pub(crate) sink: TreeSink,
    open: Vec<OpenNode<u32>>,
    inflater: Inflater,
    /// Whether it only tries what another one refuses.
    is_trial: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Decoder {
    /// Shows the options, not the last frame.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rules { dictionary, allow, limits } = &self.rules;
        let mut fields = f.debug_struct("Decoder");
        fields.field("dictionary", dictionary).field("allow", allow).field("limits", limits).finish_non_exhaustive()
    }
}

/// The parameters of one decoding, beside the bytes.
#[derive(Clone, Copy)]
struct Task {
    /// Number of bytes before the body in the space of offsets: 1 for the flag byte, or 0.
    base: usize,
    /// Whether bytes may follow the node.
    first_only: bool,
    /// Whether the part before an error stays in the tree.
    keeps_part: bool,
    source: Source,
}

impl Task {
    /// A plain body in a frame, which holds the bytes of contents.
    const FRAME: Self = Self { base: 1, first_only: false, keeps_part: false, source: Source::Shared };
    /// A body without a flag byte.
    const BODY: Self = Self { base: 0, ..Self::FRAME };
    /// An inflated body, which is a separate space.
    const INFLATED: Self = Self { base: 0, source: Source::Inflated, ..Self::FRAME };
}

impl Decoder {
    /// Creates a strict decoder for dictionary version 3 with default limits.
    #[must_use]
    pub fn new() -> Self {
        let mut new = Self {
            rules: Rules { dictionary: Dictionary::default(), allow: Leniency::NONE, limits: Limits::default() },
            sink: TreeSink::default(),
            open: Vec::new(),
            inflater: Inflater::default(),
            is_trial: false,
        };
        new.sink.follow(&new.rules);
        new
    }

    /// Sets the dictionary that tokens are read with.
    #[must_use]
    pub fn with_dictionary(mut self, dictionary: Dictionary) -> Self {
        self.rules.dictionary = dictionary;
        self.sink.follow(&self.rules);
        self
    }

    /// Sets the limits. A frame that exceeds one is an error.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.rules.limits = limits;
        self
    }

    /// Adds leniencies to those already allowed.
    #[must_use]
    pub fn allow(mut self, allow: Leniency) -> Self {
        self.rules.allow |= allow;
        self.sink.follow(&self.rules);
        self
    }

    /// Decodes one frame, flag byte included. Content bytes of the tree are parts of `frame`.
    ///
    /// # Errors
    /// As [`decode`](crate::decode()).
    pub fn decode(&mut self, frame: impl Into<Bytes>) -> Result<NodeRef<'_>, DecodeError> {
        self.frame(frame.into(), false)?;
        Ok(NodeRef::root(&self.sink.tree))
    }

    /// Decodes one frame, flag byte included. Content bytes are copied into the decoder's memory.
    ///
    /// # Errors
    /// As [`decode`](crate::decode()).
    pub fn decode_slice(&mut self, frame: &[u8]) -> Result<NodeRef<'_>, DecodeError> {
        self.sink.tree.release();
        match self.flag(frame)? {
            (true, body) => self.inflated(body, Task::INFLATED)?,
            (false, body) => self.body(body, Task { source: Source::Copied, ..Task::FRAME })?,
        };
        self.sink.tree.shared = Bytes::new();
        Ok(NodeRef::root(&self.sink.tree))
    }

    /// Decodes the first node of a frame and returns the bytes after it. See [`decode_first`](crate::decode_first).
    ///
    /// # Errors
    /// As [`decode_first`](crate::decode_first).
    pub fn decode_first(&mut self, frame: impl Into<Bytes>) -> Result<(NodeRef<'_>, Bytes), DecodeError> {
        let (used, compressed) = self.frame(frame.into(), true)?;
        let tree = &mut self.sink.tree;
        if !compressed {
            let rest = tree.shared.split_off(used.saturating_add(1).min(tree.shared.len()));
            return Ok((NodeRef::root(tree), rest));
        }
        let rest = Bytes::copy_from_slice(tree.owned.get(used..).unwrap_or(&[]));
        if !rest.is_empty() {
            // The frame holds more than the node, so the tree does not keep it whole.
            (tree.shared, tree.is_frame) = (Bytes::new(), false);
        }
        Ok((NodeRef::root(tree), rest))
    }

    /// Decodes one body: a frame without its flag byte.
    ///
    /// # Errors
    /// As [`decode_body`](crate::decode_body).
    pub fn decode_body(&mut self, body: impl Into<Bytes>) -> Result<NodeRef<'_>, DecodeError> {
        let body = body.into();
        self.sink.tree.release();
        self.body(&body, Task::BODY)?;
        self.sink.tree.shared = body;
        Ok(NodeRef::root(&self.sink.tree))
    }

    /// Decodes one body: a frame without its flag byte. Content bytes are copied into the decoder's memory.
    ///
    /// # Errors
    /// As [`decode_body`](crate::decode_body).
    pub fn decode_body_slice(&mut self, body: &[u8]) -> Result<NodeRef<'_>, DecodeError> {
        self.sink.tree.release();
        self.body(body, Task { source: Source::Copied, ..Task::BODY })?;
        self.sink.tree.shared = Bytes::new();
        Ok(NodeRef::root(&self.sink.tree))
    }

    /// Decodes the first node of a body, and returns the bytes after it.
    ///
    /// # Errors
    /// As [`decode_body_first`](crate::decode_body_first).
    pub fn decode_body_first(&mut self, body: impl Into<Bytes>) -> Result<(NodeRef<'_>, Bytes), DecodeError> {
        let mut body = body.into();
        self.sink.tree.release();
        let used = self.body(&body, Task { first_only: true, ..Task::BODY })?;
        let rest = body.split_off(used.min(body.len()));
        self.sink.tree.shared = body;
        Ok((NodeRef::root(&self.sink.tree), rest))
    }

    /// Returns the last decoded tree as an owned [`Node`] of exact size; after [`decode_partial`](Self::decode_partial) the part
    /// that was read. Returns `None` before any frame, after another error, if the tree was already taken, and if the
    /// dictionary or leniencies were set since.
    pub fn take(&mut self) -> Option<Node> {
        (!self.sink.tree.cells.is_empty()).then(|| self.take_tree())
    }

    /// Inlined, and without a panic while the tree is a separate value: so the compiler writes its parts where the caller
    /// wants the node.
    #[inline(always)]
    fn take_tree(&mut self) -> Node {
        let tree = &mut self.sink.tree;
        // Memory that would be released anyway, and texts that take no more than they need, move. Other vectors stay here
        // for reuse, and the tree gets copies of exact size.
        let is_large = tree.size() > KEPT;
        if is_large {
            tree.shrink_to_fit();
        }
        let is_exact = tree.text.capacity() == tree.text.len();
        let text = if is_exact { take(&mut tree.text) } else { tree.text.clone() };
        let cells = if is_large { take(&mut tree.cells) } else { tree.cells.clone() };
        let owned = if is_large { take(&mut tree.owned) } else { tree.owned.clone() };
        let (count, is_frame) = (take(&mut tree.count), take(&mut tree.is_frame));
        tree.cells.clear();
        tree.text.clear();
        tree.owned.clear();
        Node::from_tree(Tree {
            cells,
            count,
            text,
            owned,
            shared: take(&mut tree.shared),
            blobs: take(&mut tree.blobs),
            is_frame,
            table: tree.table,
            root_names: tree.root_names,
            names_are_unique: tree.names_are_unique,
            overflow: false,
        })
    }

    /// Decodes a frame into the tree. Returns the number of bytes that the node took in its space, and whether the frame is
    /// compressed.
    #[inline]
    fn frame(&mut self, frame: Bytes, first_only: bool) -> Result<(usize, bool), DecodeError> {
        self.sink.tree.release();
        let (compressed, body) = self.flag(&frame)?;
        let used = if compressed {
            self.inflated(body, Task { first_only, ..Task::INFLATED })?
        } else {
            self.body(body, Task { first_only, ..Task::FRAME })?
        };
        (self.sink.tree.shared, self.sink.tree.is_frame) = (frame, true);
        Ok((used, compressed))
    }

    /// Returns whether a frame is compressed, and the bytes after its flag byte.
    #[inline]
    pub(crate) fn flag<'a>(&mut self, frame: &'a [u8]) -> Result<(bool, &'a [u8]), DecodeError> {
        match frame.split_first() {
            Some((&frame::PLAIN_FLAG, body)) => Ok((false, body)),
            Some((&flag, body)) => match frame::is_compressed(flag, self.rules.allow) {
                Ok(compressed) => Ok((compressed, body)),
                Err(kind) => Err(self.flag_error(kind, frame)),
            },
            None => {
                let claim = LengthClaim { field: LengthField::Frame, offset: 0, count: 1 };
                Err(self.frame_error(DecodeErrorKind::Truncated, 0, Some(claim), None))
            }
        }
    }

    /// Inflates and decodes, and returns the number of inflated bytes that the node took.
    fn inflated(&mut self, stream: &[u8], task: Task) -> Result<usize, DecodeError> {
        let mut inflated = take(&mut self.sink.tree.owned);
        let limit = self.rules.limits.inflated.min(LARGEST);
        let result = match self.inflater.inflate(stream, limit, &mut inflated) {
            Ok(()) => self.body(&inflated, task),
            Err(error) => {
                let error = self.zlib_error(error);
                if task.keeps_part {
                    // The tree keeps what the inflated bytes say. An error in them comes after this one, so it is
                    // dropped.
                    inflated.truncate(limit);
                    let _ = self.body(&inflated, task);
                }
                Err(error)
            }
        };
        self.sink.tree.owned = inflated;
        result
    }

    /// Decodes a body and returns the number of bytes that the node took.
    ///
    /// The first pass joins all texts and checks them together. A body that it refuses is read again by the careful
    /// pass, which finds the first error and the path to it.
    fn body(&mut self, body: &[u8], task: Task) -> Result<usize, DecodeError> {
        if body.len() > LARGEST {
            return Err(self.frame_error(DecodeErrorKind::FrameTooLarge(LARGEST), task.base, None, None));
        }
        let Self { rules, sink, open, .. } = self;
        sink.begin(body.len(), task);
        let walked = Walk { rules, sink: &mut *sink }.walk::<Refused>(body, open);
        let texts_are_valid = sink.finish();
        match walked {
            Ok((rest, ())) if texts_are_valid && (task.first_only || rest.is_empty()) => {
                Ok(body.len().wrapping_sub(rest.len()))
            }
            _ => Err(self.failure(body, task)),
        }
    }

    /// The error for a frame whose body cannot be read at all.
    #[cold]
    fn frame_error(
        &mut self,
        kind: DecodeErrorKind,
        offset: usize,
        claim: Option<LengthClaim>,
        source: Option<ZlibError>,
    ) -> DecodeError {
        self.sink.tree.clear();
        DecodeError::new(DecodeErrorParts {
            kind,
            offset,
            space: OffsetSpace::Frame,
            path: String::new(),
            index_path: None,
            allow: None,
            claim,
            source,
        })
    }

    /// Releases memory above a size.
    fn forget_above(&mut self, kept: usize) {
        if self.sink.memory() > kept {
            self.sink = TreeSink::default();
            self.sink.follow(&self.rules);
        }
    }
}
