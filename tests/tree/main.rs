//! Trees: how they are read, shared, compared, built, edited and encoded in parts.

mod building;
mod editing;
mod equality;
mod parts;
mod reading;
mod sharing;
mod threads;
