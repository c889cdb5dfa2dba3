//! Frames for fuzzing are equal in every run, in each form.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::fs;
use std::path::Path;

use tool::run;

#[test]
fn a_seed_gives_the_same_frames_in_every_form() {
    let arguments = ["generate", "--count", "20", "--seed", "9", "--stanza", "call", "--spell", "odd"];
    let made = |more: &[&str]| run(&[&arguments, more].concat(), "");
    let hex = made(&[]);
    assert_eq!((hex.status, hex.stderr.as_str(), hex.text().lines().count()), (Some(0), "", 20));
    assert_eq!(made(&[]).text(), hex.text());
    assert_ne!(run(&["generate", "--count", "20", "--seed", "8", "--stanza", "call"], "").text(), hex.text());
    let [acks, calls, both] = ["ack", "call", "ack,call"].map(|stanzas| {
        let frames = run(&["generate", "--count", "4", "--stanza", stanzas], "");
        frames.text().lines().map(str::to_owned).collect::<Vec<_>>()
    });
    assert_eq!(both, [&acks[0], &calls[0], &acks[1], &calls[1]].map(String::as_str));
    let lines: String = hex.text().lines().map(|hex| format!("{{\"hex\":\"{hex}\"}}\n")).collect();
    assert_eq!(made(&["--format", "jsonl"]).text(), lines);
    for format in ["raw", "go"] {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("generate-{format}"));
        let _ = fs::remove_dir_all(&folder);
        let again = [(); 2].map(|()| made(&["--format", format, "--output", folder.to_str().unwrap()]).stderr);
        assert_eq!(again.map(|said| said.contains("is not empty: 20 files stay")), [false, true], "{format}");
        let first = fs::read(folder.join("frame-000000")).unwrap();
        let digits = hex.text().lines().next().unwrap().to_owned();
        let expected = match format {
            "raw" => data_encoding::HEXLOWER.decode(digits.as_bytes()).unwrap(),
            _ => {
                let escaped = digits.as_bytes().chunks(2).map(|two| format!("\\x{}", str::from_utf8(two).unwrap()));
                format!("go test fuzz v1\n[]byte(\"{}\")\n", escaped.collect::<String>()).into_bytes()
            }
        };
        assert_eq!((first, fs::read_dir(&folder).unwrap().count()), (expected, 20), "{format}");
        // The other commands read what Go wrote.
        let file = folder.join("frame-000000");
        let read = run(&["decode", "--from", if format == "raw" { "raw" } else { "auto" }, file.to_str().unwrap()], "");
        let shown = run(&["decode"], &digits);
        assert_eq!((read.status, read.stderr.as_str(), read.text()), (Some(0), "", shown.text()), "{format}");
        let into_file = made(&["--format", format, "--output", file.to_str().unwrap()]);
        assert_eq!((into_file.status, into_file.stderr.contains("it is a file; name a folder")), (Some(3), true));
    }
    assert_eq!(made(&["--format", "go"]).status, Some(2));
    let decoded = run(&["decode", "--tag", "call"], hex.text());
    assert_eq!((decoded.status, decoded.text().matches("<call ").count()), (Some(0), 20));
}
