//! GRAMMAR.md agrees with the crate: every frame in its tables is run.

use std::collections::BTreeSet;

use wabinary::explain::{FindingKind, Severity};
use wabinary::{
    DecodeError, Decoder, Dictionary, Encoder, JidForm, JidRef, Leniency, OffsetSpace, decode_slice, encode,
};

use wabinary_testing::markdown;
use wabinary_testing::vectors;

use markdown::{Table, code, tables};
use vectors::hex;

const GRAMMAR: &str = include_str!("../GRAMMAR.md");

/// The table under a heading whose header starts with this cell.
fn table(heading: &str, first: &str) -> Table {
    let found = tables(GRAMMAR, heading).into_iter().find(|table| table.header[0] == first);
    found.unwrap_or_else(|| panic!("no table {first} under {heading}"))
}

/// `@5`, `@3 inflated`, `@?`: the place of an error. `None` if the table promises none.
fn place(text: &str) -> Option<(usize, OffsetSpace)> {
    let (offset, space) = match text.strip_suffix(" inflated") {
        Some(offset) => (offset, OffsetSpace::Inflated),
        None => (text, OffsetSpace::Frame),
    };
    match offset.strip_prefix('@').expect("a place starts with @") {
        "?" => None,
        offset => Some((offset.parse().expect("an offset"), space)),
    }
}

fn assert_refused(result: Result<wabinary::Node, DecodeError>, kind: &str, at: &str, row: &str) {
    let error = result.expect_err(row);
    assert_eq!(error.kind().name(), kind, "{row}");
    if let Some((offset, space)) = place(at) {
        assert_eq!((error.offset(), error.space()), (offset, space), "{row}");
    }
}

#[test]
fn every_corner_case_ends_as_the_document_says() {
    let table = table("## 9. Corner cases", "id");
    for row in &table.rows {
        let (id, frame, this_codec) = (row[0].as_str(), &row[2], &row[3]);
        let frame = match (id, frame.as_str()) {
            // An input without bytes has none to show.
            ("D5.1", "-") => Vec::new(),
            // A frame of some 16 KB, and a tree: both in limits.rs.
            ("D41" | "D42", "-") => continue,
            (_, frame) => hex(code(frame).expect(id)),
        };
        let verdict = code(this_codec).expect(id);
        match verdict.split_once(' ') {
            None => {
                let node = decode_slice(&frame).unwrap_or_else(|error| panic!("{id}: {error}"));
                let again = encode(&node).unwrap_or_else(|error| panic!("{id}: {error}"));
                assert_eq!(decode_slice(&again).as_ref(), Ok(&node), "{id}");
                let expected = if again == frame { "ok" } else { "rewritten" };
                assert_eq!(verdict, expected, "{id}");
            }
            Some(("error", kind_and_place)) => {
                let (kind, place) = kind_and_place.split_once(' ').expect(id);
                assert_refused(decode_slice(&frame), kind, place, id);
            }
            Some(_) => panic!("{id}: {verdict}"),
        }
    }
}

#[test]
fn the_vectors_have_every_corner_case() {
    let rows = table("## 9. Corner cases", "id").rows;
    let rows = rows.iter().filter(|row| row[0] == "D5.1" || code(&row[2]).is_some());
    let vectors = vectors::read("corners");
    for (row, vector) in rows.clone().zip(&vectors) {
        let verdict = vector.json["verdict"].as_str();
        assert_eq!(
            (&row[0], &row[1], code(&row[3])),
            (&vector.name, &vector.json["why"].as_str().unwrap().into(), verdict)
        );
        assert_eq!(code(&row[2]).unwrap_or(""), vectors::text(&vector.json["hex"]), "{}", row[0]);
    }
    assert_eq!(rows.count(), vectors.len());
}

#[test]
fn every_corner_case_has_a_row() {
    let table = table("## 9. Corner cases", "id");
    let present: BTreeSet<&str> = table.column("id").iter().filter_map(|id| id.split('.').next()).collect();
    let numbered = (1..=50).map(|number| format!("D{number}"));
    let expected: BTreeSet<String> = numbered.chain(["D12b".to_owned(), "D12c".to_owned()]).collect();
    assert_eq!(present, expected.iter().map(String::as_str).collect());
    let rows: BTreeSet<_> = table.column("id").into_iter().collect();
    assert_eq!(rows.len(), table.rows.len(), "an id occurs twice");
}

