//! Each verdict of each question, on synthetic captures.

use wabinary::Node;
use wabinary::stanza::Direction::{self, Receive, Send};
use wabinary_calls::report::Record;
use wabinary_calls::survey::{
    Attribute, CaptureSurvey, Child, Confidence, Conformance, Description, Fidelity, Recorded, Survey,
};
use wabinary_testing::made::{ALICE, node};

type Seen = (Direction, Node);

fn call(direction: Direction, id: &str, action: &str) -> Seen {
    let address = if direction == Send { "to" } else { "from" };
    let stanza = node("call", &[(address, ALICE), ("id", id)], |call| _ = call.child(action, |_| {}));
    (direction, stanza)
}

fn ack(direction: Direction, id: &str, attrs: &[(&str, &str)]) -> Seen {
    let address = if direction == Send { "to" } else { "from" };
    let mut all = vec![("id", id), ("class", "call")];
    if !attrs.iter().any(|(name, _)| *name == "from") {
        all.push((address, ALICE));
    }
    all.extend(attrs);
    (direction, node("ack", &all, |_| {}))
}

/// Five calls and their answers.
fn five(direction: Direction, answer: impl Fn(usize, &str) -> Option<Seen>) -> Vec<Seen> {
    let stanza = |number: usize| {
        let id = format!("A{number}");
        [Some(call(direction, &id, "transport")), answer(number, &id)]
    };
    (0..5).flat_map(stanza).flatten().collect()
}

fn surveyed(stanzas: &[Seen], recorded: Recorded<'_>) -> Survey {
    let mut capture = CaptureSurvey::default();
    // A stanza of each direction, because a capture of one direction shows less.
    let other = [(Send, node("presence", &[], |_| {})), (Receive, node("presence", &[], |_| {}))];
    for (frame, (direction, node)) in (0..).zip(other.iter().chain(stanzas)) {
        let record = Record { frame, direction: Some(*direction), ..Record::default() };
        capture.add(&record, node.as_ref(), recorded);
    }
    let mut survey = Survey::new(5);
    survey.add(capture);
    survey
}

fn verdict(survey: &Survey, id: &str) -> (&'static str, u64) {
    let finding = survey.findings().into_iter().find(|finding| finding.id == id).unwrap_or_else(|| panic!("no {id}"));
    (finding.verdict.name(), finding.n)
}

#[test]
fn each_verdict_has_a_capture() {
    let with_child = |id: &str, attrs: &[(&str, &str)]| {
        let attrs = [&[("id", id), ("class", "call"), ("from", ALICE)], attrs].concat();
        (Receive, node("ack", &attrs, |ack| _ = ack.child("error", |error| _ = error.attr("code", 503))))
    };
    let receipt = |id: &str| {
        (
            Send,
            node("receipt", &[("id", id), ("to", ALICE)], |receipt| {
                _ = receipt.child("transport", |action| _ = action.attr("call-id", "C").attr("call-creator", ALICE))
            }),
        )
    };
    type Case = (&'static str, Vec<Seen>, (&'static str, u64));
    let cases: Vec<Case> = vec![
        ("device-acks", five(Receive, |_, id| Some(ack(Send, id, &[]))), ("yes", 5)),
        ("device-acks", five(Receive, |n, id| (n > 0).then(|| ack(Send, id, &[]))), ("mixed", 5)),
        ("device-acks", five(Receive, |_, _| None), ("not-seen", 5)),
        ("device-acks", vec![call(Receive, "A", "offer")], ("too-few", 1)),
        ("device-acks", vec![call(Receive, "A", "offer"), ack(Send, "A", &[])], ("yes", 1)),
        ("device-acks", vec![], ("cannot-tell", 0)),
        ("ack-from", five(Send, |_, id| Some(ack(Receive, id, &[]))), ("peer", 5)),
        ("ack-from", five(Send, |_, id| Some(ack(Receive, id, &[("from", "s.whatsapp.net")]))), ("server", 5)),
        (
            "ack-from",
            five(Send, |n, id| Some(ack(Receive, id, if n > 2 { &[("from", "s.whatsapp.net")] } else { &[] }))),
            ("mixed", 5),
        ),
        ("acked:transport", five(Send, |_, id| Some(ack(Receive, id, &[("error", "500")]))), ("acked", 5)),
        ("acked:transport", five(Send, |_, _| None), ("not-acked", 5)),
        ("acked:transport", five(Send, |n, id| (n > 0).then(|| ack(Receive, id, &[]))), ("mixed", 5)),
        ("error-child", five(Send, |_, id| Some(ack(Receive, id, &[("error", "403")]))), ("not-seen", 5)),
        (
            "error-child",
            five(Send, |n, id| Some(if n == 0 { with_child(id, &[]) } else { ack(Receive, id, &[]) })),
            ("yes", 1),
        ),
        ("error-code-place", five(Send, |_, id| Some(ack(Receive, id, &[("error", "403")]))), ("attribute", 5)),
        ("error-code-place", five(Send, |_, id| Some(with_child(id, &[]))), ("child", 5)),
        ("error-code-place", five(Send, |_, id| Some(with_child(id, &[("error", "503")]))), ("both", 5)),
        (
            "error-code-place",
            five(Send, |n, id| Some(with_child(id, if n > 2 { &[("error", "503")] } else { &[] }))),
            ("mixed", 5),
        ),
        ("error-codes", five(Send, |_, id| Some(ack(Receive, id, &[("error", "403")]))), ("listed", 5)),
        ("error-codes", five(Send, |_, id| Some(ack(Receive, id, &[]))), ("cannot-tell", 0)),
        ("call-receipt", five(Receive, |n, id| (n == 0).then(|| receipt(id))), ("yes", 1)),
        ("call-receipt", five(Receive, |_, id| Some(ack(Send, id, &[]))), ("not-seen", 5)),
        ("attribute-order", five(Send, |_, id| Some(ack(Receive, id, &[]))), ("fixed", 5)),
        (
            "attribute-order",
            five(Send, |n, id| {
                Some(if n == 0 {
                    (Receive, node("ack", &[("class", "call"), ("id", id), ("from", ALICE)], |_| {}))
                } else {
                    ack(Receive, id, &[])
                })
            }),
            ("varies", 5),
        ),
    ];
    for (id, stanzas, expected) in cases {
        assert_eq!(verdict(&surveyed(&stanzas, Recorded::default()), id), expected, "{id}: {stanzas:?}");
    }
}

