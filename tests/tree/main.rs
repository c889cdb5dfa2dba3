//! Trees: reading, sharing, comparing, building, editing, and encoding in parts.

mod building;
mod editing;
mod equality;
mod parts;
mod reading;
mod sharing;
mod threads;
