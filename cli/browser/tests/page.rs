//! The page of `wabinary page`: paste, drop, find, edit, share.

use std::fs;

use serde_json::{Value, json};
use wabinary_browser::{Browser, Look, Page, Screen, tool};

/// `<ack id="OF-0002" class="call" from="s.whatsapp.net"><error code="503" text="service unavailable"/></ack>`.
const REFUSED: &str =
    "00f8081b08fc074f462d30303032156406fa0003f801f805a870eed038fc137365727669636520756e617661696c61626c65";
/// A spelling that no encoder writes, then an unassigned byte.
const WRONG: &str = "00f8051b08fc02333704f1aabbcc";
const LAST: &str = "00f8051b08fc074c4153542d30311564";
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data");
const HOSTILE: &str = "<script>alert(1)</script>\"'&]]><img src=x onerror=alert(2)>javascript:alert(3)";

fn data(name: &str) -> String {
    fs::read_to_string(format!("{DATA}/{name}")).expect("a file of the tests")
}

fn open(browser: &Browser, screen: Screen, look: Look) -> Page {
    let run = tool("page", &["page"], "");
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(run.html.len() < 1_500_000, "{}", run.html.len());
    browser.open(&run.file, screen, look)
}

/// Waits until the page has read its input.
fn is_read(page: &Page) {
    page.wait_for(
        "document.querySelector('#status').hidden && document.querySelector('#list').getAttribute('aria-rowcount') > 1",
    );
}

fn paste(page: &Page, text: &str) {
    page.run(&format!("document.querySelector('#paste').value = {}", json!(text)));
    page.click("#intake .main");
    is_read(page);
}

fn drop_files(page: &Page, files: &[(&str, &str)]) {
    page.run(&format!(
        "{{ const dataTransfer = new DataTransfer();
        for (const [name, text] of {}) dataTransfer.items.add(new File([text], name));
        document.querySelector('#list').setAttribute('aria-rowcount', 0);
        document.body.dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }})); }}",
        json!(files)
    ));
    is_read(page);
}

fn text(page: &Page, selector: &str) -> String {
    page.ask(&format!("document.querySelector({})?.innerText ?? ''", json!(selector)))
}

fn wait_for_text(page: &Page, selector: &str, part: &str) {
    page.wait_for(&format!(
        "document.querySelector({})?.innerText.includes({}) ?? false",
        json!(selector),
        json!(part)
    ));
}

/// Fills a field of the filter.
fn choose(page: &Page, field: &str, value: &str) {
    page.run(&format!("document.querySelector('#filters').elements.{field}.value = {}", json!(value)));
    page.run("document.querySelector('#filters').dispatchEvent(new Event('input'))");
}

/// The bytes of the open record.
fn bytes(page: &Page) -> String {
    page.ask("[...document.querySelectorAll('.right .hex i')].map(cell => cell.textContent).join('')")
}

/// The faults that axe-core finds. `AXE` is its file.
fn faults(page: &Page) -> Vec<Value> {
    let axe = std::env::var_os("AXE").expect("AXE is axe.min.js of axe-core: run scripts/browser");
    page.run(&format!("{};null", fs::read_to_string(axe).expect("axe-core")));
    page.run("axe.run(document).then(found => { window.found = found.violations.map(it => [it.id, it.nodes.map(node => node.html)]) })");
    page.ask("found")
}

#[test]
fn a_pasted_frame_is_read_edited_and_linked() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    assert!(text(&page, ".promise").contains("Nothing leaves this page"));
    page.picture("page-start");
    paste(&page, REFUSED);
    assert!(text(&page, "#summary").contains("read as hex or base64 text"));
    wait_for_text(&page, ".stanza pre", "<error code=\"503\" text=\"service unavailable\"/>");
    assert_eq!(bytes(&page), REFUSED);
    page.point_at("#f0b7 i:nth-of-type(3)");
    assert!(text(&page, ".meaning").contains("value \"OF-0002\""));
    page.picture("page-frame");

    page.click(".tools button");
    page.run("document.querySelector('#editor').value = '<ack id=\"LAST-01\" class=\"call\"/>'");
    page.run("document.querySelector('#editor').dispatchEvent(new Event('input', { bubbles: true }))");
    page.wait_for("document.querySelectorAll('.right .hex i').length === 16");
    assert_eq!(bytes(&page), LAST);
    page.picture("page-edit");
    page.run("window.copied = ''; navigator.clipboard.writeText = async text => { copied = text }");
    page.click(".tools button:nth-of-type(2)");
    page.wait_for("copied !== ''");
    let link: String = page.ask("copied");
    assert!(link.ends_with(&format!("#frame={LAST}")), "{link}");
    assert!(text(&page, ".link-told").contains("holds the whole frame"));

    page.run("document.querySelector('#editor').value = '<ack>\\n  <error code=503/>\\n</ack>'");
    page.run("document.querySelector('#editor').dispatchEvent(new Event('input', { bubbles: true }))");
    wait_for_text(&page, ".edit-told", "line 2, column");
    assert_eq!(faults(&page), [] as [Value; 0]);
    page.picture("page-edit-error");

    // The page reads the link's fragment when it is opened.
    page.run(&format!("location.hash = {}", json!(link.split_once('#').expect("a fragment").1)));
    wait_for_text(&page, ".stanza pre", "LAST-01");
    assert!(text(&page, "#summary").contains("frame of the link"));
    page.assert_quiet();
}

