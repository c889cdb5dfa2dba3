//! A call acknowledgement with every attribute.

use wabinary::Encoder;

use super::{ack_of_call, device, lid};

/// Every attribute that an ack can have, and an error entry.
pub fn frame_with_every_field() -> Vec<u8> {
    let ack = ack_of_call(1);
    ack.attr("to", device(1, 5)).attr("type", "offer").attr("t", 1_700_000_001).attr("participant", device(1, 7));
    ack.attr("recipient", lid(1))
        .attr("error", 503)
        .child("error", |error| error.attr("code", 503).attr("text", "service unavailable"));
    Encoder::new().encode(&ack.finish()).expect("the corpus encodes").to_vec()
}
