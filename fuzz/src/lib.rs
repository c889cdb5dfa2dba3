//! The fuzz targets: the same checks as those of the property tests and of the replay of the corpus.

pub mod dictionary;
mod differential;

/// Runs the target of this name on an input. It panics when something does not hold.
pub fn run(name: &str, data: &[u8]) {
    if name == "differential" {
        return differential::compare(data);
    }
    let target = wabinary_testing::targets::TARGETS.iter().find(|target| target.name == name);
    (target.expect("every program is named like a target").check)(data);
}
