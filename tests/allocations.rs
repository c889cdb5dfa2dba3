//! Counts allocations of a thread, reallocations included.

use std::hint::black_box;

use allocation_counter::{AllocationInfo, measure};
use bytes::Bytes;
use wabinary::stanza::CallAckRef;
use wabinary::stream::FrameReader;
use wabinary::{
    Decoder, Dictionary, Encoder, Jid, JidRef, Leniency, Limits, Node, Server, UnixSeconds, decode, decode_slice,
    encode,
};

use wabinary_testing::corpus;
use wabinary_testing::measured::Work;
use wabinary_testing::vectors::{PEER_ENCODED, build, hex, read};

/// The allocations of one call, without those of dropping its result.
fn counted<T>(call: impl FnOnce() -> T) -> (u64, T) {
    let mut result = None;
    let AllocationInfo { count_total, .. } = measure(|| result = Some(black_box(call())));
    (count_total, result.unwrap())
}

fn count<T>(call: impl FnOnce() -> T) -> u64 {
    counted(call).0
}

fn is_plain(frame: &[u8]) -> bool {
    frame[0] == 0
}

#[test]
fn a_decoder_that_saw_such_frames_before_allocates_nothing() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let frames: Vec<_> =
            read(file).into_iter().map(|vector| (vector.name.clone(), Bytes::from(vector.frame()))).collect();
        // The first clone of a `Bytes` allocates its counter.
        let handles: Vec<_> = frames.iter().map(|(_, frame)| frame.clone()).collect();
        for frame in &handles {
            decoder.decode(frame.clone()).unwrap();
            decoder.decode_slice(frame).unwrap();
        }
        for (name, frame) in &frames {
            assert_eq!(count(|| decoder.decode(frame.clone()).is_ok()), 0, "{name}");
            assert_eq!(count(|| decoder.decode_slice(frame).is_ok()), 0, "{name}, from a slice");
            if is_plain(frame) {
                assert_eq!(count(|| decoder.decode_body(frame.slice(1..)).is_ok()), 0, "{name}, without flag byte");
                assert_eq!(count(|| decoder.decode_first(frame.clone()).is_ok()), 0, "{name}, first node");
                assert_eq!(count(|| decoder.decode_body_slice(&frame[1..]).is_ok()), 0, "{name}, a body's slice");
                assert_eq!(count(|| decoder.decode_body_first(frame.slice(1..)).is_ok()), 0, "{name}, a body's node");
            }
        }
    }
}

/// A repeated name in the last of a thousand nodes: an error and its path, and trials of what would accept the frame.
#[test]
fn trials_reuse_the_memory_of_the_refused_tree() {
    let frame = [hex("00f8021bf90400"), hex("f80107").repeat(1023), hex("f8050708040804")].concat();
    let mut decoder = Decoder::new();
    let mut refused = || decoder.decode_slice(&frame).unwrap_err();
    assert_eq!(refused().allow(), Some(Leniency::DUPLICATE_NAMES));
    let allocations = count(refused);
    assert!(allocations <= 14, "{allocations}");
}

#[test]
fn an_encoder_that_saw_such_trees_before_allocates_nothing() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let mut encoder = Encoder::new().with_dictionary(dictionary);
        let vectors = read(file);
        let decoded = vectors.iter().map(|vector| decoder.decode_slice(&vector.frame()).unwrap().to_node());
        let built = vectors.iter().map(|vector| build(vector.node()).unwrap());
        let trees: Vec<_> = decoded.chain(built).collect();
        for tree in &trees {
            encoder.encode_slice(tree).unwrap();
            encoder.encode(tree).unwrap();
        }
        let mut buffer = Vec::with_capacity(2 << 20);
        for (tree, vector) in trees.iter().zip(vectors.iter().chain(&vectors)) {
            assert_eq!(count(|| encoder.encode_slice(tree).is_ok()), 0, "{}", vector.name);
            buffer.clear();
            assert_eq!(count(|| encoder.encode_into(tree, &mut buffer).is_ok()), 0, "{}, into a buffer", vector.name);
            assert_eq!(count(|| encoder.encode(tree).is_ok()), 1, "{}, into a frame of its own", vector.name);
        }
    }
}

