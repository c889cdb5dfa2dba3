//! No secret of a tree survives sanitizing in any spelling.

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use bytes::Bytes;
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use wabinary::{Content, Jid, JidRef, NewContent, NewValue, Node, NodeRef, Rewrite, Server, Value, encode};
use wabinary_capture::{Form, Payload, Records, ResidueCheck, ResidueKind, Sanitizer};

/// Puts a secret into some places of a tree.
struct Plant<'u, 'd> {
    u: &'u mut Unstructured<'d>,
    secret: String,
    planted: usize,
}

impl Plant<'_, '_> {
    fn is_here(&mut self) -> bool {
        let is_here = self.u.ratio(1, 3).unwrap_or(false) || self.planted == 0;
        self.planted += usize::from(is_here);
        is_here
    }

    fn jid(&mut self) -> Jid {
        let servers = [Server::Whatsapp, Server::Lid, Server::Group, Server::Call, Server::Bot, Server::Hosted];
        let server = *self.u.choose(&servers).unwrap_or(&Server::Whatsapp);
        Jid::new(&self.secret, server).expect("a user")
    }
}

impl Rewrite for Plant<'_, '_> {
    fn value<'a>(&mut self, _: NodeRef<'a>, name: &'a str, value: Value<'a>) -> NewValue<'a> {
        // Durations are numbers that are kept.
        if ["latency", "rtt", "c2r_rtt"].contains(&name) || !self.is_here() {
            return value.into();
        }
        match self.u.int_in_range(0..=3).unwrap_or(0) {
            0 => self.jid().into(),
            1 => self.jid().to_string().into(),
            2 => format!("{} and more", self.secret).into(),
            _ => self.secret.clone().into(),
        }
    }

    fn content<'a>(&mut self, _: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
        if !self.is_here() {
            return content.into();
        }
        match self.u.int_in_range(0..=2).unwrap_or(0) {
            0 => self.jid().into(),
            1 => NewContent::coded(self.secret.clone()),
            _ => format!("{{\"name\":\"{}\"}}", self.secret).into(),
        }
    }
}

/// Eight characters or more, some of them digits.
fn secret(u: &mut Unstructured<'_>) -> Result<String> {
    let alphabet: &[u8] = if u.arbitrary()? { b"0123456789" } else { b"ABCDEFGHJKabcdefgh0123456789" };
    let length = u.int_in_range(8..=20)?;
    let mut secret: String = (0..length).map(|_| Ok(char::from(*u.choose(alphabet)?))).collect::<Result<_>>()?;
    secret.replace_range(1..3, "73");
    Ok(secret)
}

/// Whether a tree contains a secret: as text, as hex or base64 at any alignment, or packed.
fn shows(node: &Node, secret: &str) -> bool {
    let frame = encode(node).expect("what decodes is encoded");
    let xml = node.to_string();
    let base64 = (0..3).map(|alignment| {
        let text = BASE64_NOPAD.encode(&[&[0; 3][..alignment], secret.as_bytes()].concat());
        text[if alignment == 0 { 0 } else { 4 }..text.len() - 2].to_owned()
    });
    let in_text = [secret.to_owned(), HEXLOWER.encode(secret.as_bytes())].into_iter().chain(base64);
    let packed: Vec<u8> = secret
        .as_bytes()
        .chunks_exact(2)
        .filter_map(|two| Some(char::from(two[0]).to_digit(16)? as u8 * 16 + char::from(two[1]).to_digit(16)? as u8))
        .collect();
    let holds = |bytes: &[u8]| bytes.len() > 3 && frame.windows(bytes.len()).any(|window| window == bytes);
    in_text.into_iter().any(|text| xml.contains(&text)) || holds(secret.as_bytes()) || holds(&packed)
}

#[test]
fn no_planted_secret_survives_and_the_search_finds_it_before() {
    arbtest(|u| {
        let secret = secret(u)?;
        let tree: Node = u.arbitrary()?;
        let mut plant = Plant { u, secret: secret.clone(), planted: 0 };
        let planted = tree.rewrite(&mut plant);
        if plant.planted == 0 || encode(&planted).is_err() || shows(&tree, &secret) {
            return Ok(());
        }
        assert!(shows(&planted, &secret), "{planted}");
        let mut sanitizer = Sanitizer::new();
        let sanitized = sanitizer.sanitize(&planted);
        assert!(!shows(&sanitized, &secret), "{planted} became {sanitized}");
        assert_eq!(sanitized.as_ref().descendants().len(), planted.as_ref().descendants().len());
        assert_eq!(sanitized, Sanitizer::new().sanitize(&planted));
        Ok(())
    })
    .budget_ms(2_000);
}

#[test]
fn what_a_person_made_up_is_replaced_even_if_it_is_a_word_of_the_protocol() {
    let words = ["business", "image", "", "status", "group"];
    for name in ["id", "call-id", "notify"] {
        let node = words.iter().map(|word| Node::build("x").attr(name, *word).finish());
        let shown: Vec<_> =
            node.map(|node| Sanitizer::new().sanitize(&node).attr(name).unwrap().to_text().into_owned()).collect();
        let replaced = format!("{}-1", name.to_uppercase());
        let expected = words.map(|word| if word.is_empty() { "" } else { &replaced });
        assert_eq!(shown, expected);
    }
}

