//! Typed stanzas: acks, calls, receipts, findings and secrets.

mod acks;
mod findings;
mod round_trip;
mod secrets;
mod spec;
