//! Frames that real clients exchanged; tests/data/clients/README.md names their peers.

use data_encoding::HEXLOWER;
use wabinary::{NodeRef, Server, Value, XmlReader, decode};
use wabinary_testing::{checks, project};

fn frames() -> Vec<Vec<u8>> {
    let read = |name: &str| std::fs::read_to_string(project().join("tests/data/clients").join(name)).unwrap();
    let lines = read("zapo.jsonl") + &read("baileys.jsonl");
    let hex = |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["hex"].as_str().unwrap().to_owned();
    lines.lines().map(|line| HEXLOWER.decode(hex(line).as_bytes()).unwrap()).collect()
}

#[test]
fn they_are_explained_and_come_back_and_their_json_is_readable() {
    let (mut all, mut json) = (String::new(), 0);
    for frame in frames() {
        let node = decode(frame.clone()).unwrap();
        let with_options = [&[0], &frame[..]].concat();
        checks::explain(&with_options);
        checks::roundtrip_bytes(&with_options);
        check_addresses(node.as_ref());

        let xml = format!("{node:#}\n");
        let mut roots = XmlReader::new(xml.as_bytes());
        assert_eq!(roots.next().unwrap().unwrap(), Ok(node));
        assert_eq!(roots.warnings(), [], "{xml}");
        json += xml.matches(">{utf8}{\"").count();
        all += &xml;
    }
    assert!(json >= 2 && !all.contains(">{base64}ey"), "{json} contents are JSON");
}

fn check_addresses(node: NodeRef<'_>) {
    for (name, value) in node.attrs() {
        let Value::Jid(jid) = value else { continue };
        let start = match jid.server() {
            Server::Whatsapp => "1555000",
            Server::Lid => "1000000",
            Server::Group => "1203630000000000",
            _ => "status",
        };
        assert!(jid.user().is_none_or(|user| user.starts_with(start)), "{name}: {jid}");
    }
    node.children().for_each(check_addresses);
}
