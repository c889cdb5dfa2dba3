//! Runs the tool.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// The results of a run.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("text on stdout")
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wabinary"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn run(arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
    in_pieces(command(arguments), &[input.as_ref()])
}

/// Runs a command with its input in pieces.
pub(crate) fn in_pieces(mut command: Command, pieces: &[&[u8]]) -> Run {
    let mut child = command.spawn().expect("the tool runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let output = thread::scope(|scope| {
        scope.spawn(move || {
            for piece in pieces {
                // A command that stops early need not read all of its input.
                if stdin.write_all(piece).and_then(|()| stdin.flush()).is_err() {
                    break;
                }
            }
        });
        child.wait_with_output().expect("the tool ends")
    });
    let stderr = String::from_utf8(output.stderr).expect("text on stderr");
    assert!(!stderr.contains("panicked"), "{stderr}");
    Run { status: output.status.code(), stdout: output.stdout, stderr }
}
