//! Pages are well-formed and load nothing, and texts of captures stay texts.

mod tool;

use std::collections::BTreeSet;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};

/// Elements without an end (HTML Living Standard, 13.1.2).
const VOID: [&str; 4] = ["meta", "br", "hr", "input"];

/// The contents of a page.
#[derive(Default)]
struct Read {
    elements: BTreeSet<String>,
    /// `element/attribute=value`
    attributes: Vec<String>,
    /// All texts except those of `style` and `script`.
    text: String,
    ids: Vec<String>,
    scripts: usize,
}

/// Reads a page with a standard tokenizer; fails if the page is not well-formed.
#[track_caller]
fn read(html: &str) -> Read {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let mut read = Read::default();
    let mut open: Vec<String> = Vec::new();
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8(tag.name.to_vec()).unwrap();
                for (key, value) in &tag.attributes {
                    let (key, value) = (String::from_utf8_lossy(key), String::from_utf8_lossy(value));
                    assert!(!key.starts_with("on"), "{name} {key}");
                    if key == "id" {
                        read.ids.push(value.to_string());
                    }
                    read.attributes.push(format!("{name}/{key}={value}"));
                }
                read.scripts += usize::from(name == "script");
                if !VOID.contains(&name.as_str()) {
                    open.push(name.clone());
                }
                read.elements.insert(name);
            }
            Token::EndTag(tag) => assert_eq!(open.pop().map(String::into_bytes), Some(tag.name.to_vec())),
            Token::String(text) => {
                if !open.last().is_some_and(|last| last == "script" || last == "style") {
                    read.text.push_str(&String::from_utf8_lossy(&text));
                }
            }
            Token::Comment(comment) => panic!("{comment:?}"),
            Token::Doctype(doctype) => assert_eq!(doctype.name.to_vec(), b"html"),
            Token::Error(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(open, [""; 0]);
    let ids: BTreeSet<_> = read.ids.iter().collect();
    assert_eq!(ids.len(), read.ids.len(), "an id is there twice");
    read
}

#[track_caller]
fn page(command: &str, arguments: &[&str], input: &str) -> String {
    let arguments = [&[command, "--format", "html"], arguments].concat();
    let ran = tool::run(&arguments, input);
    assert!(matches!(ran.status, Some(0 | 1 | 4)), "{}", ran.stderr);
    ran.text().to_owned()
}

/// The page in a browser after scrolling to its end: with the bodies of packed frames in place.
#[track_caller]
fn explained(arguments: &[&str], input: &str) -> String {
    unpacked(&page("explain", arguments, input))
}

fn unpacked(page: &str) -> String {
    let mut blocks = page.split("<div class=\"block\"");
    let mut whole = blocks.next().unwrap().to_owned();
    for block in blocks {
        let (heads, rest) = block.split_once("<template>").unwrap();
        let (packed, rest) = rest.split_once("</template>").unwrap();
        let packed = data_encoding::BASE64.decode(packed.as_bytes()).unwrap();
        let bodies = std::io::read_to_string(flate2::read::DeflateDecoder::new(&packed[..])).unwrap();
        whole += "<div class=\"block\"";
        for (head, body) in heads.split_inclusive("</h2>").zip(bodies.split_terminator('\0')) {
            whole += &format!("{head}{body}");
        }
        assert_eq!(heads.matches("</h2>").count(), bodies.matches('\0').count());
        whole += &format!("</section>{rest}");
    }
    whole
}

#[track_caller]
fn acks(arguments: &[&str], input: &str) -> String {
    page("acks", arguments, input)
}

/// Asserts that the page is well-formed, loads nothing, and has only these elements.
#[track_caller]
fn assert_holds_all_it_needs(page: &str, elements: &str) {
    let read = read(page);
    for attribute in &read.attributes {
        let (name, value) = attribute.split_once('=').unwrap();
        let is_own = match name.split_once('/').unwrap().1 {
            "src" | "srcset" | "action" | "data" | "poster" => false,
            "href" => value.strip_prefix('#').is_some_and(|id| read.ids.iter().any(|known| known == id)),
            "aria-describedby" | "for" => read.ids.iter().any(|known| known == value),
            _ => true,
        };
        assert!(is_own, "{attribute}");
    }
    assert!(!page.contains("url(") && !page.contains("@import") && !page.contains("://"), "something from elsewhere");
    assert_eq!(read.scripts, 1);
    let allowed: BTreeSet<_> = elements.split_whitespace().map(str::to_owned).collect();
    assert!(read.elements.is_subset(&allowed), "{:?}", read.elements.difference(&allowed));
}

