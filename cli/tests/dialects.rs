//! The same events in every dialect: the same outcomes and latencies, as far as the dialect has them. Each is also
//! damaged.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::fmt::Write;

use tool::run;
use wabinary::{Node, encode};

/// The time in milliseconds, whether it is sent, tag and attributes, and the child.
struct Told(u64, bool, &'static str, &'static [(&'static str, &'static str)], Option<Child>);
type Child = (&'static str, &'static [(&'static str, &'static str)]);

const PEER: &str = "100000022222222@lid";

/// An offer is refused after 200 ms; one that comes in is acked after 27 ms.
const STORY: [Told; 4] = [
    Told(0, true, "call", &[("id", "41.17-1"), ("to", PEER)], Some(("offer", &[("call-id", "C1")]))),
    Told(
        200,
        false,
        "ack",
        &[("class", "call"), ("error", "403"), ("from", PEER), ("id", "41.17-1"), ("type", "offer")],
        None,
    ),
    Told(1000, false, "call", &[("from", PEER), ("id", "41.17-2")], Some(("offer", &[("call-id", "C2")]))),
    Told(1027, true, "ack", &[("class", "call"), ("id", "41.17-2"), ("to", PEER)], None),
];

impl Told {
    fn xml(&self, quote: char, end: &str) -> String {
        let attrs = |attrs: &[(&str, &str)]| {
            attrs.iter().fold(String::new(), |mut all, (name, value)| {
                write!(all, " {name}={quote}{value}{quote}").unwrap();
                all
            })
        };
        let tag = format!("<{}{}", self.2, attrs(self.3));
        match self.4 {
            Some((child, of_child)) => format!("{tag}>{end}<{child}{}/>{end}</{}>", attrs(of_child), self.2),
            None => format!("{tag}/>"),
        }
    }

    fn frame(&self) -> Vec<u8> {
        encode(&Node::from_xml(&self.xml('"', "")).unwrap()).unwrap().to_vec()
    }

    fn hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.frame())
    }

    /// `{tag, attrs, content}`, with the names of a language.
    fn json(&self, [tag, attrs, content]: [&str; 3]) -> String {
        let object = |attrs: &[(&str, &str)]| {
            let members = attrs.iter().map(|(name, value)| format!("\"{name}\":\"{value}\""));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        };
        let below = self.4.map_or("null".to_owned(), |(child, of_child)| {
            format!("[{{\"{tag}\":\"{child}\",\"{attrs}\":{},\"{content}\":null}}]", object(of_child))
        });
        format!("{{\"{tag}\":\"{}\",\"{attrs}\":{},\"{content}\":{below}}}", self.2, object(self.3))
    }

    fn java(&self) -> String {
        let list =
            |attrs: &[(&str, &str)]| attrs.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(", ");
        let below = self.4.map_or(String::new(), |(child, of_child)| {
            format!(", children=[Node[description={child}, attributes={{{}}}]]", list(of_child))
        });
        format!("Node[description={}, attributes={{{}}}{below}]", self.2, list(self.3))
    }

    fn day(&self) -> String {
        format!("22:13:{:02}.{:03}", 20 + self.0 / 1000, self.0 % 1000)
    }

    fn date(&self) -> String {
        format!("2023-11-14T{}Z", self.day())
    }

    fn way(&self, sent: &'static str, received: &'static str) -> &'static str {
        if self.1 { sent } else { received }
    }
}

/// The times that a dialect keeps.
#[derive(Clone, Copy, PartialEq)]
enum Times {
    All,
    WholeSeconds,
    None,
}

const JS: [&str; 3] = ["tag", "attrs", "content"];
const GO: [&str; 3] = ["Tag", "Attrs", "Content"];

