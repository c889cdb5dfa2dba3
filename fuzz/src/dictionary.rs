//! What libFuzzer puts into inputs: `wabinary.dict`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use wabinary::Dictionary;

/// The beginnings of everything the grammar has.
const FORMS: [(&str, &[u8]); 30] = [
    ("plain_flag_or_empty_list", &[0x00]),
    ("zlib_flag_and_header", &[0x02, 0x78, 0x9c]),
    ("node_of_tag", &[0xf8, 0x01]),
    ("node_with_content", &[0xf8, 0x02]),
    ("node_with_attribute", &[0xf8, 0x03]),
    ("node_with_both", &[0xf8, 0x04]),
    ("long_list_head", &[0xf9, 0x00, 0x01]),
    ("empty_list_8", &[0xf8, 0x00]),
    ("empty_list_16", &[0xf9, 0x00, 0x00]),
    ("first_token", &[0x01]),
    ("last_token", &[0xeb]),
    ("dictionary_0", &[0xec, 0x00]),
    ("dictionary_3", &[0xef, 0xff]),
    ("first_unassigned", &[0xf0]),
    ("last_unassigned", &[0xf4]),
    ("interop_jid", &[0xf5, 0xff, 0x01, 0x12, 0x00, 0x05, 0x00, 0x07, 0xfc, 0x07]),
    ("fb_jid", &[0xf6, 0xff, 0x01, 0x12, 0x00, 0x05, 0xcc]),
    ("ad_jid_whatsapp", &[0xf7, 0x00, 0x05]),
    ("ad_jid_lid", &[0xf7, 0x01, 0x05]),
    ("ad_jid_hosted", &[0xf7, 0x80, 0x63]),
    ("ad_jid_hosted_lid", &[0xf7, 0x81, 0x63]),
    ("ad_jid_undefined", &[0xf7, 0x02, 0x00]),
    ("server_jid", &[0xfa, 0x00, 0x03]),
    ("server_jid_with_empty_user", &[0xfa, 0xfc, 0x00, 0x03]),
    ("hex_8", &[0xfb, 0x01, 0xab]),
    ("nibble_8_odd", &[0xff, 0x82, 0x12, 0x3f]),
    ("empty_nibble_8", &[0xff, 0x00]),
    ("binary_8", &[0xfc, 0x01]),
    ("binary_20", &[0xfd, 0x00, 0x00, 0x01]),
    ("binary_32", &[0xfe, 0x00, 0x00, 0x00, 0x01]),
];

/// The file, in libFuzzer's format: the forms, then the text of every token.
pub fn text() -> String {
    let mut text = String::from("# Made by `cargo run --example make_dictionary`.\n");
    for (name, bytes) in FORMS {
        let escaped: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
        writeln!(text, "{name}=\"{escaped}\"").expect("writing to a string does not fail");
    }
    let tokens: BTreeSet<_> = Dictionary::ALL.iter().flat_map(|one| one.tokens()).map(|(_, text)| text).collect();
    for token in tokens {
        writeln!(text, "\"{}\"", token.replace('\\', "\\\\").replace('"', "\\\"")).expect("as above");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_the_one_that_would_be_made() {
        let file = include_str!("../wabinary.dict");
        for (line, (file, made)) in file.lines().zip(text().lines()).enumerate() {
            assert_eq!(file, made, "line {}; `cargo run --example make_dictionary` makes it again", line + 1);
        }
        assert_eq!(file.len(), text().len());
    }

    #[test]
    fn every_byte_of_the_tag_table_begins_a_form() {
        let table = include_str!("../../src/wire/tag.rs");
        let consts = table.lines().filter_map(|line| line.strip_prefix("pub(crate) const ")?.split_once(": u8 = 0x"));
        let mut seen = 0;
        for (name, value) in consts {
            let byte = u8::from_str_radix(value.trim_end_matches(';'), 16).unwrap();
            assert!(FORMS.iter().any(|(_, form)| form.first() == Some(&byte)), "no form begins with {name}");
            seen += 1;
        }
        assert_eq!(seen, table.lines().filter(|line| line.contains("const")).count(), "a line reads otherwise");
        assert_eq!(seen, 18);
    }
}
