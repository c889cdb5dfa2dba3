//! Devtools protocol events about websockets, one a line or in an array.

use bytes::Bytes;
use data_encoding::BASE64;
use serde_json::value::RawValue;
use wabinary::stanza::Direction;

use super::object::{Object, Text};
use crate::fault::Fault;
use crate::read::Read;
use crate::time::{Clock, Time};
use crate::websocket::{Event, Message};

const SOURCE: &str = "devtools";

/// Reads an event. Skips events that are not about frames, except for their clocks.
pub(super) fn read(object: &Object<'_>) -> Option<Read> {
    let method = object.text_of("method")?;
    let event = method.strip_prefix("Network.").filter(|_| object.has("params"))?;
    let params = inner(object, object.get("params")?)?;
    let direction = match event {
        "webSocketFrameSent" => Direction::Send,
        "webSocketFrameReceived" => Direction::Receive,
        _ => return Some(clock(&params).map_or(Read::PassedOver, Read::Socket)),
    };
    let response = params.get("response").and_then(|response| inner(object, response));
    let message = response.and_then(|response| message(&params, &response, direction));
    let wrong = || {
        Read::one(Fault::in_tree("record", "", "expected requestId, and a response with opcode and payloadData").into())
    };
    Some(message.map_or_else(wrong, |message| Read::Socket(Event::Message(message))))
}

fn inner<'a>(object: &Object<'a>, value: &'a RawValue) -> Option<Object<'a>> {
    Object::read(Text { text: value.get().as_bytes(), ..object.text }).ok()
}

fn message(params: &Object<'_>, response: &Object<'_>, direction: Direction) -> Option<Message> {
    let socket = params.get("requestId")?.get().into();
    let data = response.text_of("payloadData")?;
    // Opcodes are numbers with or without a fraction.
    let opcode: f64 = response.get("opcode")?.get().parse().ok()?;
    let is_binary = (opcode - 2.0).abs() < 0.5 && !data.is_empty();
    let bytes = if is_binary { Some(Bytes::from(BASE64.decode(data.as_bytes()).ok()?)) } else { None };
    let time = params.get("timestamp").map(|time| Time::from_json(time.get(), Some(Clock::Monotonic)));
    Some(Message { socket, direction, time, line: None, place: None, source: SOURCE, bytes })
}

/// The clocks, from an event with both times.
fn clock(params: &Object<'_>) -> Option<Event> {
    let micros = |name, clock| Time::from_json(params.get(name)?.get(), Some(clock)).micros();
    let wall = micros("wallTime", Clock::Unix)?;
    Some(Event::Clock { start: wall.checked_sub(micros("timestamp", Clock::Monotonic)?)? })
}
