//! Adds the devices of a group to an outgoing message: one `<to jid><enc v type>ciphertext</enc></to>` each.
//!
//! It does the same as `tulir/whatsmeow` `send.go` in `prepareMessageNode`, `encryptMessageForDevices` and `sendGroup`,
//! and `WhiskeySockets/Baileys` `src/Socket/messages-send.ts` in `relayMessage` and `createParticipantNodes`. There
//! every device costs several objects; here all devices share the memory of one tree.
//!
//! `cargo run --example add_participants`

use wabinary::{Jid, NewValue, Node, NodeRef, Server, encode};

/// The data for one device: the key of the group's messages, encrypted for it.
pub struct ForDevice {
    /// The device.
    pub jid: Jid,
    /// The kind of `ciphertext`.
    pub kind: EncKind,
    /// The key, encrypted.
    pub ciphertext: Vec<u8>,
}

/// The kind of a ciphertext.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum EncKind {
    /// For a device with a session.
    Message,
    /// The first message of a session, which also shows the device who writes.
    PreKeyMessage,
}

impl From<EncKind> for NewValue<'_> {
    fn from(kind: EncKind) -> Self {
        match kind {
            EncKind::Message => "msg".into(),
            EncKind::PreKeyMessage => "pkmsg".into(),
        }
    }
}

/// A copy of `message` for these devices too. `phash` is the hash over the list of devices. `identity` is this device's
/// signed identity, which only devices with a new session need.
pub fn add_participants(message: NodeRef<'_>, devices: &[ForDevice], phash: &str, identity: &[u8]) -> Node {
    let message = message.edit();
    message.set("phash", phash).at("participants", |participants| {
        for device in devices {
            participants.child("to", |to| {
                to.attr("jid", &device.jid)
                    .child("enc", |enc| enc.attr("v", 2).attr("type", device.kind).content(&device.ciphertext))
            });
        }
    });
    if devices.iter().any(|device| device.kind == EncKind::PreKeyMessage) {
        message.child("device-identity", |node| node.content(identity));
    }
    message.finish()
}

/// A message to a group, encrypted with the sender's key, before anyone has that key.
pub fn group_message(group: &Jid, id: &str, ciphertext: &[u8]) -> Node {
    Node::build("message")
        .attr("id", id)
        .attr("type", "text")
        .attr("to", group)
        .child("participants", |_| {})
        .child("enc", |enc| enc.attr("v", 2).attr("type", "skmsg").content(ciphertext))
        .finish()
}

/// Devices with made-up ciphertexts; the last one is new.
pub fn made_up_devices(count: usize) -> Result<Vec<ForDevice>, wabinary::JidError> {
    let device = |n: usize| {
        let kind = if n + 1 == count { EncKind::PreKeyMessage } else { EncKind::Message };
        let jid = Jid::new(&format!("{}", 100_000_000_000_000 + n), Server::Lid)?;
        Ok(ForDevice { jid, kind, ciphertext: vec![0xc1; 64] })
    };
    (0..count).map(device).collect()
}

fn main() -> Result<(), wabinary::Error> {
    let group = Jid::new("120363000000000001", Server::Group)?;
    let message = group_message(&group, "3EB00123456789ABCDEF", &[0x5e; 80]);

    let small = add_participants(message.as_ref(), &made_up_devices(2)?, "2:AAAAAAAA", &[0x1d; 40]);
    println!("{small:#}");

    let large = add_participants(message.as_ref(), &made_up_devices(1_000)?, "2:AAAAAAAA", &[0x1d; 40]);
    println!("with 1,000 devices: {} bytes", encode(&large)?.len());
    Ok(())
}
