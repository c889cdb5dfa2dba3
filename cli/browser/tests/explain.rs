//! Pages of `wabinary explain`, as a reader meets them.

use wabinary_browser::{Browser, Look, Page, Run, Screen, tool};

/// The second example of the call ack specification: `<ack><error code="503" text="service unavailable"/></ack>`.
const REFUSED: &str =
    "00f8081b08fc074f462d30303032156406fa0003f801f805a870eed038fc137365727669636520756e617661696c61626c65";
/// Spellings that no encoder writes: a long list head, two raw tokens.
const REWRITTEN: &str = "00f900051b08fc02333704fc056f66666572";
/// A byte without a meaning, after a value that is rewritten.
const WRONG: &str = "00f8051b08fc02333704f1aabbcc";
/// The first frame, cut in its last text.
const CUT: &str = "00f8081b08fc074f462d30303032156406fa0003f801f805a870eed038fc13736572766963";
/// A call offer, compressed. Source: `zlib level6: call offer` in tests/data/vectors/peer-encoded.jsonl.
fn compressed() -> String {
    let vectors = include_str!("../../../tests/data/vectors/peer-encoded.jsonl");
    let line = vectors.lines().find(|line| line.contains("\"zlib level6: call offer\"")).expect("the vector");
    let vector: serde_json::Value = serde_json::from_str(line).expect("JSON");
    vector["hex"].as_str().expect("a frame").to_owned()
}

/// A message to a phone user from one of its devices, with 256 bytes as content.
fn message() -> String {
    let content: String = (0..=255).map(|byte| format!("{byte:02x}")).collect();
    let head = "00f8081308fb073eb0c1d2e3f40511faff8615550001111f0306f70005ff8615550001111ff801f8061d5145044dfd000100";
    format!("{head}{content}")
}

/// Markup, quotes and control characters, in tag, name, value and content.
fn hostile() -> String {
    let text = "<script>alert(1)</script>\"'&]]><img src=x onerror=alert(2)>\u{202e}\u{7}\u{2028}";
    let raw = format!("fc{:02x}{}", text.len(), text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>());
    format!("00f804{raw}{raw}{raw}{raw}")
}

fn explain(name: &str, input: &str) -> Run {
    let run = tool(name, &["explain", "--format", "html"], input);
    assert!(matches!(run.status, Some(0 | 1)), "{}", run.stderr);
    run
}

fn many() -> Run {
    let frames = [
        format!("{{\"time\": 1700000000.25, \"direction\": \"receive\", \"hex\": \"{REFUSED}\"}}"),
        format!("{{\"time\": 1700000001, \"direction\": \"send\", \"hex\": \"{}\"}}", message()),
        format!("{{\"hex\": \"{REWRITTEN}\"}}"),
        format!("{{\"hex\": \"{WRONG}\"}}"),
        format!("{{\"hex\": \"{CUT}\"}}"),
        format!("{{\"hex\": \"{}\"}}", compressed()),
        format!("{{\"hex\": \"{}\"}}", hostile()),
        "{\"hex\": \"00zz\"}".to_owned(),
    ];
    explain("explain-many", &frames.join("\n"))
}

/// The bytes that are marked as the current ones.
fn current_bytes(page: &Page) -> String {
    page.ask("[...document.querySelectorAll('.hex .now i')].map(cell => cell.textContent).join(' ')")
}

/// The meaning of the current line; there is at most one.
fn current_row(page: &Page) -> String {
    page.ask("[...document.querySelectorAll('.row.now .says')].map(says => says.textContent).join(' | ')")
}

fn panel(page: &Page) -> String {
    page.ask("document.querySelector('.meaning').innerText")
}

#[test]
fn pages_ask_for_nothing_and_complain_of_nothing() {
    let browser = Browser::start();
    let capture = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/captures/call.jsonl");
    let shipped = tool("explain-capture", &["explain", "--format", "html", capture], "");
    for run in [explain("explain", REFUSED), many(), shipped] {
        let page = browser.open(&run.file, Screen::DESK, Look::Light);
        assert!(page.ask::<bool>("document.querySelectorAll('.row').length > 20"));
        page.point_at(".row");
        page.assert_quiet();
    }
}

