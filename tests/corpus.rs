//! Replays the corpora and regressions of the fuzz targets. A missing or empty file or folder is a failure.

use wabinary_testing::corpora;
use wabinary_testing::targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use corpora::Input;
use targets::{TARGETS, Target};
use wabinary::stream::LONGEST_FRAME;

/// The targets that have regressions.
const WITH_REGRESSIONS: [&str; 7] = ["decode", "explain", "framing", "inflate", "jid", "roundtrip_bytes", "xml"];

/// Runs a target on inputs, and returns their number.
fn replay(Target { name, check }: &Target, inputs: &[Input]) -> usize {
    for input in inputs {
        assert!(catch_unwind(|| check(&input.bytes)).is_ok(), "{name}: {}", input.name);
    }
    inputs.len()
}

/// Replays the regressions of the `targets` that have some, and returns the number of inputs.
fn replay_regressions(targets: &[Target]) -> usize {
    let with_any = targets.iter().filter(|target| WITH_REGRESSIONS.contains(&target.name));
    with_any.map(|target| replay(target, &corpora::regressions(target.name))).sum()
}

/// The names in a folder of `fuzz`: folders, and files.
fn names(of: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(of);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{of}: {error}"));
    let paths = entries.map(|entry| entry.expect("the folder is readable").path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.is_dir());
    let names =
        |paths: Vec<PathBuf>| paths.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect();
    (names(folders), names(files))
}

#[test]
fn corpora_of_targets() {
    let replayed: usize = TARGETS.iter().map(|target| replay(target, &corpora::corpus(target.name))).sum();
    assert!(replayed >= 2000, "{replayed} inputs");
}

#[test]
fn regressions() {
    assert_eq!(names("regressions").0, WITH_REGRESSIONS.map(str::to_owned).into());
    let replayed = replay_regressions(&TARGETS);
    assert!(replayed >= 23, "{replayed} regressions");
}

#[test]
fn the_targets_are_those_of_the_fuzz_package_and_the_corpora_theirs() {
    // `differential` needs another codec, so only the fuzz package has it and replays its corpus.
    let names_of_targets = TARGETS.iter().map(|target| target.name).chain(["differential"]);
    let targets: BTreeSet<&str> = names_of_targets.collect();
    let manifest = include_str!("../fuzz/Cargo.toml");
    let bins = manifest.split("[[bin]]").skip(1).filter_map(|bin| bin.split('"').nth(1));
    assert_eq!(bins.collect::<BTreeSet<_>>(), targets);
    assert_eq!(names("corpus").1, targets.iter().map(|target| format!("{target}.hex")).collect());
    assert!(WITH_REGRESSIONS.iter().all(|name| targets.contains(name)));
}

#[test]
fn a_stream_arrives_in_pieces_of_one_size_or_of_those_in_the_input() {
    let parts = targets::framing::pieces_limit_and_stream;
    assert_eq!(parts(b"\x03\x09abcdefg"), Some((vec![3, 3, 3], 9, &b"abcdefg"[..])));
    assert_eq!(parts(b"\x83\x09\x02\x00\x04abcdefg"), Some((vec![2, 0, 4, 2], 9, &b"abcdefg"[..])));
    assert_eq!(parts(b"\x81\xff\xc8abc"), Some((vec![200], LONGEST_FRAME, &b"abc"[..])));
    // Empty pieces come to an end, and sizes alone are not a stream.
    assert_eq!(parts(b"\x00\x00abc"), Some((vec![0; 3], 0, &b"abc"[..])));
    assert_eq!(parts(b"\xff\x00abc"), Some((vec![], 0, &b""[..])));
    assert_eq!(parts(b"\x03"), None);
}
