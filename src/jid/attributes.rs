//! The attributes that carry addresses.

/// Each name, in order. Sources: what `tulir/whatsmeow`, `oxidezap/whatsapp-rust` and `Auties00/Cobalt` read as JIDs, and
/// `WhiskeySockets/Baileys` as addresses. `target_chat_jid`, `target_sender_jid` and `thread_msg_sender_jid` are those of
/// `<meta>` in a message (whatsapp-rust, Cobalt); `creator_pn` and `s_o_pn` of `<group>` (Baileys `src/Socket/groups.ts`);
/// `pn_jid` of a block list's `<item>` (Cobalt); `linked_parent` and `parent_group_jid` of communities (whatsmeow, Cobalt).
const ADDRESS_ATTRIBUTES: [&str; 41] = [
    "author",
    "call-creator",
    "caller_lid",
    "caller_pn",
    "creator",
    "creator_lid",
    "creator_pn",
    "from",
    "group-jid",
    "group_jid",
    "jid",
    "lid",
    "link-creator",
    "link_creator",
    "link_creator_pn",
    "linked_parent",
    "new_lid",
    "old_lid",
    "parent_group_jid",
    "participant",
    "participant_lid",
    "participant_pn",
    "peer_jid",
    "peer_recipient_lid",
    "peer_recipient_pn",
    "phone_number",
    "pn",
    "pn_jid",
    "recipient",
    "recipient_lid",
    "recipient_pn",
    "s_o",
    "s_o_pn",
    "sender",
    "sender_lid",
    "sender_pn",
    "target_chat_jid",
    "target_sender_jid",
    "thread_msg_sender_jid",
    "to",
    "user_pn",
];

/// Whether an attribute of this name carries an address, whatever the node: `from`, `participant`, `call-creator`, …
///
/// XML reads plain text in such an attribute with [`address_text`](crate::address_text). A client's log has lost the
/// types, and can be read in the same way.
///
/// ```
/// use wabinary::is_address_attribute;
/// assert!(is_address_attribute("participant") && !is_address_attribute("id"));
/// ```
#[must_use]
pub fn is_address_attribute(name: &str) -> bool {
    ADDRESS_ATTRIBUTES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found() {
        assert!(ADDRESS_ATTRIBUTES.is_sorted() && ADDRESS_ATTRIBUTES.into_iter().all(is_address_attribute));
        assert!(!["", "id", "From", "jids", "zz"].into_iter().any(is_address_attribute));
    }
}