#[test]
fn errors_are_shown_with_their_place() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    paste(&page, &format!("zz!\n{WRONG}\n{REFUSED}"));
    assert!(text(&page, "#summary").contains("2 failed"));
    wait_for_text(&page, ".right .told", "neither hexadecimal nor base64 at offset");
    page.press("ArrowDown");
    wait_for_text(&page, ".right .told", "offset 10");
    assert!(text(&page, ".right .told").contains("ack > @type"));
    page.click(".told button");
    assert!(text(&page, ".meaning").contains("0xf1"), "{}", text(&page, ".meaning"));
    page.picture("page-error");
}

#[test]
fn a_dropped_capture_is_filtered_followed_and_shared() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    drop_files(&page, &[("call.jsonl", &data("captures/call.jsonl"))]);
    assert!(
        text(&page, "#summary").contains("call.jsonl read as JSON lines, starts 2023-11-14 22:13:20 UTC · 103 records"),
        "{}",
        text(&page, "#summary")
    );
    page.picture("page-capture");
    let file = format!("{DATA}/captures/call.jsonl");
    for (field, value) in [
        ("grep", "41\\.17-11"),
        ("tag", "call,receipt"),
        ("attr", "class=call"),
        ("peer", "100000033333333@lid"),
        ("id", "41.17-11"),
        ("frame", "12,20..30"),
        ("since", "66.5"),
        ("until", "22:13"),
        ("direction", "send"),
    ] {
        // The filters match the options of the tool.
        let chosen = tool("chosen", &["decode", "--format", "jsonl", &format!("--{field}"), value, &file], "").html;
        let found = format!("{} of 103 records", chosen.lines().count());
        choose(&page, field, value);
        page.wait_for("!document.querySelector('#count').innerText.startsWith('103')");
        assert_eq!(text(&page, "#count"), found, "{field}");
        page.click("#all-records");
        wait_for_text(&page, "#count", "103 records");
    }
    page.click("#filters [type=checkbox]");
    wait_for_text(&page, "#count", "5 of 103 records");
    page.click("#all-records");
    page.click("#grep");
    page.type_text("(");
    wait_for_text(&page, "#filter-error", "not a regular expression");
    assert_eq!(faults(&page), [] as [Value; 0]);
    page.picture("page-filter-error");
    page.click("#all-records");

    page.click("[data-to=calls]");
    wait_for_text(&page, "#view-calls", "12 calls, 6 with failures");
    page.click(".ladder .row summary");
    page.wait_for("document.querySelector('.to-record') !== null");
    page.picture("page-calls");
    page.click(".to-record");
    wait_for_text(&page, "#record h2", "Frame 8");
    page.click("[data-to=frames]");

    page.click("#sanitize");
    page.wait_for("!document.querySelector('#save').hidden");
    assert!(text(&page, "#sharing").contains("read it before you share it"));
    assert_eq!(faults(&page), [] as [Value; 0]);
    page.picture("page-sanitized");
    let (name, lines) = page.download("document.querySelector('#save').click()");
    assert_eq!(name, "call.sanitized.jsonl");
    // The tool writes the same.
    let by_tool = tool("sanitized", &["sanitize", "--format", "jsonl", &file], "");
    assert_eq!(lines, by_tool.html);
    page.assert_quiet();

    // Calls and copies are of the chosen records alone.
    let page = open(&browser, Screen::DESK, Look::Light);
    drop_files(&page, &[("call.jsonl", &data("captures/call.jsonl"))]);
    choose(&page, "id", "41.17-11");
    wait_for_text(&page, "#count", "2 of 103 records");
    page.click("[data-to=calls]");
    wait_for_text(&page, "#view-calls", "0123456789ABCDEF0123456789ABCD04");
    page.click("[data-to=frames]");
    page.click("#sanitize");
    page.wait_for("!document.querySelector('#save').hidden");
    let (_, lines) = page.download("document.querySelector('#save').click()");
    assert_eq!(lines, tool("one", &["sanitize", "--format", "jsonl", "--id", "41.17-11", &file], "").html);
}

