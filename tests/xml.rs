//! The XML of trees reads back (feature `xml`).

use std::io::{self, BufReader, Read};

use wabinary::explain::Severity;
use wabinary::{Decoder, Dictionary, Encoder, Jid, JidRef, Leniency, NewContent, Node, Value, XmlReader, encode};

use wabinary_testing::vectors;

use vectors::hex;

/// All vector files with frames, with the dictionary of each.
const FILES: [(&str, Dictionary); 5] = [
    ("peer-encoded", Dictionary::V3),
    ("v2-peer-encoded", Dictionary::V2),
    ("noncanonical", Dictionary::V3),
    ("peer-disagreements", Dictionary::V3),
    ("malformed", Dictionary::V3),
];

/// A vector that decodes.
struct Decoded {
    name: String,
    node: Node,
    /// If law 2 holds: the frame, and its encoder.
    canonical: Option<(Vec<u8>, Encoder)>,
}

/// All vectors that decode, strictly or leniently.
fn decoded() -> Vec<Decoded> {
    let mut all = Vec::new();
    for (file, dictionary) in FILES {
        for vector in vectors::read(file).into_iter().filter(|vector| vector.json["hex"].is_string()) {
            let frame = vector.frame();
            for allow in [Leniency::NONE, lenient()] {
                let mut decoder = Decoder::new().with_dictionary(dictionary).allow(allow);
                let Ok(node) = decoder.decode_slice(&frame).map(|node| node.to_node()) else { continue };
                let found = decoder.findings(&frame).unwrap();
                let holds = found.iter().all(|finding| finding.kind.severity() != Severity::Rewritten);
                let encoder = Encoder::new().with_dictionary(dictionary).allow(allow);
                let canonical = holds.then_some((frame.clone(), encoder));
                all.push(Decoded { name: vector.name.clone(), node, canonical });
            }
        }
    }
    all
}

fn lenient() -> Leniency {
    Leniency::DUPLICATE_NAMES
        | Leniency::FLAG_BITS
        | Leniency::PAD_NIBBLE
        | Leniency::LENGTH_BITS
        | Leniency::AD_DOMAIN
        | Leniency::INTEROP_NO_SERVER
}

#[test]
fn the_frames_of_all_vectors_come_back_through_xml() {
    let (mut trees, mut frames) = (0, 0);
    for Decoded { name, node, mut canonical } in decoded() {
        for xml in [format!("{node}"), format!("{node:#}"), format!("<?xml version='1.0'?>\n{node:#}\n")] {
            let read = Node::from_xml(&xml).unwrap_or_else(|error| panic!("{name}: {error:#}"));
            assert_eq!(read, node, "{name}: {xml}");
            if let Some((frame, encoder)) = &mut canonical {
                assert_eq!(encoder.encode(&read).unwrap(), *frame, "{name}: {xml}");
                frames += 1;
            }
        }
        trees += 1;
    }
    assert!(trees > 400 && frames > 3 * 300, "{trees} trees, {frames} frames");
}

#[test]
fn no_prefix_is_there_for_nothing() {
    let mut removed = 0;
    for Decoded { name, node, .. } in decoded() {
        let xml = node.to_string();
        // Quotes and brackets are escaped in texts.
        for (at, _) in xml.match_indices("=\"{").chain(xml.match_indices(">{")) {
            let start = at + xml[at..].find('{').unwrap();
            let end = start + xml[start..].find('}').unwrap() + 1;
            let without = format!("{}{}", &xml[..start], &xml[end..]);
            let mut roots = XmlReader::new(without.as_bytes());
            let reads_the_same = roots.next().is_some_and(|root| root.unwrap().as_ref() == Ok(&node));
            let is_sure = roots.warnings().is_empty() && !without[start..].starts_with('{');
            assert!(!reads_the_same || !is_sure, "{name}: {xml}");
            removed += 1;
        }
    }
    assert!(removed > 100, "{removed}");
}

