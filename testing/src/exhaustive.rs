//! The one switch between a fast run of the tests and a run that leaves nothing out.

/// Whether `WABINARY_TESTS=exhaustive` is set: every input of the exhaustive tests is tried, and laws are tried for four
/// times as long. Without it each of these tests takes an evenly spread part of its inputs.
///
/// # Panics
/// If the variable has another value, so that a misspelt one does not pass for the long run.
pub fn is_on() -> bool {
    match std::env::var("WABINARY_TESTS") {
        Ok(value) => {
            assert_eq!(value, "exhaustive", "WABINARY_TESTS has this one value");
            true
        }
        Err(_) => false,
    }
}

/// Every how many inputs one is taken: 1 in the exhaustive run, else `step`.
pub fn step(step: usize) -> usize {
    if is_on() { 1 } else { step }
}
