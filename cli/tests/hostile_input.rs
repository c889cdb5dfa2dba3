//! Hostile input: only its own record fails.

mod tool;

use tool::run;

/// Bytes that look random and are equal in every run (xorshift).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut step = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| step()).collect()
}

#[test]
fn noise_is_bad_records_in_every_form() {
    let noise = noise(1 << 20);
    for command in ["decode", "acks"] {
        for from in ["auto", "hex", "base64", "raw", "stream", "jsonl"] {
            let ran = run(&[command, "--from", from, "--format", "jsonl"], &noise);
            assert_eq!(ran.status, Some(1), "{command} {from}");
            assert!(ran.text().lines().all(|line| line.contains("\"error\":{\"kind\":")), "{command} {from}");
        }
    }
    for from in ["auto", "hex", "base64", "raw", "stream", "jsonl"] {
        for format in ["text", "json"] {
            assert_eq!(
                run(&["explain", "--from", from, "--format", format], &noise).status,
                Some(1),
                "{from} {format}"
            );
        }
    }
    for from in ["auto", "xml", "json", "jsonl"] {
        assert_eq!(run(&["encode", "--from", from], &noise).status, Some(1), "{from}");
    }
    // Noise in the place of frames usually reads as a frame.
    let framed: Vec<u8> =
        noise.chunks(40).flat_map(|chunk| [&[0, 0, chunk.len() as u8 + 2, 0, 0xf8], chunk].concat()).collect();
    assert_eq!(run(&["decode", "--from", "stream", "--format", "jsonl"], &framed).status, Some(1));
    assert_eq!(run(&["explain", "--from", "stream"], &framed).status, Some(1));
}

#[test]
fn deep_json_does_not_exhaust_the_stack() {
    let nested = |depth: usize| {
        let open = r#"{"tag":"a","content":{"nodes":["#.repeat(depth - 1);
        format!("{open}{{\"tag\":\"a\"}}{}\n", "]}}".repeat(depth - 1))
    };
    assert_eq!(run(&["encode"], nested(128)).status, Some(0));
    for (depth, kind) in [(129, "too-deep"), (256, "too-deep"), (257, "node"), (100_000, "node")] {
        let encoded = run(&["encode", "--format", "jsonl"], nested(depth));
        assert!(encoded.text().contains(&format!("{{\"kind\":\"{kind}\"")), "{depth}: {}", encoded.text());
    }
    assert_eq!(run(&["decode"], nested(256)).status, Some(0));
    for start in [
        "",
        "{\"a\":",
        "{\"tag\":",
        "{\"tag\":\"a\",\"attrs\":[",
        "{\"node\":",
        "{\"time\":",
        "{\"error\":",
        "{\"hex\":",
    ] {
        for bracket in ["[", "{\"a\":", "{\"tag\":\"a\",\"content\":"] {
            let text = format!("{start}{}", bracket.repeat(100_000));
            for (command, from) in [("encode", "auto"), ("encode", "json"), ("encode", "jsonl"), ("decode", "jsonl")] {
                assert_eq!(
                    run(&[command, "--from", from], &text).status,
                    Some(1),
                    "{command} {from} {start} {bracket}"
                );
            }
        }
    }
    let closed = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    assert_eq!(run(&["encode"], closed).status, Some(1));
}