fn capture(name: &str) -> String {
    format!("{}/../tests/data/captures/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn pages_are_well_formed_and_hold_all_they_need() {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/vectors/");
    let malformed = std::fs::read_to_string(format!("{vectors}malformed.jsonl")).unwrap();
    let unusual = std::fs::read_to_string(format!("{vectors}noncanonical.jsonl")).unwrap();
    let mut pages =
        vec![explained(&[], &malformed), explained(&[], &unusual), explained(&[], ""), explained(&[], "zz\n")];
    pages.extend(
        ["call.jsonl", "call.stream", "call-receive.stream", "call-v2.jsonl"]
            .map(|name| explained(&[&capture(name)], "")),
    );
    for page in pages {
        let allowed = "a aside b bdi body button code dd div dl dt em h1 h2 h3 head header html i input kbd label li main meta nav ol output \
                       p pre script section span strong style title u ul";
        assert_holds_all_it_needs(&page, allowed);
    }
    // The index and the list of failures have a link to the only call.
    let refused = acks(&[], "00f80664085511faec7976f801f803ec1c68fb81cf\n00f8091b1564085506faec7976a8ff82403f\n");
    assert_eq!(refused.matches("href=\"#c1\"").count(), 2);
}

#[test]
fn pages_of_calls_are_well_formed_and_hold_all_they_need() {
    let mut pages = vec![acks(&[], ""), acks(&[], "zz\n"), acks(&[&capture("call.jsonl")], "")];
    let scenarios = std::fs::read_dir(capture("scenarios")).unwrap().map(|file| file.unwrap().path());
    let captures = scenarios.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    pages.extend(captures.map(|path| acks(&[path.to_str().unwrap()], "")));
    assert!(pages.len() > 50);
    for page in pages {
        let allowed = "a aside b bdi body button code dd details div dl dt h1 h2 head header html i input kbd label li main meta nav ol output p pre \
                       rect script section span strong style summary svg table tbody td th thead title tr ul";
        assert_holds_all_it_needs(&page, allowed);
    }
}

#[test]
fn codes_and_actions_have_anchors() {
    let page = page("spec", &[], "");
    assert_holds_all_it_needs(
        &page,
        "a bdi body code div h1 h2 h3 head header html li main meta nav p script section span style title ul",
    );
    let read = read(&page);
    for anchor in ["427", "no-group-calls", "offer", "enc_rekey", "CA10"] {
        assert!(read.ids.iter().any(|id| id == anchor), "{anchor}");
    }
    assert!(read.text.contains("ack error 427: no-group-calls"));
}

#[test]
fn titles_say_what_a_page_is_about() {
    let title = |page: &str| page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().to_owned();
    let one = "{\"time\": 1700000000.25, \"hex\": \"00f8051b08fc074f462d303030321564\"}";
    let version = env!("CARGO_PKG_VERSION");
    let facts = format!("dictionary 3, wabinary {version}");
    assert_eq!(
        title(&explained(&[], one)),
        format!("ack OF-0002, byte by byte – starts 2023-11-14 22:13:20.25 UTC, {facts}")
    );
    let without_tag = title(&explained(&[], "{\"time\": 1700000000.25, \"hex\": \"00\"}"));
    assert!(without_tag.starts_with("A frame, byte by byte – "), "{without_tag}");
    let call = capture("call.jsonl");
    let of_calls = title(&acks(&[&call], ""));
    assert_eq!(of_calls, format!("12 calls, 6 with failures – call.jsonl, starts 2023-11-14 22:13:20 UTC, {facts}"));
    let both = title(&explained(&[&call, &capture("call-v2.jsonl"), "--dictionary", "2"], ""));
    assert!(both.contains("call.jsonl and 1 more") && both.contains("dictionary 2"), "{both}");
}

