//! Runs the tool, and names the folder for pictures of its pages.

use std::env;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// The results of a run of the tool.
pub struct Run {
    /// The page, in a file.
    pub file: PathBuf,
    /// The page.
    pub html: String,
    /// The tool's messages.
    pub stderr: String,
    /// Its exit status.
    pub status: Option<i32>,
}

/// Runs the tool that `WABINARY` names, and writes the page it prints to `target/pictures/NAME.html`.
#[must_use]
pub fn tool(name: &str, arguments: &[&str], input: &str) -> Run {
    let tool = env::var_os("WABINARY").expect("WABINARY is the path of the tool: run scripts/browser");
    let mut command = Command::new(tool);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the tool runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let output = thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input.as_bytes()).expect("the tool reads"));
        child.wait_with_output().expect("the tool ends")
    });
    let html = String::from_utf8(output.stdout).expect("text on stdout");
    let stderr = String::from_utf8(output.stderr).expect("text on stderr");
    let file = pictures().join(format!("{name}.html"));
    fs::write(&file, &html).expect("the page is written");
    Run { file, html, stderr, status: output.status.code() }
}

/// The folder for pictures.
pub(crate) fn pictures() -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/pictures");
    let folder = env::var_os("PICTURES").map_or_else(|| PathBuf::from(folder), PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}

/// The bytes of a picture, as the protocol writes them.
pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(text.as_bytes()).expect("base64")
}
