//! Reads records from an input: one reader for each form, and detection of the form.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use crate::detect::{self, Kind};
use crate::keys::Keys;
use crate::notes::{Note, Notes};
use crate::record::Record;
use crate::time::Watch;
use crate::{OpenFile, Reader, START, frame_stream, json, log, pasted, raw_frame, unpack, wacrg, xml_nodes};

/// The form of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// To be detected: frames or stanzas in any form.
    #[default]
    Auto,
    /// To be detected: trees as XML or JSON, or a log.
    AutoTrees,
    /// Frames as hexadecimal text, in any spelling.
    Hex,
    /// Frames as base64 text.
    Base64,
    /// One frame.
    Raw,
    /// Frames with 24-bit lengths.
    Stream,
    /// JSON objects, one a line or in one array.
    JsonLines,
    /// JSON values one after another, or arrays of them.
    Json,
    /// Trees as XML, with any number of roots.
    Xml,
    /// Capture records of the public call research group: YAML, or the text of an issue.
    Wacrg,
    /// A client's log: text lines, JSON objects and frames, mixed.
    Log,
    /// A browser's network recording, with messages of websockets.
    Har,
}

impl Form {
    /// Describes an input of this form for the user.
    ///
    /// ```
    /// assert_eq!(wabinary_capture::Form::Har.says(), "a recording of the network (HAR)");
    /// ```
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Auto | Self::AutoTrees => "anything",
            Self::Hex => "hex or base64 text",
            Self::Base64 => "base64 text",
            Self::Raw => "one frame as bytes",
            Self::Stream => "a stream of frames",
            Self::JsonLines => "JSON lines",
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Wacrg => "capture records of the call research group",
            Self::Log => "a log",
            Self::Har => "a recording of the network (HAR)",
        }
    }
}

/// The records of an input, in order.
///
/// An error of the input ends the records. A record that cannot be read is also an item: see
/// [`Payload::Failed`](crate::Payload::Failed).
pub struct Records {
    form: Form,
    records: Box<dyn Iterator<Item = io::Result<Record>>>,
    notes: Notes,
    watch: Watch,
    count: u64,
    is_over: bool,
}

impl std::fmt::Debug for Records {
    /// Shows the number of records, not their contents.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("count", &self.count).finish_non_exhaustive()
    }
}

impl Records {
    /// Reads an input in this form.
    ///
    /// # Errors
    /// The error of the input.
    pub fn new(input: impl Read + 'static, form: Form) -> io::Result<Self> {
        Self::with_keys(input, form, &Keys::default())
    }

    /// Reads an input in this form, and decrypts frames of recordings with these keys.
    ///
    /// # Errors
    /// The error of the input.
    pub fn with_keys(input: impl Read + 'static, form: Form, keys: &Keys) -> io::Result<Self> {
        Self::with_files(input, form, keys, |_| Err(io::Error::other("nothing opens files here")))
    }

    /// Reads like [`with_keys`](Self::with_keys), and also opens the files with websocket messages that a HAR names.
    ///
    /// `open` gets a name from the input, which may be hostile: open only files next to the recording.
    ///
    /// # Errors
    /// The error of the input.
    pub fn with_files(
        input: impl Read + 'static,
        form: Form,
        keys: &Keys,
        files: impl FnMut(&str) -> io::Result<Box<dyn Read>> + 'static,
    ) -> io::Result<Self> {
        let is_text = !matches!(form, Form::Raw | Form::Stream);
        let (start, reader) = with_start(unpack::unpack(input, is_text)?, form)?;
        let notes = Notes::default();
        let kind = kind(&start, form, &notes);
        let records = open(kind, reader, &notes, keys.clone(), Box::new(files));
        Ok(Self { form: kind.form(), records, notes, watch: Watch::default(), count: 0, is_over: false })
    }

    /// The form of the input.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The notes on the input since the last call. Call it again at the end.
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }
}

