//! The examples of README.md and docs/formats.md work as shown.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The contents of a document's code blocks in a language.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let pieces = text.split("\n```").collect::<Vec<_>>();
    // Fences alternately open and close.
    let inside = pieces.iter().skip(1).step_by(2);
    inside
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .map(|block| format!("{block}\n"))
        .collect()
}

/// The output of a line in a shell that finds the tool, in a separate folder with links to `tests` and `cli`.
fn run(line: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    fs::create_dir_all(&folder).unwrap();
    for seen in ["tests", "cli"] {
        // It exists from an earlier run.
        let _ = std::os::unix::fs::symlink(root().join(seen).canonicalize().unwrap(), folder.join(seen));
    }
    let tool = Path::new(env!("CARGO_BIN_EXE_wabinary")).parent().unwrap();
    let path = format!("{}:{}", tool.display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh").args(["-c", line]).env("PATH", path).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn consoles_print_what_stands_below_the_command() {
    let consoles = blocks("README.md", "console");
    assert!(consoles.len() >= 3, "{consoles:?}");
    for console in consoles {
        let (command, expected) = console.split_once('\n').unwrap();
        assert_eq!(run(command.strip_prefix("$ ").unwrap()), expected, "{command}");
    }
}

#[test]
fn commands_succeed() {
    let lines = blocks("README.md", "sh").join("");
    let (of_the_tool, others): (Vec<&str>, Vec<&str>) = lines.lines().partition(|line| line.starts_with("wabinary "));
    assert!(of_the_tool.len() >= 10, "{of_the_tool:?}");
    for line in of_the_tool {
        run(line);
    }
    // `.ci/run` runs the first two; the others change the user's machine.
    for line in others {
        let known = [
            "cargo run --release -p wabinary-cli -- decode ",
            "cargo test --workspace ",
            "cargo install --path cli",
            "cargo add wabinary ",
        ];
        assert!(known.iter().any(|known| line.starts_with(known)), "{line}");
    }
}

#[test]
fn the_json_form_encodes() {
    let [json] = <[String; 1]>::try_from(blocks("docs/formats.md", "json")).unwrap();
    let xml = run(&format!("printf '%s' '{json}' | wabinary encode | wabinary decode"));
    assert_eq!(xml, "<ack id=\"OF-0001\" from=\"s.whatsapp.net\" x=\"{null}\"/>\n");
}