#[test]
fn pointing_at_a_byte_shows_what_it_is_for() {
    let browser = Browser::start();
    let run = explain("explain", REFUSED);
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    // A byte in the middle of the id.
    page.point_at("#f0b7 i:nth-of-type(3)");
    assert_eq!(current_bytes(&page), "4f 46 2d 30 30 30 32");
    assert_eq!(current_row(&page), "value \"OF-0002\"");
    let told = panel(&page);
    for part in
        ["value \"OF-0002\"", "bytes 7–13 (7): 4f 46 2d 30 30 30 32", "attribute-value", "ack > @id", "node \"ack\""]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    page.picture("explain-light");

    // A line of the tree that holds others has all of their bytes.
    page.point_at("#f0 .row.inner[data-path='ack > error'] .says");
    assert!(current_bytes(&page).starts_with("f8 05 a8 70 ee d0 38 fc 13 73"), "{}", current_bytes(&page));
    assert!(panel(&page).contains("bytes 22–49 (28)"), "{}", panel(&page));

    // A clicked byte stays current until Escape.
    page.click("#f0b0 i");
    page.point_at("#f0b7 i");
    assert_eq!(current_bytes(&page), "00");
    page.press("Escape");
    page.point_at("#f0b3 i");
    assert_eq!(current_row(&page), "tag \"ack\", single-byte token 27");
    // The panel explains the words in it.
    assert!(panel(&page).contains("a word of the dictionary"), "{}", panel(&page));
    page.picture("explain-words");
}

#[test]
fn every_byte_has_its_line() {
    let browser = Browser::start();
    let run = many();
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let frames: Vec<Vec<String>> = page.ask(
        "[...document.querySelectorAll('.frame')].map(frame => [...frame.querySelectorAll('.hex [role=option]')] \
         .map(option => document.getElementById(option.getAttribute('aria-describedby')).querySelector('.says').textContent))",
    );
    assert!(frames.iter().flatten().all(|says| !says.trim().is_empty()));
    let sizes: Vec<usize> =
        page.ask("[...document.querySelectorAll('.frame')].map(frame => frame.querySelectorAll('.hex:first-of-type i:not(.missing)').length)");
    let inputs = [REFUSED.to_owned(), message(), REWRITTEN.to_owned(), WRONG.to_owned(), CUT.to_owned()];
    assert_eq!(sizes[..5], inputs.map(|hex| hex.len() / 2));
}

#[test]
fn the_keyboard_goes_through_all_ranges() {
    let browser = Browser::start();
    let run = explain("explain", REFUSED);
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let focused = |selector: &str| page.ask::<bool>(&format!("document.activeElement.matches('{selector}')"));
    // A link, the copy buttons and the XML come first.
    for _ in 0..5 {
        if !focused(".hex") {
            page.press("Tab");
        }
    }
    assert!(focused(".hex"));

    let leaves: Vec<String> =
        page.ask("[...document.querySelectorAll('.row.leaf .says')].map(says => says.textContent)");
    let mut met = Vec::new();
    for _ in &leaves {
        page.press("ArrowRight");
        met.push(current_row(&page));
    }
    assert_eq!(met, leaves);
    // Nothing comes after the last byte.
    page.press("ArrowRight");
    assert_eq!(current_row(&page), leaves[leaves.len() - 1]);
    page.press("Home");
    assert_eq!(current_bytes(&page), "00");
    // A row down, a row up: byte 16 is the name `from`.
    page.press("ArrowDown");
    assert_eq!(current_row(&page), "attribute name \"from\", single-byte token 6");
    page.press("ArrowUp");
    assert_eq!(current_bytes(&page), "00");
    page.picture("explain-keyboard");

    page.press("Tab");
    assert!(focused(".tree"));
    page.press("End");
    assert_eq!(current_row(&page), "value \"service unavailable\"");
    page.press("ArrowLeft");
    assert_eq!(current_row(&page), "attribute \"text\" = \"service unavailable\"");
    page.press("ArrowUp");
    assert_eq!(current_row(&page), "value \"503\", token 208 of dictionary 2");
    // A screen reader announces it too.
    let told: String =
        page.ask("document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent");
    assert!(told.contains("503"), "{told}");
}

