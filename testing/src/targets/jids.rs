//! Addresses and their texts.

use std::hash::{BuildHasher, RandomState};

use arbitrary::{Result, Unstructured};
use wabinary::{Jid, JidForm, JidRef, Leniency, Node};

use crate::checks::Setup;
use crate::plain_tree::plain_jid;
use wabinary::generate::jid;

/// The text of a JID reads back.
pub fn jid_text(u: &mut Unstructured<'_>) -> Result<()> {
    let jid = jid(u, true)?;
    let jid = jid.as_ref();
    let text = jid.wire_text().to_string();
    assert_eq!(jid.form().to_string().parse(), Ok(jid.form()));
    let literal = JidRef::parse_as(&text, jid.form()).expect("the text of a JID is read under its form");
    let parts = |jid: &JidRef<'_>| (plain_jid(jid), jid.user().map(str::to_owned), jid.device(), jid.integrator());
    assert_eq!(parts(&literal), parts(&jid));
    match (jid.form_beside_text(), JidRef::parse(&text)) {
        (None, read) => assert_eq!(parts(&read.expect("no form is needed")), parts(&jid)),
        // A `:` in a pair's user, or digits and `-` in a pair at interop, may read differently, or not at all.
        (Some(JidForm::Pair), _) => {}
        (Some(form), read) => {
            assert_eq!(form, jid.form());
            assert_eq!(read.expect("the form does not matter to the address"), jid);
        }
    }
    Ok(())
}

/// Any text that reads as a JID reads as the same one again.
pub fn text_jid(u: &mut Unstructured<'_>) -> Result<()> {
    let text = jid_like_text(u)?;
    if let Ok(jid) = text.parse::<Jid>() {
        assert_eq!(jid.as_ref().form_beside_text(), None, "{text}");
        assert_eq!(jid.to_string().parse(), Ok(jid), "{text}");
    }
    Ok(())
}

/// JIDs are equal and hash equally exactly if their texts read alike.
pub fn jid_equality(u: &mut Unstructured<'_>) -> Result<()> {
    // A text of a pair that is not a JID reads only as itself.
    let read = |jid: &Jid| jid.to_string().parse::<Jid>().map_or_else(|_| jid.to_string(), |read| read.to_string());
    let state = RandomState::new();
    let one = jid(u, true)?;
    let other = match u.int_in_range(0..=5)? {
        0 => jid(u, true)?,
        1 => one.to_string().parse().unwrap_or_else(|_| one.clone()),
        2 => JidRef::parse_as(&one.to_string(), JidForm::Pair).map(Jid::from).unwrap_or_else(|_| one.clone()),
        3 => one.as_ref().with_form(JidForm::Ad).map(Jid::from).unwrap_or_else(|_| one.clone()),
        4 => one.as_ref().with_device(0).map(Jid::from).unwrap_or_else(|_| one.clone()),
        _ => jid_like_text(u)?.parse().unwrap_or_else(|_| one.clone()),
    };
    let alike = read(&one) == read(&other);
    assert_eq!(one == other, alike, "{one:?} {other:?}");
    assert_eq!(one.as_ref() == other.as_ref(), alike);
    assert_eq!(other == one, alike);
    if let Ok(again) = one.to_string().parse::<Jid>() {
        assert_eq!(again, one);
    }
    if alike {
        assert_eq!(state.hash_one(&one), state.hash_one(&other));
        assert_eq!(state.hash_one(one.as_ref()), state.hash_one(&other));
        assert!(one.same_user(&other), "{one:?} {other:?}");
    }
    Ok(())
}

/// Any text, as a JID and under each form; and the laws above with the bytes as choices.
pub fn any_text(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    let law = [jid_text, text_jid, jid_equality].get(usize::from(choice));
    if let Some(law) = law {
        let _ = law(&mut Unstructured::new(rest));
        return;
    }
    let Ok(text) = std::str::from_utf8(rest) else { return };
    if let Ok(jid) = JidRef::parse(text) {
        assert_eq!(jid.form_beside_text(), None, "{text}");
        assert_eq!(JidRef::parse(&jid.to_string()).map(Jid::from), Ok(Jid::from(jid)), "{text}");
    }
    let forms = ["pair", "pair-empty", "ad", "ad:2", "ad:255", "fb", "interop"].map(str::parse::<JidForm>);
    for form in forms.into_iter().flatten() {
        let Ok(jid) = JidRef::parse_as(text, form) else { continue };
        assert_eq!(jid.form(), form);
        let again = jid.wire_text().to_string();
        let again = JidRef::parse_as(&again, form).expect("the text of a JID is read under its form");
        assert_eq!(plain_jid(&again), plain_jid(&jid), "{text}");
        // On the wire and back.
        let setup = Setup { allow: Leniency::AD_DOMAIN, ..Setup::of(0) };
        let node = Node::build("x").attr("jid", jid).content(jid).finish();
        let frame = setup.encoder().encode(&node).expect("a JID that was made is one that can be written");
        assert_eq!(setup.decoder().decode(frame).expect("what was encoded decodes"), node);
    }
}

/// Pieces of JID texts, in any order.
fn jid_like_text(u: &mut Unstructured<'_>) -> Result<String> {
    const PIECES: [&str; 22] = [
        "15550001111",
        "u",
        "0",
        "1",
        "5",
        "007",
        "255",
        "256",
        "65535",
        "65536",
        "-",
        ":",
        ":",
        "@",
        "@",
        ".",
        "_",
        "lid",
        "s.whatsapp.net",
        "msgr",
        "interop",
        "g.us",
    ];
    (0..u.int_in_range(0..=8)?).map(|_| u.choose(&PIECES).copied()).collect()
}
