//! Packs the page into one HTML file: script, style and wasm, and a policy that allows nothing else.
//!
//! `wabinary-web-pack WASM PAGE` reads what cargo built and writes the file.

#![forbid(unsafe_code)]

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use wabinary::stanza::CallAck;
use wasm_bindgen_cli_support::Bindgen;

/// The most that the page may take, in bytes.
const LARGEST: usize = 1_500_000;

/// An example for readers without a capture.
const EXAMPLE: &[u8] = include_bytes!("../../../tests/data/captures/call.jsonl");

const SHELL: &str = include_str!("../../page/page.html");
const STYLE: &str = include_str!("../../page/page.css");
const WORKER: &str = include_str!("../../page/worker.js");
/// In this order: later ones use earlier ones.
const SCRIPTS: [&str; 6] = [
    include_str!("../../page/session.js"),
    include_str!("../../page/list.js"),
    include_str!("../../page/detail.js"),
    include_str!("../../page/views.js"),
    include_str!("../../page/sharing.js"),
    include_str!("../../page/opening.js"),
];

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [wasm, page] = &arguments[..] else { anyhow::bail!("expected two arguments: WASM PAGE") };
    let html = pack(Path::new(wasm))?;
    ensure!(html.len() <= LARGEST, "the page has {} bytes; {LARGEST} are allowed", html.len());
    fs::write(page, &html).with_context(|| format!("cannot write {page}"))?;
    println!("{page}: {} bytes", html.len());
    Ok(())
}

fn pack(wasm: &Path) -> Result<String> {
    let mut bindings = Bindgen::new()
        .input_path(wasm)
        .no_modules(true)?
        .typescript(false)
        .remove_name_section(true)
        .generate_output()?;
    let glue = bindings.js().to_owned();
    let wasm = bindings.wasm_mut().emit_wasm();
    let [legend, words, dock] = wabinary_render::explain::furniture();
    // Blocks separate the names of scripts.
    let parts = [wabinary_render::SCRIPT, wabinary_render::explain::SCRIPT, wabinary_render::report::SCRIPT];
    let script = format!(
        "\"use strict\";\n{}{{\n{}\n}}\n",
        parts.map(|part| format!("{{\n{part}\n}}\n")).concat(),
        SCRIPTS.concat()
    );
    // The worker's script and the wasm are data: they contain no markup, and the policy need not mention them.
    let worker = BASE64.encode(&gzip(&[glue.as_bytes(), b"\n", WORKER.as_bytes()].concat())?);
    let wasm = BASE64.encode(&gzip(&wasm)?);
    let hash = BASE64.encode(&Sha256::digest(&script));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{hash}' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; worker-src blob:; \
         base-uri 'none'; form-action 'none'"
    );
    let mut html = SHELL.to_owned();
    for (name, part) in [
        ("policy", policy.as_str()),
        ("version", wabinary_render::VERSION),
        ("common-style", wabinary_render::STYLE),
        ("style", STYLE),
        ("explain-style", wabinary_render::explain::STYLE),
        ("calls-style", wabinary_render::report::STYLE),
        ("codes-style", wabinary_render::spec::STYLE),
        ("codes", &wabinary_render::spec::tables(CallAck::SPEC).0),
        ("legend", &legend.0),
        ("words", &words.0),
        ("dock", &dock.0),
        ("worker", &worker),
        ("wasm", &wasm),
        ("example", &BASE64.encode(&gzip(EXAMPLE)?)),
        ("script", &script),
    ] {
        let place = format!("<!--{name}-->");
        ensure!(html.matches(&place).count() == 1, "page.html has {place} once");
        html = html.replace(&place, part);
    }
    Ok(html)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes)?;
    Ok(packed.finish()?)
}
