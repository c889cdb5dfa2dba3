//! The seeds and regressions of the fuzz targets, through the same checks. A folder that is missing is a failure.

#[path = "support/targets/mod.rs"]
mod targets;
#[cfg(all(feature = "xml", feature = "serde"))]
#[path = "support/targets/texts.rs"]
mod texts;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};

/// Those that read texts, which takes features of the crate.
#[cfg(all(feature = "xml", feature = "serde"))]
const OF_TEXTS: &[Target] = &[Target { name: "xml", check: texts::xml }, Target { name: "json", check: texts::json }];
#[cfg(not(all(feature = "xml", feature = "serde")))]
const OF_TEXTS: &[Target] = &[Target { name: "xml", check: |_| () }, Target { name: "json", check: |_| () }];

fn all_targets() -> impl Iterator<Item = &'static Target> {
    TARGETS.iter().chain(OF_TEXTS)
}

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
    for target in all_targets() {
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
        let target = all_targets().find(|target| name == target.name).unwrap_or_else(|| panic!("no target {name:?}"));
        replayed += replay(target, &entry.path());
    }
    assert!(replayed >= 10, "{replayed} regressions");
}

#[test]
fn the_targets_are_those_of_the_fuzz_package_and_the_folders_theirs() {
    // The one that needs another codec is in the fuzz package alone, and takes the corpus of `decode`.
    let mut targets: BTreeSet<String> = all_targets().map(|target| target.name.to_owned()).collect();
    targets.insert("differential".to_owned());
    let manifest = fs::read_to_string(folder("Cargo.toml")).expect("the fuzz package is there");
    let bins = manifest.split("[[bin]]").skip(1).filter_map(|bin| bin.split('"').nth(1)).map(str::to_owned);
    assert_eq!(bins.collect::<BTreeSet<_>>(), targets);
    targets.remove("differential");
    let entries = fs::read_dir(folder("corpus")).expect("the folder is there");
    let folders = entries.map(|entry| entry.expect("it is readable").file_name().into_string());
    assert_eq!(folders.collect::<Result<BTreeSet<_>, _>>().expect("names are text"), targets);
}
