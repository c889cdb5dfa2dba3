//! Builds the page that reads captures in a browser.

use anyhow::Result;

use crate::process::{command, run};

/// The path of the page. cli/build.rs looks for it there.
const PAGE: &str = "web/dist/wabinary.html";

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the WebAssembly module, and packs everything into one file.
pub(crate) fn build() -> Result<()> {
    run(&mut command(&format!("rustup --quiet target add {TARGET}")))?;
    let folder = "--target-dir target/page";
    run(&mut command(&format!(
        "cargo build --quiet --locked --release --manifest-path web/Cargo.toml --target {TARGET} {folder}"
    )))?;
    let wasm = format!("target/page/{TARGET}/release/wabinary_web.wasm");
    run(&mut command(&format!(
        "cargo run --quiet --locked --manifest-path web/pack/Cargo.toml {folder} -- {wasm} {PAGE}"
    )))
}
