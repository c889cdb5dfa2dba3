//! JIDs: every JID that can be made can be written and read again; equal addresses have equal properties.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use wabinary::{
    Decoder, Encoder, Jid, JidError, JidForm, JidRef, Leniency, Node, Server, Value, address_text, decode_slice,
};

const SERVERS: [Server<'_>; 15] = [
    Server::Whatsapp,
    Server::Lid,
    Server::Group,
    Server::Broadcast,
    Server::Newsletter,
    Server::Call,
    Server::Bot,
    Server::Hosted,
    Server::HostedLid,
    Server::Messenger,
    Server::Interop,
    Server::LegacyUser,
    Server::Other("unknown.example"),
    // A known name that did not come through `from_text`, and a name of undefined domains.
    Server::Other("lid"),
    Server::Other("ad:2"),
];
const FORMS: [JidForm; 8] = [
    JidForm::Pair,
    JidForm::PairEmpty,
    JidForm::Ad,
    JidForm::AdDomain(0),
    JidForm::AdDomain(2),
    JidForm::AdDomain(255),
    JidForm::Fb,
    JidForm::Interop,
];
const USERS: [&str; 16] = [
    "12",
    "15550001111",
    "ABC",
    "status",
    "u_1.0",
    "7-12",
    "12:5",
    "Zoë",
    "15550001111-1600000000",
    // Users of pairs that read as a device, an integrator, both, or neither.
    "12:0",
    "12:005",
    "12:256",
    "12:5:6",
    "0-12",
    "007-12:05",
    "65536-12",
];
const DEVICES: [u16; 5] = [0, 1, 99, 255, 65_535];

/// Every JID that the constructors return for the parts above.
fn every_jid() -> Vec<JidRef<'static>> {
    let mut jids: Vec<JidRef<'static>> = SERVERS.iter().filter_map(|server| JidRef::bare(*server).ok()).collect();
    for user in USERS {
        jids.extend(SERVERS.iter().filter_map(|server| JidRef::new(user, *server).ok()));
        jids.extend(DEVICES.iter().filter_map(|device| JidRef::interop(7, user, *device).ok()));
        // Pairs as on the wire.
        let pairs = SERVERS.map(|server| &*format!("{user}@{server}").leak());
        jids.extend(pairs.iter().filter_map(|pair| JidRef::parse_as(pair, JidForm::Pair).ok()));
    }
    for _ in 0..2 {
        let devices = jids.iter().flat_map(|jid| DEVICES.iter().filter_map(|device| jid.with_device(*device).ok()));
        let forms = jids.iter().flat_map(|jid| FORMS.iter().filter_map(|form| jid.with_form(*form).ok()));
        let more: Vec<_> = devices.chain(forms).collect();
        jids.extend(more);
        let mut seen = HashSet::new();
        jids.retain(|jid| seen.insert((jid.wire_text().to_string(), jid.form())));
    }
    assert!(jids.len() > 300, "{}", jids.len());
    jids
}

#[test]
fn whatever_can_be_made_can_be_written_and_comes_back() {
    let mut encoder = Encoder::new().allow(Leniency::AD_DOMAIN);
    let mut decoder = Decoder::new().allow(Leniency::AD_DOMAIN);
    for jid in every_jid() {
        let node = Node::build("a").attr("x", jid).content(Jid::from(jid)).finish();
        let frame = encoder.encode(&node).unwrap_or_else(|error| panic!("{jid:?}: {error}"));
        let again = decoder.decode(frame).unwrap_or_else(|error| panic!("{jid:?}: {error}"));
        assert_eq!(again, node, "{jid:?}");
        let read: JidRef<'_> = again.get("x").unwrap();
        assert_eq!((read.user(), read.device(), read.integrator()), (jid.user(), jid.device(), jid.integrator()));
        assert_eq!((read.form(), read.server().as_str()), (jid.form(), jid.server().as_str()));
    }
}