#[test]
fn what_is_wrong_or_rewritten_is_seen_at_once() {
    let browser = Browser::start();
    for (name, input, expected) in [
        ("explain-rewritten", REWRITTEN, &["rewritten", "long-list-head", "f9 00 05", "encoders write", "f8 05"][..]),
        ("explain-wrong", WRONG, &["Error", "offset 10", "ack > @type", "fc 02 33 37", "ee 6e"]),
        ("explain-cut", CUT, &["Error", "truncated", "19 bytes"]),
    ] {
        let run = explain(name, input);
        let page = browser.open(&run.file, Screen::DESK, Look::Light);
        let told: String = page.ask("document.querySelector('.told').innerText");
        for part in expected {
            assert!(told.contains(part), "{part} in {told}");
        }
        let bottom: f64 = page.ask("document.querySelector('.told').getBoundingClientRect().bottom");
        assert!(bottom < f64::from(Screen::DESK.height) / 2.0, "{bottom}");
        page.picture(name);
        page.click(".told button");
        assert!(!current_row(&page).is_empty());
    }
    let run = explain("explain-wrong", WRONG);
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let marked: Vec<String> = page.ask("[...document.querySelectorAll('.hex .fails')].map(cell => cell.textContent)");
    assert_eq!(marked, ["f1"]);
    page.point_at(".hex span:last-of-type i");
    assert_eq!((current_bytes(&page).as_str(), current_row(&page).as_str()), ("aa bb cc", "not read: 3 bytes"));
}

#[test]
fn compressed_frames_show_both_their_bodies() {
    let browser = Browser::start();
    let run = explain("explain-zlib", &compressed());
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let heads: Vec<String> = page.ask("[...document.querySelectorAll('.bytes h3')].map(head => head.textContent)");
    assert_eq!(heads, ["Bytes", "Inflated body"]);
    page.point_at(".hex:last-of-type span:nth-of-type(2) i");
    assert_eq!(current_row(&page), "tag \"call\", single-byte token 100");
    // Both spaces have a byte 1; only one is current.
    assert!(current_bytes(&page).len() == 2, "{}", current_bytes(&page));
    // The meaning is in view, however many bytes are above it.
    let bottom: f64 = page.ask("document.querySelector('.meaning').getBoundingClientRect().bottom");
    assert!(bottom <= f64::from(Screen::DESK.height), "{bottom}");
    page.picture("explain-zlib");
    // It does not cover its byte either.
    page.click(".hex:last-of-type span:nth-of-type(2) i");
    page.press("End");
    let (byte, panel): (f64, f64) = page.ask(
        "[document.querySelector('.hex .now i').getBoundingClientRect().bottom, \
         document.querySelector('.meaning').getBoundingClientRect().top]",
    );
    assert!(byte <= panel, "{byte} {panel}");
    page.picture("explain-zlib-end");
}