#[test]
fn the_option_of_a_corner_case_relaxes_it_and_no_other_does() {
    let mut seen = BTreeSet::new();
    for row in &table("## 9. Corner cases", "id").rows {
        let (id, this_codec) = (row[0].as_str(), &row[3]);
        let Some(named) = this_codec.split("`--allow ").nth(1).and_then(|rest| rest.split('`').next()) else {
            continue;
        };
        seen.insert(named.to_owned());
        let frame = hex(code(&row[2]).expect(id));
        for &allow in Leniency::ALL {
            let name = allow.to_string();
            let mut decoder = Decoder::new().allow(allow);
            let result = decoder.decode_slice(&frame);
            assert_eq!(result.is_ok(), name == named, "{id} with {name}");
            let Ok(node) = result else { continue };
            let again = Encoder::new().allow(allow).encode(node).unwrap_or_else(|error| panic!("{id}: {error}"));
            let found: Vec<_> = decoder.findings(&frame).unwrap().iter().map(|finding| finding.kind).collect();
            let of_option = match named {
                "flag-bits" => Some(FindingKind::FlagBits),
                "pad-nibble" => Some(FindingKind::PadNibble),
                "length-bits" => Some(FindingKind::LongLength),
                "ad-domain" => Some(FindingKind::UnknownDomain),
                "jid-text" => Some(FindingKind::JidText),
                "empty-tag" => Some(FindingKind::EmptyTag),
                _ => None,
            };
            assert!(of_option.is_none_or(|kind| found.contains(&kind)), "{id}: {found:?}");
            let is_rewritten = found.iter().any(|kind| kind.severity() == Severity::Rewritten);
            assert_eq!(again != frame, is_rewritten, "{id}");
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), {
        let mut names: Vec<_> = Leniency::ALL.iter().map(Leniency::to_string).collect();
        names.sort_unstable();
        names
    });
}

#[test]
fn every_error_kind_is_listed_with_a_frame_that_gives_it() {
    let table = table("## 10. Error kinds", "kind");
    for row in &table.rows {
        let kind = code(&row[0]).expect("a kind");
        // The frames of these errors are too long to show. See limits.rs.
        let without_frame = ["too-many-nodes", "inflated-too-large", "frame-too-large"].contains(&kind);
        assert_eq!(row[3] == "-", without_frame, "{kind}");
        if without_frame {
            continue;
        }
        let (_, place) = row[3].rsplit_once("` ").expect(kind);
        assert_refused(decode_slice(&hex(code(&row[3]).expect(kind))), kind, place, kind);
    }
    // The kinds of the source: `Self::Truncated => ("truncated", "more bytes"),`.
    let source = include_str!("../src/error/decode.rs").lines().filter_map(|line| line.split(" => (\"").nth(1));
    let of_source: BTreeSet<&str> = source.filter_map(|rest| rest.split('"').next()).collect();
    let documented: BTreeSet<&str> = table.column("kind").into_iter().filter_map(code).collect();
    assert_eq!(documented, of_source);
    assert_eq!(documented.len(), table.rows.len(), "a kind occurs twice");
}

#[test]
fn every_option_is_listed() {
    let options = table("## 10. Error kinds", "option");
    let listed: Vec<_> = options.column("option").into_iter().filter_map(code).collect();
    assert_eq!(listed, Leniency::ALL.iter().map(Leniency::to_string).collect::<Vec<_>>());
}

#[test]
fn every_worked_example_reads_and_writes_as_shown() {
    let table = table("## 12. Worked examples", "tree (XML)");
    assert!(table.rows.len() >= 31, "{} examples", table.rows.len());
    for row in &table.rows {
        let (xml, frame) = (code(&row[0]).expect("XML"), hex(code(&row[1]).expect("hex")));
        let node = decode_slice(&frame).unwrap_or_else(|error| panic!("{xml}: {error}"));
        assert_eq!(node.to_string(), xml);
        assert_eq!(encode(&node).unwrap(), frame, "{xml}");
        assert_eq!(wabinary::explain::findings(&frame), Ok(vec![]), "{xml}");
    }
}

/// The bytes of a row in the table of tag bytes: `00`, or `01`-`EB`, or `EC`-`EF`.
fn bytes_of(cell: &str) -> Vec<u8> {
    let bounds: Vec<u8> =
        cell.split('`').skip(1).step_by(2).map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
    (bounds[0]..=*bounds.last().unwrap()).collect()
}

/// Bytes that may follow a tag byte in any place.
fn followed_by(byte: u8) -> &'static str {
    match byte {
        0xec..=0xef => "0b",
        0xf5 => "ff02123400000007fc07696e7465726f70",
        0xf6 => "ff0212340001cc",
        0xf7 => "0005ff021234",
        0xf8 => "01f8011b",
        0xf9 => "0001f8011b",
        0xfa => "0003",
        0xfb | 0xff => "021235",
        0xfc => "026162",
        0xfd => "0000026162",
        0xfe => "000000026162",
        _ => "",
    }
}

#[test]
fn every_tag_byte_means_what_the_table_says_in_all_four_places() {
    let table = table("### Tag bytes", "byte");
    let mut seen = 0;
    for row in &table.rows {
        for byte in bytes_of(&row[0]) {
            seen += 1;
            let follows = followed_by(byte);
            // A node's head is a list head with the tag after it, not with a child.
            let head = if matches!(byte, 0xf8 | 0xf9) { &follows[..follows.len() - 6] } else { follows };
            let frames = [
                ("node head", format!("00{byte:02x}{head}1b"), 1),
                ("string place", format!("00f801{byte:02x}{follows}"), 3),
                ("value", format!("00f8031b08{byte:02x}{follows}"), 5),
                ("content", format!("00f8021b{byte:02x}{follows}"), 4),
            ];
            for (place, frame, offset) in frames {
                let place_of = table.header.iter().position(|header| header == place).unwrap();
                let cell = &row[place_of];
                let result = decode_slice(&hex(&frame));
                match code(cell) {
                    Some(kind) => assert_refused(result, kind, &format!("@{offset}"), &format!("{place} {byte:02x}")),
                    None => {
                        let node = result.unwrap_or_else(|error| panic!("{place} {byte:02x}: {error}"));
                        assert_eq!(kind_in_words(&node, place), cell.split(',').next().unwrap(), "{place} {byte:02x}");
                    }
                }
            }
        }
    }
    assert_eq!(seen, 256);
}

