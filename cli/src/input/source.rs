//! Files and standard input, and how much of them was read.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::stdout::flush_before_reading;

/// The bytes read from all inputs.
#[derive(Clone, Default)]
pub(super) struct ReadCount(Rc<Cell<u64>>);

impl ReadCount {
    pub(super) fn get(&self) -> u64 {
        self.0.get()
    }
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Opens a file, or standard input.
pub(super) fn open(path: &Path, count: ReadCount) -> io::Result<Box<dyn Read>> {
    if is_stdin(path) {
        return Ok(counted(Waiting(io::stdin().lock()), count));
    }
    let file = File::open(path)?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => Err(io::Error::other("it is a folder; name the files in it")),
        Ok(metadata) if metadata.is_file() => Ok(counted(file, count)),
        _ => Ok(counted(Waiting(file), count)),
    }
}

/// Opens a file that a recording names. The file must be in the folder of the recording.
pub(super) fn open_beside(recording: &Path, name: &str, count: ReadCount) -> io::Result<Box<dyn Read>> {
    let is_name = Path::new(name).file_name().is_some_and(|file| file == name);
    let folder = recording.canonicalize().ok().filter(|_| is_name && !is_stdin(recording));
    let file = folder.and_then(|recording| Some(recording.parent()?.join(name)));
    // Links to other folders are not followed.
    match file.filter(|file| file.canonicalize().is_ok_and(|real| real == *file)) {
        Some(file) => Ok(counted(File::open(file)?, count)),
        None => Err(io::Error::other("there is no such file in the folder of the recording")),
    }
}

fn counted(from: impl Read + 'static, count: ReadCount) -> Box<dyn Read> {
    Box::new(Counted { from, count })
}

/// An input that may block: the output so far is flushed before each read. Reads are large.
struct Waiting<R>(R);

impl<R: Read> Read for Waiting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        flush_before_reading();
        self.0.read(buffer)
    }
}

struct Counted<R> {
    from: R,
    count: ReadCount,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(buffer)?;
        self.count.0.set(self.count.0.get() + length as u64);
        Ok(length)
    }
}

/// Whether a person types the input.
pub(super) fn is_typed(files: &[PathBuf]) -> bool {
    files.iter().any(|path| is_stdin(path)) && io::stdin().is_terminal()
}

/// The size of the inputs, if all are files.
pub(super) fn length(files: &[PathBuf]) -> Option<u64> {
    files.iter().map(|path| if is_stdin(path) { stdin_length() } else { file_length(path) }).sum()
}

fn file_length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(|metadata| metadata.is_file()).map(|metadata| metadata.len())
}

#[cfg(unix)]
fn stdin_length() -> Option<u64> {
    use std::io::Seek;
    use std::os::fd::AsFd;

    // A handle to the same open file: its position is where reading starts.
    let mut stdin = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    let metadata = stdin.metadata().ok().filter(|metadata| metadata.is_file())?;
    stdin.stream_position().ok().map(|position| metadata.len().saturating_sub(position))
}

/// Unknown on other systems.
#[cfg(not(unix))]
fn stdin_length() -> Option<u64> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_files_in_the_folder_of_a_recording_are_opened() -> io::Result<()> {
        let folder = std::env::temp_dir().join(format!("wabinary-beside-{}", std::process::id()));
        fs::create_dir_all(folder.join("inner"))?;
        for name in ["a.har", "socket.jsonl", "inner/other.jsonl"] {
            fs::write(folder.join(name), "text")?;
        }
        std::os::unix::fs::symlink("inner/other.jsonl", folder.join("link.jsonl"))?;
        let opens = |name: &str| open_beside(&folder.join("a.har"), name, ReadCount::default()).is_ok();
        let absolute = folder.join("socket.jsonl");
        let names = ["socket.jsonl", "none.jsonl", "inner/other.jsonl", "../a.har", "link.jsonl", "", "."];
        let opened: Vec<_> = names.into_iter().chain(absolute.to_str()).filter(|name| opens(name)).collect();
        fs::remove_dir_all(&folder)?;
        assert_eq!(opened, ["socket.jsonl"]);
        Ok(())
    }
}