/// Refused stanzas and errors come first.
#[test]
fn the_index_shows_exceptions_first() {
    let id = "08fc074f462d30303032";
    let (good, refused) = (format!("00f8051b{id}1564\n"), format!("00f8071b{id}1564a8ff82403f\n"));
    let cut = format!("00f8051b{id}\n");
    let page = explained(&[], &[&*good, &good, &refused, &good, &cut].concat());
    let index = page.split("<nav").nth(1).unwrap().split("</nav>").next().unwrap();
    let order: Vec<_> = index.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(order, ["f4", "f2", "f0", "f1", "f3"]);
    assert!(index.contains("refused 403"));
}

#[test]
fn every_byte_of_the_capture_is_on_the_page() {
    let page = explained(&[&capture("call.jsonl")], "");
    let frames = std::fs::read_to_string(capture("call.jsonl")).unwrap();
    let of_line = |line: &str| Some(line.split_once("\"hex\":")?.1.split('"').nth(1)?.len() / 2);
    let bytes: usize = frames.lines().filter_map(of_line).sum();
    assert!(bytes > 1000);
    // No other frame of this capture is too long or compressed.
    let inflated: usize = page
        .split("<span>inflated ")
        .skip(1)
        .map(|rest| rest.split(' ').next().unwrap().parse::<usize>().unwrap())
        .sum();
    let cells = page.matches("<i>").count() + page.matches("<i class").count();
    assert_eq!(cells, bytes + inflated);
}

#[test]
fn hostile_texts_stay_texts() {
    let text = "</bdi><script>alert(1)</script>\"'&]]>--><img src=x onerror=alert(2)>\u{202e}\u{2066}\u{0}\u{7}\u{2028}\u{200b}";
    let raw = format!("fc{:02x}{}", text.len(), data_encoding::HEXLOWER.encode(text.as_bytes()));
    // In a tag, name, value, user and server of a JID, and content; then a name twice, so that an error's path has it
    // too.
    let pair = format!("fa{raw}{raw}");
    // The first frames are not packed; after many others, the body of a frame is.
    let others = format!("00f80271f828{}\n", "f8016f".repeat(40)).repeat(30);
    for frame in [
        format!("00f806{raw}{raw}{raw}04{pair}{raw}"),
        format!("00f805{raw}{raw}{raw}{raw}{raw}"),
        format!("{others}00f806{raw}{raw}{raw}04{pair}{raw}"),
    ] {
        let page = explained(&[], &frame);
        let read = read(&page);
        assert_eq!(read.scripts, 1);
        assert!(!read.elements.contains("img"));
        assert!(
            read.text.contains(
                "</bdi><script>alert(1)</script>\"'&]]>--><img src=x onerror=alert(2)>\\u{202e}\\u{2066}\\u{0}"
            )
        );
        let acts = |character: char| {
            (character.is_control() && character != '\n') || "\u{202e}\u{2066}\u{2028}\u{200b}".contains(character)
        };
        assert!(!page.contains(acts), "a character that acts");
    }
    // Texts of the input outside of frames.
    let page = explained(&[], "{\"time\": \"<script>\\u202e\", \"hex\": \"00f8011b\"}\n{\"<img>\": 1}\n");
    let read = read(&page);
    assert_eq!(read.scripts, 1);
    assert!(read.text.contains("<script>\\u{202e}") || read.text.contains("<script>\\u202e"), "{}", read.text);
}

