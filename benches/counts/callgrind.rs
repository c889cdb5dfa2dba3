//! The measuring core: counts the instructions of a piece of work. The program starts itself again under callgrind,
//! with the frames in a file. There it does the work once without and once with counting. Each count has its own
//! process, so that earlier counts do not influence it.

use std::env;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitCode, id};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::{Buf, Bytes};
use wabinary::Limits;

/// An error in counting. It is shown to the user and ends the program.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// Does a piece of work. The result depends on all of the work, so that none is optimised away.
pub(crate) type Run = Box<dyn FnMut() -> usize>;

/// Prepares the named work for these frames. It can then be repeated.
type Prepare = fn(&str, &[Bytes], Limits) -> Option<Run>;

/// First argument of the process under callgrind.
const COUNTED: &str = "--counted";

/// Frames in a file, for the process under callgrind. Dropping it removes the file.
pub(crate) struct FramesFile {
    path: PathBuf,
    limits: Limits,
}

impl FramesFile {
    /// Passes only the depth of `limits` on.
    pub(crate) fn create(frames: &[Bytes], limits: Limits) -> io::Result<Self> {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("frames-{}-{number}", id()));
        let with_length = |frame: &Bytes| [&(frame.len() as u32).to_be_bytes()[..], frame].concat();
        fs::write(&path, frames.iter().flat_map(with_length).collect::<Vec<u8>>())?;
        Ok(Self { path, limits })
    }

    /// The instructions of the work on all of these frames.
    pub(crate) fn count(&self, work: &str) -> Result<u64, Failure> {
        let counts = self.run(work)?;
        let written = fs::read_to_string(&counts)?;
        fs::remove_file(&counts)?;
        let count = written.lines().find_map(|line| line.strip_prefix("summary: "));
        match count.and_then(|count| count.trim().parse().ok()) {
            None | Some(0) => Err("callgrind counted nothing".into()),
            Some(count) => Ok(count),
        }
    }

    /// The instructions by function.
    pub(crate) fn profile(&self, work: &str) -> Result<String, Failure> {
        let counts = self.run(work)?;
        let output = Command::new("callgrind_annotate").args(["--threshold=97", "--auto=no"]).arg(&counts).output()?;
        fs::remove_file(&counts)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = text.lines().filter(|line| line.trim_start().starts_with(|first: char| first.is_ascii_digit()));
        // Without the folder of the program.
        Ok(lines.map(|line| line.split(" [").next().unwrap_or(line).to_owned() + "\n").collect())
    }

    /// Does the work under callgrind, which writes its counts to a file.
    fn run(&self, work: &str) -> Result<PathBuf, Failure> {
        let counts = self.path.with_extension("callgrind");
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--toggle-collect=*counted_by_callgrind*"]);
        valgrind.arg(format!("--callgrind-out-file={}", counts.display())).arg(env::current_exe()?);
        valgrind.args([COUNTED, work]).arg(&self.path).arg(self.limits.depth.to_string());
        let output = valgrind.output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                "valgrind is not there: install it (apt install valgrind, dnf install valgrind)".into()
            }
            _ => Failure::from(error),
        })?;
        if output.status.success() {
            return Ok(counts);
        }
        Err(format!("{valgrind:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

impl Drop for FramesFile {
    fn drop(&mut self) {
        // The file is in the target folder, where a leftover does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

/// Does the named work if this is the process under callgrind; otherwise calls `run`, which returns whether all is
/// well.
pub(crate) fn main(prepared: Prepare, run: impl FnOnce() -> Result<bool, Failure>) -> ExitCode {
    let mut arguments = env::args().skip(1);
    let is_counted = arguments.next().as_deref() == Some(COUNTED);
    let done = if is_counted { count_now(prepared, arguments).map(|()| true) } else { run() };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

/// Whether to do all work once, without callgrind: `cargo test` does not pass `--bench`.
pub(crate) fn is_test() -> bool {
    let says = |wanted: &str| env::args().any(|argument| argument == wanted);
    !says("--bench") || says("--test")
}

/// Allocates nothing else, or the counts would change: with gaps in the heap, `malloc` takes some instructions more or
/// fewer.
fn count_now(prepared: Prepare, mut arguments: impl Iterator<Item = String>) -> Result<(), Failure> {
    let (Some(work), Some(path), Some(depth)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("--counted is for the process under callgrind".into());
    };
    let mut file = Bytes::from(fs::read(path)?);
    let mut frames = Vec::new();
    while file.has_remaining() {
        let length = file.get_u32() as usize;
        frames.push(file.split_to(length));
    }
    let limits = Limits { depth: depth.parse()?, ..Limits::default() };
    let mut work = prepared(&work, &frames, limits).ok_or("no such work")?;
    // A first run allocates memory and resolves symbols.
    black_box(work());
    black_box(counted_by_callgrind(&mut *work));
    Ok(())
}

/// Callgrind counts while this function runs; it finds it by its name.
#[inline(never)]
fn counted_by_callgrind(work: &mut dyn FnMut() -> usize) -> usize {
    black_box(work())
}
