//! How a value is laid out.

use wabinary::Dictionary;

use crate::frames;
use crate::table::Table;
use crate::timing::{Effort, Work, work};
use crate::walk::{Fields, Flat, Functions, Kinds, Layout, Word, with_functions};

/// Token texts by number.
type Tokens = [&'static str; 1280];

const COLUMNS: [&str; 3] = ["one u64", "two u32", "enum of 12 bytes"];

pub fn storing(effort: Effort) -> Table {
    let about = "The walk of the last table (`IResult` functions), which stores values. Time per frame.";
    let mut table = Table::new("Layout of a value: storing", about, &COLUMNS, effort).with_mean();
    for frames in frames::all() {
        let bodies = &frames.bodies;
        let contenders =
            vec![Some(storer::<Word>(bodies)), Some(storer::<Fields>(bodies)), Some(storer::<Kinds>(bodies))];
        table.row(frames.name, bodies.len(), contenders);
    }
    table
}

pub fn reading(effort: Effort) -> Table {
    let about = "Every value of what that walk filled is read: length and first byte of its text. Time per frame.";
    let mut table = Table::new("Layout of a value: reading", about, &COLUMNS, effort).with_mean();
    let mut tokens = [""; 1280];
    for (token, text) in Dictionary::V3.tokens() {
        let dictionary = token.dictionary().map_or(0, |dictionary| usize::from(dictionary) + 1);
        tokens[dictionary << 8 | usize::from(token.index())] = text;
    }
    for frames in frames::all() {
        let bodies = &frames.bodies;
        let contenders = vec![
            Some(reader::<Word>(bodies, &tokens)),
            Some(reader::<Fields>(bodies, &tokens)),
            Some(reader::<Kinds>(bodies, &tokens)),
        ];
        table.row(frames.name, bodies.len(), contenders);
    }
    table
}

fn storer<'w, V: Layout + Default + 'w>(bodies: &'w [Vec<u8>]) -> Work<'w> {
    let mut flat = Flat::<V>::default();
    work(move || {
        let mut sum = 0;
        for body in bodies {
            sum += u64::from(with_functions::<Functions, V>(body, &mut flat));
            sum += flat.nodes.len() as u64 + flat.cells.len() as u64;
        }
        sum
    })
}

fn reader<'w, V: Layout + Default + 'w>(bodies: &'w [Vec<u8>], tokens: &'w Tokens) -> Work<'w> {
    let filled = bodies.iter().map(|body| {
        let mut flat = Flat::<V>::default();
        assert!(with_functions::<Functions, V>(body, &mut flat));
        (body.as_slice(), flat)
    });
    let filled: Vec<(&[u8], Flat<V>)> = filled.collect();
    work(move || filled.iter().map(|(body, flat)| read(flat, tokens, body)).fold(0, u64::wrapping_add))
}

#[inline(never)]
fn read<V: Layout>(flat: &Flat<V>, tokens: &Tokens, body: &[u8]) -> u64 {
    let mut sum = 0_u64;
    for node in &flat.nodes {
        sum = sum.wrapping_mul(3).wrapping_add(node.tag.read(tokens, body));
        let cells = flat.cells.get(node.cells as usize..(node.cells + node.cell_count) as usize).unwrap_or(&[]);
        for cell in cells {
            sum = sum.wrapping_mul(3).wrapping_add(cell.name.read(tokens, body));
            sum = sum.wrapping_add(cell.value.read(tokens, body));
        }
        sum = sum.wrapping_add(node.content.read(tokens, body));
    }
    sum
}
