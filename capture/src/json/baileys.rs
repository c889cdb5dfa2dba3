//! Baileys, versions 6 and 7: pino at level trace or debug.
//!
//! Sources: `WhiskeySockets/Baileys` `src/Socket/socket.ts` (`recv xml`, `xml send`, `communication recv`),
//! `src/Socket/messages-recv.ts` (`sent ack`), `src/WABinary/generic-utils.ts` (the XML).

use wabinary::stanza::Direction;

use super::object::Object;
use super::ordered::Json;
use super::own;
use super::tree::{self, Texts};
use crate::draft::{Draft, Told};
use crate::markup::{self, BAILEYS, Parsed};
use crate::read::Read;
use crate::record::{Fidelity, Lost, Manner, Payload, Record};

const SOURCE: &str = "baileys";
const LOST: Lost = Lost::VALUE_TYPES.and(Lost::CONTENT_TYPE);

pub(super) fn read(object: &Object<'_>) -> Option<Read> {
    let message = object.text_of("msg").or_else(|| object.text_of("message")).unwrap_or_default();
    let is_of_pino = object.has("level") || object.has("msg");
    if !is_of_pino {
        return None;
    }
    let mut records = if let Some(xml) = object.text_of("xml") {
        vec![of_xml(&xml, direction(&message))]
    } else if message.trim_start().starts_with('<') && object.get("sublogger").is_none() && !is_zerolog(object) {
        // In older versions, without labels, the stanza was the message.
        match markup::parse(message.trim(), &BAILEYS) {
            Parsed::Bad(..) if !object.has("class") => return None,
            _ => vec![of_xml(&message, None)],
        }
    } else if let Some(frame) = object.get("frame").and_then(|frame| Json::read(frame.get()).ok())
        && tree::is_node(&frame)
    {
        let is_sent = object.get("fromMe").is_some_and(|value| value.get() == "true");
        let direction = if is_sent { Direction::Send } else { Direction::Receive };
        vec![of_tree(tree::read(&frame, Texts::Text), Some(direction), Manner::Tree)]
    } else if message.starts_with("sent") && message.ends_with("ack") && object.has("sent") {
        of_ack_line(object, &message)
    } else {
        return None;
    };
    for record in &mut records {
        // A stanza is read even if the time of its line is bad.
        let mut timed = Record::from(record.payload.clone());
        if own::head(object, &mut timed).is_ok() {
            record.time = timed.time;
        }
    }
    Some(Read::Records(records))
}

/// Whether zerolog wrote the line: its level is a word, and the message is in `message`.
fn is_zerolog(object: &Object<'_>) -> bool {
    object.has("message") && !object.has("msg")
}

fn direction(message: &str) -> Option<Direction> {
    if message.contains("recv") {
        Some(Direction::Receive)
    } else if message.contains("send") || message.contains("sent") {
        Some(Direction::Send)
    } else {
        None
    }
}

fn of_xml(xml: &str, direction: Option<Direction>) -> Record {
    let payload = match markup::parse(xml.trim(), &BAILEYS) {
        Parsed::Whole(draft, _) => draft.into_tree().into(),
        other => Payload::from(other.fault()),
    };
    let record = Record::from(payload).told_by(SOURCE, Fidelity::Text, LOST);
    Record { direction, manner: Some(Manner::Xml), ..record }
}

fn of_tree(read: Result<Draft, String>, direction: Option<Direction>, manner: Manner) -> Record {
    let payload = match read {
        Ok(draft) => draft.into_tree().into(),
        Err(problem) => Payload::from(crate::Fault::in_tree("node", "", problem)),
    };
    let record = Record::from(payload).told_by(SOURCE, Fidelity::Tree, Lost::NOTHING);
    Record { direction, manner: Some(manner), ..record }
}

/// The received stanza, without its content, and the ack that was sent for it.
fn of_ack_line(object: &Object<'_>, message: &str) -> Vec<Record> {
    let json = |name: &str| object.get(name).and_then(|value| Json::read(value.get()).ok());
    let mut records = Vec::new();
    let received = json("recv").and_then(|received| match tree::is_node(&received) {
        true => tree::read(&received, Texts::Text).ok(),
        // The message had the tag, and the object only the attributes: `sent "call" ack`.
        false => {
            let tag = message.split('"').nth(1)?;
            Some(Draft { tag: tag.to_owned(), attrs: tree::attrs(&received).ok()?, content: Told::Nothing })
        }
    });
    if let Some(mut received) = received {
        if !matches!(received.tag.as_str(), "ack" | "receipt") {
            received.content = Told::Missing(None);
        }
        records.push(of_tree(Ok(received), Some(Direction::Receive), Manner::AckLine));
    }
    let sent = json("sent").ok_or_else(|| "expected the attributes of an ack".to_owned());
    let sent = sent.and_then(|sent| match tree::is_node(&sent) {
        true => tree::read(&sent, Texts::Text),
        false => Ok(Draft { attrs: tree::attrs(&sent)?, ..Draft::named("ack") }),
    });
    records.push(of_tree(sent, Some(Direction::Send), Manner::AckLine));
    records
}
