//! Typed views of stanzas.
//!
//! A typed stanza is a view of a node, or owns it: what is not modelled (further attributes and children, their order,
//! wire forms of JIDs) is kept because nothing is taken apart.

mod call_ack;

pub use call_ack::{CallAck, CallAckBuilder, CallAckRef, CallError};
