//! Inputs that fuzzing found, so that what is said of any input does not rest on made ones alone.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Bounds, stays_below};

/// The files of folders of `fuzz/`. A folder that is missing is a failure.
pub(crate) fn files(folders: &[&str]) -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let entries = |folder: &&str| {
        let folder = root.join(folder);
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    };
    let paths = folders.iter().flat_map(entries).map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// The frame in an input whose first byte chooses options, which here are all.
fn behind_options(input: &[u8]) -> Vec<u8> {
    input.get(1..).unwrap_or(&[]).to_vec()
}

/// The same of one whose first two bytes are a limit, behind which a zlib stream stands.
fn of_stream(input: &[u8]) -> Vec<u8> {
    [&[2], input.get(2..).unwrap_or(&[])].concat()
}

fn stay_below(folders: &[&str], frame_of: fn(&[u8]) -> Vec<u8>, at_least: usize) {
    let bounds = Bounds::documented();
    let files = files(folders);
    assert!(files.len() >= at_least, "{} files", files.len());
    for (path, input) in files {
        stays_below(&bounds, &path.display().to_string(), &frame_of(&input));
    }
}

#[test]
fn what_decoding_was_fuzzed_with() {
    stay_below(&["corpus/decode"], behind_options, 900);
}

#[test]
fn what_coming_back_was_fuzzed_with() {
    stay_below(&["corpus/roundtrip_bytes"], behind_options, 600);
}

#[test]
fn what_inflating_was_fuzzed_with() {
    stay_below(&["corpus/inflate", "regressions/inflate"], of_stream, 300);
}

#[test]
fn what_fuzzing_found_wrong() {
    stay_below(&["regressions/decode", "regressions/explain", "regressions/roundtrip_bytes"], behind_options, 10);
}
