//! The page that `wabinary acks --format html` prints, in headless Chromium: `scripts/browser`.

use wabinary_browser::{Browser, Look, Page, Run, Screen, tool};

fn captures(name: &str) -> String {
    format!("{}/../../tests/data/captures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn acks(name: &str, capture: &str) -> Run {
    let dictionary = if capture.contains("-v2") { "2" } else { "3" };
    let run = tool(name, &["acks", "--format", "html", "--dictionary", dictionary, &captures(capture)], "");
    assert!(matches!(run.status, Some(0 | 1)), "{}", run.stderr);
    run
}

fn calls() -> Run {
    acks("acks", "call.jsonl")
}

/// The text of all elements that match.
fn texts(page: &Page, selector: &str) -> Vec<String> {
    page.ask(&format!(
        "[...document.querySelectorAll({selector:?})].map(e => e.innerText.replace(/\\s+/g, ' ').trim())"
    ))
}

/// The frames whose rows are lit.
fn lit(page: &Page) -> Vec<String> {
    page.ask("[...document.querySelectorAll('.row.lit')].map(row => row.id)")
}

fn is_open(page: &Page, row: &str) -> bool {
    page.ask(&format!("document.querySelector('#{row} details').open"))
}

/// The left and the right end of an element, in CSS pixels.
fn ends(page: &Page, selector: &str) -> (f64, f64) {
    page.ask(&format!("(r => [r.left, r.right])(document.querySelector({selector:?}).getBoundingClientRect())"))
}

#[test]
fn pages_ask_for_nothing_and_complain_of_nothing() {
    let browser = Browser::start();
    for capture in ["call.jsonl", "call-v2.jsonl", "scenarios/secrets.jsonl", "scenarios/without-times.jsonl"] {
        let name = format!("acks-{}", capture.trim_start_matches("scenarios/").trim_end_matches(".jsonl"));
        let run = acks(&name, capture);
        let page = browser.open(&run.file, Screen::DESK, Look::Light);
        assert!(page.ask::<bool>("document.querySelectorAll('body > .page > header').length === 1"));
        page.assert_quiet();
    }
}

#[test]
fn what_failed_and_why_is_seen_without_scrolling() {
    let browser = Browser::start();
    let page = browser.open(&calls().file, Screen::DESK, Look::Light);
    let failures = texts(&page, ".told > li");
    assert_eq!(failures.len(), 6);
    assert_eq!(
        failures[1],
        "✕ refused 403 offer of the call to 100000033333333@lid 403 not-enabled: calls are not enabled for the caller (probable)"
    );
    assert!(page.ask::<bool>("document.querySelector('.told').getBoundingClientRect().bottom < innerHeight"));
    // The index shows the outcome of each call.
    let index = texts(&page, ".index .badge");
    assert_eq!(index.iter().filter(|badge| badge.starts_with("✕ refused")).count(), 4);
    assert_eq!((index.len(), index[4].as_str(), index[6].as_str()), (12, "✕ unanswered", "▲ pending"));
    page.click(".told > li:nth-child(2) a");
    let top: f64 = page.ask("document.querySelector('#c4 h2').getBoundingClientRect().top");
    assert!((0.0..400.0).contains(&top), "{top}");
    page.picture("acks-refused");
    page.assert_quiet();
}

#[test]
fn arrows_go_from_lane_to_lane() {
    let browser = Browser::start();
    let page = browser.open(&calls().file, Screen::DESK, Look::Light);
    let (left, right) = ends(&page, "#f14 .stage");
    let lane = |percent: f64| left + (right - left) * percent / 100.0;
    let near = |one: f64, other: f64| assert!((one - other).abs() < 3.0, "{one} {other}");
    // Offer, its ack, the receipt of the peer.
    for (row, far) in [("f14", true), ("f15", false), ("f16", true)] {
        let (start, end) = ends(&page, &format!("#{row} .wire.near"));
        near(start, lane(6.0));
        near(end, lane(50.0));
        assert_eq!(page.ask::<bool>(&format!("document.querySelector('#{row} .wire.far') !== null")), far, "{row}");
        if far {
            near(ends(&page, &format!("#{row} .wire.far")).1, lane(94.0));
        }
    }
    // The heads are above the lanes.
    for (head, percent) in [(1, 6.0), (2, 50.0), (3, 94.0)] {
        let (start, end) = ends(&page, &format!("#c3 .heads span:nth-child({head})"));
        let middle = lane(percent);
        assert!(start < middle && middle < end, "{head}: {start} {middle} {end}");
    }
    // A refused offer is not shown as passed on, and a lost one ends in a cross.
    for row in ["f52", "f98"] {
        let shown: String = page.ask(&format!("getComputedStyle(document.querySelector('#{row} .wire.far')).display"));
        assert_eq!(shown, "none", "{row}");
    }
    assert_eq!(texts(&page, "#f98 .cross"), ["✕"]);
    let width = |row: &str| {
        page.ask::<String>(&format!("getComputedStyle(document.querySelector('#{row} .wire')).borderTopWidth"))
    };
    assert_eq!((width("f53"), width("f15")), ("4px".to_owned(), "2px".to_owned()));
}

#[test]
fn an_arrow_opens_and_lights_what_belongs_to_it() {
    let browser = Browser::start();
    let page = browser.open(&calls().file, Screen::DESK, Look::Light);
    page.point_at("#f16 summary");
    assert_eq!(lit(&page), ["f14", "f15", "f16", "f18"]);
    page.point_at("h1");
    assert_eq!(lit(&page), [""; 0]);

    page.click("#f53 summary");
    assert!(is_open(&page, "f53"));
    let detail = texts(&page, "#f53 .detail").remove(0);
    for part in [
        "403 not-enabled",
        "belongs to it by id and address",
        "named in the ack's <error>",
        "<ack from=\"100000033333333@lid\"",
    ] {
        assert!(detail.contains(part), "{part} in {detail}");
    }
    page.picture_of("acks-detail", "#c4");
    page.click("#f53 summary");
    assert!(!is_open(&page, "f53"));

    // With the keyboard.
    page.ask::<()>("document.querySelector('#f52 summary').focus()");
    assert_eq!(lit(&page), ["f52", "f53"]);
    page.press("ArrowDown");
    page.press("Enter");
    assert!(is_open(&page, "f53"));
    page.press("Escape");
    assert!(!is_open(&page, "f53"));
    page.click("#all");
    assert!(page.ask::<bool>("[...document.querySelectorAll('details')].every(details => details.open)"));
    page.click("#all");
    assert!(!page.ask::<bool>("[...document.querySelectorAll('details')].some(details => details.open)"));
    page.assert_quiet();
}

#[test]
fn ties_go_from_a_stanza_to_its_last_answer() {
    let browser = Browser::start();
    // Two stanzas, sent again: lines that cross, and a pause between.
    let page =
        browser.open(&acks("acks-resent", "scenarios/resent-after-reconnect.jsonl").file, Screen::DESK, Look::Light);
    let pieces: Vec<String> =
        page.ask("[...document.querySelectorAll('.ladder > ol > li')].map(li => [...li.querySelectorAll('.ties i')].map(i => i.className).join(''))");
    assert_eq!(pieces, ["sx", "ts", "tt", "bt", "tb", "bt", "et", "xe"]);
    page.picture_of("acks-ties", "#c1");
}

#[test]
fn it_fits_every_screen() {
    let browser = Browser::start();
    let run = calls();
    for (name, screen, look) in [
        ("acks-light", Screen::DESK, Look::Light),
        ("acks-dark", Screen::DESK, Look::Dark),
        ("acks-phone", Screen::PHONE, Look::Light),
        ("acks-phone-dark", Screen::PHONE, Look::Dark),
        ("acks-print", Screen::PAPER, Look::Print),
    ] {
        let page = browser.open(&run.file, screen, look);
        assert!(page.ask::<bool>("document.documentElement.scrollWidth <= innerWidth"), "{name} is too wide");
        let is_scrolled = "[...document.querySelectorAll('.scroll')].some(e => e.scrollWidth > e.clientWidth)";
        assert!(screen.touch || !page.ask::<bool>(is_scrolled), "{name}: a table is cut");
        // No label is cut that reports a refusal.
        let is_cut =
            "[...document.querySelectorAll('.row.refused.ack .label')].some(e => e.scrollWidth > e.clientWidth + 1)";
        assert!(!page.ask::<bool>(is_cut), "{name}");
        page.whole_picture(name);
        page.picture_of(&format!("{name}-call"), "#c11");
        page.picture_of(&format!("{name}-latencies"), "#latencies");
        page.assert_quiet();
    }
    let paper = browser.open(&run.file, Screen::PAPER, Look::Print);
    assert!(paper.pdf().len() > 10_000);
}
