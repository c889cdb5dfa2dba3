//! The switch between a fast run of the tests and an exhaustive one.

/// Whether `WABINARY_TESTS=exhaustive` is set: exhaustive tests try every input, and laws are tried for four times as
/// long. Otherwise each of these tests takes an evenly spread part of its inputs.
///
/// # Panics
/// If the variable has another value, so that a typo does not pass for an exhaustive run.
pub fn is_on() -> bool {
    match std::env::var("WABINARY_TESTS") {
        Ok(value) => {
            assert_eq!(value, "exhaustive", "WABINARY_TESTS has this one value");
            true
        }
        Err(_) => false,
    }
}

/// The distance between the inputs that are tried: 1 in the exhaustive run, else `step`.
pub fn step(step: usize) -> usize {
    if is_on() { 1 } else { step }
}
