//! The corners on which implementations part ways: the rows of GRAMMAR.md, and trees without them.

use wabinary::{JidForm, JidRef, Server};
use wabinary_generate::plain::{PlainContent, PlainNode, PlainValue, plain_jid};

/// Trees that encoders write in several ways, as XML: the rows of sections 6.3, 7.2 and 9 that are about encoding.
pub const TREES: [(&str, &str); 45] = [
    ("6.3 pair", "<ack to=\"1234@s.whatsapp.net\"/>"),
    ("6.3 pair", "<ack to=\"1234@g.us\"/>"),
    ("6.3 ad", "<ack to=\"1234:5@s.whatsapp.net\"/>"),
    ("6.3 ad", "<ack to=\"1234:5@lid\"/>"),
    ("6.3 u:0", "<ack to=\"1234:0@s.whatsapp.net\"/>"),
    ("6.3 u:0", "<ack to=\"{text}1234:0@s.whatsapp.net\"/>"),
    ("6.3 u:256", "<ack to=\"{text}1234:256@s.whatsapp.net\"/>"),
    ("6.3 hosted", "<ack to=\"1234:99@hosted\"/>"),
    ("6.3 hosted", "<ack to=\"1234:99@hosted.lid\"/>"),
    ("6.3 hosted without a device", "<ack to=\"1234@hosted\"/>"),
    ("6.3 msgr", "<ack to=\"1234:3@msgr\"/>"),
    ("6.3 msgr", "<ack to=\"1234@msgr\"/>"),
    ("6.3 interop", "<ack to=\"7-1234:5@interop\"/>"),
    ("6.3 interop", "<ack to=\"{text}7-1234:5@interop\"/>"),
    ("6.3 : in a user", "<ack to=\"1234:5@g.us\"/>"),
    ("6.3 : in a user", "<ack to=\"1234:3@bot\"/>"),
    ("6.3 agent", "<ack to=\"1234.0:5@s.whatsapp.net\"/>"),
    ("6.3 agent", "<ack to=\"1234_1:5@s.whatsapp.net\"/>"),
    ("6.3 agent", "<ack to=\"{text}1234_1:5@s.whatsapp.net\"/>"),
    ("6.3 agent", "<ack to=\"1234.3@hosted.lid\"/>"),
    ("6.3 empty user", "<ack to=\"{text}@s.whatsapp.net\"/>"),
    ("6.3 server alone", "<ack to=\"s.whatsapp.net\"/>"),
    ("6.3 server alone", "<ack to=\"{text}s.whatsapp.net\"/>"),
    ("6.3 server alone", "<ack>{jid}g.us</ack>"),
    ("6.3 a@b@c", "<ack to=\"{text}a@b@c\"/>"),
    ("7.2 empty string", "<ack id=\"\"/>"),
    ("7.2 empty string", "<ack _x_=\"1\"/>"),
    ("7.2 empty list of children", "<ack>{nodes}</ack>"),
    ("7.2 text content", "<ack>{text}type</ack>"),
    ("7.2 text content", "<ack>{text}123</ack>"),
    ("7.2 string with @", "<ack id=\"alex@example.com\"/>"),
    ("7.2 string with @", "<ack>{text}0@1</ack>"),
    ("7.2 null value", "<ack id=\"{null}\"/>"),
    ("7.2 order of attributes", "<ack id=\"1\" b=\"1\" a=\"1\"/>"),
    ("7.2 integer-like names", "<ack b=\"1\" _x0032_=\"1\" _x0031_=\"1\"/>"),
    ("7.2 tag 0", "<_x0030_/>"),
    ("7.2 empty tag", "<_x_/>"),
    ("D23.1", "<ack>{jid}1234@s.whatsapp.net</ack>"),
    ("D23.2", "<ack>{jid}1234:5@s.whatsapp.net</ack>"),
    ("D26", "<message to=\"{pair-empty}s.whatsapp.net\"/>"),
    ("D28", "<message to=\"a@unknown.example\"/>"),
    ("D33", "<message to=\"{ad}1234@s.whatsapp.net\"/>"),
    ("D39.2", "<message to=\"15550001111@s.whatsapp.net\"/>"),
    ("D43", "<message to=\"15550001111:255@s.whatsapp.net\"/>"),
    ("D47", "<ack id=\"\u{feff}x\"/>"),
];

