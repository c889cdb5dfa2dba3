//! The recordings of all hooks in `hooks/` read as the same stanzas. `docs/frames.md` says how the files were made.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::path::Path;

#[test]
fn recordings_of_every_hook_tell_the_same_story() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/hooks");
    let story = std::fs::read_to_string(folder.join("story.xml")).unwrap();
    for (recording, dictionary) in [
        ("whatsapp-web.jsonl", "3"),
        ("baileys-6.17.16.jsonl", "2"),
        ("baileys-6.7.24.jsonl", "3"),
        ("baileys-7.0.0-rc14.jsonl", "3"),
        ("whatsmeow.jsonl", "3"),
        ("whatsapp-rust-0.7.0.jsonl", "3"),
    ] {
        let lines = std::fs::read_to_string(folder.join(recording)).unwrap();
        let decode = |format| {
            let run = tool::run(&["decode", "--dictionary", dictionary, "--format", format], &lines);
            assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{recording}");
            run.text().to_owned()
        };
        assert_eq!(decode("xml"), story, "{recording}");
        // Every record has its time and direction.
        let directions: Vec<_> = decode("jsonl")
            .lines()
            .map(|line| {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(record["time"].as_f64().is_some_and(|time| time > 1.6e9), "{recording}: {line}");
                record["direction"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(directions, ["send", "receive", "receive", "send", "receive"], "{recording}");
    }
}
