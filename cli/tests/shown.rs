//! The texts and pages of many captures, as `shown/*.txt` holds them, each line once. `UPDATE_REPORTS=1 cargo test -p
//! wabinary-cli --test shown` writes these files again; check what changes.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::collections::HashSet;
use std::{env, fs};

const SCENARIOS: &str = "../tests/data/captures/scenarios";

/// The captures of the scenarios. Tests run in the folder of their package.
fn captures() -> Vec<String> {
    let files = fs::read_dir(SCENARIOS).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<_> = files.filter(|name| name.ends_with(".jsonl")).collect();
    files.sort();
    files.iter().map(|name| format!("{SCENARIOS}/{name}")).collect()
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
    let path = format!("tests/shown/{file}");
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
    let captures = captures();
    let options = [&["--remarks"][..], &["--class=all", "--errors"], &["--class=message", "--id=41.17-1"]];
    let text = options
        .into_iter()
        .flat_map(|options| captures.iter().map(move |capture| ([&["acks"], options, &[&**capture]].concat(), "")));
    assert_shown("acks.txt", text);
    let pages = captures.iter().step_by(3).map(|capture| (vec!["acks", "--format=html", capture], ""));
    assert_shown("acks.html.txt", pages);
}

#[test]
fn surveys_and_the_specification() {
    let captures = captures();
    let spec = "--spec=../tests/data/wacrg/call-ack.yaml";
    let options = [&["--format=text"][..], &["--format=markdown"], &[spec], &[spec, "--format=json"]];
    let surveys = options.map(|options| {
        let captures = captures.iter().map(|capture| &**capture);
        (["survey"].iter().chain(options).copied().chain(captures).collect(), "")
    });
    assert_shown("survey.txt", surveys);
    assert_shown("spec.html.txt", [(vec!["spec", "--format=html"], "")]);
}

#[test]
fn summaries_differences_and_what_is_shared() {
    let captures = captures();
    for (file, command) in [("summary.txt", vec!["summary"]), ("sanitize.txt", vec!["sanitize", "--format=json"])] {
        let run = |capture| ([&command[..], &[capture]].concat(), "");
        assert_shown(file, captures.iter().step_by(4).map(|capture| run(capture)));
    }
    let frames = |capture: &String| [0, 1].map(|number| format!("{capture}#{number}"));
    let pairs: Vec<_> = captures.iter().step_by(6).map(frames).collect();
    assert_shown("diff.txt", pairs.iter().map(|[a, b]| (vec!["diff", a, b], "")));
}

#[test]
fn explanations() {
    let some = |name: &str, step| -> String {
        let vectors = fs::read_to_string(format!("../tests/data/vectors/{name}")).unwrap();
        vectors.split_inclusive('\n').filter(|line| line.len() < 800).step_by(step).collect()
    };
    let frames = [some("noncanonical.jsonl", 1), some("malformed.jsonl", 10)];
    for (file, options) in [("explain.txt", "--format=text"), ("explain.html.txt", "--format=html")] {
        assert_shown(file, frames.iter().map(|frames| (vec!["explain", "--from=jsonl", options], &**frames)));
    }
}
