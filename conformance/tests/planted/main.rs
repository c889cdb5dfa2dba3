//! Faults in codecs are found, and made small; this library has none against itself.

mod codec;

use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;
use std::{env, fs, thread};

use wabinary::{Dictionary, Encoder};
use wabinary_conformance::adapter::Adapter;
use wabinary_conformance::campaign::{Effort, run};
use wabinary_conformance::inputs;
use wabinary_conformance::report::{Example, Report, page};
use wabinary_conformance::verdict::{Class, Deviation, Probe, Signature};

/// Each fault, with what is found: a row of GRAMMAR.md, or how it deviates elsewhere, or in which part.
const FAULTS: [(&str, &str); 45] = [
    ("accepts-trailing-bytes", "D4.1"),
    ("ignores-padding", "D12c.1"),
    ("ignores-flags", "D1.1"),
    ("masks-lengths", "D15"),
    ("keeps-names-twice", "D11.1"),
    ("accepts-empty-tags", "D7.1"),
    ("reads-text-lossily", "D14.1"),
    ("refuses-long-list-heads", "D17.1"),
    ("refuses-empty-list-heads", "D21.1"),
    ("refuses-stored-zlib", "refuses"),
    ("dies-of-empty-bytes", "crashes"),
    ("dies-of-addresses-in-addresses", "crashes"),
    ("hangs-on-interop", "hangs"),
    ("reads-null-as-empty", "D9"),
    ("sorts-attributes", "other-tree"),
    ("reads-content-tokens-as-bytes", "D22.1"),
    ("drops-empty-lists", "D20"),
    ("swaps-dash-and-dot", "other-tree"),
    ("reads-hex-in-lower-case", "other-tree"),
    ("reads-hosted-as-phone", "D29.1"),
    ("loses-device-bit-7", "D43"),
    ("drops-the-integrator", "D37.3"),
    ("misreads-one-token", "other-tree"),
    ("misreads-the-last-dictionary", "D19.1"),
    ("drops-the-ninth-attribute", "other-tree"),
    ("drops-empty-values", "7.2 empty string"),
    ("writes-texts-as-addresses", "6.3 u:0"),
    ("writes-empty-tags", "7.2 empty tag"),
    ("loses-content-beside-three", "kind of the content"),
    ("never-writes-odd-packed", "other-tree"),
    ("writes-long-heads", "other-bytes"),
    ("writes-names-twice", "duplicate-key"),
    ("writes-devices-modulo-256", "address"),
    ("wraps-the-number-of-children", "number of children"),
    ("loses-256-bytes", "other-tree"),
    ("loses-a-child-of-255", "other-tree"),
    ("refuses-depth-50", "refuses"),
    ("loses-a-dot-of-odd", "other-tree"),
    ("hangs-on-255-bytes", "hangs"),
    ("remembers-an-error", "refuses"),
    // An adapter may do as it likes.
    ("names-its-part-otherwise", "breaks-protocol"),
    ("closes-its-pipe", "crashes"),
    ("dies-now-and-then", "deaths"),
    ("prints-junk", ""),
    ("answers-twice", ""),
];

/// Of faults in a row: how many inputs deviate elsewhere all the same, and whether the row explains further inputs.
const OUTSIDE_ROWS: [(&str, usize, bool); 3] = [
    ("refuses-long-list-heads", 1, true),
    ("misreads-the-last-dictionary", 2, false),
    ("writes-texts-as-addresses", 0, false),
];

/// The adapter with a fault: this program, with only one test.
#[test]
fn codec() {
    if let Ok(fault) = env::var("PLANTED_FAULT") {
        codec::run(&fault).unwrap();
    }
}

fn planted(fault: &str) -> String {
    let program = env::current_exe().unwrap();
    format!("env PLANTED_FAULT={fault} {} --exact codec --nocapture --test-threads=1", program.display())
}