#[test]
fn texts_and_forms_read_back() {
    for jid in every_jid() {
        // A pair on the wire may have a text that is not a JID.
        if let Ok(read) = JidRef::parse(&jid.to_string()) {
            assert_eq!((read, read.to_string()), (jid, jid.to_string()), "{jid:?}");
            assert_eq!(jid.to_string().parse::<Jid>(), Ok(Jid::from(jid)));
        } else {
            assert!(jid.form() == JidForm::Pair && jid.user().is_some_and(|user| user.contains([':', '-'])), "{jid:?}");
        }
        let text = jid.wire_text().to_string();
        let literal = JidRef::parse_as(&text, jid.form()).unwrap_or_else(|error| panic!("{jid:?}: {error}"));
        assert_eq!((literal, literal.form(), literal.wire_text().to_string()), (jid, jid.form(), text.clone()));
        assert_eq!(jid.form().to_string().parse(), Ok(jid.form()));
        // The form next to the text is the one that the text alone does not show.
        let form = jid.form_beside_text().unwrap_or_else(|| JidRef::parse(&text).unwrap().form());
        assert_eq!(form, jid.form(), "{jid:?}");
    }
}

/// The properties on which equal addresses agree.
fn told(jid: JidRef<'_>) -> impl PartialEq + std::fmt::Debug {
    let with_devices = DEVICES.map(|device| jid.with_device(device).map(|jid| jid.to_string()));
    let with_forms = FORMS.map(|form| jid.with_form(form).map(|jid| (jid.to_string(), jid.form())));
    let parts = (jid.user().map(str::to_owned), jid.server().as_str(), jid.device(), jid.integrator());
    let accounts = ["15550001111@s.whatsapp.net", "12@lid", "12:5@hosted.lid", "u@c.us"]
        .map(|other| JidRef::parse(other).is_ok_and(|other| jid.same_account(other) || jid.same_user(other)));
    (jid.to_string(), parts, with_devices, with_forms, accounts)
}

#[test]
fn equal_addresses_agree_in_all_that_they_tell() {
    let jids = every_jid();
    let hasher = RandomState::new();
    let mut of_text: HashMap<String, JidRef<'_>> = HashMap::new();
    let mut twins = 0;
    for jid in jids {
        for form in FORMS {
            assert!(
                jid.with_form(form).is_ok_and(|same| same == jid && same.form() == form)
                    || jid.with_form(form).is_err()
            );
        }
        let same = match of_text.entry(jid.to_string()) {
            Entry::Vacant(entry) => *entry.insert(jid),
            Entry::Occupied(entry) => *entry.get(),
        };
        twins += usize::from(same.form() != jid.form());
        assert_eq!((same, Jid::from(same), same.cmp(&jid)), (jid, Jid::from(jid), Ordering::Equal), "{jid:?}");
        assert_eq!(hasher.hash_one(same), hasher.hash_one(Jid::from(jid)), "{same:?} {jid:?}");
        assert_eq!(told(same), told(jid), "{same:?} {jid:?}");
        assert!(same.same_user(jid) && jid.same_user(same), "{same:?} {jid:?}");
    }
    assert!(twins > 50, "{twins}");
    // Addresses with different texts differ, also in their order.
    let mut different: Vec<_> = of_text.into_values().collect();
    different.sort();
    for (at, one) in different.iter().enumerate() {
        let equal = different.iter().enumerate().filter(|(_, other)| one == *other);
        assert_eq!(equal.map(|(at, _)| at).collect::<Vec<_>>(), [at], "{one:?}");
        assert!(different.get(at + 1).is_none_or(|next| one < next), "{one:?}");
    }
}

