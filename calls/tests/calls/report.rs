//! Reports on made-up captures: what a row takes over from stanzas and answers.

use std::convert::Infallible;

use wabinary::Node;
use wabinary::stanza::Direction::{self, Receive, Send};
use wabinary_calls::Timeouts;
use wabinary_calls::report::{Clock, Record, Report, ReportBuilder, Rows, Selection, Stamp};

fn reported(builder: &mut ReportBuilder, stanzas: &[(Direction, &str)]) {
    for (frame, (direction, xml)) in (0..).zip(stanzas) {
        let stamp = Some(Stamp { clock: Clock::Unix, micros: frame as i64 });
        let record = Record { frame, stamp, direction: Some(*direction), ..Record::default() };
        let node = Node::from_xml(xml).unwrap();
        let Ok(added) = builder.add(&record, node.as_ref(), &mut |_| Ok::<_, Infallible>(()));
        added.unwrap();
    }
}

fn report(stanzas: &[(Direction, &str)]) -> Report {
    let mut builder = ReportBuilder::new(Selection::default(), Timeouts::default());
    reported(&mut builder, stanzas);
    let Ok(report) = builder.finish(&mut |_| Ok::<_, Infallible>(()));
    report
}

const FIRST: (Direction, &str) = (Send, r#"<call id="1" to="5@lid"><offer call-id="C"/></call>"#);
const SECOND: (Direction, &str) = (Send, r#"<call id="2" to="5@lid"><transport call-id="C"/></call>"#);
const REFUSES_FIRST: (Direction, &str) = (Receive, r#"<ack class="call" id="1" from="5@lid" error="403"/>"#);
const REFUSES_SECOND: (Direction, &str) = (Receive, r#"<ack class="call" id="2" from="5@lid" error="500"/>"#);
const ACCEPTS_FIRST: (Direction, &str) = (Receive, r#"<ack class="call" id="1" from="5@lid"/>"#);
const ACCEPTS_SECOND: (Direction, &str) = (Receive, r#"<ack class="call" id="2" from="5@lid"/>"#);

#[test]
fn a_call_fails_by_the_first_of_its_stanzas_that_fails_worst() {
    for (stanzas, error) in [
        ([FIRST, SECOND, REFUSES_FIRST, REFUSES_SECOND], "403"),
        ([FIRST, SECOND, REFUSES_SECOND, REFUSES_FIRST], "403"),
        ([FIRST, SECOND, ACCEPTS_FIRST, REFUSES_SECOND], "500"),
        ([FIRST, SECOND, REFUSES_SECOND, ACCEPTS_FIRST], "500"),
    ] {
        let report = report(&stanzas);
        assert_eq!(report.calls[0].error.as_ref().map(ToString::to_string).as_deref(), Some(error), "{stanzas:?}");
    }
}

#[test]
fn of_65537_stanzas_that_wait_the_first_is_given_up() {
    let calls: Vec<_> = (1..65_538).map(|id| FIRST.1.replace("\"1\"", &format!("\"{id}\""))).collect();
    let stanzas: Vec<_> = calls.iter().map(|call| (Send, &**call)).chain([ACCEPTS_FIRST, ACCEPTS_SECOND]).collect();
    let report = report(&stanzas);
    assert_eq!((report.given_up, report.totals.stanzas, report.totals.accepted), (1, 65_537, 1));
}

#[test]
fn no_latency_counts_of_a_stanza_that_was_sent_twice() {
    for (stanzas, count) in [(vec![FIRST, ACCEPTS_FIRST], 1), (vec![FIRST, FIRST, ACCEPTS_FIRST], 0)] {
        let report = report(&stanzas);
        let of_all = report.latencies.iter().filter(|latencies| latencies.action.is_none());
        assert_eq!(of_all.map(|latencies| latencies.count).sum::<usize>(), count, "{stanzas:?}");
    }
}

#[test]
fn a_call_without_rows_has_failed_if_any_of_its_stanzas_has() {
    for (stanzas, failed) in [
        ([FIRST, REFUSES_FIRST, SECOND, ACCEPTS_SECOND], 1),
        ([SECOND, ACCEPTS_SECOND, FIRST, REFUSES_FIRST], 1),
        ([FIRST, ACCEPTS_FIRST, SECOND, ACCEPTS_SECOND], 0),
    ] {
        let mut builder = ReportBuilder::new(Selection::default(), Timeouts::default()).with_rows(Rows::Kept(0));
        reported(&mut builder, &stanzas);
        let Ok(report) = builder.finish(&mut |_| Ok::<_, Infallible>(()));
        assert_eq!(
            (report.rows_left_out, report.totals.calls, report.totals.failed_calls),
            (2, 1, failed),
            "{stanzas:?}"
        );
    }
}

#[test]
fn rows_that_are_settled_can_be_taken() {
    let mut builder = ReportBuilder::new(Selection::default(), Timeouts::default()).with_rows(Rows::TakenAtOnce);
    reported(&mut builder, &[FIRST, SECOND, REFUSES_SECOND]);
    assert_eq!(builder.take_settled().iter().map(|row| row.id.as_deref()).collect::<Vec<_>>(), [Some("2")]);
    assert!(builder.take_settled().is_empty());
    reported(&mut builder, &[REFUSES_SECOND]);
    assert!(builder.take_settled().is_empty());
    let Ok(report) = builder.finish(&mut |_| Ok::<_, Infallible>(()));
    assert_eq!(report.calls[0].stanzas.iter().map(|row| row.id.as_deref()).collect::<Vec<_>>(), [Some("1")]);
}

#[test]
fn an_answer_waits_for_its_stanza_through_64_records_of_a_file_or_through_many_files() {
    let stanzas = [vec![ACCEPTS_FIRST], vec![(Receive, "<presence/>"); 70], vec![FIRST]].concat();
    for (has_many_files, unmatched) in [(false, 1), (true, 0)] {
        let builder = ReportBuilder::new(Selection::default(), Timeouts::default());
        let mut builder = builder.with_many_files(has_many_files);
        reported(&mut builder, &stanzas);
        let Ok(report) = builder.finish(&mut |_| Ok::<_, Infallible>(()));
        assert_eq!(report.unmatched.len(), unmatched, "{has_many_files}");
    }
}

#[test]
fn what_is_said_of_other_stanzas_is_selected_and_has_its_time() {
    const REFUSES_OTHER: (Direction, &str) = (Receive, r#"<ack class="receipt" id="r" from="5@lid" error="500"/>"#);
    const ENDS: (Direction, &str) = (Receive, r#"<stream:error><ack class="message" id="m"/></stream:error>"#);
    let of_call = Selection { call_id: Some("C".to_owned()), ..Selection::default() };
    let of_id = |id: &str| Selection { id: Some(id.to_owned()), ..Selection::default() };
    for (selection, refused, ended) in
        [(Selection::default(), 1, 1), (of_id("r"), 1, 0), (of_id("m"), 0, 1), (of_call, 0, 0)]
    {
        let name = format!("{selection:?}");
        let mut builder = ReportBuilder::new(selection, Timeouts::default());
        reported(&mut builder, &[FIRST, REFUSES_OTHER, ENDS]);
        let Ok(report) = builder.finish(&mut |_| Ok::<_, Infallible>(()));
        assert_eq!((report.refused_others.len(), report.stream_ends.len()), (refused, ended), "{name}");
        assert!(report.refused_others.iter().all(|other| other.seen.since_start == Some(1)), "{name}");
    }
}

#[test]
fn a_call_without_stanzas_has_the_error_of_its_first_answer() {
    let refusal = |id: &str, error: u32| {
        format!(r#"<ack class="call" id="{id}" from="5@lid" error="{error}"><relay call-id="C"/></ack>"#)
    };
    let report = report(&[(Receive, &refusal("8", 403)), (Receive, &refusal("9", 500))]);
    assert_eq!(report.calls[0].error.as_ref().map(ToString::to_string).as_deref(), Some("403"));
}

#[test]
fn a_stanza_that_comes_again_says_how_if_the_answer_was_lost() {
    const CALL: (Direction, &str) = (Receive, r#"<call id="1" from="5@lid"><offer call-id="C"/></call>"#);
    const ANSWER: (Direction, &str) = (Send, r#"<ack class="call" id="1" to="5@lid" type="offer"/>"#);
    const OFFLINE: (Direction, &str) =
        (Receive, r#"<call id="1" from="5@lid" offline="0"><offer call-id="C"/></call>"#);
    const AGAIN: (Direction, &str) = (Receive, "<success/>");
    for (between, how) in [(vec![CALL], None), (vec![OFFLINE], Some("offline")), (vec![AGAIN, CALL], Some("reconnect"))]
    {
        let report = report(&[vec![CALL, ANSWER], between].concat());
        let findings: Vec<_> = report.calls[0].stanzas[0].answers[0].findings.iter().map(ToString::to_string).collect();
        let said = findings.iter().find(|finding| finding.starts_with("CA23"));
        assert_eq!(said.is_some(), how.is_some(), "{findings:?}");
        assert!(how.is_none_or(|how| said.unwrap().contains(how)), "{said:?}");
    }
}

#[test]
fn a_call_keeps_the_error_of_its_first_stanza_when_a_later_one_is_settled_long_before() {
    let others: Vec<_> = (0..4200)
        .flat_map(|number| {
            let call = format!(r#"<call id="o{number}" to="5@lid"><offer call-id="D"/></call>"#);
            [(Send, call), (Receive, format!(r#"<ack class="call" id="o{number}" from="5@lid"/>"#))]
        })
        .collect();
    let others = others.iter().map(|(direction, xml)| (*direction, &**xml));
    let stanzas: Vec<_> = [FIRST, SECOND, REFUSES_SECOND].into_iter().chain(others).chain([REFUSES_FIRST]).collect();
    assert_eq!(report(&stanzas).calls[0].error.as_ref().map(ToString::to_string).as_deref(), Some("403"));
}

#[test]
fn a_thousand_answers_of_a_stanza_are_kept_and_the_others_counted() {
    let report = report(&[vec![FIRST], vec![ACCEPTS_FIRST; 1002]].concat());
    let stanza = &report.calls[0].stanzas[0];
    assert_eq!((stanza.answers.len(), stanza.more.acks), (1000, 2));
}
