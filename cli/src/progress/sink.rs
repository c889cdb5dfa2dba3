//! The kind of standard output.

use std::io::{self, IsTerminal};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sink {
    Terminal,
    /// A program, which may print too.
    Pipe,
    /// A file, or a device other than a terminal.
    File,
}

pub(super) fn of_stdout() -> Sink {
    match io::stdout() {
        stdout if stdout.is_terminal() => Sink::Terminal,
        stdout if is_file(&stdout) => Sink::File,
        _ => Sink::Pipe,
    }
}

#[cfg(unix)]
fn is_file(stream: &impl std::os::fd::AsFd) -> bool {
    use std::os::unix::fs::FileTypeExt;

    let same = stream.as_fd().try_clone_to_owned().map(std::fs::File::from);
    let kind = same.and_then(|file| file.metadata()).map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| !kind.is_fifo() && !kind.is_socket())
}

/// Unknown on other systems.
#[cfg(not(unix))]
fn is_file<T>(_: &T) -> bool {
    false
}
