//! The headers before trees, and colours.

#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "tool/terminal.rs"]
mod terminal;
mod tool;

use std::path::Path;

use tool::{command, in_pieces, run};

const CALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/captures/call.jsonl");

#[test]
fn headers_and_colours_leave_the_xml_as_it_is_and_names_cannot_act() {
    let plain = run(&["decode", CALL], "");
    let hex = run(&["encode", "--from", "xml"], plain.text());
    let mut files = vec![CALL.to_owned()];
    for (number, name) in
        ["a--><call id=\"9\">", "b-", "--c---", "d\n<ack>", "e\u{1b}[2J", "missing 1 bytes"].iter().enumerate()
    {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, format!("00f8031b1aff02123{number}\n")).unwrap();
        files.push(path.to_str().unwrap().to_owned());
    }
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let several = run(&[&["decode", "--header", "always"], files.as_slice()].concat(), "");
    assert!(several.text().contains("frame 1, "), "{}", several.text());
    assert!(!several.text().contains('\u{1b}'));
    let read_back = run(&["encode", "--from", "xml"], several.text());
    assert_eq!((read_back.status, read_back.stderr.as_str()), (Some(0), ""));
    assert!(read_back.text().starts_with(hex.text()));
    assert_eq!(read_back.text().lines().count(), hex.text().lines().count() + files.len() - 1);

    let coloured = run(&["decode", "--color", "always", CALL], "");
    assert_ne!(coloured.text(), plain.text());
    assert_eq!(anstream::adapter::strip_str(coloured.text()).to_string(), plain.text());
}

#[test]
fn the_environment_decides_on_colours_that_options_leave_open() {
    for (variables, arguments, expected) in [
        (&[][..], &[][..], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
    ] {
        for name in ["decode", "explain", "acks", "diff"] {
            let frames = if name == "diff" { &["00f8011b", "00f8011b"][..] } else { &[CALL] };
            let mut tool = command(&[&[name], arguments, frames].concat());
            tool.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("CI").envs(variables.iter().copied());
            let shown = in_pieces(tool, &[]);
            assert_eq!(shown.text().contains('\u{1b}'), expected, "{name} {variables:?} {arguments:?}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_headers() {
    for (arguments, has_header) in [(&[][..], true), (&["--header", "never"], false)] {
        let terminal = terminal::Terminal::new();
        let mut decode = command(&[&["decode", "--frame", "1", CALL], arguments].concat());
        decode.env("NO_COLOR", "1").stdout(terminal.program());
        let shown = terminal.shows(decode).replace("\r\n", "\n");
        assert_eq!(shown.contains("<!-- frame 1, 0.072 s, receive, 25 bytes -->\n<iq "), has_header, "{shown}");
    }
}
