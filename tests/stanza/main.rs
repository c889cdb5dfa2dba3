//! Typed stanzas: acks, calls, receipts, what is unusual in them, and what is secret.

mod acks;
mod findings;
mod round_trip;
mod secrets;
mod spec;
