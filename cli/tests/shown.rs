//! The texts and pages of many captures, as `shown/*.txt` holds them, each line once. `UPDATE_REPORTS=1 cargo test -p
//! wabinary-cli --test shown` writes these files again; check what changes.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The captures of a folder of `tests/data`.
fn captures(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|kind| kind == "jsonl")).collect();
    files.sort();
    files.into_iter().map(|path| path.into_os_string().into_string().unwrap()).collect()
}

/// Compares what the commands show with a file.
#[track_caller]
fn assert_shown<'a>(file: &str, commands: impl IntoIterator<Item = (Vec<&'a str>, &'a str)>) {
    let (mut seen, mut shown) = (HashSet::new(), String::new());
    for (arguments, input) in commands {
        let output = tool::run(&arguments, input);
        let mut text = output.text().replace(env!("CARGO_PKG_VERSION"), "VERSION");
        if text.starts_with("<!DOCTYPE") {
            // The style and the script of a page are files of their own. Compressed bodies depend on the compressor.
            for (start, end) in [("<style>", "</style>"), ("<script>", "</script>"), ("<template>", "</template>")] {
                let parts = text.split(start).map(|part| part.split_once(end).map_or(part, |(_, rest)| rest));
                text = parts.collect();
            }
            text = text.replace('<', "\n<");
        }
        for line in text.lines().filter(|line| !line.starts_with("</")) {
            if seen.insert(line.to_owned()) {
                shown += line;
                shown.push('\n');
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shown").join(file);
    if env::var_os("UPDATE_REPORTS").is_some() {
        fs::write(&path, &shown).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    for (number, (found, expected)) in shown.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "{file}, line {}", number + 1);
    }
    assert_eq!(shown.lines().count(), expected.lines().count(), "{file}");
}

#[test]
fn reports_of_calls() {
    let captures = captures("captures/scenarios");
    let text = captures.iter().map(|capture| (vec!["acks", "--remarks", capture], ""));
    assert_shown("acks.txt", text);
    let pages = captures.iter().step_by(3).map(|capture| (vec!["acks", "--format=html", capture], ""));
    assert_shown("acks.html.txt", pages);
}

#[test]
fn surveys_and_the_specification() {
    let captures = captures("captures/scenarios");
    let spec = concat!("--spec=", env!("CARGO_MANIFEST_DIR"), "/../tests/data/wacrg/call-ack.yaml");
    let options = [&["--format=text"][..], &["--format=markdown"], &[spec], &[spec, "--format=json"]];
    let surveys = options.map(|options| {
        let captures = captures.iter().map(|capture| &**capture);
        (["survey"].iter().chain(options).copied().chain(captures).collect(), "")
    });
    assert_shown("survey.txt", surveys);
    assert_shown("spec.html.txt", [(vec!["spec", "--format=html"], "")]);
}

#[test]
fn explanations() {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/vectors/");
    let unusual = format!("{vectors}noncanonical.jsonl");
    let malformed = fs::read_to_string(format!("{vectors}malformed.jsonl")).unwrap();
    let some_text: String = malformed.split_inclusive('\n').step_by(30).collect();
    for (file, options) in [("explain.txt", "--format=text"), ("explain.html.txt", "--format=html")] {
        let some = vec!["explain", "--from=jsonl", options];
        assert_shown(file, [(vec!["explain", "--from=jsonl", options, &unusual], ""), (some, &*some_text)]);
    }
}
