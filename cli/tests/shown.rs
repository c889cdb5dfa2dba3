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
        let mut command = tool::command(&arguments);
        command.env("COLUMNS", if file.starts_with("narrow") { "50" } else { "80" });
        let output = tool::in_pieces(command, &[input.as_bytes()]);
        let mut text = output.text().replace(env!("CARGO_PKG_VERSION"), "VERSION") + &output.stderr;
        if text.starts_with("<!DOCTYPE") {
            // The style and the script of a page are files of their own. Compressed bodies depend on the compressor.
            for (start, end) in [("<style>", "</style>"), ("<script>", "</script>"), ("<template>", "</template>")] {
                let parts = text.split(start).map(|part| part.split_once(end).map_or(part, |(_, rest)| rest));
                text = parts.collect();
            }
            text = text.replace('<', "\n<");
        }
        for line in text.lines().filter(|line| !line.starts_with("</")) {
            let is_new = if line.is_empty() { !shown.ends_with("\n\n") } else { seen.insert(line.to_owned()) };
            if is_new {
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
    // A code that is a text, and one that could act; an ack of another type, and of another class.
    let ack = |attrs: &str| {
        format!(r#"{{"direction":"receive","node":{{"tag":"ack","attrs":[["from","1@lid"],{attrs}]}}}}"#) + "\n"
    };
    let call = r#"{"direction":"send","node":{"tag":"call","attrs":[["id","1"],["to","1@lid"]],"content":{"nodes":[{"tag":"accept","attrs":[["call-id","C"]]}]}}}"#;
    let codes = ["busy", r"a \u001bb"].map(|code| ack(&format!(r#"["class","call"],["id","1"],["error","{code}"]"#)));
    let other_class = ack(r#"["class","message"],["id","2"],["error","403"]"#);
    let odd = [call, "\n", &ack(r#"["class","call"],["id","1"],["type","preaccept"]"#), &other_class].concat();
    let more = [
        (vec!["acks", "--from=jsonl"], &*codes[0]),
        (vec!["acks", "--from=jsonl"], &codes[1]),
        (vec!["acks", "--from=jsonl"], &odd),
        (vec!["acks", "--from=jsonl", "--errors"], &odd),
        // A frame that is refused counts whatever is selected.
        (vec!["acks", "--frame=1", "tests/captures/interop.jsonl"], ""),
    ];
    assert_shown("acks.txt", text.chain(more));
    let pages = captures.iter().step_by(2).map(|capture| (vec!["acks", "--format=html", capture], ""));
    assert_shown("acks.html.txt", pages.chain([(vec!["acks", "--from=jsonl", "--format=html"], &*odd)]));
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
    let others = ["call.hex", "client.log"].map(|name| format!("tests/captures/{name}"));
    let others = others.iter().map(|name| (vec!["survey", name], ""));
    assert_shown("survey.txt", surveys.into_iter().chain(others));
    assert_shown("spec.html.txt", [(vec!["spec", "--format=html"], "")]);
}

#[test]
fn summaries_differences_and_what_is_shared() {
    let captures = captures();
    let few = || captures.iter().step_by(4);
    // An empty list with a head, digits that are not packed, an empty packed text.
    let sent = ["00f8021bf800", "00f8031b08fc03313233", "00f8031b08ff00", "00f8031b08ff811f"];
    let sent =
        sent.map(|hex| format!("{{\"direction\":\"send\",\"source\":\"a client\",\"hex\":\"{hex}\"}}\n")).concat();
    let summaries = ["--format=text", "--format=json"].into_iter().flat_map(|format| {
        let command = move |capture| (vec!["summary", format, capture], "");
        few().map(move |capture| command(capture)).chain([(vec!["summary", format], &*sent)])
    });
    assert_shown("summary.txt", summaries);
    let shared = few().map(|capture| (vec!["sanitize", "--format=json", &**capture], ""));
    let of_call = "--call-id=0123456789ABCDEF0123456789ABCD31";
    let more = [
        (vec!["sanitize", "--format=json", "--from=hex"], ""),
        (vec!["sanitize", "--format=xml", of_call, &captures[8]], ""),
        (vec!["sanitize", "--format=xml", "--call-id=unknown", &captures[8]], ""),
    ];
    assert_shown("sanitize.txt", shared.chain(more));
    let frames = |capture: &String| [0, 1].map(|number| format!("{capture}#{number}"));
    let pairs: Vec<_> = captures.iter().step_by(6).map(frames).collect();
    let [a, b] = ["ff", "fe"].map(|byte| format!("00f8021bfc46{}", byte.repeat(70)));
    // As many bytes as are shown of a part.
    let whole = format!("00f8021bfc18{}", "ff".repeat(24));
    let pairs = pairs.iter().map(|[a, b]| (vec!["diff", a, b], ""));
    let pairs = pairs.chain([&b, &whole].map(|other| (vec!["diff", &a, other], "")));
    assert_shown("diff.txt", pairs);
}

#[test]
fn explanations() {
    let some = |name: &str, step| -> String {
        let vectors = fs::read_to_string(format!("../tests/data/vectors/{name}")).unwrap();
        vectors.split_inclusive('\n').filter(|line| line.len() < 800).step_by(step).collect()
    };
    // Null as a value and in an address, and nodes in nodes.
    let more = format!(
        "{{\"hex\":\"00f8031b0400\"}}\n{{\"hex\":\"00f8031b11fa0003\"}}\n{{\"hex\":\"00{}f8011b\"}}\n",
        "f8021bf801".repeat(10)
    );
    let frames = [some("noncanonical.jsonl", 1), some("malformed.jsonl", 10), more];
    let formats = [("explain.txt", "text"), ("narrow.txt", "text"), ("explain.html.txt", "html")];
    for (file, format) in formats {
        let explained = frames.iter().map(|frames| (vec!["explain", "--from=jsonl", "--format", format], &**frames));
        let files = vec!["explain", "--format", format, "tests/captures/explain.hex", "tests/captures/call.hex"];
        assert_shown(file, explained.chain([(files, "")]));
    }
}

#[test]
fn trees_in_colours_and_from_texts() {
    let colours =
        ["decode", "--color=always", "--header=always", "tests/captures/trees.xml", "tests/captures/no-flag-byte.hex"];
    let json = r#"{"time":"12:00:05","clock":"day","node":{"tag":"a","attrs":[["x","1"]],"content":[1,255,-1]}}
{"time":1700000000,"fidelity":"text","lost":["attr-order"],"node":{"tag":"a","content":{"missing":null}}}
{"time":1700000001000,"node":{"tag":"a","content":{"nodes":[{"tag":"b"},{"tag":"c","content":{"missing":3}}]}}}
{"node":[["a",{"x":"1"},null]]}
"#;
    let cut = r#"{"log":{"version":"1.2","entries":[{"_webSocketMessages":[{"type":"send","time":1.5"#;
    let lines = "[0, 248, 3,\n 27, 8, 4]\n// a comment\n2023-11-14 send 00f8011b\n`00f8011b`\n";
    let commands = [
        (colours.to_vec(), ""),
        (vec!["decode", "--format=jsonl"], json),
        (vec!["encode"], json),
        (vec!["decode", "--format=jsonl"], cut),
        (vec!["decode", "--format=jsonl"], lines),
    ];
    assert_shown("decode.txt", commands);
}
