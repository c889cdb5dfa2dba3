//! The hooks for WhatsApp Web, in headless Chromium, on a page with the modules that they look for: `scripts/browser`.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use wabinary_browser::{Browser, Look, Page, Screen, tool};

#[derive(Deserialize, PartialEq, Debug)]
struct Frame {
    direction: String,
    hex: String,
}

/// A path from the root of the project.
fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn frames(lines: &str) -> Vec<Frame> {
    let records = lines.lines().filter(|line| !line.starts_with('#'));
    records.map(|line| serde_json::from_str(line).expect("a record")).collect()
}

fn page(browser: &Browser) -> Page {
    browser.open(&project("hooks/tests/whatsapp-web.html"), Screen::DESK, Look::Light)
}

fn paste(page: &Page, hook: &str) {
    page.run(&fs::read_to_string(project(hook)).expect("the hook"));
}

fn decoded(name: &str, lines: &str) -> String {
    let run = tool(name, &["decode", "--from", "jsonl"], lines);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    run.html
}

#[test]
fn the_page_hook_records_every_stanza() {
    let browser = Browser::start();
    let capture = fs::read_to_string(project("tests/data/captures/call.jsonl")).expect("the capture");
    let sent = frames(&capture);
    let page = page(&browser);
    // Once before the page has its module, and once again.
    paste(&page, "hooks/whatsapp-web.js");
    paste(&page, "hooks/whatsapp-web.js");
    page.run(
        "(async () => { while (modules.WAWap?.decodeStanza === window.own?.decodeStanza) \
         await new Promise(go => setTimeout(go, 10)) })()",
    );
    paste(&page, "hooks/whatsapp-web.js");

    let records: Value = sent.iter().map(|frame| json!({"direction": frame.direction, "hex": frame.hex})).collect();
    page.run(&format!("(async () => {{ window.nodes = await client.replay({records}) }})()"));
    // The page gets the same values as without the hook.
    assert_eq!(page.ask::<Vec<String>>("nodes"), sent.iter().map(|frame| frame.hex.clone()).collect::<Vec<_>>());
    let (received, bytes) = (
        sent.iter().filter(|frame| frame.direction == "receive").count(),
        sent.iter().map(|frame| frame.hex.len() / 2).sum::<usize>(),
    );
    let counts = json!({"received": received, "sent": sent.len() - received, "bytes": bytes, "unreadable": 0});
    assert_eq!(page.ask::<Value>("wabinaryFrames.counts()"), counts);

    let (name, lines) = page.download("wabinaryFrames.save()");
    assert!(name.starts_with("whatsapp-web-2"), "{name}");
    assert_eq!(frames(&lines), sent);
    let times: Vec<f64> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["time"].as_f64().expect("seconds"))
        .collect();
    assert!(times.is_sorted() && times[0] > 1.6e9, "{times:?}");
    assert_eq!(decoded("hook-saved", &lines), decoded("hook-sent", &capture));
}

#[test]
fn the_page_hook_goes_away_and_comes_back() {
    let browser = Browser::start();
    let page = page(&browser);
    page.run("defineCodec()");
    let stanza =
        |count: u32| page.run(&format!("for (let i = 0; i < {count}; i++) client.send({{hex: '00f801{:02x}'}})", 8));
    let sent = || page.ask::<u32>("wabinaryFrames.counts().sent");
    let is_own = "modules.WAWap.encodeStanza === own.encodeStanza && modules.WAWap.decodeStanza === own.decodeStanza";
    paste(&page, "hooks/whatsapp-web.js");
    stanza(2);
    page.run("wabinaryFrames.remove()");
    assert!(page.ask::<bool>(is_own));
    stanza(1);
    assert_eq!(sent(), 2);
    // After another hook was installed, it stays but records nothing; after that it records once.
    paste(&page, "hooks/whatsapp-web.js");
    page.run("{ const inner = modules.WAWap.encodeStanza; modules.WAWap.encodeStanza = (...args) => inner(...args) }");
    page.run("wabinaryFrames.remove()");
    stanza(1);
    assert_eq!(sent(), 2);
    paste(&page, "hooks/whatsapp-web.js");
    stanza(1);
    assert_eq!(sent(), 3);
    // An error of the page reaches only the page and its codec.
    assert_eq!(
        page.ask::<String>("(() => { try { client.send({}) } catch (error) { return error.message } })()"),
        "not a node"
    );
    page.run("client.receive({byteLength: 0, buffer: new ArrayBuffer(1)})");
    assert_eq!(page.ask::<[u32; 2]>("[wabinaryFrames.counts().unreadable, wabinaryFrames.counts().sent]"), [1, 3]);
    page.run("wabinaryFrames.clear()");
    assert_eq!((page.ask::<String>("wabinaryFrames.text()"), sent()), (String::new(), 0));
}

#[test]
fn the_key_hook_records_the_keys_of_connections() {
    let browser = Browser::start();
    let page = page(&browser);
    page.run("window.own = crypto.subtle.importKey");
    paste(&page, "hooks/whatsapp-web-keys.js");
    paste(&page, "hooks/whatsapp-web-keys.js");
    let keys = ["11", "22", "33", "44"].map(|byte| byte.repeat(32));
    // The page connects twice, and speaks.
    page.run(&format!(
        "(async () => {{ window.connections = [await connection('{}', '{}'), await connection('{}', '{}')]; \
        window.sealed = await seal(connections[1], '00f80108'); }})()",
        keys[0], keys[1], keys[2], keys[3]
    ));
    assert_eq!(page.ask::<Value>("wabinaryKeys.counts()"), json!({"imports": 16, "send": 2, "receive": 2}));
    let (_, saved) = page.download("wabinaryKeys.save()");
    let (comment, lines) = saved.split_once('\n').expect("a comment");
    assert!(comment.starts_with("# "), "{comment}");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (index, line) in lines.iter().enumerate() {
        assert_eq!((&line["direction"], &line["key"]), (&json!(["send", "receive"][index % 2]), &json!(keys[index])));
        assert!(line["time"].as_f64().is_some_and(|time| time > 1.6e9), "{line}");
    }
    assert_eq!(lines.len(), keys.len());
    // The console shows no part of a key.
    assert!(page.heard().iter().all(|said| !keys.iter().any(|key| said.contains(key))));

    page.run("wabinaryKeys.remove()");
    assert!(page.ask::<bool>("crypto.subtle.importKey === own"));
    page.run(&format!("(async () => {{ window.opened = await open({}, 0, sealed) }})()", lines[2]["key"]));
    assert_eq!(
        (page.ask::<String>("opened"), page.ask::<u32>("wabinaryKeys.counts().imports")),
        ("00f80108".to_owned(), 16)
    );
}