/// A pair may have its device inside the user.
#[test]
fn a_pair_is_equal_to_what_its_text_reads_as() {
    for (text, other_device) in [
        ("15550001111:5@s.whatsapp.net", "15550001111:9@s.whatsapp.net"),
        ("15550001111:0@s.whatsapp.net", "15550001111@s.whatsapp.net"),
        ("100000011111111:7@lid", "100000011111111@lid"),
        ("7-12:5@interop", "7-12:6@interop"),
    ] {
        let (user, server) = text.split_once('@').unwrap();
        let spelled = |text: &str| [&[0xfc, text.len() as u8], text.as_bytes()].concat();
        let pair =
            [vec![0x00, 0xf8, 0x03], spelled("a"), spelled("x"), vec![0xfa], spelled(user), spelled(server)].concat();
        let node = decode_slice(&pair).unwrap();
        let (read, parsed) = (node.get::<JidRef<'_>>("x").unwrap(), JidRef::parse(text).unwrap());
        assert_eq!((read.form(), read), (JidForm::Pair, parsed));
        assert!(read.same_user(JidRef::parse(other_device).unwrap()), "{text}");
        assert_eq!(HashSet::from([Jid::from(read), Jid::from(parsed)]).len(), 1);
    }
}

#[test]
fn an_owned_address_tells_what_a_borrowed_one_does() {
    let all = every_jid();
    for jid in &all {
        let owned = Jid::from(*jid);
        assert_eq!((owned.user(), owned.server(), owned.form()), (jid.user(), jid.server(), jid.form()));
        assert_eq!((owned.device(), owned.integrator()), (jid.device(), jid.integrator()));
        assert_eq!((owned.to_string(), owned.as_ref()), (jid.to_string(), *jid));
        for other in &all {
            assert_eq!((owned == *other, *other == owned), (jid == other, jid == other), "{jid} {other}");
            assert_eq!(owned.same_user(*other), jid.same_user(other), "{jid} {other}");
        }
    }
}

#[test]
fn devices_of_one_user_are_the_same_user() {
    let parse = |text| JidRef::parse(text).unwrap();
    let phone = parse("15550001111:5@s.whatsapp.net");
    assert!(
        phone.same_user(parse("15550001111@s.whatsapp.net")) && phone.same_user(parse("15550001111:99@s.whatsapp.net"))
    );
    assert!(!phone.same_user(parse("15550001111:5@lid")) && !phone.same_user(parse("15550001112:5@s.whatsapp.net")));
    assert!(!phone.same_user(JidRef::SERVER));
    let interop = parse("7-12:5@interop");
    assert!(interop.same_user(parse("7-12@interop")) && !interop.same_user(parse("8-12:5@interop")));
    assert!(Jid::from(phone).same_user(&Jid::from(phone)));
    let (pair, integrator_0) = (parse("12@interop"), parse("0-12@interop"));
    assert_eq!((pair.form(), integrator_0.form()), (JidForm::Pair, JidForm::Interop));
    assert!(pair != integrator_0 && !pair.same_user(integrator_0));
}

/// In a map of owned addresses, a borrowed address finds its entry.
#[test]
fn addresses_are_keys_of_maps() {
    let mut hashed: HashMap<Jid, String> = HashMap::new();
    let mut sorted: BTreeMap<Jid, String> = BTreeMap::new();
    for jid in every_jid() {
        let text = jid.to_string();
        let first = hashed.entry(jid.into()).or_insert_with(|| text.clone()).clone();
        assert_eq!((first, sorted.entry(jid.into()).or_insert_with(|| text.clone()).clone()), (text.clone(), text));
    }
    for jid in every_jid() {
        let expected = Some(jid.to_string());
        assert_eq!(
            (hashed.get(jid.as_key()).cloned(), sorted.get(jid.as_key()).cloned()),
            (expected.clone(), expected)
        );
    }
    assert_eq!(hashed.len(), sorted.len());
    assert!(!hashed.contains_key(JidRef::parse("nobody@lid").unwrap().as_key()));
    assert!(size_of::<Jid>() < 80 && size_of::<JidRef<'_>>() <= 48);
}

/// Also those that only a pair on the wire can be: what one peer sends must not make a client's state unreadable.
#[cfg(feature = "serde")]
#[test]
fn whatever_is_stored_is_read_again() {
    let state: HashMap<Jid, String> = every_jid().into_iter().map(|jid| (jid.into(), jid.to_string())).collect();
    let json = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<HashMap<Jid, String>>(&json).unwrap(), state);
    for (text, expected) in [("12@34@lid", JidError::At), ("@lid", JidError::EmptyUser), ("", JidError::EmptyServer)] {
        let error = serde_json::from_value::<Jid>(text.into()).unwrap_err();
        assert_eq!(error.to_string(), expected.to_string());
    }
}

#[test]
fn addresses_fill_columns_as_texts_do() {
    for text in ["s.whatsapp.net", "12:5@lid", "7-12@interop"] {
        let (jid, value) = (JidRef::parse(text).unwrap(), Value::Jid(JidRef::parse(text).unwrap()));
        assert_eq!(format!("{jid:>20}|{value:<20}|{jid:.4}"), format!("{text:>20}|{text:<20}|{text:.4}"));
    }
    assert_eq!(format!("{:>6}|", Server::Group), "  g.us|");
}

#[test]
fn what_cannot_fail_is_made_without_a_result() {
    let parse = |text: &str| text.parse::<Jid>().unwrap();
    for (made, text) in [
        (Jid::phone(15_550_001_111), "15550001111@s.whatsapp.net"),
        (Jid::lid(100_000_000_001_234), "100000000001234@lid"),
        (Jid::group(120_363_000_000_000_001), "120363000000000001@g.us"),
        (Jid::SERVER, "s.whatsapp.net"),
        (Jid::GROUPS, "g.us"),
        (Jid::STATUS, "status@broadcast"),
    ] {
        assert_eq!((made.form(), made.to_string()), (JidForm::Pair, text.to_owned()));
        assert_eq!(
            (&made, made.is_user(), made.is_group()),
            (&parse(text), text.contains("5550") || text.ends_with("lid"), text.ends_with("@g.us"))
        );
        assert_eq!(made.without_device(), made);
    }
    let device = Jid::phone(15_550_001_111).with_device(5).unwrap();
    assert_eq!((device.device(), device.form(), device.is_user()), (5, JidForm::Ad, true));
    assert_eq!(device.without_device(), Jid::phone(15_550_001_111));
    assert_eq!(device.with_form(JidForm::Pair), Err(JidError::Device));
    for jid in every_jid() {
        assert!(jid.without_device().same_user(jid) && jid.without_device().device() == 0, "{jid:?}");
    }
}

#[test]
fn what_the_wire_cannot_carry_cannot_be_made() {
    let user = |server| JidRef::new("12", server);
    assert_eq!(JidRef::bare(Server::Other("")), Err(JidError::EmptyServer));
    assert_eq!(JidRef::bare(Server::Other("a@b")), Err(JidError::At));
    assert_eq!(JidRef::new("", Server::Lid), Err(JidError::EmptyUser));
    assert_eq!(JidRef::new("a@b", Server::Bot), Err(JidError::At));
    assert_eq!(JidRef::new("12", Server::Other("")), Err(JidError::EmptyServer));
    assert_eq!(JidRef::new("12:5", Server::Lid), Err(JidError::ColonInUser));
    assert_eq!(JidRef::new("12:5", Server::Messenger), Err(JidError::ColonInUser));
    assert!(JidRef::new("12:5", Server::Bot).is_ok());
    assert_eq!(user(Server::Interop), Err(JidError::NoIntegrator));
    assert_eq!(JidRef::interop(7, "", 0), Err(JidError::EmptyUser));
    assert_eq!(JidRef::interop(7, "a:b", 0), Err(JidError::ColonInUser));
    assert_eq!(JidRef::interop(7, "a@b", 0), Err(JidError::At));

    let with_device = |server, device| user(server).and_then(|jid| jid.with_device(device)).map(|jid| jid.form());
    assert_eq!(with_device(Server::Lid, 255), Ok(JidForm::Ad));
    assert_eq!(with_device(Server::Lid, 256), Err(JidError::Device));
    assert_eq!(with_device(Server::Messenger, 65_535), Ok(JidForm::Fb));
    assert_eq!(with_device(Server::Group, 0), Ok(JidForm::Pair));
    assert_eq!(with_device(Server::Group, 1), Err(JidError::Device));
    assert_eq!(with_device(Server::Other("unknown.example"), 1), Err(JidError::Device));
    assert_eq!(JidRef::parse("12@interop").unwrap().with_device(1), Err(JidError::NoIntegrator));
    assert_eq!(JidRef::GROUPS.with_device(1), Err(JidError::EmptyUser));
    assert_eq!(JidRef::SERVER.with_device(1), Err(JidError::EmptyUser));
    assert_eq!(JidRef::SERVER.with_device(0), Ok(JidRef::SERVER));
}

#[test]
fn a_form_fits_the_servers_it_is_for() {
    let fits = |server: Server<'static>| {
        let jid = JidRef::new("12", server).or_else(|_| JidRef::interop(7, "12", 0)).unwrap();
        FORMS.map(|form| jid.with_form(form).is_ok())
    };
    let (pair, ad, fb) = (JidForm::Pair, JidForm::Ad, JidForm::Fb);
    let only = |forms: &[JidForm]| FORMS.map(|form| forms.contains(&form));
    for server in [Server::Whatsapp, Server::Lid, Server::Hosted, Server::HostedLid] {
        assert_eq!(fits(server), only(&[pair, ad]), "{server}");
    }
    for server in [Server::Group, Server::Broadcast, Server::Bot, Server::Call, Server::Other("unknown.example")] {
        assert_eq!(fits(server), only(&[pair]), "{server}");
    }
    assert_eq!(fits(Server::Messenger), only(&[pair, fb]));
    assert_eq!(fits(Server::Other("ad:2")), only(&[pair, JidForm::AdDomain(2)]));
    // No other form has its integrator.
    assert_eq!(fits(Server::Interop), only(&[JidForm::Interop]));
    // Without a user only pairs fit, with a device only forms that have room for it.
    assert_eq!(FORMS.map(|form| JidRef::SERVER.with_form(form).is_ok()), only(&[pair, JidForm::PairEmpty]));
    let device = JidRef::parse("12:5@lid").unwrap();
    assert_eq!(FORMS.map(|form| device.with_form(form).is_ok()), only(&[ad]));
}