impl Iterator for Records {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.records.next() {
            Some(Ok(mut record)) => {
                record.index = self.count;
                self.count += 1;
                if let Some(time) = record.time.take() {
                    let (time, told) = self.watch.follow(time);
                    record.time = Some(time);
                    if let Some(told) = told {
                        self.notes.warn(told);
                    }
                }
                Some(Ok(record))
            }
            other => {
                self.is_over = true;
                other
            }
        }
    }
}

/// The first bytes of an input.
struct Start {
    bytes: Vec<u8>,
    /// Whether they are the whole input.
    is_all: bool,
}

/// Reads the first bytes of an input to detect its form, and returns a reader that still returns them. Reads no more
/// than needed: the rest may not be written yet.
fn with_start(mut reader: Reader, form: Form) -> io::Result<(Start, Reader)> {
    let mut bytes = Vec::new();
    if !matches!(form, Form::Auto | Form::AutoTrees | Form::JsonLines) {
        return Ok((Start { bytes, is_all: false }, reader));
    }
    let mut may_settle = form != Form::AutoTrees;
    while let Some(room) = START.checked_sub(bytes.len() as u64).filter(|room| *room > 0) {
        let length = match reader.fill_buf() {
            Ok(read) => {
                let length = read.len().min(usize::try_from(room).unwrap_or(usize::MAX));
                bytes.extend(read.iter().take(length));
                length
            }
            Err(error) => {
                // The bytes before the error are still read.
                let again = Cursor::new(bytes.clone()).chain(BufReader::new(Broken(Some(error))));
                return Ok((Start { bytes, is_all: true }, Box::new(again)));
            }
        };
        reader.consume(length);
        if length == 0 {
            // Reading on would read a terminal past its end.
            let again = Box::new(Cursor::new(bytes.clone()));
            return Ok((Start { bytes, is_all: true }, again));
        }
        if let Some(line) = Some(&bytes).filter(|_| may_settle).and_then(|bytes| detect::first_line(bytes)) {
            may_settle = false;
            if detect::settles(line, form == Form::JsonLines) {
                break;
            }
        }
    }
    let again = Box::new(Cursor::new(bytes.clone()).chain(reader));
    Ok((Start { bytes, is_all: false }, again))
}

/// The end of an input that failed.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// The reader for the input; by its first bytes if the form must be detected.
fn kind(Start { bytes: start, is_all }: &Start, form: Form, notes: &Notes) -> Kind {
    let is_all = *is_all;
    match form {
        Form::Auto => {
            let guess = detect::frames(start, is_all);
            if let Some(assumed) = guess.assumed {
                notes.say(assumed);
            }
            guess.kind
        }
        Form::AutoTrees => detect::trees(start, is_all),
        Form::JsonLines => detect::json_lines_or_array(start),
        Form::Hex => Kind::Hex,
        Form::Base64 => Kind::Base64,
        Form::Raw => Kind::Raw,
        Form::Stream => Kind::Stream,
        Form::Json => Kind::Json,
        Form::Xml => Kind::Xml,
        Form::Log => Kind::Log,
        Form::Har => Kind::Har,
        Form::Wacrg => Kind::Wacrg,
    }
}

impl Kind {
    fn form(self) -> Form {
        match self {
            Self::Hex | Self::Pasted => Form::Hex,
            Self::Base64 => Form::Base64,
            Self::Raw => Form::Raw,
            Self::Stream => Form::Stream,
            Self::JsonLines => Form::JsonLines,
            Self::Har => Form::Har,
            Self::Json => Form::Json,
            Self::Log => Form::Log,
            Self::Xml => Form::Xml,
            Self::Wacrg => Form::Wacrg,
        }
    }
}