#[test]
fn pages_stay_in_proportion() {
    // 100,000 nodes; 2 MB of content; 40 contents of 3,000 bytes.
    let nodes = format!("00f80271f986a0{}", "f8016f".repeat(34_464));
    let content = format!("00f8021dfe00200000{}", "61".repeat(0x20_0000));
    let child = format!("f8021dfd000bb8{}", "00".repeat(3000));
    let contents = format!("00f80271f828{}", child.repeat(40));
    for frame in [nodes, content, contents] {
        let page = page("explain", &[], &frame);
        assert!(page.len() < 1_000_000, "{}", page.len());
        assert!(page.contains("left out"));
        // 16 KiB of the frame are folded, 1 KiB of each content.
        assert!(page.matches("class=\"fold\"").count() <= 16);
        read(&page);
    }
    // The page has all of many frames, packed.
    let page = page("explain", &[], &format!("00f80271f828{}\n", "f8016f".repeat(40)).repeat(1000));
    assert!(page.len() < 6_000_000, "{}", page.len());
    let whole = unpacked(&page);
    assert!(whole.len() > 20_000_000 && whole.contains("id=\"f999r120\""), "{}", whole.len());
    read(&whole);
}

#[test]
fn hostile_texts_stay_texts_on_pages_of_calls() {
    let text =
        "</bdi><script>alert(1)</script>\"'&]]>--><img src=x onerror=alert(2)>\u{202e}\u{2066}\u{7}\u{2028}\u{200b}";
    let quoted = serde_json::to_string(text).unwrap();
    let stanza = |tag: &str, from: &str, inner: &str, rest: &str| {
        format!(
            "{{\"time\": {quoted}, \"node\": {{\"tag\": \"{tag}\", \"attrs\": [[\"id\", {quoted}], [\"{from}\", {quoted}]{rest}], \
             \"content\": {{\"nodes\": [{{\"tag\": {inner}, \"attrs\": [[\"call-id\", {quoted}], [\"call-creator\", {quoted}], [\"code\", {quoted}], \
             [\"text\", {quoted}], [\"jid\", {quoted}], [{quoted}, {quoted}]], \"content\": {{\"text\": {quoted}}}}}]}}}}}}\n"
        )
    };
    let of_ack = format!(", [\"class\", \"call\"], [\"type\", {quoted}], [\"error\", {quoted}], [{quoted}, {quoted}]");
    let input = [
        stanza("call", "to", &quoted, ""),
        stanza("ack", "from", "\"error\"", &of_ack),
        stanza("receipt", "from", &quoted, ""),
        stanza("ack", "to", "\"error\"", &of_ack),
    ];
    for arguments in [&[][..], &["--remarks"]] {
        let page = acks(arguments, &input.concat());
        let read = read(&page);
        assert_eq!(read.scripts, 1);
        assert!(!read.elements.contains("img"));
        assert!(read.text.contains("</bdi><script>alert(1)</script>\"'&]]>--><img src=x onerror=alert(2)>\\u{202e}"));
        let acts = |character: char| {
            (character.is_control() && character != '\n') || "\u{202e}\u{2066}\u{2028}\u{200b}".contains(character)
        };
        assert!(!page.contains(acts), "a character that acts");
    }
}

/// The tool has the page for browsers if that was built before.
#[test]
fn the_page_for_browsers_is_there_or_missed() {
    let ran = tool::run(&["page"], "");
    let is_there = ran.text().starts_with("<!DOCTYPE html>");
    assert_eq!(
        (ran.status == Some(0), ran.stderr.contains("cargo tools page")),
        (is_there, !is_there),
        "{}",
        ran.stderr
    );
}

#[test]
fn pages_of_calls_stay_in_proportion() {
    let mut input = String::new();
    for call in 0..200 {
        for stanza in 0..100 {
            let id = call * 100 + stanza;
            input += &format!("<call id='{id}' to='1000000{call:08}@lid'><transport call-id='{call:032}'/></call>\n");
            input += &format!("<ack id='{id}' class='call' from='1000000{call:08}@lid' error='403'/>\n");
        }
    }
    let frames = tool::run(&["encode", "--from", "xml"], &input);
    let page = acks(&[], frames.text());
    assert!(page.len() < 24_000_000, "{}", page.len());
    assert!(page.contains("left out"));
    assert_holds_all_it_needs(
        &page,
        "a aside b bdi body button code dd details div dl dt h1 h2 head header html i input kbd label li main meta nav ol output p pre rect script \
         section span strong style summary svg table tbody td th thead title tr ul",
    );
}