/// A device changes the form to one with room for it; without a device `Ad` becomes a pair again, and other forms stay.
#[test]
fn the_form_follows_the_device() {
    let lid = JidRef::new("12", Server::Lid).unwrap();
    let messenger = JidRef::new("12", Server::Messenger).unwrap();
    let messenger_pair = messenger.with_form(JidForm::Pair).unwrap();
    let domain = JidRef::new("12", Server::Other("ad:2")).and_then(|jid| jid.with_form(JidForm::AdDomain(2))).unwrap();
    let interop = JidRef::interop(7, "12", 0).unwrap();
    for (jid, device, form) in [
        (lid, 0, JidForm::Pair),
        (lid, 1, JidForm::Ad),
        (lid.with_form(JidForm::Ad).unwrap(), 0, JidForm::Pair),
        (lid.with_device(5).unwrap(), 6, JidForm::Ad),
        (messenger_pair, 0, JidForm::Pair),
        (messenger_pair, 1, JidForm::Fb),
        (messenger, 0, JidForm::Fb),
        (messenger, 300, JidForm::Fb),
        (domain, 0, JidForm::AdDomain(2)),
        (domain, 9, JidForm::AdDomain(2)),
        (interop, 0, JidForm::Interop),
        (interop, 300, JidForm::Interop),
    ] {
        let with = jid.with_device(device).unwrap();
        assert_eq!((with.form(), with.device()), (form, device), "{jid:?}");
        assert_eq!((with.user(), with.server(), with.integrator()), (jid.user(), jid.server(), jid.integrator()));
    }
}

