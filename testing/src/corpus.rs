//! The measured frames: synthetic, equal in every run, of the usual kinds.
//!
//! [`frames`] returns one of each, [`stream`] many small ones. All use dictionary version 3.

use std::fmt::Write as _;

use wabinary::{Builder, Dictionary, Encoder, Jid, JidRef, Node, Server};

pub mod call_acks;

/// One frame of each kind, with its name in reports.
pub fn frames() -> Vec<(&'static str, Vec<u8>)> {
    let plain = |node: Node| Encoder::new().encode(&node).expect("the corpus encodes").to_vec();
    let zlib = |node: Node| Encoder::new().with_zlib(6).encode(&node).expect("the corpus encodes").to_vec();
    vec![
        ("call ack", plain(call_ack(1))),
        ("call ack with an error", plain(call_ack_with_error(1))),
        ("receipt", plain(receipt(1))),
        ("message of 300 bytes", plain(message(1, 300))),
        ("message of 1 KiB", plain(message(1, 1024))),
        ("message of 16 KiB", plain(message(1, 16 * 1024))),
        ("call offer to 6 devices", plain(call_offer(6))),
        ("devices of 1 user", plain(usync(1))),
        ("devices of 100 users", plain(usync(100))),
        ("devices of 1000 users", plain(usync(1000))),
        ("812 prekeys", plain(prekeys(812))),
        ("group of 256", plain(group(256))),
        ("group of 1024", plain(group(1024))),
        ("100 app-state patches", plain(app_state(100))),
        ("history, compressed", zlib(history(7_600))),
        ("properties, compressed", zlib(properties(24))),
        ("texts of many scripts", plain(texts(&SCRIPTS))),
        ("texts in ASCII", plain(texts(&[SCRIPTS[0]]))),
        ("two-byte tokens", plain(two_byte_tokens(400))),
        ("packed texts", plain(packed(400))),
        ("60 nested nodes", plain(deep(60))),
    ]
}

/// 1024 small frames, no two alike, in the mix of a busy connection.
pub fn stream() -> Vec<Vec<u8>> {
    let node = |n: u64| match n % 8 {
        0 => call_ack(n),
        1 => call_ack_with_error(n),
        2 | 3 => receipt(n),
        4 => message(n, 40 + (scramble(n) % 200) as usize),
        5 => presence(n),
        6 => ping(n),
        _ => chat_state(n),
    };
    let mut encoder = Encoder::new();
    (0..1024).map(|n| encoder.encode(&node(n)).expect("the corpus encodes").to_vec()).collect()
}

/// A server's answer to a call stanza.
pub fn call_ack(n: u64) -> Node {
    let ack = ack_of_call(n);
    ack.attr("t", 1_700_000_000 + n).finish()
}

pub fn call_ack_with_error(n: u64) -> Node {
    let code = if n.is_multiple_of(2) { 404 } else { 503 };
    let ack = ack_of_call(n);
    ack.child("error", |error| error.attr("code", code).attr("text", "service unavailable"));
    ack.finish()
}

fn ack_of_call(n: u64) -> Builder {
    let ack = Node::build("ack");
    ack.attr("id", format!("OF-{n:04}")).attr("class", "call").attr("from", Jid::SERVER);
    ack
}

/// An outgoing group message: a copy of the key for each participant.
pub fn message_to(participants: &[Jid]) -> Node {
    let key = bytes(7, 96);
    let message = Node::build("message");
    message.attr("id", message_id(1)).attr("type", "text").attr("to", group_jid(1)).attr("phash", "2:dGVzdA==");
    message.child("participants", |list| {
        for participant in participants {
            list.child("to", |to| {
                to.attr("jid", participant).child("enc", |enc| enc.attr("v", 2).attr("type", "msg").content(&key))
            });
        }
    });
    message.child("enc", |enc| enc.attr("v", 2).attr("type", "skmsg").bytes(bytes(8, 300)));
    message.finish()
}

/// Devices of many users, some of them companion devices.
pub fn participants(count: u64) -> Vec<Jid> {
    (0..count).map(|n| device(n, if n % 3 == 0 { 0 } else { (n % 90) as u16 })).collect()
}

fn receipt(n: u64) -> Node {
    let receipt = Node::build("receipt");
    receipt
        .attr("from", device(n, 5))
        .attr("id", message_id(n))
        .attr("type", "read")
        .attr("t", 1_700_000_000 + n)
        .finish()
}

fn message(n: u64, length: usize) -> Node {
    let message = Node::build("message");
    message
        .attr("from", group_jid(n))
        .attr("id", message_id(n))
        .attr("t", 1_700_000_000 + n)
        .attr("notify", "Alex Example")
        .attr("type", "text")
        .attr("participant", lid(n))
        .attr("addressing_mode", "lid");
    message.child("enc", |enc| enc.attr("v", 2).attr("type", "skmsg").bytes(bytes(n, length)));
    message.finish()
}

