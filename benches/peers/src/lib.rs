//! The same work by this codec and by others. BENCHMARKING.md says what is measured and how; `cargo tools compare` runs it.

pub mod case;
pub mod npm;
pub mod quiet;
pub mod reading;
pub mod report;
pub mod timing;
pub mod walk;
pub mod work;
