//! Times the codecs, prints the frames for the npm codecs, and makes tables of the results. `cargo tools compare` runs
//! it.

use std::io::{Error, stdout};
use std::path::Path;
use std::process::ExitCode;

use wabinary_peers::quiet::Patience;
use wabinary_peers::report::Report;
use wabinary_peers::timing::{Effort, TimedCase, Times, time};
use wabinary_peers::{case, npm, work};

const USAGE: &str = "peers time [--quick] [KIND...] | peers frames | peers summary RESULTS | peers report RESULTS";

fn main() -> Result<ExitCode, Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["time", "--quick", ref kinds @ ..] if known(kinds) => times(Effort::QUICK, kinds)?,
        ["time", ref kinds @ ..] if known(kinds) => times(Effort::FULL, kinds)?,
        ["frames"] => serde_json::to_writer(stdout(), &npm::frames(&case::subjects()))?,
        ["summary", results] => print!("{}", Report::read(Path::new(results))?.summary()),
        ["report", results] => print!("{}", Report::read(Path::new(results))?.all()),
        _ => {
            eprintln!("usage: {USAGE}\nkinds: {}", work::KINDS.join(" "));
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn known(kinds: &[&str]) -> bool {
    kinds.iter().all(|kind| work::KINDS.contains(kind))
}

/// Times these kinds of work, or all, and prints JSON.
fn times(effort: Effort, kinds: &[&str]) -> Result<(), Error> {
    let kinds = if kinds.is_empty() { &work::KINDS } else { kinds };
    let subjects = case::subjects();
    // The allocator works differently after a second thread has run. Clients have several threads, so everything is
    // measured this way.
    std::thread::spawn(|| ()).join().map_err(|_| Error::other("a thread that does nothing ends"))?;
    let mut cases: Vec<TimedCase> = Vec::new();
    let mut patience = Patience::new(effort.patience);
    for pass in 0..effort.passes {
        eprintln!("pass {} of {}", pass + 1, effort.passes);
        let made = kinds.iter().flat_map(|kind| work::cases(kind, &subjects));
        for (at, mut case) in made.enumerate() {
            if at == cases.len() {
                cases.push(TimedCase::new(&case));
            }
            time(&mut case, effort, &mut patience, &mut cases[at]);
        }
    }
    let variant = if cfg!(feature = "simd") { "simd" } else { "no features" }.to_owned();
    let mut times = Times { variant, alone: 0.0, shared: 0, cases };
    times.keep_alone(&patience);
    Ok(serde_json::to_writer(stdout(), &times)?)
}
