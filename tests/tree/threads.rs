//! Types that own their data may be sent between threads.

use wabinary::explain::{Explanation, Finding};
use wabinary::stanza::{Ack, AckFinding, CallAck, CallReceipt, CallStanza, FromNodeError};
use wabinary::stream::{FrameReader, Prologue, StreamError};
use wabinary::{
    AttrError, Builder, DecodeError, Decoder, EncodeError, Encoder, Jid, JidError, JidRef, Limits, Node, NodeRef,
    StanzaError,
};

fn goes_anywhere<T: Send + Sync + 'static>() {}

#[test]
fn everything_owned_is_send_and_sync() {
    goes_anywhere::<Node>();
    goes_anywhere::<Jid>();
    goes_anywhere::<Decoder>();
    goes_anywhere::<Encoder>();
    goes_anywhere::<(Limits, Explanation, Finding)>();
    goes_anywhere::<(Ack, CallAck, CallReceipt, CallStanza, AckFinding, FromNodeError)>();
    goes_anywhere::<(FrameReader, Prologue)>();
    goes_anywhere::<(wabinary::XmlReader<std::io::Empty>, wabinary::XmlError)>();
    goes_anywhere::<DecodeError>();
    goes_anywhere::<EncodeError>();
    goes_anywhere::<AttrError>();
    goes_anywhere::<JidError>();
    goes_anywhere::<StanzaError>();
    goes_anywhere::<StreamError>();
    goes_anywhere::<Box<dyn std::error::Error + Send + Sync>>();
}

/// Builders may be sent between threads, with their trees.
#[test]
fn builders_are_send() {
    fn goes_on<T: Send + 'static>() {}
    goes_on::<(Builder, wabinary::stanza::CallAckBuilder)>();
}

fn is_shared<T: Copy + Send + Sync>(value: T) -> T {
    value
}

#[test]
fn views_are_copies_that_threads_may_share() {
    let node = Node::build("a").attr("x", "1@lid").finish();
    let view: NodeRef<'_> = is_shared(node.as_ref());
    let jid: JidRef<'_> = is_shared(view.get("x").unwrap());
    let read = std::thread::scope(|scope| scope.spawn(move || (view.tag().len(), jid.to_string())).join().unwrap());
    assert_eq!(read, (1, "1@lid".to_owned()));
}

#[test]
fn a_tree_decoded_in_one_thread_is_encoded_in_another() {
    let frame = [0x00, 0xf8, 0x03, 0x19, 0x04, 0x29];
    let node = std::thread::spawn(move || wabinary::decode_slice(&frame)).join().unwrap().unwrap();
    assert_eq!(wabinary::encode(&node).unwrap(), &frame[..]);
}