type Dialect = (&'static str, Times, fn(&Told) -> String);

/// Each writes a stanza as one entry.
const DIALECTS: &[Dialect] = &[
    ("own hex", Times::All, |it| {
        format!(
            "{{\"time\":{}.{:03},\"direction\":\"{}\",\"hex\":\"{}\"}}",
            1_700_000_000 + it.0 / 1000,
            it.0 % 1000,
            it.way("out", "in"),
            it.hex()
        )
    }),
    ("binary nodes", Times::All, |it| {
        format!(
            "{{\"ts\":{},\"direction\":\"{}\",\"node\":{}}}",
            1_700_000_000_000 + it.0,
            it.way("tx", "rx"),
            it.json(JS)
        )
    }),
    ("go recorder", Times::All, |it| {
        format!(
            "{{\"at\":\"{}\",\"direction\":\"{}\",\"node\":{},\"xml\":\"\"}}",
            it.date(),
            it.way("send", "recv"),
            it.json(GO)
        )
    }),
    ("wa-voip-diag", Times::All, |it| {
        format!(
            "{{\"schema\":\"wa-voip-diag/v2\",\"ts\":{},\"direction\":\"{}\",\"wireBytes\":{{\"hex\":\"{}\"}}}}",
            1_700_000_000_000 + it.0,
            it.way("out", "in"),
            it.hex()
        )
    }),
    ("baileys", Times::All, |it| {
        format!(
            "{{\"level\":10,\"time\":{},\"class\":\"baileys\",\"xml\":\"{}\",\"msg\":\"{}\"}}",
            1_700_000_000_000 + it.0,
            it.xml('\'', "\\n\\t"),
            it.way("xml send", "recv xml")
        )
    }),
    ("baileys, before labels", Times::All, |it| {
        format!(
            "{{\"level\":10,\"time\":\"{}\",\"class\":\"baileys\",\"msg\":\"{}\"}}",
            it.date(),
            it.xml('\'', "\\n\\t")
        )
    }),
    ("baileys tree", Times::All, |it| {
        format!(
            "{{\"level\":20,\"time\":{},\"fromMe\":{},\"frame\":{},\"msg\":\"communication\"}}",
            1_700_000_000_000 + it.0,
            it.1,
            it.json(JS)
        )
    }),
    ("pino-pretty", Times::All, |it| {
        format!(
            "[{}] TRACE (4711): {}\n    class: \"baileys\"\n    xml: \"{}\"",
            it.day(),
            it.way("xml send", "recv xml"),
            it.xml('\'', "\\n\\t")
        )
    }),
    ("zapo", Times::All, |it| {
        format!(
            "{{\"level\":10,\"time\":{},\"xml\":\"{}\",\"msg\":\"node transport {}\"}}",
            1_700_000_000_000 + it.0,
            it.xml('\'', "\\n    "),
            it.way("send node", "node in")
        )
    }),
    ("zapo, console", Times::None, |it| {
        format!(
            "node transport {} {{\n  tag: '{}',\n  xml: `{}`\n}}",
            it.way("send node", "node in"),
            it.2,
            it.xml('\'', "")
        )
    }),
    ("zerolog", Times::All, |it| {
        format!(
            "{{\"level\":\"debug\",\"sublogger\":\"Client/{}\",\"time\":\"{}\",\"message\":\"{}\"}}",
            it.way("Send", "Recv"),
            it.date(),
            it.xml('"', "").replace('"', "\\\"")
        )
    }),
    ("whatsmeow", Times::All, |it| {
        format!("{} [whatsmeow/client/{} DEBUG] {}\u{1b}[0m", it.day(), it.way("Send", "Recv"), it.xml('"', ""))
    }),
    ("whatsmeow, indented", Times::All, |it| {
        format!("app-1  | {} [Client/{} DEBUG] {}", it.day(), it.way("Send", "Recv"), it.xml('"', "\n  "))
    }),
    ("docker", Times::All, |it| {
        format!(
            "{{\"log\":\"{} [{} DEBUG] {}\\n\",\"stream\":\"stdout\",\"time\":\"{}\"}}",
            it.day(),
            it.way("Send", "Recv"),
            it.xml('"', "").replace('"', "\\\""),
            it.date()
        )
    }),
    ("bridge", Times::All, |it| {
        format!("{} DBG {} action=login sublogger={}", it.date(), it.xml('"', ""), it.way("Send", "Recv"))
    }),
    ("bridge, journal", Times::WholeSeconds, |it| {
        format!(
            "Nov 14 22:13:{} host bridge[1]: [Nov 14, 2023 22:13:{}] [User/@ann:x/Client/{}/DEBUG] {}",
            20 + it.0 / 1000,
            20 + it.0 / 1000,
            it.way("Send", "Recv"),
            it.xml('"', "")
        )
    }),
    ("whatsapp-rust", Times::WholeSeconds, |it| {
        format!("[2023-11-14T22:13:{}Z DEBUG Client/{}] {}", 20 + it.0 / 1000, it.way("Send", "Recv"), it.xml('"', ""))
    }),
    ("cobalt", Times::None, |it| format!("[{}] {}", it.way("SENT", "RECEIVED"), it.java())),
    ("page hook", Times::None, |it| format!("\u{1b}[31m[{}]\u{1b}[0m {}", it.way("SENT", "RECEIVED"), it.xml('"', ""))),
    ("page hook, inspected", Times::None, |it| {
        format!(
            "[{}] {}",
            it.way("SENT", "RECEIVED"),
            it.json(JS).replace("\"tag\"", "tag").replace("\"attrs\"", "attrs").replace('"', "'")
        )
    }),
    ("labelled hex", Times::All, |it| format!("{} {} 0x{}", it.date(), it.way("sent:", "recv:"), it.hex())),
    ("hex", Times::None, Told::hex),
    ("base64", Times::None, |it| data_encoding::BASE64.encode(&it.frame())),
    ("buffers", Times::None, |it| {
        format!("{:02x?}", it.frame()).replace('[', "<Buffer ").replace(']', ">").replace(',', "")
    }),
    ("lists", Times::None, |it| format!("{:?}", it.frame())),
    ("dumps", Times::None, |it| {
        let lines = it
            .frame()
            .chunks(16)
            .enumerate()
            .map(|(at, bytes)| {
                format!(
                    "{:08x}: {}  text",
                    at * 16,
                    data_encoding::HEXLOWER
                        .encode(bytes)
                        .as_bytes()
                        .chunks(4)
                        .map(|pair| std::str::from_utf8(pair).unwrap())
                        .collect::<Vec<_>>()
                        .join(" ")
                )
            })
            .collect::<Vec<_>>();
        lines.join("\n")
    }),
];

fn report(input: &str) -> (Option<i32>, serde_json::Value, String) {
    let ran = run(&["acks", "--format", "json"], input);
    let report = serde_json::from_str(ran.text()).unwrap_or_else(|error| panic!("{error}: {input}\n{}", ran.stderr));
    (ran.status, report, ran.stderr)
}

fn outcomes(report: &serde_json::Value) -> Vec<(String, Option<u64>, Option<f64>)> {
    let calls = report["calls"].as_array().unwrap().iter();
    let stanzas = calls.flat_map(|call| call["stanzas"].as_array().unwrap());
    stanzas
        .map(|it| (it["outcome"].as_str().unwrap().to_owned(), it["error"].as_u64(), it["latency_s"].as_f64()))
        .collect()
}

#[test]
fn a_story_has_the_same_outcomes_in_every_dialect() {
    for (name, times, tell) in DIALECTS {
        let text: Vec<String> = STORY.iter().map(tell).collect();
        let (status, report, stderr) = report(&(text.join("\n") + "\n"));
        assert_eq!(status, Some(0), "{name}: {stderr}");
        let latency = |exact| match times {
            Times::All => Some(exact),
            Times::WholeSeconds => Some(0.0),
            Times::None => None,
        };
        let expected = [("refused", Some(403), latency(0.2)), ("accepted", None, latency(0.027))];
        let expected = expected.map(|(outcome, error, latency)| (outcome.to_owned(), error, latency));
        assert_eq!(outcomes(&report), expected, "{name}:\n{}", text.join("\n"));
    }
}

#[test]
fn a_damaged_stanza_is_an_error_with_its_line_and_harms_no_other() {
    for (name, _, tell) in DIALECTS {
        let mut text: Vec<String> = STORY.iter().map(tell).collect();
        let line = text[0].lines().count() + text[1].lines().count() + 1;
        // Cuts the third entry in the middle.
        let cut = text[2].len() * 3 / 4;
        text[2].truncate(cut);
        let (status, report, stderr) = report(&(text.join("\n") + "\n"));
        assert_eq!(status, Some(1), "{name}: {stderr}\n{}", text.join("\n"));
        let errors = report["records"].as_array().unwrap();
        let lines = errors.iter().filter(|it| it.get("error").is_some()).map(|it| it["line"].as_u64().unwrap());
        assert_eq!(lines.collect::<Vec<_>>(), [line as u64], "{name}:\n{}", text.join("\n"));
        assert_eq!(outcomes(&report)[0].0, "refused", "{name}");
    }
}