#[test]
fn examples_of_a_public_specification_read_as_they_stand() {
    let read = |xml: &str| {
        let node = Node::from_xml(xml).unwrap();
        assert_eq!(node.get("from"), Ok(Value::Jid(JidRef::SERVER)));
        assert!(!node.to_string().contains('{'));
        assert_eq!(format!("{node:#}"), xml);
        encode(&node).unwrap()
    };
    let offer = read(r#"<ack id="OF-0001" class="call" from="s.whatsapp.net" t="1700000000"/>"#);
    assert_eq!(offer, hex("00f8091b08fc074f462d30303031156406fa00031aff051700000000"));
    let error = read(
        "<ack id=\"OF-0002\" class=\"call\" from=\"s.whatsapp.net\">\n  <error code=\"503\" text=\"service unavailable\"/>\n</ack>",
    );
    let expected =
        "00f8081b08fc074f462d30303032156406fa0003f801f805a870eed038fc137365727669636520756e617661696c61626c65";
    assert_eq!(error, hex(expected));
}

#[track_caller]
fn reads(xml: &str, expected: &Node) {
    let node = Node::from_xml(xml).unwrap_or_else(|error| panic!("{error:#}"));
    assert_eq!(node, *expected, "{xml}");
}

#[test]
fn what_means_nothing_in_xml_is_passed_over() {
    let node = Node::build("a").attr("b", "1").attr("c", "2").child("d", |d| d.content("x y")).finish();
    for xml in [
        "<a b=\"1\" c=\"2\"><d>x y</d></a>",
        "<a b='1' c = '2'\n\t><d >x y</d\n></a>",
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes'?>\r\n<a b='1' c='2'>\r\n\t<d>\r\n x y \r\n</d>\r\n</a>\r\n",
        "<!-- before --><?a b?>\n<a b='1' c='2'><!-- <b> & --> <d>x<!----> y</d><?c?></a><!-- behind -->\n",
        "# a comment line <b>\n  # another\n<a b='1' c='2'><d>x y</d></a>\n#",
        "<a b='&#49;' c='&#x32;'><d>&#x78;&#32;y</d></a>",
        "<a b='1' c='2'><d>x<![CDATA[ ]]>y</d></a>",
        "<a b='1' c='2'><d><![CDATA[x y]]></d><![CDATA[]]></a>",
        "<_x0061_ b='1' _x0063_='2'><_x000064_>x y</_x000064_></_x0061_>",
    ] {
        reads(xml, &node);
    }
}

#[test]
fn blanks_around_content_are_meant_where_they_are_referenced() {
    let content = |content: &str| Node::build("a").content(content).finish();
    reads("<a> \n x\u{a0} </a>", &content("x\u{a0}"));
    reads("<a> &#32; x</a>", &content("  x"));
    reads("<a>x&#xA;  </a>", &content("x\n"));
    reads("<a><![CDATA[ x ]]> </a>", &content(" x "));
    reads("<a>&#32;</a>", &content(" "));
    reads("<a>a\r\nb\rc\nd</a>", &content("a\nb\nc\nd"));
    reads("<a>&lt;b/&gt;&amp;amp;&quot;&apos;]]&gt;</a>", &content("<b/>&amp;\"']]>"));
    for none in ["<a/>", "<a></a>", "<a> \n </a>", "<a><!-- x --></a>", "<a><![CDATA[]]></a>"] {
        reads(none, &Node::build("a").finish());
    }
    // In an attribute, all white space counts, and each is a blank.
    reads("<a b=' \t\r\n x\n'/>", &Node::build("a").attr("b", "    x ").finish());
    reads("<a b='&#9;&#xD;&#xA;'/>", &Node::build("a").attr("b", "\t\r\n").finish());
}

#[test]
fn prefixes_say_what_text_stands_for() {
    let parse = |text: &str, form: &str| Jid::from(JidRef::parse_as(text, form.parse().unwrap()).unwrap());
    let jids = [
        ("{jid}12:5@lid", parse("12:5@lid", "ad")),
        ("{jid}example.net", parse("example.net", "pair")),
        ("{pair}12:5@lid", parse("12:5@lid", "pair")),
        ("{pair-empty}lid", parse("lid", "pair-empty")),
        ("{ad}12@lid", parse("12@lid", "ad")),
        ("{ad:2}12@ad:2", parse("12@ad:2", "ad:2")),
        ("{fb}12@msgr", parse("12@msgr", "fb")),
        ("{interop}7-12@interop", parse("7-12@interop", "interop")),
        ("{jid;base64}AUBsaWQ=", parse("\u{1}@lid", "pair")),
        ("{pair;base64}MTI6NUBsaWQ=", parse("12:5@lid", "pair")),
    ];
    for (text, jid) in &jids {
        for name in ["to", "x"] {
            reads(&format!("<a {name}='{text}'/>"), &Node::build("a").attr(name, jid).finish());
        }
        reads(&format!("<a> {text} </a>"), &Node::build("a").content(jid).finish());
    }
    let value = |value: Value<'_>| Node::build("a").attr("to", value).finish();
    reads("<a to='lid'/>", &value(Value::Jid(JidRef::parse("lid").unwrap())));
    reads("<a to='{text}lid'/>", &value(Value::Text("lid")));
    reads("<a to='{text}{text}'/>", &value(Value::Text("{text}")));
    reads("<a to='{text;base64}bGlk'/>", &value(Value::Text("lid")));
    reads("<a to='{base64}bG lk'/>", &value(Value::Text("lid")));
    reads("<a to='{null}'/>", &value(Value::Null));
    reads("<a to=''/>", &value(Value::Text("")));
    // Texts that are not addresses, in an address attribute.
    for text in ["OF-1", "example.net", "@lid", "a@b@c", "12:256@lid"] {
        reads(&format!("<a to='{text}'/>"), &value(Value::Text(text)));
    }
    reads("<a>{nodes}</a>", &Node::build("a").empty_nodes().finish());
    reads("<a>{base64}</a>", &Node::build("a").bytes("").finish());
    reads("<a>\n{base64}\n /w\n A= \n</a>", &Node::build("a").bytes(&[0xff, 0][..]).finish());
    for text in ["{\"a\": [1]}", "{", "{}", "{ text}x", "{1}", "{{text}", "{a b}"] {
        reads(&format!("<a>{text}</a>"), &Node::build("a").content(text).finish());
        reads(&format!("<a>{{utf8}}{text}</a>"), &Node::build("a").content(text).finish());
    }
    reads("<a>{utf8}{text}\n</a>", &Node::build("a").content("{text}").finish());
    reads("<a>{utf8} </a>", &Node::build("a").bytes("").finish());
    reads("<a>{text}type</a>", &Node::build("a").content(NewContent::coded("type")).finish());
    reads("<a>{text} {type </a>", &Node::build("a").content(NewContent::coded(" {type")).finish());
    reads("<a>s.whatsapp.net</a>", &Node::build("a").content("s.whatsapp.net").finish());
}

#[test]
fn what_was_probably_not_meant_is_a_warning() {
    let hex = "0a1b2c3d4e5f6071";
    let pasted = [
        ("<a><!-- 182 bytes --></a>", "comment in the place of content"),
        ("<a>\n <!----><!-- missing in the log -->\n</a>", "comment in the place of content"),
        ("<enc>33080102</enc>", "hexadecimal digits"),
        ("<_x0065_nc>0A</_x0065_nc>", "hexadecimal digits"),
        (&format!("<te2>\n{hex}\n  {hex}\n</te2>"), "hexadecimal digits"),
        (&format!("<a>{hex}</a>"), "content that looks like"),
        (&format!("<a>{hex}\n{hex}</a>"), "content that looks like"),
        ("<a to='15550001111:256@s.whatsapp.net'/>", "text with @"),
        ("<a jid=':2@lid'/>", "text with @"),
        ("<a from='15550001111:99@hosted@extra'/>", "text with @"),
    ];
    let meant = [
        "<a><!-- x --><b/></a>",
        "<a>x<!-- 1 byte --></a>",
        "<!-- x --><a/>",
        "<enc>{utf8}33080102</enc>",
        "<enc>abc</enc>",
        "<enc>{base64}MwgBAg==</enc>",
        &format!("<a>{{text}}{hex}</a>"),
        "<a>0a1b2c3d4e5f607</a>",
        "<a>0A1B2C3D4E5F6071</a>",
        "<a>1234567890123456</a>",
        "<a id='12:256@lid' to='{text}12:256@lid' from='example.net'/>",
    ];
    for (xml, expected) in pasted.into_iter().chain(meant.map(|xml| (xml, ""))) {
        let mut roots = XmlReader::new(xml.as_bytes());
        assert!(roots.next().unwrap().unwrap().is_ok(), "{xml}");
        let found: Vec<_> = roots.warnings().iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), usize::from(!expected.is_empty()), "{xml}: {found:?}");
        assert!(found.iter().all(|found| found.starts_with(expected)), "{xml}: {found:?}");
    }
    let many = format!("<a>{}</a>", "<enc>00</enc>".repeat(40));
    let mut roots = XmlReader::new(many.as_bytes());
    assert!(roots.next().is_some() && roots.warnings().len() == 17);
    assert!(roots.warnings()[16].to_string().contains("; 23 more like it"));
}