#[test]
fn what_the_recording_hides_is_refused_with_the_reason() {
    let why = |survey: &Survey, id: &str| {
        let finding = survey.findings().into_iter().find(|finding| finding.id == id).unwrap();
        assert_eq!((finding.verdict.name(), finding.n, finding.confidence), ("cannot-tell", 0, None), "{id}");
        finding.why.unwrap()
    };
    let lossy = Recorded { fidelity: Fidelity::Text, ..Recorded::default() };
    let acked = five(Send, |_, id| Some(ack(Receive, id, &[])));
    assert_eq!(why(&surveyed(&acked, lossy), "attribute-order"), "the log does not keep the order of attributes");
    let drops = Recorded { drops_acks: true, ..Recorded::default() };
    let some = five(Receive, |n, id| (n > 0).then(|| ack(Send, id, &[])));
    assert!(why(&surveyed(&some, drops), "device-acks").contains("drops acks"));
    let mut one_way = CaptureSurvey::default();
    for (frame, (direction, node)) in (0..).zip(five(Receive, |_, _| None)) {
        one_way.add(
            &Record { frame, direction: Some(direction), ..Record::default() },
            node.as_ref(),
            Recorded::default(),
        );
    }
    one_way.failed(&Record { frame: 5, ..Record::default() }, Recorded::default());
    let mut survey = Survey::new(5);
    survey.add(one_way);
    assert_eq!(survey.records(), 6);
    assert_eq!(why(&survey, "device-acks"), "only one direction was recorded");
}

#[test]
fn a_stanza_that_comes_again_counts_once_and_no_verdict_is_confirmed() {
    let mut stanzas = five(Receive, |_, id| Some(ack(Send, id, &[])));
    stanzas.extend(stanzas.clone());
    let survey = surveyed(&stanzas, Recorded::default());
    assert_eq!(verdict(&survey, "device-acks"), ("yes", 5));
    let finding = &survey.findings()[0];
    assert_eq!((finding.confidence, finding.captures), (Some(Confidence::Probable), 1));
}

#[test]
fn a_description_is_compared_with_the_nodes_of_its_tag() {
    let attribute = |(name, value_type, observed): (&str, &str, &[&str])| Attribute {
        name: name.to_owned(),
        value_type: value_type.to_owned(),
        required: name == "class",
        observed: observed.iter().map(ToString::to_string).collect(),
        ..Attribute::default()
    };
    let own: [(_, _, &[_]); 4] =
        [("class", "text", &["call"]), ("from", "jid", &[]), ("t", "timestamp", &[]), ("type", "text", &["offer"])];
    let attributes = vec![attribute(("code", "int", &[]))];
    let description = Description {
        id: "call-ack".to_owned(),
        tag: "ack".to_owned(),
        attributes: own.map(attribute).to_vec(),
        children: vec![Child { tag: "error".to_owned(), occurrence: (1, Some(1)), attributes, ..Child::default() }],
    };
    let mut conformance = Conformance::new(description.clone());
    for xml in [
        r#"<ack class="call" from="6@lid" t="soon" type="offer" odd="1"><error code="403"/><strange/></ack>"#,
        // At any depth, but of no other class.
        r#"<a><ack class="call" from="5@lid" t="1700000000" type="new"><error code="x"/><error/></ack><ack class="b"/></a>"#,
        r#"<ack class="call">text</ack>"#,
    ] {
        conformance.add(Node::from_xml(xml).unwrap().as_ref());
    }
    let seen = conformance.attributes();
    let rows = seen.iter().map(|it| (&*it.name, it.present, it.of, it.contradictions, format!("{:?}", it.values)));
    let expected = [
        ("class", 3, 3, 0, r#"{"call": 3}"#),
        ("from", 2, 3, 0, r#"{"user@lid": 2}"#),
        ("t", 2, 3, 1, "{}"),
        ("type", 2, 3, 0, r#"{"new": 1, "offer": 1}"#),
        ("error.code", 2, 3, 1, "{}"),
    ];
    assert_eq!(rows.collect::<Vec<_>>(), expected.map(|(name, a, b, c, values)| (name, a, b, c, values.to_owned())));
    assert_eq!(seen.iter().flat_map(|it| &it.new_values).collect::<Vec<_>>(), ["new"]);
    let error = &conformance.children()[0];
    assert_eq!((error.present, error.of, error.most, error.contradicts), (2, 3, 2, true));
    assert_eq!(format!("{:?}", conformance.unknown()), r#"{"<strange>": 1, "content": 1, "odd": 1}"#);
    assert_eq!(conformance.nodes(), 3);
    let mut with_error = Conformance::new(description);
    with_error.add(Node::from_xml("<ack class='call'><error/></ack>").unwrap().as_ref());
    assert!(!with_error.children()[0].contradicts);
}