fn presence(n: u64) -> Node {
    let presence = Node::build("presence");
    presence.attr("from", lid(n)).attr("type", "unavailable").attr("last", 1_700_000_000 + n).finish()
}

fn ping(n: u64) -> Node {
    let iq = Node::build("iq");
    iq.attr("from", Jid::SERVER).attr("id", format!("{}.{}", scramble(n) % 100_000, n)).attr("xmlns", "urn:xmpp:ping");
    iq.attr("type", "get").finish()
}

fn chat_state(n: u64) -> Node {
    let state = Node::build("chatstate");
    state.attr("from", group_jid(n)).attr("participant", device(n, 0));
    state.child(if n % 16 < 8 { "composing" } else { "paused" }, |_| {}).finish()
}

fn call_offer(devices: u64) -> Node {
    let call = Node::build("call");
    call.attr("id", message_id(1)).attr("to", device(1, 0));
    call.child("offer", |offer| {
        offer.attr("call-id", hexadecimal(1, 32)).attr("call-creator", device(2, 3));
        for rate in [8_000, 16_000] {
            offer.child("audio", |audio| audio.attr("enc", "opus").attr("rate", rate));
        }
        offer.child("destination", |destination| {
            for n in 0..devices {
                destination.child("to", |to| {
                    to.attr("jid", device(1, n as u16)).child("enc", |enc| {
                        enc.attr("v", 2).attr("type", "pkmsg").attr("count", 0).bytes(bytes(n, 290))
                    })
                });
            }
        });
        offer.child("net", |net| net.attr("medium", 3));
        offer.child("capability", |capability| capability.attr("ver", 1).bytes(bytes(3, 7)));
        offer.child("encopt", |encopt| encopt.attr("keygen", 2));
    });
    call.finish()
}

fn usync(users: u64) -> Node {
    let iq = Node::build("iq");
    iq.attr("from", Jid::SERVER).attr("id", "31034.7891-17").attr("type", "result");
    iq.child("usync", |usync| {
        usync.attr("sid", "31034.7891-16").attr("index", 0).attr("last", "true").attr("mode", "query");
        usync.attr("context", "message").child("result", |result| result.child("devices", |_| {}));
        usync.child("list", |list| {
            for n in 0..users {
                list.child("user", |user| {
                    user.attr("jid", device(n, 0)).child("devices", |devices| devices_of(n, devices))
                });
            }
        });
    });
    iq.finish()
}

fn devices_of(n: u64, devices: &Builder) {
    devices.child("device-list", |list| {
        for id in [0, 3 + n % 20, 30 + n % 50] {
            list.child("device", |device| {
                device.attr("id", id);
                if id > 0 {
                    device.attr("key-index", id / 2 + 1);
                }
            });
        }
    });
    devices.child("key-index-list", |list| list.attr("ts", 1_690_000_000 + n * 977).bytes(bytes(n, 30)));
}

fn prekeys(count: u64) -> Node {
    let iq = Node::build("iq");
    iq.attr("to", Jid::SERVER).attr("xmlns", "encrypt").attr("type", "set").attr("id", "31034.7891-3");
    iq.child("registration", |node| node.bytes(bytes(1, 4)));
    iq.child("type", |node| node.content(b"\x05"));
    iq.child("identity", |node| node.bytes(bytes(2, 32)));
    iq.child("list", |list| {
        for n in 0..count {
            list.child("key", |key| {
                let id = (n as u32 + 1).to_be_bytes();
                key.child("id", |node| node.content(&id[1..])).child("value", |node| node.bytes(bytes(n, 32)));
            });
        }
    });
    iq.finish()
}

fn group(size: u64) -> Node {
    let notification = Node::build("notification");
    notification.attr("from", group_jid(1)).attr("type", "w:gp2").attr("id", "2903519847").attr("participant", lid(0));
    notification.attr("t", 1_700_000_000).child("create", |create| {
        create.attr("type", "new").child("group", |group| {
            group.attr("id", "120363000000000001").attr("subject", "Example group").attr("creator", lid(0));
            group.attr("creation", 1_700_000_000).attr("s_t", 1_700_000_000).attr("addressing_mode", "lid");
            for n in 0..size {
                group.child("participant", |participant| {
                    participant.attr("jid", lid(n)).attr("phone_number", device(n, 0));
                    if n % 50 == 0 {
                        participant.attr("type", "admin");
                    }
                });
            }
        })
    });
    notification.finish()
}

