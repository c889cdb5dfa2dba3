//! The peak heap of decoding, editing and encoding, and the heap of a tree, as multiples of the body, for frames from
//! the smallest to the largest. Prints a table in Markdown.
//!
//! A separate program: it links a counting allocator, which takes instructions itself.

mod figures;

use std::env;
use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};
use wabinary::{Decoder, Encoder};

use figures::{figure, grouped};
use wabinary_testing::shapes::{Frame, SHAPES};

fn main() {
    // Without `--bench`, `cargo test` runs this.
    let only_tested =
        !env::args().any(|argument| argument == "--bench") || env::args().any(|argument| argument == "--test");
    println!("\nMultiples of the body:\n");
    println!("| more | | body, bytes | decode | decode to own | the tree | edit | encode | encode to own |");
    println!("|:--|{}", "--:|".repeat(8));
    for shape in SHAPES {
        let sizes = if only_tested { &shape.sizes[..2] } else { shape.sizes };
        for (at, size) in sizes.iter().enumerate() {
            print_row(if at == 0 { shape.name } else { "" }, shape.unit, &(shape.frame_of)(*size));
        }
    }
}

fn print_row(shape: &str, unit: &str, frame: &Frame) {
    // The first copy of a handle allocates its counter, which belongs to the caller.
    let (bytes, _shared) = (frame.bytes.clone(), frame.bytes.clone());
    let (decoder, encoder) = (|| Decoder::new().with_limits(frame.limits), || Encoder::new().with_limits(frame.limits));
    let mut node = None;
    let of_decode = measure(|| _ = black_box(decoder().decode(bytes.clone()).expect("it decodes")));
    let to_own = measure(|| {
        let mut decoder = decoder();
        decoder.decode(bytes.clone()).expect("it decodes");
        node = decoder.take();
    });
    let node = node.expect("it was decoded");
    let edit = measure(|| _ = black_box(node.edit().set("id", "1").finish()));
    let encode = measure(|| _ = black_box(encoder().encode_slice(&node).expect("what decodes encodes")));
    let encode_to_own = measure(|| _ = black_box(encoder().encode(&node).expect("what decodes encodes")));
    let body = encoder().encode_slice(&node).expect("what decodes encodes").len() - 1;

    let times_body = |bytes: f64| figure(bytes / body as f64);
    let peak = |info: &AllocationInfo| times_body(info.bytes_max as f64);
    let cells = [
        shape.to_owned(),
        format!("{} {unit}{}", grouped(frame.units), if frame.units == 1 { "" } else { "s" }),
        grouped(body),
        peak(&of_decode),
        peak(&to_own),
        times_body(to_own.bytes_current as f64),
        peak(&edit),
        peak(&encode),
        peak(&encode_to_own),
    ];
    println!("| {} |", cells.join(" | "));
}
