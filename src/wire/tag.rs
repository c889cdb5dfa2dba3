//! The table of tag bytes: the meaning of an element's first byte.

pub(crate) const LIST_EMPTY: u8 = 0x00;
pub(crate) const TOKEN_FIRST: u8 = 0x01;
pub(crate) const TOKEN_LAST: u8 = 0xeb;
pub(crate) const DICTIONARY_0: u8 = 0xec;
pub(crate) const DICTIONARY_3: u8 = 0xef;
pub(crate) const UNASSIGNED_FIRST: u8 = 0xf0;
pub(crate) const UNASSIGNED_LAST: u8 = 0xf4;
pub(crate) const INTEROP_JID: u8 = 0xf5;
pub(crate) const FB_JID: u8 = 0xf6;
pub(crate) const AD_JID: u8 = 0xf7;
pub(crate) const LIST_8: u8 = 0xf8;
pub(crate) const LIST_16: u8 = 0xf9;
pub(crate) const JID_PAIR: u8 = 0xfa;
pub(crate) const HEX_8: u8 = 0xfb;
pub(crate) const BINARY_8: u8 = 0xfc;
pub(crate) const BINARY_20: u8 = 0xfd;
pub(crate) const BINARY_32: u8 = 0xfe;
pub(crate) const NIBBLE_8: u8 = 0xff;