#[test]
fn one_bad_value_does_not_hide_the_next() {
    for bad in [
        r#"{"tag": oops}"#,
        r#"{"tag": "a}"#,
        r#""text""#,
        "17",
        "oops",
        r#"{"tag": "a"}}"#,
        "\"\\",
        "{\"a\":[\"\\\"\"]}",
    ] {
        for (input, from) in [
            (format!("[{{\"tag\":\"iq\"}},{bad},\n{{\"tag\":\"ack\"}}]"), "json"),
            (format!("{{\"tag\":\"iq\"}}\n{bad}\n{{\"tag\":\"ack\"}}"), "jsonl"),
            (format!("{{\"tag\":\"iq\"}}\n{bad}\n{{\"tag\":\"ack\"}}"), "auto"),
        ] {
            let encoded = run(&["encode", "--from", from], &input);
            assert_eq!(encoded.status, Some(1), "{input}");
            assert!(encoded.text().starts_with("00f80119\n"), "{input}: {}", encoded.text());
            // If a quote or bracket is missing or extra, JSON without lines may lose later records.
            let is_balanced = !["{\"tag\": \"a}", "\"\\", "{\"tag\": \"a\"}}"].contains(&bad);
            assert!(
                !(is_balanced || from != "json") || encoded.text().ends_with("00f8011b\n"),
                "{input}: {}",
                encoded.text()
            );
        }
    }
}