#[test]
fn the_keyboard_finds_reads_and_copies() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    drop_files(&page, &[("call.jsonl", &data("captures/call.jsonl"))]);
    // Find a refused call: the list has the focus after reading, and the filter is before it.
    assert!(page.ask::<bool>("document.activeElement.id === 'list'"));
    page.run("document.querySelector('#grep').focus()");
    page.type_text("\\b403\\b");
    page.press("Enter");
    wait_for_text(&page, "#record h2", "refused 403");
    assert!(page.ask::<bool>("document.activeElement.id === 'list'"));
    // The record, then its buttons, its XML and its bytes.
    page.press("Enter");
    for _ in 0..9 {
        if !page.ask::<bool>("document.activeElement.matches('.hex')") {
            page.press("Tab");
        }
    }
    assert!(page.ask::<bool>("document.activeElement.matches('.hex')"));
    page.press("Home");
    while !text(&page, ".meaning dl").contains("byte 7") && !text(&page, ".meaning dl").contains("bytes 7–") {
        page.press("ArrowRight");
    }
    assert!(!text(&page, ".meaning .what").is_empty());
    page.run("window.copied = ''; navigator.clipboard.writeText = async text => { copied = text }");
    page.run("document.querySelector('[data-copy=xml]').focus()");
    page.press("Enter");
    page.wait_for("copied.startsWith('<ack')");
    page.assert_quiet();
}

#[test]
fn the_last_of_ten_thousand_is_found() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    let frames = format!("{}{LAST}\n", format!("{REFUSED}\n").repeat(9_999));
    drop_files(&page, &[("long.hex", &frames)]);
    assert!(text(&page, "#summary").contains("10,000 records"));
    assert!(page.ask::<usize>("document.querySelectorAll('.record').length") < 100);
    page.press("End");
    wait_for_text(&page, "#record h2", "Frame 9999");
    assert_eq!(bytes(&page), LAST);
    page.wait_for(
        "document.querySelector('.record[aria-selected=true]')?.getBoundingClientRect().bottom < innerHeight + 1",
    );
    page.press("Home");
    wait_for_text(&page, "#record h2", "Frame 0");
    page.click("#grep");
    page.type_text("LAST-01");
    wait_for_text(&page, "#count", "1 of 10,000 records");
    page.press("Enter");
    wait_for_text(&page, "#record h2", "Frame 9999");
    assert_eq!(bytes(&page), LAST);
    page.picture("page-ten-thousand");
    page.assert_quiet();
}

#[test]
fn a_recording_is_read_with_the_files_that_it_names() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    let folder = fs::read_dir(format!("{DATA}/hooks/websocket/attached")).expect("a folder");
    let files = folder.map(|file| file.expect("a file").path()).map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("text"))
    });
    let files: Vec<_> = files.collect();
    drop_files(&page, &files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    let by_tool = format!("{DATA}/hooks/websocket/attached/");
    let (keys, har) = (format!("{by_tool}keys.jsonl"), format!("{by_tool}recording.har"));
    let expected = tool("attached", &["decode", "--format", "jsonl", "--keys", &keys, &har], "").html;
    assert!(text(&page, "#summary").contains(&format!(" · {} records", expected.lines().count())));
    assert!(!text(&page, "#summary").contains("failed"), "{}", text(&page, "#summary"));
    wait_for_text(&page, ".facts", "message");
    // The recording comes first by its name, packed or not. Each file starts when its first record does.
    let page = open(&browser, Screen::DESK, Look::Light);
    let later = format!("{{\"time\": 1900000000, \"hex\": \"{LAST}\"}}\n");
    let mut named: Vec<_> = files.iter().map(|(name, text)| (name.replace(".har", ".har.gz"), text.as_str())).collect();
    named.push(("later.jsonl".to_owned(), &later));
    drop_files(&page, &named.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>());
    let summary = text(&page, "#summary");
    assert!(!summary.contains("failed") && summary.contains("2030-03-17 17:46:40"), "{summary}");
}

