//! Counts instructions, which do not depend on how busy the machine is. `cargo counts` is an alias for this program, which
//! needs valgrind:
//!
//! - `cargo counts instructions [--threshold PERCENT] [TEXT]` compares the usual work, or that with this text in its name,
//!   with the counts in `baseline.txt`, and fails if one grew by more, 3 % if nothing is said; `--profile TEXT` shows the
//!   counts by function, `--record` writes `baseline.txt`
//! - `cargo counts scaling` prints what a node, an attribute or a byte takes, in instructions and nanoseconds
//! - `cargo counts --test` does all of that work once, without valgrind

mod baseline;
mod callgrind;
mod figures;
mod instructions;
mod scaling;

use std::env;
use std::process::ExitCode;

use callgrind::Failure;
use wabinary_testing::measured::Work;

fn main() -> ExitCode {
    let prepared = |name: &str, frames: &_, limits| Work::from_name(name).map(|work| work.prepare(frames, limits));
    callgrind::main(prepared, run)
}

fn run() -> Result<bool, Failure> {
    if callgrind::is_test() {
        instructions::test();
        scaling::test();
        return Ok(true);
    }
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["instructions", ref options @ ..] => instructions::run(options),
        ["scaling"] => scaling::run().map(|()| true),
        [] => instructions::run(&[]),
        _ => Err("expected instructions, scaling or --test".into()),
    }
}
