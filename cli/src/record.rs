//! Records of a run.

pub(crate) use wabinary_capture::{Failure, Fault, Numbered as Record, Payload};
