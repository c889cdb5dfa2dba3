//! The same work by this codec and by others. BENCHMARKING.md describes the measurements; `cargo tools compare` runs
//! them.

pub mod case;
pub mod npm;
pub mod quiet;
pub mod reading;
pub mod report;
pub mod timing;
pub mod walk;
pub mod work;
