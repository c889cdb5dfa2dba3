//! Generated files: completions and manual pages.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::fs;
use std::path::Path;

use tool::run;

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = run(&["--help"], "");
    let lines = help.text().lines().skip_while(|line| *line != "Commands:").skip(1);
    // Continuation lines are indented further.
    let names = lines.take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    let names: Vec<_> = names.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(names.len() > 5, "{names:?}");
    names
}

#[test]
fn every_command_has_examples_in_its_help() {
    for command in commands().iter().filter(|command| *command != "help") {
        let help = run(&[command, "--help"], "");
        assert!(help.text().contains("Examples:\n  "), "{command}");
        assert!(help.text().split("Examples:").nth(1).unwrap().contains(&format!("wabinary {command}")), "{command}");
        // Roff joins long lines.
        let longest = help.text().split("Examples:").nth(1).unwrap().lines().map(str::len).max().unwrap();
        assert!(longest <= 80, "{command}: {longest}");
    }
}

#[test]
fn every_shell_completes_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", shell], "");
        assert_eq!((script.status, script.stderr.as_str()), (Some(0), ""), "{shell}");
        let commands = commands();
        // clap_complete completes values only for these shells.
        let completes_values = ["bash", "fish", "zsh"].contains(&shell);
        let values = ["receive", "duplicate-keys", "notification", "jsonl"].into_iter().filter(|_| completes_values);
        for word in commands.iter().map(String::as_str).chain(["dictionary"]).chain(values) {
            assert!(script.text().contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("manual/man1");
    let _ = fs::remove_dir_all(&dir);
    let written = run(&["man", "--dir", dir.to_str().unwrap()], "");
    assert_eq!((written.status, written.text(), written.stderr.as_str()), (Some(0), "", ""));
    let first = fs::read_to_string(dir.join("wabinary.1")).unwrap();
    assert_eq!(run(&["man"], "").text(), first);
    let commands: Vec<_> = commands().into_iter().filter(|command| command != "help").collect();
    for command in &commands {
        assert!(first.contains(&format!("wabinary\\-{command}(1)")), "{command}");
        let page = fs::read_to_string(dir.join(format!("wabinary-{command}.1"))).unwrap();
        assert!(
            page.starts_with(".ie")
                && ["EXAMPLES", "EXIT STATUS", "ENVIRONMENT"]
                    .iter()
                    .all(|name| page.contains(&format!(".SH \"{name}\"")) || page.contains(&format!(".SH {name}"))),
            "{command}"
        );
        // Every option has a description.
        assert!(!page.contains("\n.TP\n.TP") && !page.contains("]\n.TP"), "{command}");
    }
    assert!(!first.contains("help(1)"));
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 1 + commands.len());
    // A file has the name of the folder.
    let refused = run(&["man", "--dir", dir.join("wabinary.1").to_str().unwrap()], "");
    assert_eq!(refused.status, Some(3));
    assert!(refused.stderr.starts_with("wabinary: ") && refused.stderr.contains("wabinary.1"), "{}", refused.stderr);
}