#[test]
fn long_contents_open() {
    let browser = Browser::start();
    let run = explain("explain-long", &message());
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let seen = || {
        page.ask::<usize>(
            "[...document.querySelectorAll('.hex i')].filter(cell => cell.getClientRects().length).length",
        )
    };
    let folded = seen();
    assert!(folded < 120, "{folded}");
    page.picture("explain-folded");
    page.click(".more");
    assert_eq!(seen(), message().len() / 2);
    // Its bytes stay under their offsets.
    let lines: Vec<(String, String)> = page.ask(
        "[...document.querySelectorAll('.hex u')].filter(label => label.getClientRects().length) \
         .map(label => [label.textContent, label.nextElementSibling?.textContent ?? ''])",
    );
    assert!(lines.contains(&("112".to_owned(), "3e".to_owned())), "{lines:?}");
    page.picture("explain-unfolded");
    page.click(".more");
    assert_eq!(seen(), folded);
    // With the keyboard as well.
    page.click("#f0b0 i");
    page.press("Tab");
    page.press("End");
    page.press("Enter");
    assert_eq!(seen(), message().len() / 2);
}

/// 600 frames, one of which is refused; the last has a different id.
fn long() -> Run {
    let refused = "{\"hex\": \"00f8071b08ff812f1564a8ff82403f\"}\n";
    let others = format!("{{\"hex\": \"{}\"}}\n", message());
    let last = "{\"hex\": \"00f8051b08fc074c4153542d30311564\"}\n";
    explain("explain-long-page", &[&others.repeat(300), refused, &others.repeat(298), last].concat())
}

#[test]
fn the_last_of_many_frames_is_found_with_the_keyboard() {
    let browser = Browser::start();
    let run = long();
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    assert!(page.ask::<usize>("document.querySelectorAll('.row').length") < 4000);
    page.press("Tab");
    assert!(page.ask::<bool>("document.activeElement.id === 'filter'"));
    page.type_text("last-01");
    assert_eq!(page.ask::<String>("document.querySelector('output').textContent"), "1 of 600 frames");
    page.picture("explain-filter");
    page.press("Enter");
    page.wait_for("document.querySelectorAll('#f599 .row').length > 5");
    let bytes: String =
        page.ask("[...document.querySelectorAll('#f599 .hex i')].map(cell => cell.textContent).join('')");
    assert_eq!(bytes, "00f8051b08fc074c4153542d30311564");
    assert!(page.ask::<String>("document.title").starts_with("Frame 599 <ack id=\"LAST-01\""));
    page.point_at("#f599 .hex span:nth-of-type(6) i");
    assert_eq!(current_row(&page), "value \"LAST-01\"");
    page.picture("explain-last");
    page.assert_quiet();
}

#[test]
fn the_refused_one_of_many_is_found_and_stepped_from() {
    let browser = Browser::start();
    let page = browser.open(&long().file, Screen::DESK, Look::Light);
    // The index is one stop, and its first line is the exception.
    page.press("Tab");
    page.press("Tab");
    assert!(page.ask::<String>("document.activeElement.innerText").contains("refused 403"));
    page.press("ArrowDown");
    assert_eq!(page.ask::<String>("document.activeElement.hash"), "#f0");
    page.press("Home");
    page.press("Enter");
    page.wait_for("document.querySelectorAll('#f300 .row').length > 5");
    page.wait_for("Math.abs(document.querySelector('#f300').getBoundingClientRect().top) < 20");
    // Further ones follow it, and those far away leave their room only.
    for frame in 301..306 {
        page.click("[data-step='1']");
        page.wait_for(&format!("document.querySelectorAll('#f{frame} .row').length > 5"));
        page.wait_for(&format!("Math.abs(document.querySelector('#f{frame}').getBoundingClientRect().top) < 20"));
    }
    page.wait_for("document.querySelectorAll('#f300 .row').length === 0");
    assert!(page.ask::<bool>("document.querySelector('#f300').offsetHeight > 300"));
    page.assert_quiet();
}

#[test]
fn xml_and_hex_are_copied() {
    let browser = Browser::start();
    let page = browser.open(&explain("explain", REFUSED).file, Screen::DESK, Look::Light);
    page.run("window.copied = []; navigator.clipboard.writeText = async text => { copied.push(text) };");
    page.click("[data-copy=xml]");
    page.click("[data-copy=hex]");
    page.wait_for("copied.length === 2");
    let copied: Vec<String> = page.ask("copied");
    assert_eq!(copied[1], REFUSED);
    assert!(copied[0].starts_with("<ack id=\"OF-0002\"") && copied[0].ends_with("</ack>"), "{}", copied[0]);
    page.wait_for("document.querySelector('[data-copy=hex]').textContent === 'Copied'");
    page.picture("explain-copied");
}