/// A refused text; `‸` marks where reading stops.
#[track_caller]
fn refused(marked: &str, expected: &str) {
    let (before, behind) = marked.split_once('‸').unwrap();
    let error = Node::from_xml(&format!("{before}{behind}")).expect_err(marked);
    let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    let place = (error.place().line(), error.place().column());
    assert_eq!(place, (line as u64, column as u64), "{error:#}");
    let message = error.to_string().replace(&format!(" at line {line}, column {column}"), "");
    assert_eq!(message, expected);
    // The parts of the message.
    let path = if error.path().is_empty() { String::new() } else { format!(", in {}", error.path()) };
    let ending = if error.expected().is_empty() { path } else { format!("{path}: expected {}", error.expected()) };
    assert_eq!(
        expected.strip_suffix(&ending).map(|what| what.contains(", in ") || what.contains(": expected")),
        Some(false)
    );
}

#[test]
fn text_that_is_no_tree_is_refused_in_place() {
    refused("‸", "no node: expected <");
    refused("<!-- -->\n‸", "no node: expected <");
    refused("‸ack", "text outside of a node: expected <");
    refused("<a/>\n ‸x", "text outside of a node: expected <");
    refused("<a/>‸<b/>", "second root: expected the end");
    refused("<a/>‸</a>", "end tag without a start tag: expected a node");
    let no_entities = "declaration: expected a node: there are no entities beside those of XML";
    refused("‸<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", no_entities);
    refused("‸<![CDATA[x]]>", no_entities);
    refused("‸<!-- <a/>", "comment that does not end: expected -->");
    refused("‸<?xml <a/>", "instruction that does not end: expected ?>");

    refused("‸<a", "tag that does not end: expected >");
    refused("<a b='1'>‸<c", "tag that does not end, in a: expected >");
    refused("‸<a b=\"1>\n</a>", "tag with a value that does not end: expected a quote");
    let cut = ", in a > @b: expected a quote or > before it; &lt; for the character";
    refused("<a b=\"x‸<y\"/>", &format!("< inside of a tag{cut}"));
    refused("<a b=‸1/>", "value without quotes, in a: expected a quote");
    refused("<a b‸/>", "attribute without a value, in a: expected = and a value in quotes");
    refused("<a b='1'‸c='2'/>", "attribute directly after another, in a: expected a blank");
    let again = "attribute for the second time, in é: expected another name, or for the same one again _x0069_d";
    refused("<é id='1' ‸id='2'/>", again);

    refused("<‸1a/>", "character that no name has there: expected its number, as _x0031_");
    refused("<a b‸+='2'/>", "character that no name has there, in a: expected its number, as _x002B_");
    refused("<a><b‸</a>", "tag that does not end, in a: expected > before it");
    refused("<‸ a/>", "no name: expected a name");
    refused("<‸_xD800_/>", "escape without a character: expected _xHHHH_ with a character's number");
    refused("<a>‸</b>", "end tag of another node, in a: expected </a>");
    refused("<a>\n  <b>\n‸</a>", "end tag of another node, in a > b: expected </b>");
    refused("<a>\n ‸<b>\n", "node without an end tag, in a > b: expected </b>");

    let beside = "text beside nodes, in a: expected text or nodes as content, not both";
    refused("<a>\n ‸x<b/></a>", beside);
    refused("<a><b/>‸&#32;</a>", beside);
    refused("<a>‸{nodes}<b/></a>", beside);
    let references = "&amp;, &lt;, &gt;, &quot;, &apos; or the number of a character of XML, as &#x41;";
    refused("<a>‸&nbsp;</a>", &format!("unknown reference, in a: expected {references}"));
    refused("<a b='é‸&#0;'/>", &format!("unknown reference, in a > @b: expected {references}"));
    refused("<a>x ‸& y</a>", "& without a reference, in a: expected &amp; for the character itself");
    refused("<a b=' ‸& '/>", "& without a reference, in a > @b: expected &amp; for the character itself");
    refused("<a>é‸\u{1}</a>", "character that XML does not have, in a");
    refused("<a b='é‸\u{ffff}'/>", "character that XML does not have, in a > @b");
    refused("<a><![CDATA[é‸\0]]></a>", "character that XML does not have, in a");
    refused("<a>‸<![CDATA[</a>", "CDATA section that does not end, in a: expected ]]>");
    refused("<a>‸<!-- </a>", "comment that does not end, in a: expected -->");
    refused("<a>‸<?x </a>", "instruction that does not end, in a: expected ?>");
    refused("<a>‸<!DOCTYPE a></a>", "DOCTYPE inside a node, in a");

    let jids = "{jid}, {pair}, {pair-empty}, {ad}, {fb}";
    let of_values = format!(
        "{{text}}, {jids}, {{interop}}, {{null}}, {{base64}} or {{nodes}}; before a text that starts with a brace, {{text}}"
    );
    refused("<a b='‸{TEXT}'/>", &format!("unknown prefix, in a > @b: expected {of_values}"));
    refused("<a b='‸{'/>", &format!("unknown prefix, in a > @b: expected {of_values}"));
    let of_content = format!(
        "{{utf8}}, {{base64}}, {{nodes}}, {{text}}, {jids} or {{interop}}; before a text that starts with a word"
    );
    refused("<a> ‸{TEXT} </a>", &format!("unknown prefix, in a: expected {of_content} in braces, {{utf8}}"));
    refused("<a b='‸{utf8}x'/>", "{utf8} as a value, in a > @b: expected {text} for a text");
    let missing = "comment in the place of content that is missing, in a: expected the content, which the log that this comes from";
    for comment in ["missing 176 bytes", "missing 1 byte", "missing bytes", "missing"] {
        refused(&format!("<a>‸<!-- {comment} --></a>"), &format!("{missing} left out"));
    }
    refused("<a b='‸{nodes}'/>", "{nodes} as a value, in a > @b: expected {null} for none");
    refused("<a>‸{null}</a>", "{null} as content, in a: expected {nodes} for an empty list");
    refused("<a b='‸{null} '/>", "text after a prefix that takes none, in a > @b");
    refused("<a>‸{nodes} x</a>", "text after a prefix that takes none, in a");
    refused("<a>‸{base64}/wA</a>", "no base64, in a: expected the standard alphabet, padded with =");
    refused("<a>‸{base64}_wA=</a>", "no base64, in a: expected the standard alphabet, padded with =");
    refused("<a b='‸{base64}/w=='/>", "base64 of bytes that are not text, in a > @b: expected UTF-8");
    refused("<a>‸{text;base64}/w==</a>", "base64 of bytes that are not text, in a: expected UTF-8");
    refused("<a to='‸{ad}12@g.us'/>", "JID form does not fit the address, in a > @to");
    refused("<a>‸{jid}a@b@c</a>", "JID with more than one @, in a");
}

