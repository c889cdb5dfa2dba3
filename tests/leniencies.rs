//! The options of `Leniency`: each accepts one more deviation that no other accepts, and both laws hold with it.

use wabinary::explain::{FindingKind, Severity};
use wabinary::{
    Decoder, Dictionary, Encoder, JidForm, JidRef, Leniency, Node, Server, Value, decode, decode_slice, encode,
};

use wabinary_testing::vectors;

use vectors::{hex, read, with_findings_applied};

/// Packed content of a length that no encoder writes is checked by the same rules as other packed content.
#[test]
fn content_that_is_packed_too_long_is_checked() {
    let content = |form: u8, octets: &[u8], is_odd: bool| {
        let length = octets.len() as u8 | if is_odd { 0x80 } else { 0 };
        [&[0x00, 0xf8, 0x02, 0x1b, form, length], octets].concat()
    };
    let refused = |frame: &[u8]| decode_slice(frame).map(drop).map_err(|error| error.kind().name());
    for count in [63, 64, 65, 100, 127] {
        let mut octets = vec![0x12; count];
        assert_eq!(refused(&content(0xff, &octets, false)), Ok(()), "{count}");
        assert_eq!(refused(&content(0xff, &octets, true)), Err("invalid-padding"), "{count}");
        octets[count / 2] = 0x1c;
        assert_eq!(refused(&content(0xff, &octets, false)), Err("invalid-nibble"), "{count}");
        assert_eq!(refused(&content(0xfb, &octets, false)), Ok(()), "{count}");
    }
}

/// `<ack id="…">bytes</ack>` with the text packed into `count` octets, and their place; without content they end the
/// frame.
fn with_packed_id(count: u8, is_odd: bool, behind: u8) -> (Vec<u8>, usize, usize) {
    let size = if behind > 0 { 4 } else { 3 };
    let mut frame = vec![0x00, 0xf8, size, 0x1b, 0x08, 0xff, count | u8::from(is_odd) << 7];
    let (start, end) = (frame.len(), frame.len() + usize::from(count));
    frame.resize(end, 0x12);
    frame[end - 1] |= if is_odd { 0x0f } else { 0 };
    if behind > 0 {
        frame.extend([0xfc, behind]);
        frame.resize(end + 2 + usize::from(behind), 0xff);
    }
    (frame, start, end)
}

/// The first pass checks eight octets at once. The way depends on the length of the text and on the bytes after it.
#[test]
fn a_wrong_nibble_is_found_wherever_it_stands() {
    for count in 1..=40 {
        for (is_odd, behind) in [0, 7, 40].into_iter().flat_map(|behind| [(false, behind), (true, behind)]) {
            for allow in [Leniency::NONE, Leniency::PAD_NIBBLE] {
                let (frame, start, end) = with_packed_id(count, is_odd, behind);
                let mut decoder = Decoder::new().allow(allow);
                let mut refused =
                    |frame: &[u8]| decoder.decode_slice(frame).map(drop).map_err(|error| error.kind().name());
                assert_eq!(refused(&frame), Ok(()), "{frame:02x?}");
                // One wrong octet, or only wrong ones.
                for wrong_ones in (start..end).map(|at| at..at + 1).chain(std::iter::once(start..end)) {
                    for wrong in [0xc2, 0x1d, 0xe2, 0x1f] {
                        let is_padding = is_odd && wrong < 0x20 && wrong_ones == (end - 1..end);
                        let expected = match wrong {
                            _ if !is_padding => Err("invalid-nibble"),
                            0x1f => Ok(()),
                            _ if allow == Leniency::PAD_NIBBLE => Ok(()),
                            _ => Err("invalid-padding"),
                        };
                        let mut frame = frame.clone();
                        frame[wrong_ones.clone()].fill(wrong);
                        assert_eq!(refused(&frame), expected, "{frame:02x?}");
                    }
                }
            }
        }
    }
}

/// The decoder and encoder under one or more options.
struct Lenient {
    decoder: Decoder,
    encoder: Encoder,
    again: Decoder,
}

impl Lenient {
    fn new(allow: Leniency) -> Self {
        let decoder = || Decoder::new().allow(allow);
        Self { decoder: decoder(), encoder: Encoder::new().allow(allow), again: decoder() }
    }

