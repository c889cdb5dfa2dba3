//! Typed stanzas: call acknowledgements, what they answer, what is sent back, and what waits.

mod acks;
mod answers;
mod capture;
mod findings;
mod made;
mod replies;
mod round_trip;
mod secrets;
mod shapes;
mod spec;
mod tracker;