#[test]
fn nesting_is_limited_to_256_nodes_and_their_number_to_1048576() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(Node::from_xml(&nested(256)).is_ok());
    for depth in [257, 1_000_000] {
        let error = Node::from_xml(&nested(depth)).unwrap_err();
        assert!(error.to_string().starts_with("more than 256 nested nodes at line 1, column 769, in a > a"));
    }
    let wide = |nodes: usize| format!("<a>{}</a>", "<a/>".repeat(nodes - 1));
    assert_eq!(Node::from_xml(&wide(1 << 20)).unwrap().children().len(), (1 << 20) - 1);
    let error = Node::from_xml(&wide((1 << 20) + 1)).unwrap_err();
    assert_eq!(error.to_string(), "more than 1048576 nodes at line 1, column 4194304, in a");
    let attributes = |count: usize| (0..count).map(|number| format!(" a{number}=''")).collect::<String>();
    assert_eq!(Node::from_xml(&format!("<a{}/>", attributes(65_536))).unwrap().attrs().len(), 65_536);
    let error = Node::from_xml(&format!("<a{}/>", attributes(65_537))).unwrap_err();
    assert!(error.to_string().starts_with("more than 65536 attributes at line 1, column "), "{error}");
}

#[test]
fn entities_do_not_multiply() {
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;&b;\">]>\n<a>&c;</a>\n<b/>";
    assert_eq!(shown(bomb.as_bytes()), ["declaration at line 1", "unknown reference at line 2", "<b/>"]);
    assert_eq!(shown(&b"<!DOCTYPE a SYSTEM 'file:///etc/hosts'><a/>"[..]), ["declaration at line 1", "<a/>"]);
}