/// The stanzas of all records, as the page shows them.
fn stanzas(page: &Page) -> Vec<String> {
    let count: usize = page.ask("document.querySelector('#list').getAttribute('aria-rowcount') - 1");
    page.press("Home");
    (0..count)
        .map(|place| {
            wait_for_text(page, "#record h2", &format!(" {place} "));
            let xml = text(page, ".stanza pre");
            page.press("ArrowDown");
            xml
        })
        .collect()
}

#[test]
fn recordings_open_with_their_keys() {
    let browser = Browser::start();
    let (recording, keys) = (data("hooks/websocket/recording.har"), data("hooks/websocket/keys.jsonl"));
    let page = open(&browser, Screen::DESK, Look::Light);
    drop_files(&page, &[("recording.har", &recording)]);
    wait_for_text(&page, "#list", "encrypted");
    assert!(text(&page, "#summary").contains("HAR"));
    page.picture("page-encrypted");
    // Only the keys: the page reads the recording again.
    drop_files(&page, &[("keys.jsonl", &keys)]);
    page.wait_for("!document.querySelector('#list').innerText.includes('encrypted')");
    let expected = tool("frames", &["decode", &format!("{DATA}/hooks/websocket/frames.jsonl")], "").html;
    let shown = stanzas(&page);
    assert!(shown.len() > 3 && shown.iter().all(|xml| expected.contains(xml.trim_end())), "{shown:?}");
    page.picture("page-keys");
    // A damaged frame still wants a key.
    assert!(page.ask::<bool>("document.querySelector('#give-keys').hidden"));
    let payload = recording.rfind("\"data\":\"").expect("a message") + 8;
    let damaged = if recording[payload + 8..].starts_with('A') { "B" } else { "A" };
    let mut broken = recording.clone();
    broken.replace_range(payload + 8..payload + 9, damaged);
    drop_files(&page, &[("recording.har", &broken)]);
    page.wait_for("!document.querySelector('#give-keys').hidden");
    // Neither the page nor its downloads contain a key.
    let whole: String = page.ask("document.documentElement.outerHTML + location.href");
    let all_keys = keys.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let all_keys: Vec<_> = all_keys.filter_map(|line| line["key"].as_str().map(str::to_owned)).collect();
    assert!(all_keys.len() > 1 && all_keys.iter().all(|key| !whole.contains(key.as_str())));
    // Both at once, and a file without keys.
    let page = open(&browser, Screen::DESK, Look::Light);
    page.click("#keys summary");
    page.run("document.querySelector('#keys-text').value = '{\"key\": \"0707\"}'");
    page.click("#keys-take");
    wait_for_text(&page, "#keys-told", "a key of 2 bytes; expected 32 bytes");
    assert_eq!(faults(&page), [] as [Value; 0]);
    page.picture("page-keys-form");
    drop_files(&page, &[("keys.jsonl", &keys), ("recording.har", &recording)]);
    assert_eq!(stanzas(&page), shown);
    page.assert_quiet();
}

#[test]
fn codes_have_addresses() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    for (address, part) in [("427", "no-group-calls"), ("offer", "offer"), ("not-enabled", "403")] {
        page.run(&format!("location.hash = '{address}'"));
        page.wait_for(&format!(
            "document.querySelector('[aria-current]')?.dataset.to === 'codes' && location.hash === '#{address}'"
        ));
        page.wait_for(&format!("document.title.includes('{part}')"));
        let (top, bottom): (f64, f64) = page
            .ask(&format!("(r => [r.top, r.bottom])(document.getElementById('{address}').getBoundingClientRect())"));
        assert!(top >= 40.0 && bottom <= 900.0, "{address}: {top} {bottom}");
    }
    assert_eq!(faults(&page), [] as [Value; 0]);
    page.picture("page-codes");
}

#[test]
fn every_look_is_legible() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    let look_at = |state: &str| {
        for (look, name) in [(Look::Light, "light"), (Look::Dark, "dark")] {
            page.look(look);
            assert_eq!(faults(&page), [] as [Value; 0], "{state}, {name}");
            page.picture(&format!("page-{state}-{name}"));
        }
    };
    look_at("start");
    paste(&page, &format!("zz!\n{WRONG}\n{REFUSED}"));
    look_at("unreadable");
    page.press("ArrowDown");
    wait_for_text(&page, ".right .told", "offset 10");
    look_at("error");
    page.click("#other");
    drop_files(&page, &[("call.jsonl", &data("captures/call.jsonl"))]);
    page.point_at(".right .row.leaf:nth-of-type(4)");
    look_at("capture");
    page.click("[data-to=calls]");
    wait_for_text(&page, "#view-calls", "12 calls");
    look_at("calls");
}