fn app_state(patches: u64) -> Node {
    let iq = Node::build("iq");
    iq.attr("from", Jid::SERVER).attr("id", "31034.7891-40").attr("type", "result").child("sync", |sync| {
        sync.child("collection", |collection| {
            collection.attr("name", "regular_high").attr("version", 4_711).child("patches", |list| {
                for n in 0..patches {
                    list.child("patch", |patch| patch.bytes(bytes(n, 400 + (n % 150) as usize)));
                }
            })
        })
    });
    iq.finish()
}

/// Inflates to about 1 MiB; half of it does not compress.
fn history(messages: u64) -> Node {
    let iq = Node::build("iq");
    iq.attr("from", Jid::SERVER).attr("id", "31034.7891-50").attr("type", "result");
    for n in 0..messages {
        iq.child("message", |message| {
            message
                .attr("from", lid(n % 40))
                .attr("id", message_id(n))
                .attr("t", 1_700_000_000 + n * 61)
                .attr("type", "text");
            message
                .child("enc", |enc| enc.attr("v", 2).attr("type", "msg").bytes([bytes(n, 60), vec![0; 24]].concat()));
        });
    }
    iq.finish()
}

fn properties(count: u64) -> Node {
    let iq = Node::build("iq");
    iq.attr("from", Jid::SERVER).attr("id", "31034.7891-2").attr("type", "result").child("props", |props| {
        props.attr("protocol", 1).attr("hash", "4BaL").attr("refresh", 86_400);
        for n in 0..count {
            props.child("prop", |prop| {
                let value = if n % 3 == 0 { "true".to_owned() } else { (scramble(n) % 5_000).to_string() };
                prop.attr("config_code", 1_000 + n * 37).attr("config_value", value);
            });
        }
    });
    iq.finish()
}

const SCRIPTS: [&str; 5] = [
    "The quick brown fox jumps over the lazy dog. ",
    "Съешь же ещё этих мягких французских булок. ",
    "いろはにほへと ちりぬるを わかよたれそ ",
    "नमस्ते दुनिया, यह एक उदाहरण है। ",
    "🙂 naïve café, Zoë ",
];

/// 300 texts of about 220 bytes.
fn texts(scripts: &[&str]) -> Node {
    let node = Node::build("iq");
    for n in 0..50 {
        node.child("item", |item| {
            for field in 0..6 {
                let script = scripts[(n + field) % scripts.len()];
                let text = script.repeat(210 / script.len() + 1);
                item.attr(&format!("field {field}"), format!("{n}.{field} {text}"));
            }
        });
    }
    node.finish()
}

fn two_byte_tokens(count: usize) -> Node {
    let tokens: Vec<_> = Dictionary::V3.tokens().filter(|(token, _)| token.dictionary().is_some()).collect();
    let token = |n: usize| tokens[n * 389 % tokens.len()].1;
    let node = Node::build("iq");
    for n in 0..count {
        node.child(token(n), |child| child.attr(token(n + 1), token(n + 2)).attr(token(n + 3), token(n + 4)));
    }
    node.finish()
}

fn packed(count: u64) -> Node {
    let node = Node::build("list");
    for n in 0..count {
        node.child("item", |item| {
            let number = scramble(n);
            item.attr("id", hexadecimal(n, 32)).attr("t", format!("{number:020}"));
            item.attr("count", format!("{}.{}-{}", number % 1_000_000, n, number % 977)).attr("value", message_id(n));
        });
    }
    node.finish()
}

fn deep(depth: usize) -> Node {
    fn nest(node: &Builder, left: usize) {
        node.attr("id", left);
        if left > 1 {
            node.child("item", |child| nest(child, left - 1));
        }
    }
    let node = Node::build("iq");
    nest(&node, depth);
    node.finish()
}

fn device(user: u64, device: u16) -> Jid {
    let user = format!("1555000{:04}", user % 10_000);
    let jid = JidRef::new(&user, Server::Whatsapp).and_then(|jid| jid.with_device(device));
    Jid::from(jid.expect("a phone number and a device"))
}

fn lid(user: u64) -> Jid {
    Jid::new(&format!("1000000{:08}", scramble(user) % 100_000_000), Server::Lid).expect("digits")
}

fn group_jid(n: u64) -> Jid {
    Jid::new(&format!("120363{:012}", n % 1_000), Server::Group).expect("digits")
}

fn message_id(n: u64) -> String {
    format!("3EB0{}", hexadecimal(n, 18))
}

fn hexadecimal(n: u64, digits: usize) -> String {
    let mut text = String::new();
    bytes(n, digits.div_ceil(2)).iter().for_each(|byte| write!(text, "{byte:02X}").expect("memory takes everything"));
    text.truncate(digits);
    text
}

/// Bytes that do not compress.
fn bytes(n: u64, length: usize) -> Vec<u8> {
    let words = (0..).map(|step| scramble(n << 32 | step).to_le_bytes());
    words.flatten().take(length).collect()
}

/// A pseudorandom number: splitmix64.
fn scramble(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