/// Equal hashes would make a set of addresses a list.
#[test]
fn hashes_of_addresses_tell_them_apart() {
    let hasher = RandomState::new();
    let jids = every_jid();
    let texts: HashSet<String> = jids.iter().map(ToString::to_string).collect();
    let hashes: HashSet<u64> = jids.iter().map(|jid| hasher.hash_one(jid)).collect();
    assert!(jids.iter().all(|jid| hashes.contains(&hasher.hash_one(Jid::from(*jid)))));
    assert_eq!(hashes.len(), texts.len());
}

#[test]
fn the_text_of_an_address_may_spell_a_server_as_clients_do() {
    let parse = |text| JidRef::parse(text).unwrap();
    for (text, expected) in [
        ("s.whatsapp.net", Ok(JidRef::SERVER)),
        ("@s.whatsapp.net", Ok(JidRef::SERVER)),
        ("@g.us", Ok(parse("g.us"))),
        ("12:5@lid", Ok(parse("12:5@lid"))),
        ("u@unknown.example", Ok(parse("u@unknown.example"))),
        ("", Err(JidError::UnknownServer)),
        ("15550001111", Err(JidError::UnknownServer)),
        ("unknown.example", Err(JidError::UnknownServer)),
        ("@lid", Err(JidError::EmptyUser)),
        ("@", Err(JidError::EmptyServer)),
        ("@@g.us", Err(JidError::At)),
        ("12:256@lid", Err(JidError::Device)),
        ("12@hosted@extra", Err(JidError::At)),
    ] {
        let read = address_text(text);
        assert_eq!(read.map(|jid| jid.form()), expected.map(|jid| jid.form()), "{text}");
        assert_eq!(read, expected, "{text}");
    }
    assert!("@s.whatsapp.net".parse::<Jid>().is_err());
}

