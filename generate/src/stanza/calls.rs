//! Calls and acks, from the tables of the specification.

use arbitrary::{Result, Unstructured};
use wabinary::generate::text;
use wabinary::stanza::{AttributeSpec, CallAck, CallAction, ErrorCode};
use wabinary::{Builder, Jid};

use super::parts::{address, chat, device, hex, id, mostly, secret, time, user};

/// An ack, mostly of a call: each attribute and child that the specification has, with values that it knows.
pub(super) fn ack(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    let spec = CallAck::SPEC;
    let is_sent = u.ratio(1, 4)?;
    for attribute in spec.attributes.iter().chain(spec.further_attributes) {
        let is_there = match attribute.name {
            // Clients dispatch on what comes in, and rarely look at the other side.
            "from" => u.ratio(if is_sent { 1 } else { 9 }, 10)?,
            "to" => u.ratio(if is_sent { 9 } else { 1 }, 10)?,
            _ => attribute.required || u.ratio(1, 2)?,
        };
        if is_there {
            attribute_of(u, node, attribute)?;
        }
    }
    if u.ratio(1, 3)? {
        node.set("class", *u.choose(&["message", "receipt", "notification", "status", "presence"])?);
    }
    if u.ratio(1, 2)? {
        return Ok(());
    }
    let children: Vec<_> = spec.children.iter().chain(spec.further_children).collect();
    for _ in 0..u.int_in_range(1..=3)? {
        let child = u.choose(&children)?;
        let mut made = Ok(());
        node.child(child.tag, |node| made = ack_child(u, node, child.tag, child.attributes));
        made?;
    }
    Ok(())
}

fn attribute_of(u: &mut Unstructured<'_>, node: &Builder, attribute: &AttributeSpec) -> Result<()> {
    match (attribute.name, attribute.value_type) {
        ("type", _) => _ = node.set("type", action(u)?),
        ("error" | "code", _) => _ = node.set(attribute.name, code(u)?),
        (name, _) if !attribute.observed.is_empty() && name != "from" => {
            node.set(name, *u.choose(attribute.observed)?);
        }
        (name @ ("from" | "to"), _) => _ = node.set(name, chat(u)?),
        (name, "jid") => _ = node.set(name, device(u)?),
        (name, "timestamp") => _ = node.set(name, time(u)?),
        (name, "int") => _ = node.set(name, u.int_in_range(0..=999)?),
        (name, _) => _ = node.set(name, id(u)?),
    }
    Ok(())
}

fn ack_child(u: &mut Unstructured<'_>, node: &Builder, tag: &str, attributes: &[AttributeSpec]) -> Result<()> {
    for attribute in attributes {
        attribute_of(u, node, attribute)?;
    }
    match tag {
        "relay" => relay(u, node),
        "user" | "device" | "to" | "participant" => {
            node.set("jid", if u.ratio(1, 4)? { user(u)? } else { device(u)? });
            if u.ratio(1, 2)? {
                node.set("error", code(u)?);
            }
            Ok(())
        }
        "error" if u.ratio(1, 3)? => name_call(u, node),
        "meta" => {
            node.set("failure_reason", u.int_in_range(0..=20)?);
            Ok(())
        }
        "rte" => {
            node.bytes(secret(u, 6)?);
            Ok(())
        }
        "group_info" => group(u, node),
        _ => Ok(()),
    }
}