fn report(command: &str, effort: Effort) -> Report {
    // A fault hangs for an hour.
    let timeout = Duration::from_millis(if command.contains("hangs") { 500 } else { 20_000 });
    run(Adapter::new(command, timeout), effort).unwrap_or_else(|error| panic!("{command}: {error}"))
}

#[test]
fn planted_faults_are_found_and_small() {
    let effort = Effort { random: 240, vectors: false, examples: 3, ..Effort::default() };
    let (queue, failed) = (Mutex::new(FAULTS.to_vec()), Mutex::new(Vec::new()));
    let work = || {
        while let Some((fault, expected)) = { queue.lock().unwrap().pop() } {
            let report = report(&planted(fault), effort);
            let in_row = report.deviating_rows().any(|cell| cell.row == expected);
            let longest = report.elsewhere.iter().map(|example| example.length).max().unwrap_or(0);
            let named =
                report.elsewhere.iter().any(|example| example.class.name() == expected || example.place == expected);
            let is_counted = (fault != "prints-junk" || report.junk > 0)
                && report.asked == report.decoding.asked + report.encoding.asked
                && report.conforming == report.decoding.conforming + report.encoding.conforming;
            let outside = OUTSIDE_ROWS.iter().find(|(known, ..)| *known == fault);
            let (others, explains) = outside.map_or((0, true), |&(_, others, explains)| (others, explains));
            let is_explained = report.in_rows.keys().all(|row| report.deviating_rows().any(|cell| cell.row == *row))
                && (!in_row || report.elsewhere.len() <= others)
                && (!in_row || !explains || report.in_rows.contains_key(expected));
            let found = match expected {
                "" => report.is_good(),
                "deaths" => {
                    let shown =
                        page(std::slice::from_ref(&report)).contains(&format!("<td>{}</td></tr>", report.deaths));
                    report.deaths > 0 && !report.is_good() && shown
                }
                _ => in_row || named,
            };
            if !found || !is_counted || !is_explained || longest >= 40 {
                failed.lock().unwrap().push(format!("{fault}, expected {expected}, {longest} bytes:\n{report}"));
            }
        }
    };
    thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(work))));
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn this_library_conforms_to_itself() {
    let effort = Effort { random: 600, ..Effort::default() };
    let report = report(env!("CARGO_BIN_EXE_wabinary-adapter"), effort);
    assert!(report.is_good() && report.deviating_rows().next().is_none(), "{report}");
    assert_eq!(report.asked, report.conforming);
    assert!(report.to_string().starts_with("wabinary "), "{report}");
    // Under looser rules it deviates only in the rows that they are about.
    let effort = Effort { random: 240, vectors: false, ..effort };
    let names = "duplicate-keys,flag-bits,pad-nibble,length-bits,ad-domain,real-clients";
    let report = self::report(&format!("cd . && {} --allow {names}", env!("CARGO_BIN_EXE_wabinary-adapter")), effort);
    assert!(report.elsewhere.iter().all(|example| example.class.name() == "accepts"), "{report}");
    assert!(report.deviating_rows().count() >= 15, "{report}");
}