#[test]
fn what_survives_elsewhere_is_found() -> std::result::Result<(), wabinary::JidError> {
    let user = JidRef::parse("15550001111@s.whatsapp.net")?;
    let node = Node::build("iq").attr("from", user).child("x15550001111", |_| {}).finish();
    let clean = Node::build("iq").attr("from", user).attr("id", "Ann Example").finish();
    let found = |node: &Node| {
        let (mut sanitizer, mut check) = (Sanitizer::new(), ResidueCheck::new());
        let sanitized = sanitizer.sanitize(node);
        check.see_node(&sanitizer, 3, sanitized.as_ref());
        check.finish(&sanitizer).into_iter().map(|it| (it.kind, it.word, it.frame, it.path)).collect::<Vec<_>>()
    };
    assert_eq!(found(&node), [(ResidueKind::Replaced, "x15550001111".into(), 3, "iq > x15550001111".into())]);
    assert_eq!(found(&clean), []);
    Ok(())
}

type Write = fn(&Node) -> String;

/// A tree as programs log it. Loggers do not escape, so their readers may find another tree; even then no secret may
/// survive.
const DIALECTS: [(&str, Write); 12] = [
    ("hex", |node| hex(node)),
    ("base64", |node| BASE64.encode(&frame(node))),
    ("literal", |node| format!("{:?}", frame(node).to_vec())),
    ("escapes", |node| frame(node).iter().map(|byte| format!("\\x{byte:02x}")).collect()),
    ("own records", |node| format!("{{\"direction\":\"receive\",\"hex\":\"{}\"}}", hex(node))),
    ("own trees", |node| serde_json::json!({"node": node}).to_string()),
    ("har message", |node| {
        format!(
            "{{\"type\":\"receive\",\"time\":1700000000,\"opcode\":2,\"data\":\"{}\"}}",
            BASE64.encode(&frame(node))
        )
    }),
    ("at and node", |node| {
        let attrs: serde_json::Map<_, _> =
            node.attrs().map(|(name, value)| (name.into(), value.to_string().into())).collect();
        let stanza = serde_json::json!({"Tag": node.tag(), "Attrs": attrs, "Content": BASE64.encode(node.to_string().as_bytes())});
        serde_json::json!({"at": "2023-11-14T22:13:20Z", "direction": "recv", "node": stanza}).to_string()
    }),
    ("xml", ToString::to_string),
    ("whatsmeow", |node| format!("22:13:20.000 [Client/Recv DEBUG] {node}")),
    ("baileys", |node| {
        serde_json::json!({"level": 10, "time": 1700000000000_u64, "xml": node.to_string(), "msg": "recv xml"})
            .to_string()
    }),
    ("labelled", |node| format!("1700000000.5 < {}", hex(node))),
];

fn frame(node: &Node) -> Bytes {
    encode(node).expect("what decodes is encoded")
}

fn hex(node: &Node) -> String {
    HEXLOWER.encode(&frame(node))
}

/// The trees of an input.
fn trees(input: String) -> Vec<Node> {
    let records = Records::new(std::io::Cursor::new(input), Form::Auto).expect("an input in memory");
    let trees = records.filter_map(|record| match record.ok()?.payload {
        Payload::Frame(frame) => wabinary::decode(frame).ok(),
        Payload::Tree(tree) => Some(tree.node().to_node()),
        _ => None,
    });
    trees.collect()
}

#[test]
fn no_secret_passes_in_any_dialect() {
    let mut shown = [0; DIALECTS.len()];
    arbtest(|u| {
        let secret = secret(u)?;
        let tree: Node = u.arbitrary()?;
        let mut plant = Plant { u, secret: secret.clone(), planted: 0 };
        let planted = tree.rewrite(&mut plant);
        if encode(&planted).is_err() || shows(&tree, &secret) {
            return Ok(());
        }
        for ((name, write), shown) in DIALECTS.iter().zip(&mut shown) {
            let mut sanitizer = Sanitizer::new();
            for read in trees(write(&planted)) {
                let sanitized = sanitizer.sanitize(&read);
                // Without sanitizing, this would fail.
                *shown += usize::from(encode(&read).is_ok() && shows(&read, &secret));
                let passes = encode(&sanitized).is_ok() && shows(&sanitized, &secret);
                assert!(!passes, "{name}: {read} became {sanitized}");
            }
        }
        Ok(())
    })
    .budget_ms(4_000);
    for ((name, _), shown) in DIALECTS.iter().zip(shown) {
        assert!(shown > 0, "no secret was read from {name}");
    }
}

#[test]
fn texts_that_need_a_look_are_told_by_kind() {
    let (sanitizer, mut check) = (Sanitizer::new(), ResidueCheck::new());
    let words =
        "1234567 123456 10.20.30.40:5060 ann@s.whatsapp.net A:4@lid 00aa11bb22cc33dd QmFzZTY0IGlzIGxvbmcgMTIz0w==";
    check.see_node(&sanitizer, 0, Node::build("x").attr("y", words).finish().as_ref());
    let found: Vec<_> = check.finish(&sanitizer).into_iter().map(|residue| residue.kind).collect();
    let mut expected =
        vec![ResidueKind::Hex, ResidueKind::Digits, ResidueKind::Address, ResidueKind::Address, ResidueKind::Base64];
    expected.sort();
    let mut sorted = found.clone();
    sorted.sort();
    assert_eq!(sorted, expected, "{found:?}");
}