/// The table's word for the item in a place of a tree.
fn kind_in_words(node: &wabinary::Node, place: &str) -> &'static str {
    use wabinary::{Content, Value};
    match place {
        "node head" => "node",
        "string place" => "string",
        "value" => match node.attr("id").unwrap() {
            Value::Null => "null",
            Value::Text(_) => "text",
            Value::Jid(_) => "JID",
        },
        _ => match node.content() {
            Content::Nodes(children) if children.len() == 0 => "no children",
            Content::Nodes(_) => "children",
            Content::Bytes(_) => "bytes",
            Content::Text(_) => "text",
            Content::Jid(_) => "JID",
            Content::None => "nothing",
        },
    }
}

#[test]
fn the_words_that_tell_dictionaries_apart_have_the_bytes_shown() {
    let words = tables(GRAMMAR, "## 8. Dictionaries").into_iter().find(|table| table.header[0].is_empty()).unwrap();
    for (row, dictionary) in words.rows.iter().zip([Dictionary::V3, Dictionary::V2]) {
        assert_eq!(row[0], format!("version {}", dictionary.version()));
        for (header, cell) in words.header.iter().zip(row).skip(1) {
            let token = dictionary.find(code(header).unwrap()).unwrap();
            assert_eq!((token.dictionary(), vec![token.index()]), (None, bytes_of(cell)), "{header}");
        }
    }
}

#[test]
fn the_dictionaries_measure_what_the_document_says() {
    let versions = table("## 8. Dictionaries", "version");
    for row in &versions.rows {
        let dictionary = Dictionary::from_version(row[0].parse().unwrap()).unwrap();
        let texts: Vec<_> = dictionary.tokens().map(|(_, text)| text).collect();
        let longest = texts.iter().map(|text| text.len()).max().unwrap();
        let of_digits = texts.iter().filter(|text| text.bytes().all(|byte| b"0123456789-.".contains(&byte))).count();
        assert_eq!(
            (texts.len(), format!("{longest} bytes"), of_digits.to_string()),
            (1259, row[2].clone(), row[3].clone())
        );
    }
    // "The versions share 555 strings but hardly a slot".
    let old: BTreeSet<_> = Dictionary::V2.tokens().map(|(_, text)| text).collect();
    assert_eq!(Dictionary::V3.tokens().filter(|(_, text)| old.contains(text)).count(), 555);
    let both = Dictionary::V2.tokens().zip(Dictionary::V3.tokens());
    let same: Vec<_> = both.filter(|(one, other)| one == other).map(|((token, _), _)| token).collect();
    assert!(same.iter().all(|token| token.dictionary().is_none()));
    assert_eq!(same.iter().map(|token| token.index()).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8, 18, 20, 93, 100]);
}

#[test]
fn the_call_ack_reads_with_the_other_dictionary_as_shown() {
    let frame = hex("00f8091b08fc074f462d30303031156406fa00031aff051700000000");
    for &dictionary in Dictionary::ALL {
        let line = GRAMMAR.lines().find(|line| line.starts_with(&format!("version {}   <", dictionary.version())));
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        assert_eq!(decoder.decode_slice(&frame).unwrap().to_string(), line.unwrap()[12..], "{dictionary:?}");
    }
}

#[test]
fn the_texts_of_section_6_have_the_forms_it_gives_them() {
    let form = |text| JidRef::parse(text).map(|jid| (jid.user(), jid.device(), jid.integrator(), jid.form()));
    assert_eq!(form("1234:3@bot"), Ok((Some("1234:3"), 0, 0, JidForm::Pair)));
    assert_eq!(form("u:5@g.us"), Ok((Some("u:5"), 0, 0, JidForm::Pair)));
    assert_eq!(form("u.0:5@lid"), Ok((Some("u.0"), 5, 0, JidForm::Ad)));
    assert_eq!(form("15550001111-1600000000@g.us"), Ok((Some("15550001111-1600000000"), 0, 0, JidForm::Pair)));
    assert_eq!(form("u:3@msgr"), Ok((Some("u"), 3, 0, JidForm::Fb)));
    assert_eq!(form("7-u:5@interop"), Ok((Some("u"), 5, 7, JidForm::Interop)));
    assert_eq!(form("u@interop"), Ok((Some("u"), 0, 0, JidForm::Pair)));
    assert_eq!(form("s.whatsapp.net"), Ok((None, 0, 0, JidForm::Pair)));
}
