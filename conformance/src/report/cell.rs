//! What a codec makes of a row of GRAMMAR.md, in a few words.

use data_encoding::BASE64;

use super::{Cell, short};
use crate::tree::{Content, Tree, Value, difference};
use crate::verdict::Class;

/// What a codec makes of a row, in a few words: `ok`, `error`, or what comes out.
#[must_use]
pub fn cell_text(cell: &Cell) -> String {
    match (cell.class, &cell.tree) {
        (Some(Class::Crashes), _) => "dies".to_owned(),
        (Some(Class::Hangs), _) => "hangs".to_owned(),
        (Some(Class::BreaksProtocol), _) => "no answer".to_owned(),
        (_, _) if cell.refused => "error".to_owned(),
        (Some(_), found) if !cell.decoding => match (&cell.ours, found) {
            (Some(asked), Some(found)) => frame_text(asked, found, cell.found.as_deref().unwrap_or_default()),
            _ => "unreadable".to_owned(),
        },
        (_, Some(found)) => match &cell.ours {
            Some(ours) if difference(&texts(ours), &texts(found)).is_none() => "ok".to_owned(),
            _ => tree_text(found),
        },
        (None, None) => "ok".to_owned(),
        (Some(_), None) => format!("`{}`", short(cell.found.as_deref().unwrap_or_default(), 60)),
    }
}

/// The tree with addresses as their texts: a separate row says whether they are typed.
fn texts(tree: &Tree) -> Tree {
    let keeps = ["attr-order", "null", "empty-children", "text-content"].map(str::to_owned).to_vec();
    tree.clone().kept(keeps.try_into().unwrap_or_default())
}

/// What the frame for a small tree holds instead of the tree; if it holds the tree, its bytes in hexadecimal.
fn frame_text(asked: &Tree, found: &Tree, hex: &str) -> String {
    let text = match &asked.attrs[..] {
        [(_, Value::Text(text))] => Some(text.as_str()),
        [(_, Value::Jid(address))] => Some(address.text()),
        _ => None,
    };
    match &found.attrs[..] {
        _ if difference(asked, found).is_none() => code(hex),
        [(_, Value::Jid(address))] if text == Some(address.text()) => address.form(),
        [(_, Value::Jid(address))] => format!("{} {}", address.form(), code(address.text())),
        [(_, Value::Text(found))] if text == Some(found) => "text".to_owned(),
        _ => tree_text(found),
    }
}

/// A text as code in a cell of a table.
fn code(text: &str) -> String {
    let shown = short(text, 40).replace("\\u{0}", "NUL").replace('\u{fffd}', "U+FFFD").replace('|', "\\|");
    format!("`{shown}`")
}

/// The part of a small tree that a row is about.
fn tree_text(tree: &Tree) -> String {
    match (&tree.attrs[..], &tree.content) {
        ([(name, Value::Text(text))], None) if !name.is_empty() && text.is_empty() => code("\"\""),
        ([(name, Value::Text(text))], None) if !name.is_empty() && !name.contains('@') => code(text),
        ([(name, Value::Jid(address))], None) if !name.is_empty() => code(address.text()),
        ([(_, Value::Null)], None) => "null".to_owned(),
        ([(name, value)], None) if name.is_empty() => code(&format!("\"\"={value}")),
        ([(name, value)], None) => code(&format!("{name}={value}")),
        ([], None) => code(&format!("<{}/>", tree.tag)),
        ([], Some(Content::Nodes { nodes })) if nodes.is_empty() => code("[]"),
        ([], Some(Content::Text { text })) if text.is_empty() => "empty text".to_owned(),
        ([], Some(Content::Bytes { bytes })) if bytes.is_empty() => "empty bytes".to_owned(),
        ([], Some(Content::Text { text })) => format!("text {}", code(text)),
        ([], Some(Content::Bytes { bytes })) => {
            let bytes = BASE64.decode(bytes.as_bytes()).unwrap_or_default();
            match str::from_utf8(&bytes) {
                Ok(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    format!("bytes of {}", code(text))
                }
                _ => format!("bytes {}", code(&data_encoding::HEXLOWER.encode(&bytes))),
            }
        }
        _ => code(&tree.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_shows_the_part_that_its_row_is_about() {
        for (tree, shown) in [
            (r#"{"tag":"a"}"#, "`<a/>`"),
            (r#"{"tag":"a","attrs":[["x",""]]}"#, r#"`""`"#),
            (r#"{"tag":"a","attrs":[["x","1|2"]]}"#, r"`1\|2`"),
            (r#"{"tag":"a","attrs":[["x",null]]}"#, "null"),
            (r#"{"tag":"a","attrs":[["x@","1"]]}"#, r#"`x@="1"`"#),
            (r#"{"tag":"a","attrs":[["","1"]]}"#, r#"`""="1"`"#),
            (r#"{"tag":"a","attrs":[["x",{"jid":"5@lid"}]]}"#, "`5@lid`"),
            (r#"{"tag":"a","content":{"nodes":[]}}"#, "`[]`"),
            (r#"{"tag":"a","content":{"text":""}}"#, "empty text"),
            (r#"{"tag":"a","content":{"text":"x"}}"#, "text `x`"),
            (r#"{"tag":"a","content":{"bytes":""}}"#, "empty bytes"),
            (r#"{"tag":"a","content":{"bytes":"eA=="}}"#, "bytes of `x`"),
            (r#"{"tag":"a","content":{"bytes":"AA=="}}"#, "bytes `00`"),
        ] {
            assert_eq!(tree_text(&serde_json::from_str(tree).unwrap()), shown, "{tree}");
        }
    }

    #[test]
    fn a_cell_shows_what_a_frame_makes_of_a_value() {
        let value = |value: &str| serde_json::from_str(&format!(r#"{{"tag":"a","attrs":[["x",{value}]]}}"#)).unwrap();
        for (asked, found, shown) in [
            (r#""5@lid""#, r#""5@lid""#, "`00`"),
            (r#""5@lid""#, r#"{"jid":"5@lid"}"#, "pair"),
            (r#"{"jid":"5@lid"}"#, r#""5@lid""#, "text"),
            (r#"{"jid":"5@lid"}"#, r#"{"jid":"5:1@lid"}"#, "ad `5:1@lid`"),
            (r#""""#, "null", "null"),
        ] {
            assert_eq!(frame_text(&value(asked), &value(found), "00"), shown, "{asked}, {found}");
        }
    }
}