/// The output of a reader: each tree, or the message up to the column.
fn shown(xml: impl Read) -> Vec<String> {
    let mut roots = XmlReader::new(BufReader::new(xml));
    let mut all = Vec::new();
    while let Some(root) = roots.next() {
        all.push(match root.unwrap() {
            Ok(node) => node.to_string(),
            Err(error) => {
                assert!(roots.line() <= error.place().line());
                error.to_string().split(", column").next().unwrap().to_owned()
            }
        });
    }
    all
}

/// Returns a few bytes at a time, and an interruption before each.
struct Dripping<'t>(&'t [u8], usize, bool);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.2 = !self.2;
        if self.2 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let (now, later) = self.0.split_at(self.1.min(self.0.len()).min(buffer.len()));
        buffer[..now.len()].copy_from_slice(now);
        self.0 = later;
        Ok(now.len())
    }
}

#[test]
fn a_root_that_cannot_be_read_leaves_the_others() {
    for (xml, expected) in [
        ("", &[][..]),
        (" <!-- x -->\n# <a>\n", &[]),
        ("<a/><b/>\n\n<c></c>", &["<a/>", "<b/>", "<c/>"]),
        ("\u{feff}<a/>\n\u{feff}<?xml version='1.0'?><b/>", &["<a/>", "<b/>"]),
        // It begins like a byte order mark.
        ("\u{ff71}<a/>", &["text outside of a node at line 1", "<a/>"]),
        (
            "x\n<a/> y <b/>z",
            &[
                "text outside of a node at line 1",
                "<a/>",
                "text outside of a node at line 2",
                "<b/>",
                "text outside of a node at line 2",
            ],
        ),
        (
            "<1/>\n<a><1/></a>\n<b/>",
            &["character that no name has there at line 1", "character that no name has there at line 2", "<b/>"],
        ),
        // A matching end tag closes all nodes inside.
        ("<a><b></a>\n<c/>", &["end tag of another node at line 1", "<c/>"]),
        ("<a><b></c></b></a>\n<c/>", &["end tag of another node at line 1", "<c/>"]),
        ("<a></a></a>\n<c/>", &["<a/>", "end tag without a start tag at line 1", "<c/>"]),
        ("<a>\n<c/>", &["node without an end tag at line 1"]),
        ("<a>\n <b/>\n</d>\n<c/>", &["end tag of another node at line 3", "<c/>"]),
        ("<a>\n <b>\n </d>\n</a>\n<c/>", &["end tag of another node at line 3", "<c/>"]),
        ("<a>\n <b/>\n </d>\n <b/>\n</a>\n<c/>", &["end tag of another node at line 3", "<c/>"]),
        ("<a><b></d>\n<c/></a>\n<c/>", &["end tag of another node at line 1", "<c/>"]),
        // A quote or bracket is missing.
        ("<a b='1/>\n<c d='2'/>", &["tag with a value that does not end at line 1", "<c d=\"2\"/>"]),
        ("<a b='1>\n <e f='g'/>\n</a>\n<c d='2'/>", &["tag with a value that does not end at line 1", "<c d=\"2\"/>"]),
        ("<a><e f='1/>\n</a>\n<c d='2'/>", &["tag with a value that does not end at line 1", "<c d=\"2\"/>"]),
        ("<a b='1'/\n<c d='2'/>\n", &["tag that does not end at line 1", "<c d=\"2\"/>"]),
        ("<a b='1'\n><e</a>\n<c d='2'/>\n", &["tag that does not end at line 2", "<c d=\"2\"/>"]),
        ("<a b='x<y' c='<'/>\n<c/>", &["< inside of a tag at line 1", "<c/>"]),
        ("<a b='x<y'>\n<e/>\n</a>\n<c/>", &["< inside of a tag at line 1", "<c/>"]),
        ("<a>x &\n y</a>\n<c/>", &["& without a reference at line 1", "<c/>"]),
        ("<a><!x></a><c/>", &["unknown markup at line 1", "<c/>"]),
        ("<!x [ <y> ]><c/>", &["declaration at line 1", "<c/>"]),
        // A comment or section extends to its end.
        ("<a><!-- <a> --><![CDATA[<a>]]></a>\n<c/>", &["<a>&lt;a></a>", "<c/>"]),
        ("<a><![CDATA[[<a>]]></a>\n<c/>", &["<a>[&lt;a></a>", "<c/>"]),
        ("<a/><!-- <c/>", &["<a/>", "comment that does not end at line 1"]),
        ("<a/><!-- <c/> ->\n--><c/>", &["<a/>", "<c/>"]),
    ] {
        assert_eq!(shown(xml.as_bytes()), expected, "{xml}");
        for size in 1..8 {
            assert_eq!(shown(Dripping(xml.as_bytes(), size, false)), expected, "{xml}");
        }
    }
    assert_eq!(shown(&b"<a>\xff</a>\n<c/>"[..]), ["bytes that are not UTF-8 at line 1", "<c/>"]);
    let too_deep = format!("{}{}<c/>", "<a>".repeat(300), "</a>".repeat(300));
    assert_eq!(shown(too_deep.as_bytes()), ["more than 256 nested nodes at line 1", "<c/>"]);
}

