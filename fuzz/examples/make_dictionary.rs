//! Writes `wabinary.dict`: `cargo run --example make_dictionary` in this folder.

fn main() -> std::io::Result<()> {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/wabinary.dict"), wabinary_fuzz::dictionary::text())
}
