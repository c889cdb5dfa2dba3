//! Standard output: one buffer, which is flushed before a read that may block.

use std::cell::RefCell;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::ops::RangeInclusive;

use anstream::{AutoStream, ColorChoice, StripStream};

const BUFFER: usize = 64 << 10;

thread_local! {
    static SHARED: RefCell<Shared> = const { RefCell::new(Shared { out: None, failed: None }) };
}

struct Shared {
    out: Option<BufWriter<StdoutLock<'static>>>,
    /// The error of a flush before a read. The next write returns it.
    failed: Option<io::Error>,
}

impl Shared {
    fn out(&mut self) -> io::Result<&mut BufWriter<StdoutLock<'static>>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        Ok(self.out.get_or_insert_with(|| {
            let out = io::stdout().lock();
            BufWriter::with_capacity(if out.is_terminal() { 0 } else { BUFFER }, out)
        }))
    }
}

/// Standard output, with a large buffer unless it is a terminal.
pub(crate) struct Stdout(());

pub(crate) fn stdout() -> Stdout {
    Stdout(())
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        SHARED.with_borrow_mut(|shared| shared.out()?.write(bytes))
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        SHARED.with_borrow_mut(|shared| shared.out()?.write_all(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        SHARED.with_borrow_mut(|shared| match &shared.out {
            None if shared.failed.is_none() => Ok(()),
            _ => shared.out()?.flush(),
        })
    }
}

/// Flushes the output, so that a person sees it while the next read waits.
pub(crate) fn flush_before_reading() {
    SHARED.with_borrow_mut(|shared| {
        if let Some(Err(error)) = shared.out.as_mut().map(Write::flush) {
            shared.failed = Some(error);
        }
    });
}

/// Standard output for styled text. Removes the styles unless they are wanted. The buffer is below this layer.
pub(crate) fn styled_stdout(color: ColorChoice) -> Box<dyn Write> {
    if shows_styles(color) {
        text_stdout(color)
    } else {
        Box::new(StripStream::new(Box::new(stdout()) as Box<dyn Write>))
    }
}

/// Standard output for text that has styles only if [`shows_styles`]. An old Windows terminal needs calls instead.
pub(crate) fn text_stdout(color: ColorChoice) -> Box<dyn Write> {
    let out = io::stdout();
    if cfg!(windows) && out.is_terminal() {
        return Box::new(BufWriter::new(AutoStream::new(out, color)));
    }
    Box::new(stdout())
}

/// Whether text has styles. If the options leave it open, `NO_COLOR`, `CLICOLOR_FORCE` and similar variables decide.
pub(crate) fn shows_styles(color: ColorChoice) -> bool {
    let color = if color == ColorChoice::Auto { AutoStream::choice(&io::stdout()) } else { color };
    color != ColorChoice::Never
}

/// The columns of a line: `COLUMNS` or the width of the terminal, within a range; otherwise 80.
pub(crate) fn columns(range: RangeInclusive<usize>) -> usize {
    const ELSEWHERE: usize = 80;
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    told.or_else(of_terminal).unwrap_or(ELSEWHERE).clamp(*range.start(), *range.end())
}