/// A known action; rarely one that no client knows.
fn action(u: &mut Unstructured<'_>) -> Result<&'static str> {
    if u.ratio(1, 24)? { Ok("offer_v9") } else { Ok(u.choose(CallAction::KNOWN)?.name) }
}

/// A known code, or any number.
fn code(u: &mut Unstructured<'_>) -> Result<u16> {
    if u.ratio(9, 10)? { Ok(u.choose(ErrorCode::KNOWN)?.code) } else { u.int_in_range(0..=999) }
}

fn name_call(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    node.set("call-id", hex(u, 32)?).set("call-creator", device(u)?);
    Ok(())
}

/// A call with one action; what belongs to the action is in it, with the usual media.
pub(super) fn call(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    let (is_sent, stanza_id) = (u.ratio(1, 4)?, id(u)?);
    node.attr(if is_sent { "to" } else { "from" }, chat(u)?).attr("id", stanza_id);
    if !is_sent {
        mostly(u, node, "t", time)?;
        mostly(u, node, "e", |_| Ok(0))?;
        if u.ratio(1, 4)? {
            node.set("participant", device(u)?);
        }
        if u.ratio(1, 4)? {
            node.set("offline", 0).set("platform", "android").set("version", "2.26.1.1").set("notify", "Alex Example");
        }
    }
    let action = action(u)?;
    let mut made = Ok(());
    node.child(action, |node| made = of_action(u, node, action));
    made
}

fn of_action(u: &mut Unstructured<'_>, node: &Builder, action: &str) -> Result<()> {
    name_call(u, node)?;
    match CallAction::from_name(action) {
        CallAction::Offer | CallAction::Accept | CallAction::PreAccept | CallAction::OfferNotice => {
            for rate in ["8000", "16000"] {
                if u.ratio(2, 3)? {
                    node.child("audio", |audio| audio.attr("enc", "opus").attr("rate", rate));
                }
            }
            if u.ratio(1, 3)? {
                let orientation = u.int_in_range(0..=3)?;
                node.child("video", |video| {
                    video.attr("enc", "vp8").attr("dec", "vp8").attr("orientation", orientation)
                });
            }
            node.child("net", |net| net.attr("medium", 3));
            let ability = secret(u, 7)?;
            node.child("capability", |it| it.attr("ver", 1).bytes(ability));
            if u.ratio(1, 2)? {
                enc(u, node)?;
            }
            if u.ratio(1, 2)? {
                let mut made = Ok(());
                node.child("relay", |relay_node| made = relay(u, relay_node));
                made?;
            }
            node.child("encopt", |it| it.attr("keygen", 2));
        }
        CallAction::Terminate | CallAction::Reject => {
            match u.int_in_range(0..=6)? {
                0 => {}
                // Not every client knows the reasons of the next version.
                1 => _ = node.set("reason", text(u)?),
                _ => {
                    _ = node.set("reason", *u.choose(&["timeout", "busy", "accepted_elsewhere", "rejected_elsewhere"])?)
                }
            }
            node.set("count", 0);
        }
        CallAction::Transport | CallAction::RelayLatency | CallAction::RelayElection => {
            node.set("transport-message-type", u.int_in_range(0..=9)?);
            for _ in 0..u.int_in_range(0..=3)? {
                let (address, latency) = (address(u)?, 33_554_432 + u.int_in_range(0..=999)?);
                node.child("te", |te| te.attr("priority", 2).attr("latency", latency).bytes(address));
            }
        }
        CallAction::GroupInfo | CallAction::GroupUpdate => group(u, node)?,
        CallAction::EncRekey => {
            node.set("transaction-id", u.int_in_range(0..=99)?);
            enc(u, node)?;
        }
        CallAction::Mute | CallAction::MuteV2 => _ = node.set("mute-state", u.int_in_range(0..=1)?),
        CallAction::Video | CallAction::VideoState => {
            node.set("state", u.int_in_range(0..=12)?).set("device_orientation", 0);
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn enc(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    let kind = *u.choose(&["msg", "pkmsg", "skmsg"])?;
    let length = u.int_in_range(0..=300)?;
    let bytes = secret(u, length)?;
    let count = u.ratio(1, 3)?;
    node.child("enc", |enc| {
        enc.attr("v", 2).attr("type", kind);
        if count {
            enc.attr("count", 0);
        }
        enc.bytes(bytes);
    });
    Ok(())
}

fn relay(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    node.attr("uuid", hex(u, 16)?).attr("self_pid", 1).attr("peer_pid", 2);
    let creator: Jid = device(u)?;
    node.child("participant", |it| it.attr("pid", 1).attr("jid", creator));
    for (tag, length) in [("token", 180), ("auth_token", 90), ("key", 16), ("hbh_key", 30)] {
        if u.ratio(2, 3)? {
            let bytes = secret(u, length)?;
            node.child(tag, |it| it.attr("id", 0).bytes(bytes));
        }
    }
    for relay_id in 0..u.int_in_range(0..=2)? {
        let address = address(u)?;
        node.child("te2", |te| {
            te.attr("relay_id", relay_id).attr("relay_name", "xyz1c01").attr("token_id", 0).attr("auth_token_id", 0);
            te.attr("c2r_rtt", 20).bytes(address);
        });
    }
    Ok(())
}

fn group(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    for _ in 0..u.int_in_range(1..=4)? {
        let (user, device, state) = (user(u)?, device(u)?, *u.choose(&["connected", "invited", "left", "outgoing"])?);
        node.child("user", |it| {
            it.attr("jid", user).attr("state", state);
            it.child("device", |it| it.attr("jid", device).attr("state", state));
        });
    }
    Ok(())
}