/// A part of a tree that rows of GRAMMAR.md are about, and how a tree gets rid of it.
pub struct Feature {
    /// The rows: `D26` means `D26.1` and so on too.
    pub rows: &'static [&'static str],
    /// Takes it out of a node. Children are visited by themselves.
    remove: fn(&mut PlainNode),
}

/// Each part that is in a tree which encodes.
pub const FEATURES: [Feature; 21] = [
    Feature {
        rows: &["D9", "D46.1", "7.2 null value"],
        remove: |node| {
            values(node, |value| {
                if *value == PlainValue::Null {
                    *value = text("1")
                }
            })
        },
    },
    Feature {
        rows: &["D46.2", "7.2 empty string", "D17.9"],
        remove: |node| {
            values(node, |value| {
                if *value == text("") {
                    *value = text("1")
                }
            })
        },
    },
    Feature {
        rows: &["7.2 empty string"],
        remove: |node| {
            for (name, _) in node.attrs.iter_mut().filter(|(name, _)| name.is_empty()) {
                *name = "x".to_owned();
            }
        },
    },
    Feature {
        rows: &["D20", "D21", "7.2 empty list of children"],
        remove: |node| {
            if node.content == PlainContent::Nodes(Vec::new()) {
                node.content = PlainContent::None
            }
        },
    },
    Feature {
        rows: &["D22", "7.2 text content"],
        remove: |node| {
            if let PlainContent::Text(text) = &node.content {
                node.content = PlainContent::Bytes(text.clone().into_bytes());
            }
        },
    },
    Feature {
        rows: &["D23"],
        remove: |node| {
            if let PlainContent::Jid((text, _)) = &node.content {
                node.content = PlainContent::Bytes(text.clone().into_bytes());
            }
        },
    },
    Feature {
        rows: &["D26"],
        remove: |node| jids(node, |jid| (jid.form() == JidForm::PairEmpty).then(|| phone("12"))),
    },
    Feature { rows: &["6.3 server alone"], remove: |node| jids(node, |jid| jid.user().is_none().then(|| phone("12"))) },
    Feature {
        rows: &["D28"],
        remove: |node| {
            jids(node, |jid| {
                let is_known = !matches!(Server::from_text(jid.server().as_str()), Server::Other(_));
                (!is_known).then(|| phone(jid.user().unwrap_or("12")))
            })
        },
    },
    Feature {
        rows: &["D29", "6.3 hosted", "6.3 hosted without a device"],
        remove: |node| {
            jids(node, |jid| matches!(jid.server(), Server::Hosted | Server::HostedLid).then(|| phone("12")))
        },
    },
    Feature {
        rows: &["D33", "6.3 u:0"],
        remove: |node| jids(node, |jid| (jid.form() == JidForm::Ad && jid.device() == 0).then(|| phone("12"))),
    },
    Feature {
        rows: &["D36", "6.3 msgr"],
        remove: |node| jids(node, |jid| (jid.server() == Server::Messenger).then(|| phone("12"))),
    },
    Feature {
        rows: &["D37", "6.3 interop"],
        remove: |node| jids(node, |jid| (jid.server() == Server::Interop).then(|| phone("12"))),
    },
    Feature {
        rows: &["6.3 agent"],
        remove: |node| jids(node, |jid| jid.user().filter(|user| user.contains(['.', '_', '-'])).map(|_| phone("12"))),
    },
    Feature {
        rows: &["D49.4", "6.3 : in a user", "6.3 u:256"],
        remove: |node| {
            jids(node, |jid| {
                let pair = jid.wire_text().to_string();
                (jid.form() == JidForm::Pair && pair.contains(':')).then(|| phone("12"))
            })
        },
    },
    Feature { rows: &["D43"], remove: |node| jids(node, |jid| (jid.device() == 255).then(|| phone("12"))) },
    Feature {
        rows: &["D39.1", "7.2 string with @", "6.3 a@b@c"],
        remove: |node| {
            texts(node, |text| *text = text.replace('@', ""));
        },
    },
    Feature {
        rows: &["D45", "7.2 integer-like names"],
        remove: |node| {
            for (name, _) in &mut node.attrs {
                if name.starts_with(|first: char| first.is_ascii_digit()) {
                    name.insert(0, 'k');
                }
            }
        },
    },
    Feature {
        rows: &["D47"],
        remove: |node| {
            texts(node, |text| *text = text.replace('\u{feff}', ""));
            jids(node, |jid| jid.wire_text().to_string().contains('\u{feff}').then(|| phone("12")));
        },
    },
    Feature {
        rows: &["7.2 tag 0"],
        remove: |node| {
            if node.tag == "0" {
                node.tag = "ack".to_owned()
            }
        },
    },
    Feature {
        rows: &["D39.2"],
        remove: |node| {
            values(node, |value| {
                if matches!(value, PlainValue::Jid(_)) {
                    *value = text("1")
                }
            });
            if matches!(node.content, PlainContent::Jid(_)) {
                node.content = PlainContent::None
            }
        },
    },
];

