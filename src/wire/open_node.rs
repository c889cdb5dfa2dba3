//! A node whose children are being read.

/// A list of children being read: how many are left, and for errors the place of its head and its claim.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenNode<N> {
    pub(crate) node: N,
    pub(super) children_left: u32,
    pub(super) children: u32,
    pub(super) head_left: u32,
}

impl<N> OpenNode<N> {
    /// The number of children that were read completely.
    pub(crate) fn read(&self) -> u32 {
        self.children.wrapping_sub(self.children_left)
    }

    /// The place of the child being read, if it is one of several.
    pub(crate) fn place(&self) -> Option<u32> {
        (self.children > 1).then(|| self.read())
    }
}
