//! The seeds and regressions of the fuzz targets, through the same checks. A folder that is missing is a failure.

#[path = "support/targets/mod.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

/// Runs a target on every file of a folder, and gives their number.
fn replay(Target { name, check }: &Target, folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut replayed = 0;
    for entry in entries {
        let path = entry.expect("the folder is readable").path();
        let input = fs::read(&path).expect("the file is readable");
        assert!(catch_unwind(|| check(&input)).is_ok(), "{name}: {}", path.display());
        replayed += 1;
    }
    replayed
}

#[test]
fn seeds() {
    for target in &TARGETS {
        let replayed = replay(target, &folder("corpus").join(target.name));
        assert!(replayed >= 10, "{}: {replayed} seeds", target.name);
    }
}

#[test]
fn regressions() {
    let entries = fs::read_dir(folder("regressions")).expect("the folder is there");
    let mut replayed = 0;
    for entry in entries.map(|entry| entry.expect("it is readable")) {
        let name = entry.file_name();
        let target = TARGETS.iter().find(|target| name == target.name).unwrap_or_else(|| panic!("no target {name:?}"));
        replayed += replay(target, &entry.path());
    }
    assert!(replayed >= 10, "{replayed} regressions");
}

#[test]
fn the_targets_are_those_of_the_fuzz_package_and_the_folders_theirs() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let manifest = fs::read_to_string(folder("Cargo.toml")).expect("the fuzz package is there");
    let bins = manifest.split("[[bin]]").skip(1).filter_map(|bin| bin.split('"').nth(1)).map(str::to_owned);
    assert_eq!(bins.collect::<BTreeSet<_>>(), targets);
    let entries = fs::read_dir(folder("corpus")).expect("the folder is there");
    let folders = entries.map(|entry| entry.expect("it is readable").file_name().into_string());
    assert_eq!(folders.collect::<Result<BTreeSet<_>, _>>().expect("names are text"), targets);
}