#[test]
fn frames_are_in_an_index() {
    let browser = Browser::start();
    let run = many();
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let lines: Vec<String> = page.ask("[...document.querySelectorAll('.index a')].map(a => a.innerText)");
    assert_eq!(lines.len(), 8);
    // Errors first, then findings.
    for (line, part) in lines.iter().zip(["unassigned-byte", "truncated", "not explained", "refused 503", "finding"]) {
        assert!(line.contains(part), "{part} in {line}");
    }
    for part in ["OF-0002", "3EB0", "call", "script"] {
        assert!(lines.iter().any(|line| line.contains(part)), "{part} in {lines:?}");
    }
    page.click(".index a[href='#f5']");
    let top: f64 = page.ask("document.querySelector('#f5').getBoundingClientRect().top");
    assert!((0.0..300.0).contains(&top), "{top}");
    // Each frame keeps its own place.
    page.point_at("#f5b0 i");
    page.point_at("#f2b0 i");
    assert_eq!(current_bytes(&page), "00 02");
    page.look(Look::Light);
    page.whole_picture("explain-many");
}

/// Texts whose contrast is less than WCAG 2.2 wants of small text (1.4.3), each with its contrast.
const PALE: &str = "(() => {
    const channel = c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
    const parse = text => text.match(/[\\d.]+/g).map(Number);
    const behind = element => {
        for (; element; element = element.parentElement) {
            const color = parse(getComputedStyle(element).backgroundColor);
            if ((color[3] ?? 1) === 1) return color;
        }
        return [255, 255, 255];
    };
    const pale = [];
    for (const element of document.body.querySelectorAll('*')) {
        const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
        if (!own || !element.getClientRects().length || element.matches('script')) continue;
        const [one, other] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
        const contrast = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
        if (contrast < 4.5) pale.push([element.textContent.slice(0, 40), contrast]);
    }
    return pale.slice(0, 8);
})()";

#[test]
fn light_and_dark_are_legible() {
    let browser = Browser::start();
    let run = many();
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let paper = || page.ask::<String>("getComputedStyle(document.body).backgroundColor");
    let mut papers = Vec::new();
    for (look, name) in [(Look::Light, "explain-errors-light"), (Look::Dark, "explain-errors-dark")] {
        page.look(look);
        for frame in 0..7 {
            page.point_at(&format!("#f{frame} .row:nth-of-type(4)"));
        }
        assert_eq!(page.ask::<Vec<(String, f64)>>(PALE), [], "{look:?}");
        page.point_at("#f3 .row.fails");
        assert_eq!(page.ask::<Vec<(String, f64)>>(PALE), [], "{look:?}, the error");
        page.picture_of(name, "#f3");
        papers.push(paper());
    }
    assert_eq!(papers, ["rgb(255, 255, 255)", "rgb(20, 23, 27)"]);
    let run = explain("explain", REFUSED);
    let page = browser.open(&run.file, Screen::DESK, Look::Dark);
    page.point_at("#f0b7 i");
    page.picture("explain-dark");
}

