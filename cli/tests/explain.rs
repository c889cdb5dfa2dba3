//! The output of `explain` for frames of other implementations, and for frames assembled by hand.

#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "tool/terminal.rs"]
mod terminal;
mod tool;

use std::process::Stdio;

use serde::Deserialize;
use serde_json::Value;
use tool::run;

#[derive(Deserialize)]
struct Vector {
    hex: Option<String>,
}

/// The output of decode for a record, except its tree.
#[derive(Deserialize)]
struct Decoded {
    frame: Value,
    line: Value,
    error: Option<Value>,
}

/// A record with the frame in hexadecimal for each vector that has one.
fn frames_of(file: &str) -> String {
    let path = format!("{}/../tests/data/vectors/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let vectors = text.lines().map(|line| serde_json::from_str::<Vector>(line).unwrap());
    vectors.filter_map(|vector| vector.hex).map(|hex| format!("{{\"hex\":\"{hex}\"}}\n")).collect()
}

const FILES: [(&str, &str); 5] = [
    ("peer-encoded", "3"),
    ("v2-peer-encoded", "2"),
    ("noncanonical", "3"),
    ("malformed", "3"),
    ("peer-disagreements", "3"),
];

fn lines<'a, T: Deserialize<'a>>(text: &'a str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn offset(range: &Value, end: &str) -> u64 {
    range[end].as_u64().unwrap()
}

#[test]
fn leaves_tile_each_space_and_errors_are_those_of_decode() {
    for (file, dictionary) in FILES {
        let input = frames_of(file);
        let decoded = run(&["decode", "--format", "jsonl", "--dictionary", dictionary], &input);
        let explained = run(&["explain", "--format", "jsonl", "--dictionary", dictionary], &input);
        assert_eq!(explained.status, decoded.status, "{file}");
        let (decoded, explained): (Vec<Decoded>, Vec<Value>) = (lines(decoded.text()), lines(explained.text()));
        assert_eq!(explained.len(), input.lines().count(), "{file}");
        for (decoded, explained) in decoded.iter().zip(&explained) {
            assert_eq!(explained["error"], decoded.error.clone().unwrap_or_default());
            assert_eq!((&explained["frame"], &explained["line"]), (&decoded.frame, &decoded.line));
            let ranges = explained["ranges"].as_array().unwrap();
            assert_eq!(end_of_leaves(ranges, "frame"), explained["size"], "{file} {explained}");
            let _ = end_of_leaves(ranges, "inflated");
            for finding in explained["findings"].as_array().unwrap() {
                assert!(offset(finding, "start") < offset(finding, "end"));
                assert!(["rewritten", "unusual"].map(Value::from).contains(&finding["severity"]));
            }
        }
    }
}

/// The end of the leaves of a space. Asserts that they have no gaps, do not overlap and are not empty.
fn end_of_leaves(ranges: &[Value], space: &str) -> u64 {
    let leaves = ranges.iter().filter(|range| range["space"] == space && range["leaf"] == true);
    leaves.fold(0, |end, leaf| {
        assert_eq!(offset(leaf, "start"), end, "{leaf}");
        assert!(offset(leaf, "end") > end, "{leaf}");
        offset(leaf, "end")
    })
}

#[test]
fn text_fits_the_width_and_nothing_in_it_acts_on_a_terminal() {
    // Texts with wide characters, with characters without width, with control characters, and a long one; a deep tree,
    // a long tag.
    let texts = [&"漢字かな🦀".repeat(20), "\u{301}\u{202e}\u{200b}", "\u{1b}[31m\u{7}\r\n\t\0", &"x".repeat(3_000)];
    let trees = texts.map(|text| {
        let node = serde_json::json!({"tag": text, "attrs": [[text, text]], "content": {"bytes": "4ryi4ryiG1szMW0="}});
        let record = serde_json::json!({"time": text, "direction": "send", "node": node});
        format!("{record}\n")
    });
    let deep = format!("{}{}{}\n", r#"{"tag":"a","content":{"nodes":["#.repeat(60), r#"{"tag":"b"}"#, "]}}".repeat(60));
    let deep = format!("{{\"node\":{deep}}}").replace('\n', "") + "\n";
    let inputs = FILES.map(|(file, _)| frames_of(file)).into_iter().chain(trees).chain([deep]);
    let widths = [("0", 40), ("40", 40), ("59", 59), ("80", 80), ("x", 80), ("123", 123), ("999", 200)];
    for (input, (columns, width)) in inputs.zip(widths.into_iter().cycle()) {
        let mut explain = tool::command(&["explain"]);
        explain.env("COLUMNS", columns);
        let explained = tool::in_pieces(explain, &[input.as_bytes()]);
        for line in explained.text().lines() {
            assert!(textwrap::core::display_width(line) <= width, "{width}: {line}");
            assert!(!line.contains(char::is_control) && line == line.trim_end(), "{line:?}");
        }
        assert!(explained.text().contains("│ tag"));
    }
}

#[test]
fn colours_are_a_matter_of_the_option_alone() {
    let input = frames_of("noncanonical") + &frames_of("malformed");
    let plain = run(&["explain"], &input);
    assert_eq!(plain.text(), run(&["explain", "--color", "never"], &input).text());
    let coloured = run(&["explain", "--color", "always"], &input);
    assert!(coloured.text().contains("\u{1b}[32m"));
    assert_eq!(anstream::adapter::strip_str(coloured.text()).to_string(), plain.text());
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_colours_unless_no_color_is_set() {
    for (no_color, term, has_colours) in [(None, "xterm", true), (Some("1"), "xterm", false), (None, "dumb", false)] {
        let terminal = terminal::Terminal::new();
        let mut explain = tool::command(&["explain", "--progress", "never"]);
        explain
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            // If it is set, colours appear without a terminal.
            .env_remove("CI")
            .env("TERM", term)
            .envs(no_color.map(|no| ("NO_COLOR", no)));
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/explain.hex");
        explain.arg(file).stdout(terminal.program());
        let shown = terminal.shows(explain);
        assert!(shown.contains("service unavailable"), "{shown}");
        assert_eq!(shown.contains('\u{1b}'), has_colours, "{no_color:?} {term} {shown}");
    }
}

#[test]
fn a_body_without_flag_byte_begins_with_its_node() {
    let explained = run(&["explain", "--format", "jsonl", "--flag-byte", "no"], "f8011b\n");
    let explained = &lines::<Value>(explained.text())[0];
    let ranges = explained["ranges"].as_array().unwrap();
    let shown: Vec<_> = ranges.iter().map(|range| (offset(range, "start"), range["kind"].as_str().unwrap())).collect();
    assert_eq!(shown, [(0, "node"), (0, "list-head"), (2, "tag")]);
    assert_eq!((&explained["size"], &explained["error"]), (&3.into(), &Value::Null));
}

/// Ranges take much more memory than their bytes.
#[cfg(target_os = "linux")]
#[test]
fn as_many_ranges_as_there_may_be_fit_into_512_mib() {
    // Attributes of two bytes, with three ranges each. Reads only the start of the output.
    let attributes: Vec<u8> = (1..=235).flat_map(|name| [name, 3]).collect();
    let node = [&[0xf9, 0x01, 0xd7, 0x1b], attributes.as_slice()].concat();
    let start_of_explanation = |count: u16| {
        let [high, low] = count.to_be_bytes();
        let frame = [&[0x00, 0xf8, 0x02, 0x1b, 0xf9, high, low], node.repeat(count.into()).as_slice()].concat();
        let script = "ulimit -v 524288; \"$0\" explain --format jsonl | head -c 500";
        let mut command = std::process::Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_wabinary")]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let ran = tool::in_pieces(command, &[data_encoding::HEXLOWER.encode(&frame).as_bytes()]);
        (frame.len(), String::from_utf8(ran.stdout).unwrap(), ran.stderr)
    };
    let (size, start, said) = start_of_explanation(8_848);
    let flag = "\"ranges\":[{\"start\":0,\"end\":1,\"space\":\"frame\",\"leaf\":true,\"depth\":0,\"path\":\"\",\"kind\":\"flag\"";
    assert!(start.starts_with(&format!("{{\"frame\":0,\"line\":1,\"size\":{size},{flag}")), "{start}");
    assert!(size <= 4 << 20 && said.is_empty(), "{said}");

    // A frame that is too long has one range, without an explanation.
    let (size, start, said) = start_of_explanation(8_849);
    let ranges = serde_json::json!([{
        "start": 0, "end": size, "space": "frame", "leaf": true, "depth": 0, "path": "", "kind": "unread",
        "text": format!("not read: {size} bytes"),
    }]);
    assert!(size > 4 << 20 && said.contains("1 of 1 records could not be decoded"), "{said}");
    let object: Value = serde_json::from_str(&start).unwrap();
    assert_eq!((&object["ranges"], &object["error"]["kind"]), (&ranges, &Value::from("too-long")));
}
