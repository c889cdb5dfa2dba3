//! Messages, receipts, queries, notifications and the rest.

use arbitrary::{Result, Unstructured};
use wabinary::generate::text;
use wabinary::{Builder, Jid, Server};

use super::calls::enc;
use super::parts::{chat, device, hex, id, mostly, secret, time, user};

/// The attributes with which most stanzas from the server begin.
fn head(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    let from = chat(u)?;
    // A status comes from `status@broadcast`. Clients refuse both without the participant.
    if from.is_group() || from.server() == Server::Broadcast || u.ratio(1, 10)? {
        mostly(u, node, "participant", device)?;
    }
    mostly(u, node, "from", |_| Ok(from))?;
    mostly(u, node, "id", id)?;
    mostly(u, node, "t", time)
}

/// Makes children with a tag; those of a message may be many.
fn some(
    u: &mut Unstructured<'_>,
    node: &Builder,
    tag: &str,
    mut fill: impl FnMut(&mut Unstructured<'_>, &Builder) -> Result<()>,
) -> Result<()> {
    let count = *u.choose(&[0, 1, 1, 2, 3, 7, 40])?;
    for _ in 0..count {
        let mut made = Ok(());
        node.child(tag, |child| made = fill(u, child));
        made?;
    }
    Ok(())
}

pub(super) fn message(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    head(u, node)?;
    mostly(u, node, "type", |u| Ok(*u.choose(&["text", "media", "reaction", "poll", "medianotify", "pay"])?))?;
    mostly(u, node, "notify", |u| Ok(*u.choose(&["Alex Example", "Zoë", "\u{202e}evil", "", "👩‍🚀 crew"])?))?;
    for (name, of) in [("recipient", 8), ("sender_pn", 8), ("sender_lid", 8), ("participant_pn", 10)] {
        if u.ratio(1, of)? {
            node.set(name, user(u)?);
        }
    }
    for (name, value) in [("edit", "1"), ("offline", "12"), ("addressing_mode", "lid"), ("category", "peer")] {
        if u.ratio(1, 8)? {
            node.set(name, value);
        }
    }
    match u.int_in_range(0..=5)? {
        0..=2 => {
            for _ in 0..u.int_in_range(1..=2)? {
                enc(u, node)?;
            }
        }
        3 => {
            let bytes = secret(u, 60)?;
            node.child("plaintext", |it| it.bytes(bytes));
        }
        4 => {
            let mut made = Ok(());
            node.child("participants", |list| {
                made = some(u, list, "to", |u, to| {
                    to.attr("jid", device(u)?);
                    enc(u, to)
                });
            });
            made?;
        }
        _ => {}
    }
    if u.ratio(1, 4)? {
        let bytes = secret(u, 150)?;
        node.child("device-identity", |it| it.bytes(bytes));
    }
    if u.ratio(1, 4)? {
        let target = id(u)?;
        node.child("meta", |it| it.attr("target_id", target).attr("polltype", "creation"));
    }
    if u.ratio(1, 6)? {
        let value = text(u)?;
        node.child("biz", |biz| biz.child("native_flow_name", |it| it.content(value)));
    }
    Ok(())
}

pub(super) fn receipt(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    head(u, node)?;
    let kind =
        *u.choose(&["", "read", "read-self", "played", "retry", "sender", "inactive", "server-error", "hist_sync"])?;
    if !kind.is_empty() {
        node.set("type", kind);
    }
    match (kind, u.int_in_range(0..=3)?) {
        ("retry", _) => {
            let (of, time, count, registration) = (id(u)?, time(u)?, u.int_in_range(0..=6)?, secret(u, 4)?);
            node.child("retry", |it| it.attr("v", 1).attr("count", count).attr("id", of).attr("t", time));
            node.child("registration", |it| it.bytes(registration));
            if u.ratio(1, 2)? {
                let mut made = Ok(());
                node.child("keys", |keys| made = prekeys(u, keys));
                made?;
            }
        }
        (_, 0) => {
            let mut made = Ok(());
            node.child("list", |list| {
                made = some(u, list, "item", |u, item| {
                    item.attr("id", id(u)?);
                    Ok(())
                });
            });
            made?;
        }
        (_, 1) => {
            let (call, creator) = (hex(u, 32)?, device(u)?);
            let action = *u.choose(&["offer", "accept", "reject", "enc_rekey"])?;
            node.child(action, |it| it.attr("call-id", call).attr("call-creator", creator));
        }
        _ => {}
    }
    Ok(())
}

fn prekeys(u: &mut Unstructured<'_>, keys: &Builder) -> Result<()> {
    keys.child("type", |it| it.bytes(vec![5]));
    for (tag, length) in [("identity", 32), ("device-identity", 150)] {
        let bytes = secret(u, length)?;
        keys.child(tag, |it| it.bytes(bytes));
    }
    for tag in ["skey", "key"] {
        let (number, value, signature) = (secret(u, 3)?, secret(u, 32)?, secret(u, 64)?);
        keys.child(tag, |key| {
            key.child("id", |it| it.bytes(number)).child("value", |it| it.bytes(value));
            if tag == "skey" {
                key.child("signature", |it| it.bytes(signature));
            }
        });
    }
    Ok(())
}

pub(super) fn iq(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    const SPACES: [&str; 10] = [
        "w:p",
        "usync",
        "encrypt",
        "w:g2",
        "w:profile:picture",
        "privacy",
        "urn:xmpp:ping",
        "w:m",
        "w:sync:app:state",
        "md",
    ];
    let kind = *u.choose(&["result", "result", "error", "get", "set"])?;
    mostly(u, node, "from", |_| Ok(Jid::SERVER))?;
    mostly(u, node, "type", |_| Ok(kind))?;
    mostly(u, node, "id", id)?;
    let space = *u.choose(&SPACES)?;
    if matches!(kind, "get" | "set") || u.ratio(1, 6)? {
        node.set("xmlns", space);
    }
    if kind == "error" {
        let code = u.int_in_range(400..=503)?;
        node.child("error", |it| it.attr("code", code).attr("text", "item-not-found"));
        return Ok(());
    }
    let mut made = Ok(());
    match space {
        "usync" => {
            node.child("usync", |usync| {
                usync.attr("sid", "1").attr("index", 0).attr("last", "true");
                usync.child("list", |list| {
                    made = some(u, list, "user", |u, user_node| {
                        user_node.attr("jid", user(u)?);
                        let key = u.int_in_range(0..=99)?;
                        user_node.child("devices", |devices| {
                            devices.child("device-list", |list| {
                                list.child("device", |it| it.attr("id", key).attr("key-index", key));
                            });
                        });
                        Ok(())
                    });
                });
            });
        }
        "encrypt" => {
            node.child("list", |list| {
                made = some(u, list, "user", |u, user_node| {
                    user_node.attr("jid", device(u)?);
                    let (t, registration) = (time(u)?, secret(u, 4)?);
                    user_node.attr("t", t).child("registration", |it| it.bytes(registration));
                    prekeys(u, user_node)
                });
            });
        }
        "w:g2" => {
            let (creator, id, subject) = (user(u)?, u.int_in_range(0..=999_999)?, text(u)?);
            node.child("group", |group| {
                group.attr("id", 120_363_000_000_000_000_u64 + id).attr("creator", creator).attr("subject", subject);
                made = some(u, group, "participant", |u, it| {
                    it.attr("jid", user(u)?);
                    if u.ratio(1, 4)? {
                        it.attr("type", "admin");
                    }
                    Ok(())
                });
            });
        }
        "md" => {
            let reference = secret(u, 40)?;
            node.child("pair-device", |it| it.child("ref", |it| it.bytes(reference)));
        }
        "privacy" => {
            node.child("privacy", |list| {
                made = some(u, list, "category", |u, it| {
                    it.attr("name", *u.choose(&["last", "profile", "status", "groupadd"])?);
                    it.attr("value", *u.choose(&["all", "contacts", "none"])?);
                    Ok(())
                });
            });
        }
        _ => {}
    }
    made
}

pub(super) fn notification(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    const TYPES: [(&str, &str); 9] = [
        ("w:gp2", "add"),
        ("encrypt", "count"),
        ("devices", "update"),
        ("picture", "set"),
        ("account_sync", "devices"),
        ("server_sync", "collection"),
        ("privacy_token", "tokens"),
        ("mediaretry", "rmr"),
        ("newsletter", "live_updates"),
    ];
    head(u, node)?;
    let (kind, child) = *u.choose(&TYPES)?;
    mostly(u, node, "type", |_| Ok(kind))?;
    let (value, hash, subject) = (u.int_in_range(0..=812)?, hex(u, 8)?, device(u)?);
    node.child(child, |it| {
        match child {
            "count" => _ = it.attr("value", value),
            "collection" => _ = it.attr("name", "regular_high").attr("version", value),
            "update" => _ = it.attr("hash", hash),
            _ => {}
        }
        if matches!(child, "add" | "devices" | "tokens") {
            it.child(if child == "add" { "participant" } else { "device" }, |it| it.attr("jid", subject));
        }
    });
    Ok(())
}

pub(super) fn presence(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    mostly(u, node, "from", chat)?;
    if u.ratio(1, 2)? {
        node.set("type", *u.choose(&["available", "unavailable", "subscribe"])?);
    }
    if u.ratio(1, 2)? {
        node.set("last", *u.choose(&["deny", "none", "error", "1700000000"])?);
    }
    Ok(())
}

pub(super) fn chatstate(u: &mut Unstructured<'_>, node: &Builder) -> Result<()> {
    head(u, node)?;
    let state = *u.choose(&["composing", "paused"])?;
    let is_audio = u.ratio(1, 4)?;
    node.child(state, |it| {
        if is_audio {
            it.attr("media", "audio");
        }
    });
    Ok(())
}

pub(super) fn of_stream(u: &mut Unstructured<'_>, node: &Builder, tag: &str) -> Result<()> {
    match tag {
        "success" => {
            node.attr("t", time(u)?).attr("lid", device(u)?).attr("location", "xyz");
            node.attr("props", u.int_in_range(0..=99)?).attr("companion_enc_static", "AAAA");
        }
        "failure" => {
            node.attr("reason", *u.choose(&["401", "403", "405", "409", "503"])?).attr("location", "xyz");
        }
        "stream:error" => {
            if u.ratio(1, 2)? {
                node.attr("code", *u.choose(&["515", "516", "503"])?);
            }
            node.child("conflict", |it| it.attr("type", "replaced"));
        }
        "ib" => {
            let child = *u.choose(&["dirty", "offline", "edge_routing", "offline_preview", "thread_metadata"])?;
            let (count, time, routing) = (u.int_in_range(0..=999)?, time(u)?, secret(u, 20)?);
            node.child(child, |it| match child {
                "edge_routing" => _ = it.child("routing_info", |it| it.bytes(routing)),
                "dirty" => _ = it.attr("type", "account_sync").attr("timestamp", time),
                _ => _ = it.attr("count", count),
            });
        }
        _ => {}
    }
    Ok(())
}