/// Whether a feature names a row.
fn is_of(feature: &Feature, row: &str) -> bool {
    feature.rows.iter().any(|known| row == *known || row.strip_prefix(known).is_some_and(|rest| rest.starts_with('.')))
}

/// The features that name one of these rows.
pub fn features_of(rows: &[String]) -> Vec<&'static Feature> {
    FEATURES.iter().filter(|feature| rows.iter().any(|row| is_of(feature, row))).collect()
}

/// The first of the rows that a feature is about.
pub fn row_of<'r>(feature: &Feature, rows: &'r [String]) -> Option<&'r str> {
    rows.iter().map(String::as_str).find(|row| is_of(feature, row))
}

/// The tree without these features. It encodes if the tree did.
#[must_use]
pub fn without(node: &PlainNode, features: &[&Feature]) -> PlainNode {
    let mut node = node.clone();
    // Without one of them, a text may have another.
    for _ in 0..4 {
        let before = node.clone();
        remove(&mut node, features);
        if node == before {
            break;
        }
    }
    node
}

fn remove(node: &mut PlainNode, features: &[&Feature]) {
    for feature in features {
        (feature.remove)(node);
    }
    if node.tag.is_empty() {
        node.tag = "ack".to_owned();
    }
    // Names that have become one.
    let mut seen = std::collections::BTreeSet::new();
    node.attrs.retain(|(name, _)| seen.insert(name.clone()));
    if let PlainContent::Nodes(children) = &mut node.content {
        children.iter_mut().for_each(|child| remove(child, features));
    }
}

fn text(text: &str) -> PlainValue {
    PlainValue::Text(text.to_owned())
}

fn values(node: &mut PlainNode, change: impl Fn(&mut PlainValue)) {
    node.attrs.iter_mut().for_each(|(_, value)| change(value));
}

/// A pair, which has none of the features.
fn phone(user: &str) -> Option<(String, JidForm)> {
    let text = format!("{}@s.whatsapp.net", user.replace(['@', ':', '.', '_', '-'], ""));
    JidRef::parse(&text).ok().map(|jid| plain_jid(&jid))
}

