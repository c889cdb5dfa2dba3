//! The fuzz targets: the same checks as those of the property tests and of the replay of the corpus.

pub mod dictionary;
mod differential;
#[path = "../../tests/support/targets/mod.rs"]
mod targets;
#[path = "../../tests/support/targets/texts.rs"]
mod texts;

/// Runs the target of this name on an input. It panics when something does not hold.
pub fn run(name: &str, data: &[u8]) {
    match name {
        "differential" => return differential::compare(data),
        "xml" => return texts::xml(data),
        "json" => return texts::json(data),
        _ => {}
    }
    let target = targets::TARGETS.iter().find(|target| target.name == name);
    (target.expect("every program is named like a target").check)(data);
}
