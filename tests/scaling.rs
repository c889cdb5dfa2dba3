//! Memory grows in proportion to the contents of a frame: counted in bytes, so that no clock is needed. The frames are
//! those of `cargo tools scaling`, which also measures time.

use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};
use bytes::Bytes;
use wabinary::{Decoder, Encoder, Node, NodeRef, Value};

use wabinary_testing::shapes::{Frame, SHAPES, Shape};

/// A frame with its tree, and its uncompressed size.
struct Case {
    frame: Frame,
    node: Node,
    body: usize,
}

impl Case {
    fn new(frame: Frame) -> Self {
        // The first copy of a handle allocates its counter, which must not be counted here.
        drop(frame.bytes.clone());
        let mut decoder = Decoder::new().with_limits(frame.limits);
        decoder.decode(frame.bytes.clone()).unwrap();
        let node = decoder.take().unwrap();
        let body = Encoder::new().with_limits(frame.limits).encode(&node).unwrap().len() - 1;
        Self { frame, node, body }
    }

    fn decode(&self) -> Node {
        let mut decoder = Decoder::new().with_limits(self.frame.limits);
        decoder.decode(self.frame.bytes.clone()).unwrap();
        decoder.take().unwrap()
    }

    fn encode(&self) -> Bytes {
        Encoder::new().with_limits(self.frame.limits).encode(&self.node).unwrap()
    }

    fn per_unit(&self, count: u64) -> f64 {
        count as f64 / self.frame.units as f64
    }
}

/// Three frames of a shape, each about ten times as large as the one before.
fn cases(shape: &Shape) -> Vec<Case> {
    let is_in_bytes = shape.sizes[0] == 25;
    let sizes = match shape.name {
        // A builder's closures are nested to the same depth.
        name if name.starts_with("nested") => [10, 100, 1_000],
        _ if is_in_bytes => [2_000, 20_000, 200_000],
        _ => [100, 1_000, 10_000],
    };
    sizes.map(|size| Case::new((shape.frame_of)(size))).into()
}

type Work = fn(&Case);

/// Each kind of work, done for the first time.
const WORKS: [(&str, Work); 7] = [
    ("decode", |case| drop(black_box(case.decode()))),
    ("encode", |case| drop(black_box(case.encode()))),
    ("build", |case| drop(black_box(build_anew(&case.node)))),
    ("edit", |case| drop(black_box(case.node.edit().set("id", "1").finish()))),
    ("clone", |case| drop(black_box(case.node.clone()))),
    ("detach", |case| drop(black_box(case.node.as_ref().to_node().detach()))),
    ("rewrite", |case| drop(black_box(case.node.rewrite(&mut Same)))),
];

struct Same;

impl wabinary::Rewrite for Same {}

/// Builds the same tree without recursion, because some trees are deep: builds the root with its attributes and
/// children, and appends the deeper nodes.
fn build_anew(node: &Node) -> Node {
    let builder = Node::build(node.tag());
    node.attrs().for_each(|(name, value): (&str, Value<'_>)| _ = builder.attr(name, value));
    node.children().for_each(|child: NodeRef<'_>| _ = builder.append(child));
    if node.children().len() == 0 {
        builder.content(node.content());
    }
    builder.finish()
}

fn measured(work: Work, case: &Case) -> AllocationInfo {
    measure(|| work(case))
}

#[test]
fn a_node_takes_as_much_memory_among_many_as_among_few() {
    for shape in SHAPES {
        let cases = cases(&shape);
        for (name, work) in WORKS {
            // All vectors of a doubling series are together two to four times as long as the contents of the last.
            let mut least = f64::INFINITY;
            for case in &cases {
                let allocated = case.per_unit(measured(work, case).bytes_total);
                let (units, unit) = (case.frame.units, shape.unit);
                assert!(
                    allocated <= 2.1 * least,
                    "{}: {name} allocates {allocated} bytes a {unit} of {units}, and {least} of fewer",
                    shape.name
                );
                least = least.min(allocated);
            }
        }
    }
}

#[test]
fn a_tree_is_made_to_measure() {
    for shape in SHAPES {
        let cases = cases(&shape);
        let held = |case: &Case| {
            let mut node = None;
            let held = measure(|| node = Some(case.decode())).bytes_current;
            u64::try_from(held).unwrap()
        };
        let rates = cases.windows(2).map(|pair| {
            let (few, many) = (held(&pair[0]), held(&pair[1]));
            (many - few) as f64 / (pair[1].frame.units - pair[0].frame.units) as f64
        });
        let rates: Vec<f64> = rates.collect();
        let most = rates.iter().copied().fold(0.0, f64::max);
        // The lists around the nodes are some per mille.
        assert!(rates.iter().all(|rate| *rate >= most * 0.99), "{}: {rates:?} bytes a {}", shape.name, shape.unit);
    }
}

#[test]
fn the_number_of_allocations_grows_by_a_few_when_the_frame_doubles() {
    for shape in SHAPES {
        for case in cases(&shape) {
            let doublings = case.body.ilog2();
            for (name, work) in WORKS {
                let count = measured(work, &case).count_total;
                let most = 8 + 4 * u64::from(doublings);
                assert!(count <= most, "{}: {count} to {name} {} bytes", shape.name, case.body);
            }
        }
    }
}

#[test]
fn what_was_decoded_and_encoded_before_takes_no_allocation_whatever_its_size() {
    for shape in SHAPES {
        for case in cases(&shape) {
            let mut decoder = Decoder::new().with_limits(case.frame.limits);
            let mut encoder = Encoder::new().with_limits(case.frame.limits);
            let (mut decode, mut encode) =
                (|| decoder.decode(case.frame.bytes.clone()).is_ok(), || encoder.encode_slice(&case.node).is_ok());
            assert!(decode() && encode());
            let counts = [measure(|| _ = decode()).count_total, measure(|| _ = encode()).count_total];
            assert_eq!(counts, [0, 0], "{}: {}", shape.name, case.frame.units);
        }
    }
}

/// Memory of the inflater, and of vectors that start at a fixed size.
const FIXED: u64 = 64 << 10;

#[test]
fn no_frame_takes_more_memory_than_its_body_many_times() {
    let frames = SHAPES.iter().flat_map(|shape| cases(shape).into_iter().map(|case| (shape.name, case)));
    let hostile = [("nodes that just made a vector grow", just_grown()), ("shortest attributes", short_attributes())];
    for (shape, case) in frames.chain(hostile.map(|(name, frame)| (name, Case::new(frame)))) {
        // A node of three bytes takes 32; while a vector of nodes grows, its old and its new memory exist, three times
        // the stored size. Encoding may double its output.
        for (name, work) in WORKS {
            let times = if name == "encode" { 5 } else { 33 };
            let most = times * case.body as u64 + FIXED;
            let peak = measured(work, &case).bytes_max;
            assert!(peak <= most, "{shape}: {peak} bytes to {name} {} bytes", case.body);
        }
    }
}

/// Nodes of three bytes, one more than a power of two.
fn just_grown() -> Frame {
    let root = Node::build("list");
    (0..32_768).for_each(|_| _ = root.child("to", |_| {}));
    of_node(&root.finish(), 32_769)
}

/// The greatest number of attributes, each of at most five bytes.
fn short_attributes() -> Frame {
    let root = Node::build("list");
    (0..32_767).for_each(|n| _ = root.attr(&n.to_string(), Value::Null));
    of_node(&root.finish(), 32_767)
}

fn of_node(node: &Node, units: usize) -> Frame {
    Frame { bytes: wabinary::encode(node).unwrap(), units, limits: wabinary::Limits::default() }
}