fn open(
    kind: Kind,
    reader: Reader,
    notes: &Notes,
    keys: Keys,
    files: OpenFile,
) -> Box<dyn Iterator<Item = io::Result<Record>>> {
    match kind {
        Kind::Hex => Box::new(pasted::records(reader, pasted::Spelling::Hex, notes.clone())),
        Kind::Base64 => Box::new(pasted::records(reader, pasted::Spelling::Base64, notes.clone())),
        Kind::Pasted => Box::new(pasted::records(reader, pasted::Spelling::Any, notes.clone())),
        Kind::JsonLines => Box::new(json::lines(reader, notes.clone(), keys)),
        Kind::Json => Box::new(json::values::records(reader, notes.clone(), keys)),
        Kind::Har => Box::new(json::har::records(reader, notes.clone(), keys, files)),
        Kind::Log => Box::new(log::records(reader, notes.clone(), keys)),
        Kind::Wacrg => Box::new(wacrg::read::records(reader)),
        Kind::Xml => Box::new(xml_nodes::records(reader)),
        Kind::Raw => Box::new(raw_frame::records(reader)),
        Kind::Stream => Box::new(frame_stream::records(reader, notes.clone())),
    }
}

#[cfg(test)]
mod tests {
    use wabinary::stanza::Direction;

    use super::*;
    use crate::Payload;

