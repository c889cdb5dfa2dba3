//! Packets with websocket messages, from `tshark -Y websocket -T ek` and `-T json`.
//!
//! Tested with tshark 4.0.17. A packet may hold several messages: `-T json` then repeats the names, `-T ek` has lists.
//! Only binary messages have `data`; fragmented messages have none.

use bytes::Bytes;
use wabinary::stanza::Direction;

use super::object::Object;
use super::ordered::Json;
use crate::bytes_text::read_hex;
use crate::read::Read;
use crate::time::Time;
use crate::websocket::Message;

const SOURCE: &str = "tshark";

/// Reads a packet. Skips the lines between the packets of `-T ek`.
pub(super) fn read(object: &Object<'_>) -> Option<Read> {
    let is_index = object.has("index") && !object.has("hex");
    let Some(packet) = object.first(&["layers", "_source"]) else { return is_index.then(|| Read::Records(Vec::new())) };
    let layers = Json::read(packet.get()).ok()?;
    let one = |names| all(&layers, names).next().and_then(text);
    let socket = one(["tcp.stream", "tcp_tcp_stream"])?;
    let time = one(["frame.time_epoch", "frame_frame_time_epoch"]);
    let mask = all(&layers, ["websocket.mask", "websocket_websocket_mask"]).next()?;
    // Only clients mask their messages.
    let is_sent = *mask == Json::Bool(true) || text(mask) == Some("1");
    let direction = if is_sent { Direction::Send } else { Direction::Receive };
    let message = |bytes| Message {
        socket: socket.into(),
        direction,
        time: time.map(|time| Time::from_json(time, None)),
        line: None,
        place: None,
        source: SOURCE,
        bytes,
    };
    let mut messages = Vec::new();
    for data in all(&layers, ["data.data", "data_data_data"]) {
        messages.push(message(Some(Bytes::from(read_hex(text(data)?)?))));
    }
    if messages.is_empty() {
        messages.push(message(None));
    }
    Some(Read::Messages(messages))
}

/// The values of members with one of two names, in order, at any depth. The items of a list count separately.
fn all<'a>(json: &'a Json, names: [&'static str; 2]) -> impl Iterator<Item = &'a Json> {
    let mut open = vec![(json, false)];
    std::iter::from_fn(move || {
        while let Some((value, is_named)) = open.pop() {
            match value {
                Json::Object(members) => {
                    open.extend(members.iter().rev().map(|(name, value)| (value, names.contains(&name.as_str()))));
                }
                Json::List(values) => open.extend(values.iter().rev().map(|value| (value, is_named))),
                value if is_named => return Some(value),
                _ => {}
            }
        }
        None
    })
}

fn text(value: &Json) -> Option<&str> {
    match value {
        Json::Text(text) | Json::Number(text) => Some(text),
        _ => None,
    }
}