#[test]
fn a_tree_of_its_own_takes_three_allocations_or_fewer() {
    for vector in read("peer-encoded") {
        let frame = Bytes::from(vector.frame());
        let (handle, bytes) = (frame.clone(), frame.to_vec());
        drop((decode(handle.clone()).unwrap(), decode_slice(&bytes).unwrap()));
        if frame.len() > 1 << 16 || vector.name.contains("1048576") {
            // Above a mebibyte, the memory is freed between calls and allocated again.
            continue;
        }
        let (allocations, node) = counted(|| decode(handle).unwrap());
        // One allocation each for nodes, attributes, texts that are not tokens, and inflated bytes.
        let most = if is_plain(&frame) { 3 } else { 4 };
        assert!(allocations <= most, "{}: {allocations}", vector.name);
        assert!(count(|| decode_slice(&bytes).unwrap()) <= 4, "{}, from a slice", vector.name);
        // A copy takes as many.
        assert_eq!(count(|| node.clone()), allocations, "{}, cloned", vector.name);
    }
}

/// The measured frames: each alone, and the small ones in a row.
fn measured_frames() -> Vec<(&'static str, Vec<Bytes>)> {
    let mut frames: Vec<_> = corpus::frames().into_iter().map(|(name, frame)| (name, vec![frame.into()])).collect();
    frames.push(("call ack with every field", vec![corpus::call_acks::frame_with_every_field().into()]));
    frames.push(("1024 small frames in a row", corpus::stream().into_iter().map(Bytes::from).collect()));
    frames
}

#[test]
fn decoding_reading_and_encoding_allocate_nothing_when_they_are_measured() {
    for (name, frames) in measured_frames() {
        let mut works = vec![Work::Decode, Work::DecodeAndRead, Work::Read, Work::EncodeDecoded, Work::EncodeBuilt];
        if name.starts_with("call ack") {
            works.push(Work::ReadCallAck);
        }
        for kind in works {
            let mut work = kind.prepare(&frames, Limits::default());
            work();
            assert_eq!(count(&mut work), 0, "{}: {name}", kind.name());
        }
    }
}

#[test]
fn trees_of_their_own_take_three_allocations_when_they_are_measured() {
    for (name, frames) in measured_frames() {
        if name == "history, compressed" {
            // Above a mebibyte, the memory is freed between calls.
            continue;
        }
        let mut work = Work::DecodeToOwn.prepare(&frames, Limits::default());
        work();
        let compressed = frames.iter().filter(|frame| !is_plain(frame)).count();
        let most = 3 * frames.len() + compressed;
        assert!(count(&mut work) <= most as u64, "{name}");
    }
}

#[test]
fn reading_by_name_allocates_nothing() {
    let frame = Bytes::from(corpus::call_acks::frame_with_every_field());
    let (node, same) = (decode(frame.clone()).unwrap(), decode(frame).unwrap());
    let read = || {
        let code = node.descend(["error"])?.get::<u16>("code").ok()?;
        let seconds = node.get::<UnixSeconds>("t").ok()?;
        let jid = node.get::<JidRef<'_>>("participant").ok()?;
        let ack = CallAckRef::try_from(&node).ok()?;
        let is_absent = node.get_opt::<&str>("absent").ok()?.is_none();
        Some((code, seconds, jid.device(), ack.errors().count(), is_absent, node == same))
    };
    assert_eq!(read(), Some((503, UnixSeconds(1_700_000_001), 7, 1, true, true)));
    assert_eq!(count(read), 0);
    let dictionary = Dictionary::V3;
    let look_up = || dictionary.find("class").map(|token| dictionary.text(token));
    assert_eq!((look_up(), count(look_up)), (Some("class"), 0));
    let parse = || JidRef::parse("15550001111:7@s.whatsapp.net").unwrap().device();
    assert_eq!((parse(), count(parse)), (7, 0));
    // A handle of the content, and one of the frame.
    let message = decode(encode(&list_of(2)).unwrap()).unwrap();
    let share = || Some((message.child("list")?.children().next()?.shared_bytes(), message.frame()?.clone()));
    // The first copy of a handle allocates its counter.
    assert_eq!(share().map(|(content, frame)| content.len() < frame.len()), Some(true));
    assert_eq!(count(share), 0);
}

