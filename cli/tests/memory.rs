//! The tool takes the same memory for many records as for few.
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::fs::{File, read_to_string};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use tool::command;

/// The most records in the tool's output buffer of 64 KiB: the shortest output has 26 bytes.
const HELD_BACK: usize = 64 * 1024 / 26;
/// The most difference between two runs, in KiB: less than 140,000 records would take if each left 8 bytes.
const TOLERANCE: u64 = 1_000;

const HEX: &[u8] = b"00f8051b08fb01a11564\n";
const STREAM: &[u8] = b"\0\0\x0a\x00\xf8\x05\x1b\x08\xfb\x01\xa1\x15\x64";
const JSON: &[u8] = b"{\"time\":1700000000,\"direction\":\"send\",\"hex\":\"00f8051b08fb01a11564\"}\n";
/// A stanza and its ack. All copies share one id.
const CALL: &[u8] = b"{\"direction\":\"send\",\"node\":{\"tag\":\"call\",\"attrs\":[[\"id\",\"A\"]],\"content\":{\"nodes\":[{\"tag\":\"offer\"}]}}}
{\"direction\":\"receive\",\"node\":{\"tag\":\"ack\",\"attrs\":[[\"id\",\"A\"],[\"class\",\"call\"]]}}
";
const TREE: &[u8] = b"{\"tag\":\"ack\",\"attrs\":[[\"id\",\"A1\"],[\"class\",\"call\"]]}\n";
const XML: &[u8] = b"<ack id=\"A1\" class=\"call\"/>\n";
const BAD: &[u8] = b"{\"hex\":\"00f8051b08fb01a115\"}\n";

#[test]
fn text_of_files() {
    does_not_grow(peak_of_file, &["decode", "--format", "xml"], HEX);
}

#[test]
fn json_of_pipes() {
    does_not_grow(peak_of_pipe, &["acks", "--from", "stream", "--format", "jsonl"], STREAM);
    does_not_grow(peak_of_pipe, &["decode", "--format", "json"], JSON);
    does_not_grow(peak_of_pipe, &["decode", "--format", "jsonl"], BAD);
    does_not_grow(peak_of_pipe, &["acks", "--format", "jsonl"], CALL);
    does_not_grow(peak_of_pipe, &["explain", "--format", "jsonl"], BAD);
}

#[test]
fn frames_of_trees() {
    does_not_grow(peak_of_pipe, &["encode", "--format", "jsonl"], TREE);
    does_not_grow(peak_of_pipe, &["encode", "--format", "hex"], XML);
}

#[track_caller]
fn does_not_grow(peak: fn(&[&str], &[u8], usize) -> u64, arguments: &[&str], record: &[u8]) {
    let (few, many) = (peak(arguments, record, 10_000), peak(arguments, record, 150_000));
    assert!(many <= few + TOLERANCE, "{arguments:?}: {few} KiB for 10,000 records, {many} KiB for 150,000");
}

/// After the file, the tool waits for standard input.
fn peak_of_file(arguments: &[&str], record: &[u8], count: usize) -> u64 {
    let path = file(arguments, record, count);
    let peak = peak(&[arguments, &[path.to_str().unwrap(), "-"]].concat(), count, |_| Ok(()));
    std::fs::remove_file(path).unwrap();
    peak
}

fn peak_of_pipe(arguments: &[&str], record: &[u8], count: usize) -> u64 {
    peak(arguments, count, |stdin| write(stdin, record, count))
}

/// The peak memory of a run, in KiB, measured after these records and before its end.
fn peak(arguments: &[&str], count: usize, feed: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send) -> u64 {
    let mut child = command(arguments).stderr(std::process::Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (end, ended) = mpsc::channel::<()>();
    let status = thread::scope(|scope| {
        scope.spawn(move || {
            feed(&mut stdin).unwrap();
            // The input stays open until the memory is measured.
            let _ = ended.recv();
        });
        let seen = lines.by_ref().take(count - HELD_BACK).count();
        let status = read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        drop(end);
        assert!(seen + lines.count() >= count, "{arguments:?}");
        status
    });
    child.wait().unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

fn file(arguments: &[&str], record: &[u8], count: usize) -> PathBuf {
    let name = format!("{}-{count}", arguments.join(""));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    write(&mut File::create(&path).unwrap(), record, count).unwrap();
    path
}

fn write(to: &mut dyn Write, record: &[u8], count: usize) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    (0..count).try_for_each(|_| to.write_all(record))?;
    to.flush()
}
