//! meowcaller's diagnostics, schema `wa-voip-diag/v2`.
//!
//! Source: `purpshell/meowcaller` `diag/extension/src/voip-capture*.js`. `wireBytes` are exact; `direction: internal`
//! repeats stanzas inside of the engine.

use super::object::Object;
use super::ordered::Json;
use super::tree::{self, Texts};
use super::{Read, own};
use crate::record::{Fidelity, Lost, Payload, Record};

const SOURCE: &str = "wa-voip-diag";

pub(super) fn read(object: &Object<'_>) -> Option<Read> {
    let is_one = object.text_of("schema").is_some_and(|schema| schema.starts_with(SOURCE))
        || object.has("wireBytes") && object.has("stanzaTag");
    if !is_one {
        return None;
    }
    let is_internal = object.text_of("direction").is_some_and(|direction| direction == "internal");
    let json = |name: &str| object.get(name).and_then(|value| Json::read(value.get()).ok());
    let bytes = json("wireBytes").as_ref().and_then(tree::bytes);
    let node = json("node").filter(tree::is_node);
    let (payload, fidelity) = match (bytes, node) {
        _ if is_internal => return Some(Read::PassedOver),
        (Some(bytes), _) => (Payload::Frame(bytes.into()), Fidelity::Bytes),
        (None, Some(node)) => match tree::read(&node, Texts::Text) {
            Ok(draft) => (draft.into_tree().into(), Fidelity::Tree),
            Err(problem) => {
                let offset = object.get("node").map_or(0, |value| object.text.offset_of(value));
                (object.text.wrong("node", offset, problem).into(), Fidelity::Bytes)
            }
        },
        (None, None) => return Some(Read::PassedOver),
    };
    let mut record = Record::from(payload).told_by(SOURCE, fidelity, Lost::NOTHING);
    Some(Read::one(match own::head(object, &mut record) {
        Ok(()) => record,
        Err(fault) => fault.into(),
    }))
}