#[test]
fn frames_taken_from_a_stream_take_no_memory_of_their_own() {
    let frames = corpus::stream();
    let with_length = |frame: &Vec<u8>| [&(frame.len() as u32).to_be_bytes()[1..], frame].concat();
    let messages: Vec<Vec<u8>> = frames.chunks(8).map(|frames| frames.iter().flat_map(with_length).collect()).collect();
    let (mut reader, mut decoder) = (FrameReader::new(), Decoder::new());
    let mut receive = |message: &[u8]| {
        reader.feed(message);
        while let Some(frame) = reader.next_frame().unwrap() {
            decoder.decode(frame).unwrap();
        }
        // Releases the last frame, and with it the reader's memory.
        decoder.decode_slice(&frames[0]).unwrap();
    };
    messages.iter().for_each(|message| receive(message));
    let of_all = count(|| messages.iter().for_each(|message| receive(message)));
    assert_eq!(of_all, 0, "{of_all} for {} messages", messages.len());
}

#[test]
fn a_call_ack_takes_exactly_two_and_a_bare_tag_one() {
    // <ack id="OF-0001" class="call" from="s.whatsapp.net" t="1700000000"/>
    let ack = Bytes::from(hex("00f8091b08fc074f462d30303031156406fa00031aff051700000000"));
    let presence = Bytes::from(hex("00f8011f"));
    drop((decode(ack.clone()), decode(presence.clone())));
    assert_eq!(count(|| decode(ack.clone()).unwrap()), 2);
    assert_eq!(count(|| decode(presence.clone()).unwrap()), 1);
}

/// `<iq><list><item jid id>bytes</item>…</list></iq>`
fn list_of(items: usize) -> Node {
    let list = |list: &wabinary::Builder| {
        for at in 0..items {
            list.child("item", |item| item.attr("jid", device(at)).attr("id", at).content(&[7; 32]));
        }
    };
    Node::build("iq").child("list", list).finish()
}

fn device(at: usize) -> Jid {
    let user = (15_550_000_000_u64 + at as u64).to_string();
    JidRef::new(&user, Server::Whatsapp).and_then(|jid| jid.with_device(5)).unwrap().into()
}

#[test]
fn the_number_of_nodes_does_not_count() {
    let frames = [10, 1_000, 6_000].map(|items| encode(&list_of(items)).unwrap());
    // From the largest to the smallest: memory is that of the largest.
    let of_decode = frames.each_ref().map(|frame| {
        drop((decode(frames[2].clone()).unwrap(), decode(frame.clone()).unwrap()));
        count(|| decode(frame.clone()).unwrap())
    });
    assert_eq!(of_decode, [2, 2, 2]);
    let nodes = frames.each_ref().map(|frame| decode(frame.clone()).unwrap());
    assert_eq!(nodes.each_ref().map(|node| count(|| node.clone())), [2, 2, 2]);
    let changed = |node: &Node| node.edit().set("id", "2").at("list", |list| drop(list.attr("n", 1).finish())).finish();
    let copies = [
        nodes.each_ref().map(|node| count(|| node.child("list").unwrap().to_node())),
        nodes.each_ref().map(|node| count(|| changed(node))),
        nodes.each_ref().map(|node| count(|| node.clone().detach())),
    ];
    // Vectors that grow, each by doubling.
    assert!(copies.iter().flatten().all(|count| *count <= 25), "{copies:?}");
}