    /// The kind of the error, or the encoded frame. Checks both laws on an accepted frame.
    fn rewrite(&mut self, frame: &[u8]) -> Result<Vec<u8>, &'static str> {
        let node = self.decoder.decode_slice(frame).map_err(|error| error.kind().name())?;
        let written = self.encoder.encode_slice(node).unwrap_or_else(|error| panic!("{frame:02x?}: {error}"));
        assert_eq!(self.again.decode_slice(written), Ok(node), "law 1: {frame:02x?}");
        let findings = self.again.findings(frame).unwrap();
        let is_rewritten = findings.iter().any(|finding| finding.kind.severity() == Severity::Rewritten);
        assert_eq!(written != frame, is_rewritten, "law 2: {frame:02x?}: {findings:?}");
        if frame[0] & 2 == 0 {
            assert_eq!(written, with_findings_applied(frame, &findings), "{frame:02x?}");
        }
        Ok(written.to_vec())
    }
}

/// Asserts that a frame is refused as `kind` without `option`, and encoded as `again` with it.
fn assert_allowed_by(option: Leniency, frame: &str, kind: &'static str, again: &str) {
    let frame = hex(frame);
    assert_eq!(Lenient::new(Leniency::NONE).rewrite(&frame), Err(kind));
    assert_eq!(decode_slice(&frame).unwrap_err().allow(), Some(option), "{frame:02x?}");
    for &other in Leniency::ALL {
        let expected = if other == option { Ok(hex(again)) } else { Err(kind) };
        assert_eq!(Lenient::new(other).rewrite(&frame), expected, "{other}: {frame:02x?}");
    }
    let all = Leniency::ALL.iter().fold(Leniency::NONE, |all, one| all | *one);
    assert_eq!(Lenient::new(all).rewrite(&frame), Ok(hex(again)), "all of them: {frame:02x?}");
}

