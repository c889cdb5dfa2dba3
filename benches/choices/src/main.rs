//! Measures the choices that DESIGN.md tells of against their alternatives, and prints a table for each.
//!
//! `wabinary-choices [--quick]`; see `scripts/choices`.

mod frames;
mod inflate;
mod packing;
mod parser;
mod table;
mod text_arena;
mod texts;
mod timing;
mod token_identity;
mod token_lookup;
mod unpacking;
mod utf8;
mod value_layout;
mod walk;

#[allow(dead_code, reason = "shared with other measurements")]
#[path = "../../corpus/mod.rs"]
mod corpus;

use timing::Effort;

fn main() {
    let effort = match std::env::args().nth(1).as_deref() {
        None => Effort::FULL,
        Some("--quick") => Effort::QUICK,
        Some(_) => {
            eprintln!("usage: wabinary-choices [--quick]");
            std::process::exit(2);
        }
    };
    let choices = [
        inflate::measure,
        token_lookup::measure,
        utf8::measure,
        unpacking::measure,
        packing::measure,
        value_layout::storing,
        value_layout::reading,
        text_arena::measure,
        token_identity::measure,
        parser::measure,
    ];
    for measure in choices {
        println!("{}", measure(effort));
    }
}
