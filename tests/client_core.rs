//! The example client works over a loopback socket.

#[allow(dead_code, unreachable_pub, reason = "an example, whose main is not called here")]
#[path = "../examples/client_core.rs"]
mod client_core;

/// The queues have room for two, so a loop that waited for a task that waits for it would hang here.
#[tokio::test]
async fn a_client_asks_answers_sends_receives_and_logs() {
    let report = client_core::session().await.unwrap();
    assert_eq!((report.answer.as_str(), &report.ciphertexts[..]), ("result", &[28; 40][..]));
    let seen: Vec<String> = report
        .log
        .iter()
        .map(|line| match serde_json::from_str::<serde_json::Value>(line).unwrap() {
            line if line["error"].is_string() => "error".to_owned(),
            line if line["answered"].is_string() => format!("answered {}", line["answered"].as_str().unwrap()),
            line => {
                format!("{} {}", line["direction"].as_str().unwrap(), line["node"]["tag"].as_str().unwrap())
            }
        })
        .collect();
    for (event, count) in [
        // A frame without a node, and a message without an id.
        ("error", 2),
        ("send iq", 2),
        ("receive iq", 2),
        ("send ack", 1),
        ("send message", 1),
        ("answered 2", 1),
        ("receive message", 21),
        ("send receipt", 20),
    ] {
        assert_eq!(seen.iter().filter(|seen| *seen == event).count(), count, "{event} in {seen:?}");
    }
    // Each comes after the one before it, however the socket cuts the stream.
    let first = |event: &str| seen.iter().position(|seen| seen == event);
    let order = ["send iq", "send message", "receive ack", "answered 2", "send receipt"].map(first);
    assert!(order.is_sorted() && order[0].is_some(), "{seen:?}");
}
