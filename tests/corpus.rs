//! The seeds and regressions of the fuzz targets, through the same checks. A folder that is missing is a failure.

use wabinary_testing::targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use targets::{TARGETS, Target};
use wabinary::stream::LONGEST_FRAME;

/// What has regressions.
const WITH_REGRESSIONS: [&str; 7] = ["decode", "explain", "framing", "inflate", "jid", "roundtrip_bytes", "xml"];

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

/// The names in a folder of `fuzz`.
fn names(of: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(of)).unwrap_or_else(|error| panic!("{of}: {error}"));
    let names = entries.map(|entry| entry.expect("it is readable").file_name().into_string());
    names.collect::<Result<_, _>>().expect("names are text")
}

fn replay_seeds(target: &Target) {
    let of = format!("corpus/{}", target.name);
    // What fuzzing found stands beside what was written for the target.
    let named = names(&of).iter().filter(|name| !name.starts_with("found-")).count();
    assert!(named >= 10, "{}: {named} seeds", target.name);
    assert!(replay(target, &folder(&of)) >= named);
}

/// Those of `targets` that have any; gives their number.
fn replay_regressions(targets: &[Target]) -> usize {
    let with_any = targets.iter().filter(|target| WITH_REGRESSIONS.contains(&target.name));
    with_any.map(|target| replay(target, &folder("regressions").join(target.name))).sum()
}

#[test]
fn seeds() {
    TARGETS.iter().for_each(replay_seeds);
}

#[test]
fn regressions() {
    assert_eq!(names("regressions"), WITH_REGRESSIONS.map(str::to_owned).into());
    let replayed = replay_regressions(&TARGETS);
    assert!(replayed >= 23, "{replayed} regressions");
}

#[test]
fn the_targets_are_those_of_the_fuzz_package_and_the_folders_theirs() {
    // The one that needs another codec is in the fuzz package alone, and takes the corpus of `decode`.
    let names_of_targets = TARGETS.iter().map(|target| target.name).chain(["differential"]);
    let mut targets: BTreeSet<String> = names_of_targets.map(str::to_owned).collect();
    let manifest = fs::read_to_string(folder("Cargo.toml")).expect("the fuzz package is there");
    let bins = manifest.split("[[bin]]").skip(1).filter_map(|bin| bin.split('"').nth(1)).map(str::to_owned);
    assert_eq!(bins.collect::<BTreeSet<_>>(), targets);
    targets.remove("differential");
    assert_eq!(names("corpus"), targets);
    assert!(WITH_REGRESSIONS.iter().all(|name| targets.contains(*name)));
}

#[test]
fn a_stream_arrives_in_pieces_of_one_size_or_of_those_in_the_input() {
    let parts = targets::framing::pieces_limit_and_stream;
    assert_eq!(parts(b"\x03\x09abcdefg"), Some((vec![3, 3, 3], 9, &b"abcdefg"[..])));
    assert_eq!(parts(b"\x83\x09\x02\x00\x04abcdefg"), Some((vec![2, 0, 4, 2], 9, &b"abcdefg"[..])));
    assert_eq!(parts(b"\x81\xff\xc8abc"), Some((vec![200], LONGEST_FRAME, &b"abc"[..])));
    // Pieces of nothing come to an end, and sizes alone are no stream.
    assert_eq!(parts(b"\x00\x00abc"), Some((vec![0; 3], 0, &b"abc"[..])));
    assert_eq!(parts(b"\xff\x00abc"), Some((vec![], 0, &b""[..])));
    assert_eq!(parts(b"\x03"), None);
}