#[test]
fn places_count_on_from_root_to_root() {
    let roots = format!("{}\n<a/><é/> <a b=1/><c/>\n\n <d>\n  <e f=1/></d>", "<a/>\n".repeat(20_000));
    let mut reader = XmlReader::new(roots.as_bytes());
    let errors: Vec<_> =
        reader.by_ref().filter_map(|root| root.unwrap().err()).map(|error| format!("{error:#}")).collect();
    assert_eq!(
        errors,
        [
            "value without quotes at line 20002, column 15, in a: expected a quote\n20002 | <a/><é/> <a b=1/>\n      |               ^",
            "value without quotes at line 20005, column 8, in d > e: expected a quote\n20005 |   <e f=1/></d>\n      |        ^",
        ]
    );
    assert_eq!(reader.line(), 20_005);
    // All in one line.
    let line = format!("{}<a b=1/>", "<é/>".repeat(100_000));
    let error = XmlReader::new(line.as_bytes()).find_map(|root| root.unwrap().err()).unwrap();
    assert_eq!((error.place().line(), error.place().column()), (1, 400_006));
    assert!(error.place().picture().starts_with("1 | …"), "{}", error.place().picture());
}

#[test]
fn a_root_of_more_than_64_mib_is_passed_over() {
    // The text without the comment has 14 bytes.
    let comment = |length: usize| io::repeat(b'x').take(length as u64);
    let around = |length| (&b"<c/>\n<a><!--"[..]).chain(comment(length)).chain(&b"--></a>\n<c/>"[..]);
    assert_eq!(shown(around((64 << 20) - 14)), ["<c/>", "<a/>", "<c/>"]);
    assert_eq!(shown(around((64 << 20) - 13)), ["<c/>", "more than 67108864 bytes at line 2", "<c/>"]);
}