fn jids(node: &mut PlainNode, other: impl Fn(&JidRef<'_>) -> Option<Option<(String, JidForm)>>) {
    let change = |(text, form): &mut (String, JidForm)| {
        let changed = JidRef::parse_as(text, *form).ok().and_then(|jid| other(&jid)).flatten();
        if let Some(changed) = changed {
            (*text, *form) = changed;
        }
    };
    for (_, value) in &mut node.attrs {
        if let PlainValue::Jid(jid) = value {
            change(jid);
        }
    }
    if let PlainContent::Jid(jid) = &mut node.content {
        change(jid);
    }
}

fn texts(node: &mut PlainNode, change: impl Fn(&mut String)) {
    change(&mut node.tag);
    for (name, value) in &mut node.attrs {
        change(name);
        match value {
            PlainValue::Text(text) => change(text),
            // In an address the characters belong to a part.
            PlainValue::Jid(_) | PlainValue::Null => {}
        }
    }
    if let PlainContent::Text(text) = &mut node.content {
        change(text);
    }
}

#[cfg(test)]
mod tests {
    use wabinary::Node;

    use super::*;

    #[test]
    fn each_part_can_be_taken_out_and_nothing_else_is() {
        let plain = "<iq a=\"1\" to=\"5@lid\" from=\"3:5@s.whatsapp.net\"><x>{base64}AQID</x></iq>";
        for (row, with, bare) in [
            ("D9", "<x><y a=\"{null}\"/></x>", "<x><y a=\"1\"/></x>"),
            ("D17.9", "<x a=\"\"/>", "<x a=\"1\"/>"),
            ("7.2 empty string", "<_x_ _x_=\"1\"/>", "<ack x=\"1\"/>"),
            ("D20", "<x>{nodes}</x>", "<x/>"),
            ("D22.1", "<x>{text}type</x>", "<x>{base64}dHlwZQ==</x>"),
            ("D23.1", "<x>{jid}5@lid</x>", "<x>{base64}NUBsaWQ=</x>"),
            ("D26", "<x to=\"{pair-empty}lid\"/>", "<x to=\"12@s.whatsapp.net\"/>"),
            ("6.3 server alone", "<x to=\"lid\"/>", "<x to=\"12@s.whatsapp.net\"/>"),
            ("D28", "<x to=\"a@b\"/>", "<x to=\"a@s.whatsapp.net\"/>"),
            (
                "D29.1",
                "<x to=\"5:99@hosted\" from=\"5:99@hosted.lid\"/>",
                "<x to=\"12@s.whatsapp.net\" from=\"12@s.whatsapp.net\"/>",
            ),
            ("D33", "<x to=\"{ad}5@lid\"/>", "<x to=\"12@s.whatsapp.net\"/>"),
            ("D36", "<x to=\"5:1@msgr\"/>", "<x to=\"12@s.whatsapp.net\"/>"),
            ("D37.1", "<x>{jid}7-5:1@interop</x>", "<x>{jid}12@s.whatsapp.net</x>"),
            ("6.3 agent", "<x to=\"5_1:1@lid\"/>", "<x to=\"12@s.whatsapp.net\"/>"),
            ("6.3 u:256", "<x to=\"5:1@g.us\"/>", "<x to=\"12@s.whatsapp.net\"/>"),
            ("D43", "<x to=\"5:255@lid\"/>", "<x to=\"12@s.whatsapp.net\"/>"),
            ("6.3 a@b@c", "<x to=\"{text}a@b@c\">{text}0@1</x>", "<x to=\"abc\">{text}01</x>"),
            ("D45", "<x _x0031_=\"1\" b=\"1\"/>", "<x k1=\"1\" b=\"1\"/>"),
            ("D47", "<x id=\"\u{feff}x\" to=\"\u{feff}@lid\"/>", "<x id=\"x\" to=\"12@s.whatsapp.net\"/>"),
            ("7.2 tag 0", "<x><_x0030_/></x>", "<x><ack/></x>"),
            ("D39.2", "<x to=\"5@lid\">{jid}5@lid</x>", "<x to=\"1\"/>"),
        ] {
            let features = features_of(&[row.to_owned()]);
            let read = |xml: &str| PlainNode::from(Node::from_xml(xml).unwrap().as_ref());
            let [found, expected] = [without(&read(with), &features), read(bare)];
            assert_eq!(found, expected, "{row}: {with}");
            assert!(row == "D39.2" || without(&read(plain), &features) == read(plain), "{row}");
            let rows = ["D4.1".to_owned(), row.to_owned()];
            assert!(features.iter().all(|feature| row_of(feature, &rows) == Some(row)), "{row}");
        }
        // One part may leave another.
        let features = features_of(&["D46.2", "7.2 string with @"].map(str::to_owned));
        let node = Node::build("x").attr("id", "@").finish();
        assert_eq!(without(&PlainNode::from(node.as_ref()), &features).attrs, [("id".to_owned(), text("1"))]);
    }
}