#[test]
fn phones_and_paper_show_everything() {
    let browser = Browser::start();
    let page = open(&browser, Screen::PHONE, Look::Light);
    let fits = |state: &str| {
        let width: f64 = page.ask("document.documentElement.scrollWidth");
        assert!(width <= f64::from(Screen::PHONE.width), "{state}: {width}");
        assert_eq!(faults(&page), [] as [Value; 0], "{state}");
        page.picture(&format!("page-phone-{state}"));
    };
    fits("start");
    drop_files(&page, &[("call.jsonl", &data("captures/call.jsonl"))]);
    fits("list");
    page.tap(".record:nth-of-type(3)");
    wait_for_text(&page, "#record h2", "Frame 2");
    page.tap("#f2 .hex i");
    assert!(text(&page, ".meaning").contains("flag"));
    fits("record");
    // Two ways lead to the list: a button, and the browser's own.
    page.tap("#back");
    page.wait_for("document.querySelector('#list').getClientRects().length > 0");
    page.tap(".record:nth-of-type(4)");
    page.wait_for("document.querySelector('#list').getClientRects().length === 0");
    page.run("history.back()");
    page.wait_for("document.querySelector('#list').getClientRects().length > 0");
    page.tap("[data-to=calls]");
    wait_for_text(&page, "#view-calls", "12 calls");
    fits("calls");

    let page = open(&browser, Screen::PAPER, Look::Light);
    drop_files(&page, &[("wrong.hex", WRONG)]);
    wait_for_text(&page, "#record h2", "Frame 0");
    page.look(Look::Print);
    assert_eq!(page.ask::<String>("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    let hidden: Vec<String> = page.ask(
        "[...document.querySelectorAll('.right .row, .right .told li')].filter(row => !row.getClientRects().length).map(row => row.textContent)",
    );
    assert_eq!(hidden, [""; 0]);
    page.whole_picture("page-print");
    assert!(page.pdf().starts_with(b"%PDF"));
}

#[test]
fn hostile_texts_stay_texts() {
    let browser = Browser::start();
    let page = open(&browser, Screen::DESK, Look::Light);
    let escaped = HOSTILE.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let content: String = HOSTILE.bytes().map(|byte| format!("{byte:02x}")).collect();
    let call =
        format!("<call id=\"{escaped}\" to=\"1@lid\"><offer call-id=\"{escaped}\" call-creator=\"1@lid\"/></call>");
    let ack = format!("<ack id=\"{escaped}\" class=\"call\" from=\"1@lid\" error=\"{escaped}\"/>");
    let raw = format!("fc{:02x}{content}", HOSTILE.len());
    let frame = tool("hostile-frames", &["encode"], &format!("{call}{ack}")).html;
    let name = format!("{}.hex", HOSTILE.replace('/', "_"));
    drop_files(&page, &[(&name, &format!("{frame}00f804{raw}{raw}{raw}{raw}\n{HOSTILE}\n"))]);
    let foreign = "[...document.querySelectorAll('img, iframe, object, embed, a[href^=javascript], script:not(body > script)')].map(e => e.outerHTML)";
    for place in 0..4 {
        page.wait_for(&format!("document.querySelector('#record section')?.id === 'f{place}'"));
        assert_eq!(page.ask::<Vec<String>>(foreign), [""; 0], "{place}");
        page.press("ArrowDown");
    }
    page.picture("page-hostile");
    page.press("Home");
    page.wait_for("document.querySelector('#record section')?.id === 'f0'");
    page.click(".tools button");
    page.wait_for("document.querySelector('.edit-hex code') !== null");
    page.click("[data-to=calls]");
    wait_for_text(&page, "#view-calls", "1 call");
    assert_eq!(page.ask::<Vec<String>>(foreign), [""; 0]);
    page.click("[data-to=frames]");
    page.click("#sanitize");
    page.wait_for("!document.querySelector('#save').hidden");
    page.run(&format!("location.hash = 'frame=' + encodeURIComponent({})", json!(HOSTILE)));
    page.wait_for("document.querySelector('#summary').innerText.includes('link')");
    assert_eq!(page.ask::<Vec<String>>(foreign), [""; 0]);
    page.assert_quiet();
}