#[test]
fn messages_show_no_values() {
    for input in [
        r#"{"tag":"ack","content":"secret"}"#,
        r#"{"tag":"ack","attrs":["secret"]}"#,
        r#"{"tag":"ack","attrs":[["from",{"jid":"secret@secret@secret"}]]}"#,
        r#"{"tag":"ack","secret":1}"#,
        r#"{"tag":"ack","attrs":[["from",{"jid":"a@lid","form":"secret"}]]}"#,
        r#"{"tag":"ack","content":{"bytes":"secret!"}}"#,
        r#"{"direction":"secret","tag":"ack"}"#,
        r#"{"hex":["secret"]}"#,
        r#"<ack id='secret' t="{secret}"/>"#,
        "<ack id=\"secret\">{secret}</ack>",
        "<ack>&secret;</ack>",
        "<ack>secret<a/></ack>",
        "<!-- secret --> secret <ack to='{jid}secret@secret@secret'/>",
        r#"{"node":"secret, expected secrecy"}"#,
        r#"{"tag":"ack","attrs":[["id","1"],["class","call"],["t","secret"],["secret","1"],["secret","2"]]}"#,
    ] {
        let encoded = run(&["encode"], input);
        assert_eq!(encoded.status, Some(1), "{input}");
        // The picture below a message shows a part of the input.
        let messages: String = encoded.stderr.lines().filter(|line| line.starts_with("wabinary: ")).collect();
        assert!(!messages.replace("@secret", "").contains("secret"), "{messages}");
        let encoded = run(&["encode", "--format", "jsonl"], input);
        assert!(!encoded.text().replace("@secret", "").contains("secret"), "{}", encoded.text());
    }
    let acks = r#"{"tag":"ack","attrs":[["id","1"],["class","call"],["token","secret"],["hbh_key","secret"]],"content":{"nodes":[{"tag":"relay","attrs":[["key","secret"],["domain_name","secret"]],"content":{"nodes":[{"tag":"te2","attrs":[["ip","secret"]],"content":{"text":"secret"}}]}}]}}"#;
    // The messages about failed records: for `acks`, without a picture.
    let broken = [
        (r#"{"tag":"ack","attrs":[["id","A"],["token","secret",1]]}"#, "line 1, column"),
        (r#"{"node":{"tag":"ack","attrs":[["id","A"],["key",secret]]}}"#, "line 1, column"),
        (r#"{"hex":"00f8 secret"}"#, "line 1, column"),
        (r#"{"hex":"00f80","x":"secret"}"#, "line 1, column"),
        (r#"{"direction":"secret","hex":"00f8011b"}"#, "line 1, column"),
    ];
    for format in ["text", "json", "jsonl", "html"] {
        for (input, place) in broken.iter().copied().chain([(acks, "")]) {
            let listed = run(&["acks", "--from", "jsonl", "--format", format], input);
            assert_eq!(listed.status, Some(i32::from(!place.is_empty())), "{}", listed.stderr);
            let printed = listed.text().to_owned() + &listed.stderr;
            assert!(!printed.contains("secret") && printed.contains(place), "{input}: {printed}");
        }
    }
}

#[test]
fn what_is_shown_does_not_act_on_a_terminal() {
    let tree = r#"{"tag":"ack","attrs":[["id","\u001b[2J\u009b"],["class","call"]]}"#;
    let error = r#"{"error":{"message":"\u001b[2J\r\u0007"}}"#;
    for bad in ["{\"tag\":\"\u{1b}[2J\u{9b}\r", "<\u{1b}[2J\u{9b}/>", "<a \u{1b}='\r'>\u{1b}</a\u{9b}>"] {
        let shown = run(&["encode"], bad).stderr;
        assert!(shown.chars().all(|character| character == '\n' || !character.is_control()), "{shown:?}");
        assert!(shown.contains('^'), "{shown}");
    }
    // Control characters, not as JSON escapes, in every place with a text.
    let acting = "\u{7f}\u{9b}2J\u{202e}\u{200b}\u{2066}\u{feff}\u{2028}a\u{200d}";
    let record = format!(r#"{{"time":"{acting}","node":{{"tag":"ack{acting}","attrs":[["{acting}","{acting}"]]}}}}"#);
    let told = format!(r#"{{"time":"{acting}","error":{{"message":"{acting}","kind":"{acting}"}}}}"#);
    let unknown = format!(r#"{{"node":{{"{acting}":1}}}}"#);
    let input = format!("{tree}\n{error}\n{record}\n{told}\n{unknown}\n");
    let file = acting.to_owned();
    for args in [
        &["decode"][..],
        &["decode", "--format", "jsonl"],
        &["decode", "--format", "json"],
        &["acks"],
        &["acks", "--format", "json"],
        &["explain"],
        &["explain", "--format", "jsonl"],
        &["encode", "--format", "jsonl"],
        &["decode", &file],
    ] {
        let ran = run(args, &input);
        let shown = format!("{}{}", ran.text(), ran.stderr);
        let acts = |character: char| character != '\n' && (character.is_control() || acting[3..].contains(character));
        let shown = shown.replace(['2', 'J', 'a'], "");
        assert!(!shown.contains(acts), "{args:?}: {shown:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_of_any_length_fits_into_512_mib() {
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "ulimit -v 524288 && exec \"$0\" decode --format jsonl", env!("CARGO_BIN_EXE_wabinary")]);
    shell.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let zeros = vec![b'0'; 1 << 20];
    let mut pieces = vec![&zeros[..]; 70];
    pieces.extend([&b"\n00f8011b\n"[..], b"{\"hex\":\""]);
    pieces.extend(vec![&zeros[..]; 70]);
    let ran = tool::in_pieces(shell, &pieces);
    assert_eq!(ran.status, Some(1), "{}", ran.stderr);
    let kinds: Vec<_> = ran.text().lines().map(|line| (line.contains("too-long"), line.contains("\"ack\""))).collect();
    assert_eq!(kinds, [(true, false), (false, true), (true, false)]);
}

#[cfg(target_os = "linux")]
#[test]
fn roots_of_any_length_fit_into_512_mib() {
    for (start, piece, mib) in [
        ("<a>", "x", 70),
        ("<!--", "-", 70),
        ("<a>", "<a/>", 16),
        ("<a ", "b='' ", 4),
        ("<a b='", "<", 4),
        ("<a>", "&amp;", 4),
    ] {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "ulimit -v 524288 && exec \"$0\" encode --from xml", env!("CARGO_BIN_EXE_wabinary")]);
        shell.stdin(std::process::Stdio::piped());
        shell.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let piece = piece.repeat((1 << 20) / piece.len());
        let mut pieces = vec![start.as_bytes()];
        pieces.extend(vec![piece.as_bytes(); mib]);
        let ran = tool::in_pieces(shell, &pieces);
        assert_eq!(ran.status, Some(1), "{start}: {}", ran.stderr);
        assert!(ran.stderr.contains('^'), "{start}: {}", ran.stderr);
    }
}