#[test]
fn a_new_decoder_grows_its_memory_in_a_handful_of_steps() {
    let frame = encode(&list_of(8_000)).unwrap();
    let steps = count(|| Decoder::new().decode(frame.clone()).is_ok());
    assert!(steps <= 45, "{steps}");
}

const CIPHERTEXT: [u8; 128] = [7; 128];

/// A message to some devices. Each has a copy of the ciphertext, or all share the same bytes.
fn message_to(devices: &[Jid], shared: Option<&Bytes>) -> Node {
    Node::build("message")
        .attr("id", "3EB0C1D2E3F405")
        .attr("to", JidRef::new("120363000000000001", Server::Group).unwrap())
        .attr("type", "text")
        .child("participants", |participants| {
            for jid in devices {
                participants.child("to", |to| {
                    to.attr("jid", jid).child("enc", |enc| {
                        enc.attr("v", "2").attr("type", "msg");
                        match shared {
                            Some(handle) => enc.bytes(handle.clone()),
                            None => enc.content(&CIPHERTEXT),
                        };
                    })
                });
            }
        })
        .finish()
}

#[test]
fn a_message_to_a_thousand_participants_takes_forty_allocations_at_most() {
    let devices: Vec<Jid> = (0..1_000).map(device).collect();
    let handle = Bytes::from(CIPHERTEXT.to_vec());
    let _shared = handle.clone();
    for (number, shared) in
        [1_000, 999, 513, 512, 100, 10, 1, 0].into_iter().flat_map(|number| [(number, None), (number, Some(&handle))])
    {
        let told = format!("for {number}, shared: {}", shared.is_some());
        let build = || message_to(&devices[..number], shared);
        // In a thread that has not encoded before.
        let frame = std::thread::scope(|scope| {
            let built_and_encoded = || {
                let (of_build, message) = counted(build);
                assert!(of_build <= 35, "{of_build} to build {told}");
                let (of_encode, frame) = counted(|| encode(&message).unwrap());
                let in_all = of_build + of_encode;
                assert!(in_all <= 40, "{of_build} to build and {of_encode} to encode for the first time {told}");
                assert_eq!(count(|| encode(&message).unwrap()), 1);
                let both = count(|| encode(&build()).unwrap());
                assert_eq!(both, of_build + 1, "{both} to build and encode {told}");
                frame
            };
            scope.spawn(built_and_encoded).join().unwrap()
        });
        let node = decode(frame).unwrap();
        assert_eq!(node.child("participants").unwrap().children().len(), number);
        assert_eq!(node, message_to(&devices[..number], None));
    }
}

#[test]
fn what_a_frame_claims_is_not_reserved() {
    // 32,767 attributes, 65,535 children, 2^32 - 1 bytes; levels that each claim 65,535 children.
    let claims = ["00f9ffff1b", "00f8021bf9ffff", "00f8021bfeffffffff61", "00f8031b08fefffffffc"];
    let bomb = [vec![0x00], [0xf8, 0x02, 0x07, 0xf9, 0xff, 0xff].repeat(200)].concat();
    for frame in claims.map(hex).into_iter().chain([bomb]) {
        let reserved = measure(|| drop(black_box(Decoder::new().decode_slice(&frame).map(drop)))).bytes_max;
        assert!(reserved < 13_000, "{} bytes for {} of {frame:02x?}", reserved, frame.len());
    }
}

