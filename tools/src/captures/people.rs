//! Who takes part. Numbers and ids are made up.

use wabinary::{JidRef, Server};

/// This user by phone number, and the device that captures by hidden id.
pub(crate) const OWN_NUMBER: JidRef<'_> = user("15550001111", Server::Whatsapp);
pub(crate) const OWN_DEVICE: JidRef<'_> = device("100000011111111", 7);

/// Answers calls on the phone; has a desktop too.
pub(crate) const ALICE: JidRef<'_> = user("100000022222222", Server::Lid);
pub(crate) const ALICE_DESKTOP: JidRef<'_> = device("100000022222222", 3);
pub(crate) const ALICE_NUMBER: JidRef<'_> = user("15550002222", Server::Whatsapp);

/// Cannot be called by this user, but calls.
pub(crate) const BOB: JidRef<'_> = user("100000033333333", Server::Lid);
pub(crate) const BOB_DESKTOP: JidRef<'_> = device("100000033333333", 12);

/// Takes calls only of people who are known.
pub(crate) const CAROL: JidRef<'_> = user("100000044444444", Server::Lid);

/// Is called by phone number.
pub(crate) const DAVE: JidRef<'_> = user("15550005555", Server::Whatsapp);

pub(crate) const GROUP: JidRef<'_> = user("120363000000000001", Server::Group);

/// `user@server`.
pub(crate) const fn user(user: &'static str, server: Server<'static>) -> JidRef<'static> {
    match JidRef::new(user, server) {
        Ok(jid) => jid,
        Err(_) => panic!("no JID"),
    }
}

const fn device(hidden_id: &'static str, device: u16) -> JidRef<'static> {
    match user(hidden_id, Server::Lid).with_device(device) {
        Ok(jid) => jid,
        Err(_) => panic!("no device"),
    }
}