/// If a device follows the user, a `:` in the user would look like the start of the device.
#[test]
fn a_token_with_a_colon_is_a_user_without_a_device_only() {
    // The token `w:gp2`, as the user of an `AD_JID` and of a pair.
    let error = decode_slice(b"\x00\xf8\x03\x1b\x06\xf7\x00\x03\xec\x20").unwrap_err();
    assert_eq!((error.kind().name(), error.offset()), ("jid-separator", 8));
    let pair = decode_slice(b"\x00\xf8\x03\x1b\x06\xfa\xec\x20\x03").unwrap();
    let jid = pair.get::<JidRef<'_>>("from").unwrap();
    assert_eq!((jid.user(), jid.server(), jid.device()), (Some("w:gp2"), Server::Whatsapp, 0));
    let pair = decode_slice(b"\x00\xf8\x03\x1b\x06\xfa\xfc\x04\x312:5\x76").unwrap();
    let jid = pair.get::<JidRef<'_>>("from").unwrap();
    assert_eq!((jid.user(), jid.server(), jid.device(), jid.form()), (Some("12"), Server::Lid, 5, JidForm::Pair));
}

/// Hosted devices and the old server belong to the account of their user; a phone number and a hidden id do not.
#[test]
fn addresses_of_one_account() {
    let parse = |text| JidRef::parse(text).unwrap();
    let accounts: [&[&str]; 4] = [
        &["1555@s.whatsapp.net", "1555:3@s.whatsapp.net", "1555:99@hosted", "1555@hosted", "1555@c.us"],
        &["1555@lid", "1555:3@lid", "1555:99@hosted.lid"],
        &["1556:99@hosted"],
        &["1555@g.us"],
    ];
    let all = || {
        accounts
            .iter()
            .enumerate()
            .flat_map(|(number, jids)| jids.iter().map(move |jid| (number, JidRef::parse(jid).unwrap())))
    };
    for (account, one) in all() {
        for (of_other, two) in all() {
            assert_eq!(one.same_account(two), account == of_other, "{one} {two}");
            assert_eq!(Jid::from(one).same_account(two), account == of_other, "{one} {two}");
        }
    }
    assert!(!JidRef::SERVER.same_account(JidRef::SERVER));
    assert!(parse("1555@hosted") != parse("1555@s.whatsapp.net"));
}