#[test]
fn options_have_names_and_add_up() {
    let names = [
        "duplicate-keys",
        "flag-bits",
        "pad-nibble",
        "length-bits",
        "ad-domain",
        "interop-no-server",
        "jid-text",
        "empty-tag",
    ];
    assert_eq!("flag-bits,real-clients".parse(), Ok(Leniency::FLAG_BITS | Leniency::REAL_CLIENTS));
    assert_eq!(Leniency::REAL_CLIENTS.to_string(), "jid-text,empty-tag");
    assert_eq!(Leniency::ALL.iter().map(Leniency::to_string).collect::<Vec<_>>(), names);
    for &allow in Leniency::ALL {
        assert_eq!(allow.to_string().parse(), Ok(allow));
        assert!(allow.contains(allow) && allow.contains(Leniency::NONE) && !Leniency::NONE.contains(allow));
    }
    let mut two = Leniency::FLAG_BITS | Leniency::PAD_NIBBLE;
    assert!(two.contains(Leniency::PAD_NIBBLE) && !two.contains(Leniency::AD_DOMAIN | Leniency::PAD_NIBBLE));
    two |= Leniency::AD_DOMAIN;
    assert_eq!(two.to_string(), "flag-bits,pad-nibble,ad-domain");
    assert_eq!(" ad-domain, flag-bits ,pad-nibble".parse(), Ok(two));
    for bits in 0..1 << Leniency::ALL.len() {
        let some = (0..).zip(Leniency::ALL).filter(|(at, _)| bits >> at & 1 != 0);
        let set = some.fold(Leniency::NONE, |all, (_, one)| all | *one);
        assert_eq!(set.to_string().parse(), Ok(set));
    }
    assert_eq!((Leniency::NONE.to_string(), Leniency::default()), ("none".to_owned(), Leniency::NONE));
    for (text, unknown) in
        [("", ""), ("nothing", "nothing"), ("flag-bits,Pad-Nibble", "Pad-Nibble"), ("none,x", "none")]
    {
        let error = text.parse::<Leniency>().unwrap_err();
        let expected = format!("unknown leniency \"{unknown}\"; expected none, real-clients, {}", names.join(", "));
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn two_spellings_of_a_name_are_not_written_without_the_option() {
    // Names: id as a token, id spelled out; two bytes, a packed text and a long one in two forms each.
    let spellings = ["08", "fc026964", "ec0b", "fc057265747279", "ff0112", "fc023132", "fc03616263", "fd000003616263"];
    for (at, pair) in spellings.chunks(2).enumerate() {
        for (one, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
            let frame = hex(&format!("00f8071b{one}04{}04{other}04", spellings[(at * 2 + 2) % spellings.len()]));
            let node = Decoder::new().allow(Leniency::DUPLICATE_NAMES).decode_slice(&frame).unwrap().to_node();
            let error = encode(&node).unwrap_err();
            assert_eq!(error.kind().name(), "duplicate-key", "{frame:02x?}");
        }
    }
}

/// Names are first compared by a few bits. These pairs share them when read, when written, or both.
#[test]
fn a_name_is_found_again_behind_one_that_shares_its_bits() {
    let pairs =
        [("08", "48"), ("ec0b", "ec4b"), ("28", "ec0b"), ("fc03617862", "fc03617962"), ("ff020125", "ff020135")];
    for (one, other) in pairs.into_iter().chain(pairs.map(|(one, other)| (other, one))) {
        assert!(decode_slice(&hex(&format!("00f8051b{one}04{other}04"))).is_ok(), "{one} {other}");
        for names in [[one, other, one], [one, other, other], [one, one, other]] {
            let frame = hex(&names.iter().fold("00f8071b".to_owned(), |frame, name| frame + name + "04"));
            assert_eq!(decode_slice(&frame).unwrap_err().kind().name(), "duplicate-key", "{frame:02x?}");
            let node = Decoder::new().allow(Leniency::DUPLICATE_NAMES).decode_slice(&frame).unwrap().to_node();
            assert_eq!(encode(&node).unwrap_err().kind().name(), "duplicate-key", "{frame:02x?}");
        }
    }
}

#[test]
fn duplicate_keys_are_kept_in_order() {
    let frame = "00f8071b08040815fc017804";
    assert_allowed_by(Leniency::DUPLICATE_NAMES, "00f8051b08040804", "duplicate-key", "00f8051b08040804");
    assert_allowed_by(Leniency::DUPLICATE_NAMES, frame, "duplicate-key", frame);
    // The second name is spelled out: it is the same name, and is written like the first.
    assert_allowed_by(Leniency::DUPLICATE_NAMES, "00f8051b0804fc02696415", "duplicate-key", "00f8051b08040815");

    let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
    let node = decoder.decode(hex("00f8071b080406fa00030815")).unwrap().to_node();
    let values = [("id", Value::Text("type")), ("from", Value::Jid(JidRef::SERVER)), ("id", Value::Text("class"))];
    assert_eq!(node.attrs().collect::<Vec<_>>(), values);
    assert_eq!(node.get("id"), Ok("type"), "the first is read");
}

#[test]
fn duplicate_keys_are_written_only_under_the_option() {
    let node = Node::build("ack").attr("id", "1").attr("id", "2").finish();
    assert_eq!(encode(&node).unwrap_err().kind().name(), "duplicate-key");
    let frame = Encoder::new().allow(Leniency::DUPLICATE_NAMES).encode(&node).unwrap();
    let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
    assert_eq!(decoder.decode(frame.clone()).unwrap(), node);
    // A tree that was read under the option may have repeated names.
    let read = decoder.take().unwrap();
    assert_eq!(encode(&read).unwrap_err().kind().name(), "duplicate-key");
    assert_eq!(decode(frame).unwrap_err().kind().name(), "duplicate-key");
    let mended = read.edit().remove("id").attr("id", "3").finish();
    assert_eq!(decode(encode(&mended).unwrap()).unwrap(), mended);
}

#[test]
fn any_flag_bit_is_ignored_and_written_as_none() {
    for bit in [0x01, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80] {
        let plain = format!("{bit:02x}f8011b");
        assert_allowed_by(Leniency::FLAG_BITS, &plain, "unknown-flag-bits", "00f8011b");
        let compressed = format!("{:02x}789cfbc1280d0003080115", bit | 2);
        assert_allowed_by(Leniency::FLAG_BITS, &compressed, "unknown-flag-bits", "00f8011b");
    }
    let found = |frame: &str| {
        let findings = Decoder::new().allow(Leniency::FLAG_BITS).findings(&hex(frame)).unwrap();
        findings.iter().map(|finding| (finding.kind, finding.start, finding.end)).collect::<Vec<_>>()
    };
    assert_eq!(found("fdf8011b"), [(FindingKind::FlagBits, 0, 1)]);
    assert_eq!(found("ff789cfbc1280d0003080115"), [(FindingKind::Compressed, 0, 12), (FindingKind::FlagBits, 0, 1)]);
}

#[test]
fn any_padding_is_ignored_and_written_as_15() {
    for pad in 0..15 {
        let nibbles = (format!("00f8031b08ff82123{pad:x}"), "00f8031b08ff82123f");
        assert_allowed_by(Leniency::PAD_NIBBLE, &nibbles.0, "invalid-padding", nibbles.1);
        let hexadecimal = (format!("00f8031b08fb82abc{pad:x}"), "00f8031b08fb82abcf");
        assert_allowed_by(Leniency::PAD_NIBBLE, &hexadecimal.0, "invalid-padding", hexadecimal.1);
    }
    // The option does not accept other wrong nibbles.
    let mut lenient = Lenient::new(Leniency::PAD_NIBBLE);
    for frame in
        ["00f8031b08ff82f23f", "00f8031b08ff821c30", "00f8031b08ff82c230", "00f8031b08ff0212f3", "00f8031b08ff01f0"]
    {
        assert_eq!(lenient.rewrite(&hex(frame)), Err("invalid-nibble"), "{frame}");
    }
    assert_eq!(lenient.rewrite(&hex("00f8031b08ff80")), Err("odd-empty-packed"));
}

#[test]
fn high_bits_of_a_length_are_masked_and_not_written() {
    for high in ["10", "80", "f0"] {
        let content = format!("00f8021bfd{high}0001aa");
        assert_allowed_by(Leniency::LENGTH_BITS, &content, "length-bits", "00f8021bfc01aa");
        let value = format!("00f8031b08fd{high}000161");
        assert_allowed_by(Leniency::LENGTH_BITS, &value, "length-bits", "00f8031b08fc0161");
    }
    // A length that needs its 20 bits keeps its form.
    let long = [hex("00f8021bfdf00100"), vec![7; 256]].concat();
    let written = [hex("00f8021bfd000100"), vec![7; 256]].concat();
    assert_eq!(Lenient::new(Leniency::LENGTH_BITS).rewrite(&long), Ok(written));
    // A masked length still claims its bytes.
    assert_eq!(Lenient::new(Leniency::LENGTH_BITS).rewrite(&hex("00f8021bfdf00002aa")), Err("truncated"));
}

#[test]
fn an_undefined_domain_byte_is_kept_as_a_server_of_its_own() {
    let mut decoder = Decoder::new().allow(Leniency::AD_DOMAIN);
    for domain in (0..=255).filter(|domain| ![0, 1, 128, 129].contains(domain)) {
        let frame = format!("00f8031b08f7{domain:02x}05ff021235");
        assert_allowed_by(Leniency::AD_DOMAIN, &frame, "unknown-domain", &frame);
        let node = decoder.decode(hex(&frame)).unwrap();
        let jid: JidRef<'_> = node.get("id").unwrap();
        assert_eq!((jid.user(), jid.device(), jid.form()), (Some("1235"), 5, JidForm::AdDomain(domain)));
        let server = format!("ad:{domain}");
        assert_eq!((jid.server(), jid.to_string()), (Server::Other(&server), format!("1235:5@{server}")));
        // It is neither a phone user nor one of the next domain.
        for text in ["1235:5@s.whatsapp.net".to_owned(), format!("1235:5@ad:{}", u16::from(domain) + 1)] {
            let other = JidRef::parse(&text).unwrap();
            assert!(jid != other && !jid.same_user(other), "{jid} and {other}");
        }
        let built = Node::build("ack").attr("id", jid).finish();
        assert_eq!(built, node);
        assert_eq!(encode(&built).unwrap_err().kind().name(), "unknown-domain");
        assert_eq!(Encoder::new().allow(Leniency::AD_DOMAIN).encode(&built).unwrap(), hex(&frame));
    }
    let found = decoder.findings(&hex("00f8031b08f70205ff021235")).unwrap();
    assert_eq!(found.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [FindingKind::UnknownDomain]);
    assert_eq!(FindingKind::UnknownDomain.severity(), Severity::Unusual);
}

#[test]
fn an_interop_jid_without_server_is_read_and_written() {
    // At the end, and with a key after it that would read as a server.
    let at_end = "00f8031b08f5ff02123500050007";
    assert_allowed_by(Leniency::INTEROP_NO_SERVER, at_end, "truncated", at_end);
    let before_key = "00f8051b06f5ff021235000500070804";
    assert_allowed_by(Leniency::INTEROP_NO_SERVER, before_key, "wrong-server", before_key);
    let as_content = "00f8021bf5ff02123500050007";
    assert_allowed_by(Leniency::INTEROP_NO_SERVER, as_content, "truncated", as_content);

    let mut decoder = Decoder::new().allow(Leniency::INTEROP_NO_SERVER);
    let node = decoder.decode(hex(before_key)).unwrap();
    assert_eq!(node.get::<JidRef<'_>>("from").unwrap().to_string(), "7-1235:5@interop");
    assert_eq!(node.get("id"), Ok("type"));
}

#[test]
fn a_text_that_was_written_as_a_jid_is_read_as_that() {
    for (jid, text) in [
        ("fafc03416e6efc00", "Ann@"),
        ("fafc03416e6e00", "Ann@"),
        ("fa00fc00", "@"),
        ("fa0000", "@"),
        ("fafc0161fafc0162fc0163", "a@b@c"),
        ("fafc0161fafc0162fafc0163fc00", "a@b@c@"),
        ("fa00fa00fc00", "@@"),
        ("fafc0161f70105ff0112", "a@12:5@lid"),
        ("fafc0161f70000ff0112", "a@12@s.whatsapp.net"),
        ("faff0112fc03624063", "12@b@c"),
        ("fafc0361406203", "a@b@s.whatsapp.net"),
    ] {
        let raw = format!("fc{:02x}{}", text.len(), text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
        let kind = decode_slice(&hex(&format!("00f8031b08{jid}"))).unwrap_err().kind().name();
        // As a value in the middle and at the end, and as content, which has no coded form.
        for around in [("00f8031b08", ""), ("00f8071b150408", "0604"), ("00f8021b", ""), ("00f8041b1504", "")] {
            let with = |value: &str| format!("{}{value}{}", around.0, around.1);
            assert_allowed_by(Leniency::JID_TEXT, &with(jid), kind, &with(&raw));
        }
        let mut decoder = Decoder::new().allow(Leniency::JID_TEXT);
        let frame = hex(&format!("00f8031b08{jid}"));
        assert_eq!(decoder.decode_slice(&frame).unwrap().get("id"), Ok(text));
        let found = decoder.findings(&frame).unwrap();
        assert_eq!(
            found.iter().map(|finding| (finding.kind, finding.start)).collect::<Vec<_>>(),
            [(FindingKind::JidText, 5)]
        );
        let content = decoder.decode_slice(&hex(&format!("00f8021b{jid}"))).unwrap();
        assert_eq!(content.bytes(), text.as_bytes());
        // Each byte is explained; in a cut frame, each byte of the remaining part.
        for end in 5..=frame.len() {
            let explanation = decoder.explain(&frame[..end]);
            assert_eq!(explanation.error().is_none(), end == frame.len());
            let leaves = explanation.ranges().iter().filter(|range| range.leaf);
            let ends = leaves.fold(0, |at, leaf| if leaf.start == at { leaf.end } else { usize::MAX });
            assert_eq!(ends, end, "{:?}", explanation.ranges());
        }
    }
    // Nested deeper than nodes may be.
    let nested = |depth: usize| hex(&format!("00f8031b08{}fc00", "fa00".repeat(depth)));
    let mut lenient = Lenient::new(Leniency::JID_TEXT);
    assert!(lenient.rewrite(&nested(128)).is_ok());
    assert_eq!(lenient.rewrite(&nested(129)), Err("too-deep"));
    // Addresses stay addresses, and other errors are not read as texts.
    let address = hex("00f8031b08faff02123403");
    assert_eq!(lenient.rewrite(&address), Ok(address));
    for (wrong, kind) in
        [("fafa000303", "not-a-string"), ("faff0112f8011b", "not-a-string"), ("fafc01ff00", "invalid-utf8")]
    {
        assert_eq!(lenient.rewrite(&hex(&format!("00f8031b08{wrong}"))), Err(kind), "{wrong}");
    }
}

#[test]
fn a_tag_may_be_empty() {
    assert_allowed_by(Leniency::EMPTY_TAG, "00f801fc00", "empty-tag", "00f801fc00");
    assert_allowed_by(Leniency::EMPTY_TAG, "00f801ff00", "empty-tag", "00f801fc00");
    assert_allowed_by(Leniency::EMPTY_TAG, "00f8021bf801f803fc000804", "empty-tag", "00f8021bf801f803fc000804");
    let node = Node::build("ack").child("", |child| _ = child.attr("id", "1").attr("id", "2")).finish();
    let error = encode(&node).unwrap_err();
    assert_eq!(
        (error.kind().name(), error.allow()),
        ("empty-tag", Some(Leniency::EMPTY_TAG | Leniency::DUPLICATE_NAMES))
    );
    let allow = error.allow().unwrap();
    let frame = Encoder::new().allow(allow).encode(&node).unwrap();
    assert_eq!(Decoder::new().allow(allow).decode(frame).unwrap(), node);
}

#[test]
fn an_error_offers_all_that_its_frame_needs_and_nothing_else() {
    for (frame, allow) in [
        ("01f8031b08fafc03416e6efc00", Some(Leniency::FLAG_BITS | Leniency::JID_TEXT)),
        ("00f8051b08ff8212300804", Some(Leniency::PAD_NIBBLE | Leniency::DUPLICATE_NAMES)),
        // The bytes after it are read as a server, but are absent, empty or not a string.
        ("00f8041b06f5ff0212350005000700", Some(Leniency::INTEROP_NO_SERVER)),
        ("00f8041b06f5ff02123500050007f801f8011b", Some(Leniency::INTEROP_NO_SERVER)),
        ("00f8041b06f5ff02123500050007fc026869", Some(Leniency::INTEROP_NO_SERVER)),
        // Still an error.
        ("01f8031b08fafc03416e", None),
        ("00f8031b08ff8212", None),
        ("00f8031b08fafa000303", None),
        ("00f801", None),
    ] {
        let frame = hex(frame);
        let error = decode_slice(&frame).unwrap_err();
        assert_eq!(error.allow(), allow, "{error}");
        assert_eq!(Decoder::new().explain(&frame).error(), Some(&error));
        assert_eq!(Decoder::new().decode_partial(frame.clone()).1.as_ref(), Err(&error));
        if let Some(allow) = allow {
            assert!(Decoder::new().allow(allow).decode_slice(&frame).is_ok(), "{allow}");
        }
    }
}

#[test]
fn an_error_in_a_list_tells_the_place_in_it() {
    let index_path = |frame: &str| {
        let error = decode_slice(&hex(frame)).unwrap_err();
        (error.path().to_owned(), error.index_path().map(str::to_owned))
    };
    let told = |path: &str, index_path: Option<&str>| (path.to_owned(), index_path.map(str::to_owned));
    assert_eq!(index_path("00f8021bf803f8011bf8011bf8031b08f0"), told("ack > ack > @id", Some("ack > ack[2] > @id")));
    assert_eq!(index_path("00f8021bf801f8031b08f0"), told("ack > ack > @id", None));
    assert_eq!(index_path("00f8021bf803f8011b1b"), told("ack", Some("ack > [1]")));
    let nested = "00f8021bf802f8011bf8021bf801f8021bf802f8011bf8031b08f0";
    assert_eq!(index_path(nested).1.unwrap(), "ack > ack[1] > ack > ack[1] > @id");
    let list = |list: &wabinary::Builder| {
        list.child("user", |_| {}).child("user", |user| _ = user.attr("id", 1).attr("id", 2));
    };
    let error = encode(&Node::build("iq").child("list", list).finish()).unwrap_err();
    assert_eq!((error.path(), error.index_path()), ("iq > list > user > @id", Some("iq > list > user[1] > @id")));
    // Without a place: the root, and an only child.
    assert_eq!(encode(&Node::build("").finish()).unwrap_err().index_path(), None);
    let only = Node::build("iq").child("user", |user| _ = user.attr("id", 1).attr("id", 2)).finish();
    assert_eq!(encode(&only).unwrap_err().index_path(), None);
}

#[test]
fn nothing_is_guessed_about_the_server_of_an_interop_jid() {
    let with_server = hex("00f8031b08f5ff02123500050007fc07696e7465726f70");
    let without = hex("00f8031b08f5ff02123500050007");
    let node = decode_slice(&with_server).unwrap();
    let mut no_server = Encoder::new().allow(Leniency::INTEROP_NO_SERVER);
    assert_eq!(no_server.encode(&node).unwrap(), without);
    assert_eq!(encode(&node).unwrap(), with_server);
    assert_eq!(Decoder::new().allow(Leniency::INTEROP_NO_SERVER).decode(without.clone()).unwrap(), node);
    // Under the option no server is read, and its bytes are read as the next item.
    assert_eq!(Lenient::new(Leniency::INTEROP_NO_SERVER).rewrite(&with_server), Err("trailing-bytes"));
    assert_eq!(Lenient::new(Leniency::NONE).rewrite(&without), Err("truncated"));
}

#[test]
fn damaged_frames_obey_both_laws_under_every_option() {
    let vectors = ["peer-encoded", "noncanonical", "malformed"].into_iter().flat_map(read);
    let mut frames: Vec<_> = vectors.map(|vector| vector.frame()).filter(|frame| frame.len() <= 120).collect();
    frames.sort_unstable();
    frames.dedup();
    let all = Leniency::ALL.iter().fold(Leniency::NONE, |all, one| all | *one);
    let mut lenient: Vec<_> = Leniency::ALL.iter().copied().chain([all]).map(Lenient::new).collect();
    let mut accepted = vec![0; lenient.len()];
    for frame in frames {
        for at in 0..frame.len() {
            let mut changed = frame.clone();
            for new in [0x02, 0x08, 0x80, 0xf5, 0xf7, frame[at] ^ 0x02, frame[at] ^ 0x10, frame[at].wrapping_add(1)] {
                changed[at] = new;
                for (lenient, accepted) in lenient.iter_mut().zip(&mut accepted) {
                    *accepted += usize::from(lenient.rewrite(&changed).is_ok());
                }
            }
        }
    }
    // All options together accept more than any alone.
    let (all, each) = accepted.split_last().unwrap();
    assert!(each.iter().all(|one| 3_000 < *one && one < all), "{accepted:?}");
}

/// A tree above 1 MiB takes the decoder's memory with it, but not its options.
#[test]
fn options_stay_when_a_large_tree_is_taken() {
    let large = Node::build("participants");
    for n in 0..30_000 {
        large.attr(&format!("name-{n:032}"), "x");
    }
    let large = Encoder::new().with_dictionary(Dictionary::V2).encode(&large.finish()).unwrap();
    let mut decoder = Decoder::new().with_dictionary(Dictionary::V2).allow(Leniency::DUPLICATE_NAMES);
    assert_eq!(decoder.decode(large).unwrap().attrs().len(), 30_000);
    assert_eq!(decoder.take().unwrap().tag(), "participants");
    // Under the other dictionary this is an ack; the attribute occurs twice.
    let twice: &[u8] = &[0x00, 0xf8, 0x05, 0x1b, 0x08, 0x0b, 0x08, 0x0b];
    let node = decoder.decode_slice(twice).unwrap();
    assert_eq!((node.tag(), node.attrs().len()), ("participants", 2));
    // A tree decoded under the leniency may not be encoded without it.
    assert_eq!(Encoder::new().encode(&decoder.take().unwrap()).unwrap_err().kind().name(), "duplicate-key");
}
