//! The hook records everything that passes the ciphers of whatsapp-rust: here the frames of a shipped recording.

use std::fs;
use std::path::Path;

use wacore_noise::NoiseCipher;

/// The value of a text field of a line.
fn field<'a>(line: &'a str, name: &str) -> &'a str {
    let (_, rest) = line.split_once(&format!("\"{name}\":\"")).unwrap();
    rest.split('"').next().unwrap()
}

#[test]
fn frames_of_both_directions_are_recorded() {
    let told = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/hooks/baileys-7.0.0-rc14.jsonl");
    let told = fs::read_to_string(told).unwrap();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whatsapp-rust.jsonl");
    let _ = fs::remove_file(&file);
    let counts = wabinary_hook_whatsapp_rust::record(&file).unwrap();
    let [send, receive] = [[1; 32], [2; 32]].map(|key| NoiseCipher::new(&key).unwrap());
    let mut counters = [0; 2];
    for line in told.lines() {
        let hex = field(line, "hex");
        let mut frame: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        if field(line, "direction") == "send" {
            send.encrypt_in_place_with_counter(counters[0], &mut frame).unwrap();
            counters[0] += 1;
        } else {
            let iv = wacore_noise::generate_iv(counters[1]);
            let mut sealed = Vec::new();
            wacore_libsignal::crypto::aes_256_gcm_encrypt(&[2; 32], &iv, b"", &frame, &mut sealed).unwrap();
            receive.decrypt_in_place_with_counter(counters[1], &mut sealed).unwrap();
            assert_eq!(sealed, frame);
            counters[1] += 1;
        }
    }
    // A frame that fails authentication is not recorded.
    receive.decrypt_in_place_with_counter(9, &mut vec![0; 40]).unwrap_err();
    let shown = |lines: &str| {
        lines.lines().map(|line| format!("{} {}", field(line, "direction"), field(line, "hex"))).collect::<Vec<_>>()
    };
    assert_eq!(shown(&fs::read_to_string(&file).unwrap()), shown(&told));
    assert_eq!((counts.received(), counts.sent(), counts.failed()), (3, 2, 0));
    // Only one recording for each program.
    assert!(wabinary_hook_whatsapp_rust::record(&file).is_err());
}