#[test]
fn the_program_tells_by_its_status_and_fills_its_own_column() {
    let text = "\
        <!-- written by wabinary-conformance --grammar: begin -->\n\
        old\n\
        <!-- written by wabinary-conformance --grammar: end -->\n\
        | id | what | wabinary |\n\
        | D1.1 | a row | old; remark |\n\
        | D0 | not run | old |\n\
        \n\
        | id | tree | wabinary |\n\
        | 7.2 tag 0 | `<_x0030_/>` | old |\n\
        | 7.2 tag 0 | `<ack/>` | not run |\n";
    let grammar = env::temp_dir().join(format!("wabinary-conformance-{}.md", std::process::id()));
    fs::write(&grammar, text).unwrap();
    let adapter = env!("CARGO_BIN_EXE_wabinary-adapter");
    let swaps = planted("swaps-dash-and-dot");
    let trailing = planted("accepts-trailing-bytes");
    let mut reports = Vec::new();
    // One codec that conforms does not excuse another.
    for (commands, more, status) in [
        (&[adapter][..], "--strict --random=20 --tries=20", 0),
        (&[&trailing], "--random=20", 0),
        (&[&trailing], "--random=20 --strict --seed=2", 1),
        (&[&swaps, adapter], "--random=0 --tries=0", 1),
        (&["exit 3"], "", 3),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_wabinary-conformance"));
        program.args(["--timeout=20", "--format=json"]).args(more.split_whitespace());
        program.args(commands.iter().flat_map(|command| ["--command", command]));
        if commands == [adapter] {
            program.arg("--grammar").arg(&grammar);
        }
        let output = program.output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
        let found = serde_json::from_slice::<Vec<serde_json::Value>>(&output.stdout);
        assert_eq!(found.is_ok(), status != 3);
        reports.extend(found.unwrap_or_default());
    }
    let [more_random, one_seed, other_seed, unchanged, none_random] = &reports[..] else {
        panic!("{} reports", reports.len())
    };
    assert_ne!(one_seed["asked"], other_seed["asked"]);
    assert!(more_random["asked"].as_u64() > none_random["asked"].as_u64());
    // Without a try, nothing gets small.
    let examples = unchanged["elsewhere"].as_array().unwrap();
    assert!(examples.iter().any(|example| example["length"].as_u64() > Some(40)));
    let written = fs::read_to_string(&grammar).unwrap();
    fs::remove_file(&grammar).unwrap();
    let lines: Vec<_> = written.lines().collect();
    assert!(lines[1].contains("wabinary ") && lines[2].ends_with("end -->"), "{written}");
    assert!(!lines[4].contains("old") && lines[4].ends_with("; remark |"), "{written}");
    assert_eq!(lines[5..8], ["| D0 | not run | old |", "", "| id | tree | wabinary |"]);
    assert_eq!(lines[8..], ["| 7.2 tag 0 | `<_x0030_/>` | ok |", "| 7.2 tag 0 | `<ack/>` | not run |"]);
}

#[test]
fn the_grammar_has_each_tree_and_its_frame() {
    let grammar = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../GRAMMAR.md")).unwrap();
    let lines = grammar.lines().filter(|line| line.starts_with("| 6.3 ") || line.starts_with("| 7.2 "));
    let mut trees = inputs::rows(Dictionary::V3);
    trees.retain(|row| row.row.starts_with("6.3") || row.row.starts_with("7.2"));
    assert_eq!(lines.clone().count(), trees.len());
    for (line, row) in lines.zip(&trees) {
        let Probe::Encode(dictionary, node) = &row.probe else { panic!("{row:?}") };
        let result = match Encoder::new().with_dictionary(*dictionary).encode(node) {
            Ok(frame) => data_encoding::HEXLOWER.encode(&frame),
            Err(error) => format!("error {}", error.kind().name()),
        };
        assert!(line.starts_with(&format!("| {} | `{}` | `{result}` |", row.row, row.why)), "{line}");
    }
}

#[test]
fn two_examples_of_a_shape_are_kept() {
    let probe = |frame: &[u8]| Probe::Decode(Dictionary::V3, frame.to_vec());
    let mut report = Report::of(&serde_json::from_str(r#"{"name":"a","version":"1"}"#).unwrap());
    for (frame, kept) in [
        (&b"\0\xf8\x01\x1b"[..], 1),
        (b"\0\xf8\x01\x1b", 1),
        (b"\0\xf8\x01\x07", 2),
        (b"\0\xf8\x01\x08", 2),
        (b"\0\xf8\x02\x1b\xfc\x01a", 3),
    ] {
        let signature = Signature { decoding: true, class: Class::Accepts, place: String::new() };
        let deviation = Deviation { signature, expected: String::new(), found: String::new() };
        report.add(Example::new(&probe(frame), deviation));
        assert_eq!(report.elsewhere.len(), kept, "{frame:?}");
    }
}
