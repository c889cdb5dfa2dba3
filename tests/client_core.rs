//! The example client works over a loopback socket.

#[allow(dead_code, unreachable_pub, reason = "an example, whose main is not called here")]
#[path = "../examples/client_core.rs"]
mod client_core;

#[tokio::test]
async fn a_client_asks_sends_receives_and_logs() {
    let report = client_core::session().await.unwrap();
    assert_eq!((report.answer.as_str(), &report.ciphertexts[..]), ("result", &[28, 28][..]));
    let lines: Vec<serde_json::Value> = report.log.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seen: Vec<String> = lines
        .iter()
        .map(|line| match (&line["answered"], &line["direction"]) {
            _ if line["error"].is_string() => "error".to_owned(),
            (serde_json::Value::Null, direction) => {
                format!("{} {}", direction.as_str().unwrap(), line["node"]["tag"].as_str().unwrap())
            }
            (id, _) => format!("answered {}", id.as_str().unwrap()),
        })
        .collect();
    assert_eq!(
        seen.join(", "),
        "send iq, error, receive message, error, receive iq, send message, receive ack, answered 2, receive message, send receipt, receive ack, answered 2"
    );
}