#[test]
fn print_shows_everything() {
    let browser = Browser::start();
    let run = explain("explain-long", &message());
    let page = browser.open(&run.file, Screen::PAPER, Look::Print);
    let shown: usize =
        page.ask("[...document.querySelectorAll('.hex i')].filter(cell => cell.getClientRects().length).length");
    assert_eq!(shown, message().len() / 2);
    let hidden: Vec<String> =
        page.ask("[...document.querySelectorAll('.row')].filter(row => !row.getClientRects().length).map(row => row.textContent)");
    assert_eq!(hidden, [""; 0]);
    // Dark screens do not print dark.
    assert_eq!(page.ask::<String>("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    assert_eq!(page.ask::<String>("getComputedStyle(document.querySelector('.dock')).display"), "none");
    assert!(page.ask::<f64>("document.documentElement.scrollWidth") <= f64::from(Screen::PAPER.width));
    page.whole_picture("explain-print");
    assert!(page.pdf().starts_with(b"%PDF"));

    let run = many();
    let page = browser.open(&run.file, Screen::PAPER, Look::Print);
    page.whole_picture("explain-many-print");
}

#[test]
fn a_phone_is_wide_enough() {
    let browser = Browser::start();
    let run = many();
    let page = browser.open(&run.file, Screen::PHONE, Look::Light);
    let width: f64 = page.ask("document.documentElement.scrollWidth");
    assert!(width <= f64::from(Screen::PHONE.width), "{width}");
    // Nor does anything scroll sideways.
    let cut: Vec<String> = page.ask(
        "[...document.querySelectorAll('.index, .bytes, .meaning, .tree, .told, .row')] \
         .filter(e => e.scrollWidth > e.clientWidth).map(e => e.outerHTML.slice(0, 80))",
    );
    assert_eq!(cut, [""; 0]);
    page.picture("explain-phone-top");
    page.tap("#f0b7 i");
    assert_eq!(current_row(&page), "value \"OF-0002\"");
    // Byte and meaning are both in view, and nothing covers them.
    let in_view = "(selector => { const r = document.querySelector(selector).getBoundingClientRect(); \
                   const there = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2); \
                   return Boolean(there?.closest(selector)) })";
    assert!(page.ask::<bool>(&format!("{in_view}('.hex .now i')")));
    assert!(page.ask::<bool>(&format!("{in_view}('.meaning .what')")));
    page.picture("explain-phone");
    page.tap("#f3 .told button");
    assert!(current_row(&page).contains("0xf1"), "{}", current_row(&page));
    page.picture("explain-phone-error");
    page.look(Look::Dark);
    page.tap("#f5 .hex:last-of-type span:nth-of-type(2) i");
    page.picture("explain-phone-dark");
    page.assert_quiet();
}

#[test]
fn hostile_texts_stay_texts() {
    let browser = Browser::start();
    let run = explain("explain-hostile", &hostile());
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    page.point_at("#f0 .row.leaf:nth-of-type(4)");
    let foreign: Vec<String> = page.ask("[...document.querySelectorAll('img, iframe, object, script:not(body > script:last-child)')].map(e => e.outerHTML)");
    assert_eq!(foreign, [""; 0]);
    let title: String = page.ask("document.querySelector('h2').textContent");
    assert!(title.contains("<script>alert(1)</script>\"'&]]><img src=x onerror=alert(2)>\\u{202e}\\u{7}"), "{title}");
    // The text is nowhere but in texts.
    assert!(panel(&page).contains("<script>alert(1)</script>"), "{}", panel(&page));
    page.picture("explain-hostile");
    page.assert_quiet();
}

#[test]
fn huge_frames_stay_small_pages() {
    let browser = Browser::start();
    // 20,000 children, then a content of 100,000 bytes that is cut off.
    let mut frame = "00f80271f94e21".to_owned();
    frame.push_str(&"f8016f".repeat(20_000));
    frame.push_str("f8021dfe000f4240");
    frame.push_str(&"61".repeat(100_000));
    let run = explain("explain-huge", &frame);
    assert!(run.html.len() < 2_000_000, "{}", run.html.len());
    let page = browser.open(&run.file, Screen::DESK, Look::Light);
    let text: String = page.ask("document.body.innerText");
    assert!(text.contains("parts left out"), "{}", text.len());
    assert!(text.contains("truncated"));
    page.click(".told button");
    assert!(current_row(&page).contains("not complete"), "{}", current_row(&page));
    page.picture("explain-huge");
    page.assert_quiet();
}