    /// Text of letters, digits and marks that is equal in every run (xorshift).
    fn noise(length: usize, seed: u64) -> String {
        const CHARACTERS: &[u8] = b"abcdef0123456789 \n<>[]{}()'\"=:/,.-_\\tagxmlRecvSend";
        let mut state = seed;
        let mut step = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as usize
        };
        (0..length).filter_map(|_| CHARACTERS.get(step() % CHARACTERS.len())).map(|byte| char::from(*byte)).collect()
    }

    fn frames(input: impl Into<Vec<u8>>) -> Vec<Vec<u8>> {
        let records = Records::new(Cursor::new(input.into()), Form::Auto).unwrap();
        let frame = |record: Record| match record.payload {
            Payload::Frame(frame) => frame.to_vec(),
            other => panic!("{other:?}"),
        };
        records.map(Result::unwrap).map(frame).collect()
    }

    #[test]
    fn dumps_with_lines_left_out_have_the_offsets_of_their_tool() {
        // 16, 48 and 3 bytes, by `od -tx1`, `od -x`, `hexdump`, `hexdump -C` and `xxd -a`; then with the first line repeated.
        let bytes = [b"\0\xf8AAAAAAAAAAAAAA", &[b'B'; 48][..], b"\xfc\x07\x01"].concat();
        let again = [b"\0\xf8".repeat(32), b"\xfc\x07\x01".to_vec()].concat();
        let (a, b) = ("00 f8 41 41 41 41 41 41 41 41 41 41 41 41 41 41", ["42"; 16].join(" "));
        let (c, d) = ("f800 4141 4141 4141 4141 4141 4141 4141", ["4242"; 8].join(" "));
        let (e, f) = (["00 f8"; 8].join(" "), ["f800"; 8].join(" "));
        let (g, h) = (a.replacen("41 41 41 41 41 41 41 41 4", "41 41 41 41 41 41  41 41 4", 1), ["42"; 8].join(" "));
        for (dump, expected) in [
            (format!("0000000 {a}\n0000020 {b}\n*\n0000100 fc 07 01\n0000103\n"), &bytes),
            (format!("0000000 {c}\n0000020 {d}\n*\n0000100 07fc 0001\n0000103\n"), &bytes),
            (format!("0000000 {c}\n0000010 {d}\n*\n0000040 07fc 0001\n0000043\n"), &bytes),
            (
                format!("00000000  {g}  |..|\n00000010  {h}  {h}  |..|\n*\n00000040  fc 07 01  |...|\n00000043\n"),
                &bytes,
            ),
            (format!("0000000 {e}\n*\n0000100 fc 07 01\n0000103\n"), &again),
            (format!("0000000 {f}\n*\n0000040 07fc 0001\n0000043\n"), &again),
        ] {
            assert_eq!(frames(dump.clone()), std::slice::from_ref(expected), "{dump}");
        }
    }

    #[test]
    fn packed_inputs_may_have_several_parts() {
        // `printf '00f8011b\\n' | zstd`, and the same by gzip.
        let zstd = b"\x28\xb5\x2f\xfd\x04\x58\x49\x00\x0000f8011b\n\xb9\x31\x3f\xc6";
        let gzip = {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
            io::Write::write_all(&mut gzip, b"00f8011b\n").unwrap();
            gzip.finish().unwrap()
        };
        let frame = vec![0, 0xf8, 1, 0x1b];
        for (part, count) in [(&zstd[..], 1), (&zstd[..], 3), (&gzip[..], 1), (&gzip[..], 3)] {
            assert_eq!(frames(part.repeat(count)), vec![frame.clone(); count]);
        }
    }

    /// The records of an input on one line: dialect, direction, and what each holds.
    fn told(input: impl Read + 'static, form: Form) -> String {
        let told = |record: Record| {
            let payload = match &record.payload {
                Payload::Frame(frame) => data_encoding::HEXLOWER.encode(frame),
                Payload::Tree(tree) => tree.to_string(),
                Payload::Failed(failure) => failure.kind().to_owned(),
            };
            let direction = record.direction.map(Direction::name);
            [record.source.as_deref(), direction, Some(&payload)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let records = Records::new(input, form).unwrap().map(Result::unwrap);
        records.map(told).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn corners_of_dialects() {
        for (form, text, expected) in [
            // The reader passes over lines that are not a stanza, but not over an object whose stanza cannot be read.
            (Form::Log, r#"{"a":1}"#, ""),
            (Form::Log, r#"app | {"level":30,"msg":"done"}"#, ""),
            (Form::Log, r#"{"level":10,"msg":"xml send","xml":"<a x='1'/>"}"#, "baileys send <a x=\"1\"/>"),
            (Form::Log, r#"{"level":10,"msg":"sent xml","xml":"<a/>"}"#, "baileys send <a/>"),
            (Form::Log, r#"app | {"level":10,"msg":"recv xml","xml":"<a/>"}"#, "baileys receive <a/>"),
            (
                Form::Log,
                r#"{"level":10,"msg":"sent ack","recv":{"tag":"message","attrs":{"id":"1"}},"sent":{"id":"1"}}"#,
                "baileys receive <message id=\"1\"><!-- missing --></message>; baileys send <ack id=\"1\"/>",
            ),
            (
                Form::Log,
                r#"{"level":10,"msg":"sent ack","recv":{"tag":"receipt","attrs":{"id":"1"}},"sent":{"id":"1"}}"#,
                "baileys receive <receipt id=\"1\"/>; baileys send <ack id=\"1\"/>",
            ),
            (Form::Log, "12:00 recv: 00f8011b", "receive 00f8011b"),
            (Form::Log, "recv Node[description=iq, content=null x]", "cobalt receive log-node"),
            (Form::Log, "recv { tag: 'a', attrs: { id: '1' } }", "console receive <a id=\"1\"/>"),
            (
                Form::Log,
                "[12:00:00.000] TRACE: recv xml\n    xml: \"<a/>\"\n[12:00:01.000] INFO: done\n    a: 1\n",
                "baileys receive <a/>",
            ),
            (Form::JsonLines, r#"{"node":{"Tag":"a","Attrs":{},"Content":"AQI="}}"#, "<a>{base64}AQI=</a>"),
            // What an object says is not looked at as text.
            (Form::Log, r#"app | {"level":30,"msg":"recv Node[description=iq]"}"#, ""),
            // Only a level and a message make a logger's object.
            (Form::Auto, r#"{"message":"x"}"#, "record"),
            (Form::Auto, r#"{"level":30,"msg":"x"}"#, ""),
            (Form::Log, "recv Node[description=iq, attributes={id=1}", "receive log-cut"),
            (Form::Log, "recv Node[description=iq, attributes={id=1}]", "cobalt receive <iq id=\"1\"/>"),
            (Form::Hex, "00 f8 01 1b\n00f801\n1b", "00f8011b; 00f8011b"),
            (Form::Log, "12:00:00.000 [Client/Recv DEBUG] <a>\n  <b/>\n</a>\n", "whatsmeow receive <a><b/></a>"),
            (Form::Hex, "oops\nrecv:\n00f8011b", "not-hex; receive 00f8011b"),
            (Form::Hex, "00000000: 00f8 011b  ....", "00f8011b"),
            (Form::Hex, "0000000 f800 1b01\n0000004", "00f8011b"),
            // The digits of a time are not bytes. Base64 may be wrapped anywhere.
            (Form::Hex, "12:00:00 00f8011b", "00f8011b"),
            (Form::Base64, "APgDGw\ngQ", "00f8031b0810"),
            (
                Form::Auto,
                "```\nsent:\nV0EGAwAABAD4ARs=\nreceived:\nAAAEAPgBBw==\n```",
                "send 00f8011b; receive 00f80107",
            ),
            // The text beside the bytes of a dump may look like bytes.
            (Form::Hex, "0000000 00 f8 01 1b abcd", "00f8011b"),
            // `added` is not an offset.
            (Form::Hex, "00000000: 00f8 011b  ....\nadded: recv:\n00f80107", "00f8011b; receive 00f80107"),
            (
                Form::Hex,
                "00000000: 00f8 021b fc0d 6162 6162 6162 6162 6162  ......ababababab\n00000010: 6162                                     ab",
                "00f8021bfc0d616261626162616261626162",
            ),
            (
                Form::Log,
                "recv <a id='1'/>\nrecv { tag: 'a', attrs: { id: '2' } }",
                "hook receive <a id=\"1\"/>; console receive <a id=\"2\"/>",
            ),
            (Form::Log, r#"{"level":30,"msg":"<no stanza>"}"#, ""),
            (Form::Log, "recv Node[description=iq, children=[Node[description=a]", "receive log-cut"),
            (
                Form::Log,
                "recv { tag: 'a', attrs: { id: '1' }, content: <Buffer 01 02> }",
                "console receive <a id=\"1\">{base64}AQI=</a>",
            ),
            (
                Form::Log,
                "recv { tag: 'a', attrs: { id: '1' }, content: [Circular *1] }",
                "console receive <a id=\"1\"><!-- missing --></a>",
            ),
            (Form::Log, "[abc] TRACE: recv xml\n    xml: \"<a/>\"\n", ""),
            (Form::Wacrg, "### Stanza tag\n\na\n\n### Raw stanza\n\n```text\n<a/>\n```\n", "wacrg <a/>"),
            (Form::Wacrg, "### Stanza tag\n\na\n\n### Raw stanza\n\n00f8011b\n", "wacrg 00f8011b"),
        ] {
            assert_eq!(told(Cursor::new(text), form), expected, "{text}");
        }
        for (depth, expected) in [(256, "cobalt receive <a><a>"), (257, "cobalt receive log-node")] {
            let (start, end) = ("Node[description=a, children=[".repeat(depth - 1), "]]".repeat(depth - 1));
            let read = told(Cursor::new(format!("recv {start}Node[description=a]{end}")), Form::Log);
            assert!(read.starts_with(expected), "{depth}: {read}");
        }
    }

    #[test]
    fn strings_over_several_lines_are_one_frame() {
        for text in [
            "'\\x00\\xf8\\x03' \\\n'\\x1b\\x08\\x04'",
            "\"\\x00\\xf8\\x03\" \\\n\"\\x1b\\x08\\x04\"",
            "b'\\x00\\xf8\\x03' \\\n  b'\\x1b\\x08' \\\n  b'\\x04'",
            "$'\\x00\\xf8\\x03'\\\n$'\\x1b\\x08\\x04'",
            "\"\\x00\\xf8\\x03\"\n\"\\x1b\\x08\\x04\"",
            "\"\\x00\\xf8\\x03\\\n\\x1b\\x08\\x04\"",
            "let frame = b\"\\x00\\xf8\\x03\\\r\n    \\x1b\\x08\\x04\";",
            "\"00f803\\\n1b0804\"",
            "00 f8 03 \\\n1b 08 \\\n04",
            "APgD\\\nGwgE",
            "char frame[] = \"\\x00\\xf8\\x03\"\n    \"\\x1b\\x08\\x04\";",
            "static const char frame[] =\n    \"\\x00\\xf8\\x03\"\n    \"\\x1b\\x08\\x04\";",
            "frame = (b'\\x00\\xf8\\x03'\n         b'\\x1b\\x08\\x04')",
            "frame = (\n    b'\\x00\\xf8\\x03'\n    b'\\x1b\\x08\\x04'\n)",
            "frame = '\\x00\\xf8\\x03' + \\\n  '\\x1b\\x08\\x04'",
            "frame := \"\\x00\\xf8\\x03\" +\n\t\"\\x1b\\x08\\x04\"",
            "bytes.fromhex(\n    '00f803'\n    '1b0804'\n)",
            "Buffer.from('00f803' +\n  '1b0804', 'hex')",
            "Buffer.from(\n  '00f803' +\n  '1b0804',\n  'hex')",
        ] {
            let two = format!("{text}\n\n{text}\n");
            assert_eq!(told(Cursor::new(two), Form::Auto), "00f8031b0804; 00f8031b0804", "{text}");
        }
        // Each line is a frame.
        let lines = "'\\x00\\xf8\\x01\\x1b'\n'\\x00\\xf8\\x01\\x07'\n";
        assert_eq!(told(Cursor::new(lines), Form::Auto), "00f8011b; 00f80107");
    }

    #[test]
    fn a_line_that_is_not_bytes_is_told_for_what_it_looks_like() {
        for (line, looks) in [("<a/>", true), ("<Buffer 00 f8 ... 43 more bytes>", false)] {
            let read = Records::new(Cursor::new(line), Form::Hex).unwrap().next().unwrap().unwrap();
            let Payload::Failed(failure) = read.payload else { panic!("{line} is read") };
            assert_eq!(failure.message().contains("this looks like XML"), looks, "{}", failure.message());
        }
    }

    #[test]
    fn what_is_expected_in_a_stanza_is_told_with_its_place() {
        let read = Records::new(Cursor::new("recv Node[description=a, content=null x]"), Form::Log).unwrap().next();
        let Payload::Failed(failure) = read.unwrap().unwrap().payload else { panic!("it is read") };
        assert!(failure.message().ends_with("at offset 32 of the stanza"), "{}", failure.message());
    }

    #[test]
    fn contents_that_are_missing_keep_their_place() {
        let tree = r#"{"tag":"a","attrs":[],"content":{"nodes":[{"tag":"b","attrs":[],"content":{"nodes":[{"tag":"c","attrs":[],"content":null}]}},{"tag":"enc","attrs":[],"content":{"missing":3}}]}}"#;
        let mut records = Records::new(Cursor::new(format!("{{\"node\":{tree}}}")), Form::JsonLines).unwrap();
        let Payload::Tree(read) = records.next().unwrap().unwrap().payload else { panic!("no tree") };
        assert_eq!(read.to_string(), "<a><b><c/></b><enc><!-- missing 3 bytes --></enc></a>");
        assert_eq!(serde_json::to_string(&read).unwrap(), tree);
    }

    /// Is interrupted before each byte.
    struct Interrupted(Cursor<Vec<u8>>, bool);

    impl Read for Interrupted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            match buffer.get_mut(..1) {
                _ if self.1 => Err(io::ErrorKind::Interrupted.into()),
                Some(one) => self.0.read(one),
                None => Ok(0),
            }
        }
    }

    #[test]
    fn an_input_may_be_interrupted_or_utf_16() {
        let text = "00f8011b\n\u{1f4de}\n00f80107\n";
        let expected = "00f8011b; unreadable-line; 00f80107";
        assert_eq!(told(Interrupted(Cursor::new(text.into()), false), Form::Auto), expected);
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            let input: Vec<u8> = units.flat_map(bytes).collect();
            assert_eq!(told(Cursor::new(input), Form::Auto), expected);
        }
    }

    #[test]
    fn noise_has_no_records() {
        for seed in 1..400 {
            let text = noise(2_000, seed);
            for form in [Form::Log, Form::JsonLines, Form::Json] {
                let records = Records::new(Cursor::new(text.clone()), form).unwrap().map(Result::unwrap);
                let found: Vec<_> = records.filter(|it| !matches!(it.payload, Payload::Failed(_))).collect();
                assert!(found.is_empty(), "{form:?}, {seed}: {found:?}");
            }
        }
    }
}