#[test]
fn an_explanation_takes_memory_by_the_byte() {
    // Attributes of two bytes have the most ranges; a long tag is in the path of all its descendants; missing children;
    // findings of two bytes.
    let item = Node::build("ack");
    Dictionary::V3.tokens().take(235).for_each(|(_, name)| _ = item.attr(name, "0"));
    let item = item.finish();
    let list = Node::build("list");
    (0..200).for_each(|_| _ = list.append(&item));
    let many = encode(&list.finish()).unwrap();
    let tall = Node::build(&"x".repeat(50_000));
    (0..20_000).for_each(|_| _ = tall.child("a", |_| {}));
    let tall = encode(&tall.finish()).unwrap();
    let empty_texts = [&[0x00, 0xf9, 0xff, 0xff][..], &[0xff, 0x00].repeat(50_000)].concat();
    let claimed = hex("00f8021bf9ffff");
    for (what, frame) in [("many", &many[..]), ("tall", &tall), ("empty texts", &empty_texts), ("claimed", &claimed)] {
        let info = measure(|| drop(black_box(Decoder::new().explain(frame))));
        let allowed = 200 * frame.len() as u64 + (64 << 10);
        assert!(info.bytes_max <= allowed, "{what}: {} bytes for {}", info.bytes_max, frame.len());
    }
    // Every text of a range is short.
    let explanation = Decoder::new().explain(&tall);
    let info = measure(|| {
        for range in explanation.ranges() {
            black_box((explanation.text(range), explanation.path(range)));
        }
    });
    assert!(info.bytes_max < 10_000, "{info:?}");
    assert!(info.bytes_total < 5_000 * explanation.ranges().len() as u64, "{info:?}");
}

#[test]
fn inflating_stops_at_the_limit() {
    let bomb = Encoder::new().with_zlib(9).encode(&Node::build("ack").bytes(vec![0; 4_000_000]).finish()).unwrap();
    let limits = Limits { inflated: 100_000, ..Limits::default() };
    let most = measure(|| {
        let error = Decoder::new().with_limits(limits).decode(bomb.clone()).map(drop).unwrap_err();
        assert_eq!(error.kind().name(), "inflated-too-large");
    });
    // The window, the limit, and the memory that vectors reserve.
    assert!(most.bytes_max < 300_000, "{} bytes", most.bytes_max);
}

#[test]
fn memory_does_not_grow_with_the_number_of_frames() {
    let mut names = 0..;
    let mut fresh = || {
        let node = Node::build("a");
        for name in names.by_ref().take(50) {
            node.attr(&format!("name-{name}"), "");
        }
        node.finish()
    };
    let (mut encoder, mut decoder) = (Encoder::new(), Decoder::new());
    let mut round = || {
        let frame = encoder.encode(&fresh()).unwrap();
        decoder.decode(frame).unwrap();
        decoder.take();
    };
    (0..10).for_each(|_| round());
    let kept = measure(|| (0..1_000).for_each(|_| round())).bytes_current;
    assert!(kept < 10_000, "{kept} bytes more after 1,000 frames");
    // Content of 200 digits has separate memory.
    let digits = [&hex("00f8021bff64")[..], &[0x12; 100]].concat();
    decoder.decode_slice(&digits).unwrap();
    let kept = measure(|| (0..1_000).for_each(|_| drop(decoder.decode_slice(&digits)))).bytes_current;
    assert!(kept < 10_000, "{kept} bytes more after 1,000 contents");
}

#[test]
fn a_thread_keeps_a_mebibyte_at_most_between_calls() {
    let large = Node::build("ack").bytes(vec![7; 8_000_000]).finish();
    let frame = encode(&large).unwrap();
    let work = || {
        let decoded = measure(|| drop(black_box(decode_slice(&frame).unwrap()))).bytes_current;
        let encoded = measure(|| drop(black_box(encode(&large).unwrap()))).bytes_current;
        assert!(decoded < 1 << 20 && encoded < 1 << 20, "{decoded} and {encoded} bytes kept");
        for byte in [b'x', 0xff] {
            // <ack id="…"/>: with a text that is dropped with the tree, and with bytes that are not a text.
            let frame = [&hex("00f8031b08fe007a1200")[..], &vec![byte; 8_000_000]].concat();
            let kept = measure(|| drop(black_box(decode_slice(&frame)))).bytes_current;
            assert!(kept < 1 << 20, "{kept} bytes kept of a text");
        }
    };
    std::thread::scope(|scope| scope.spawn(work).join().unwrap());
}
