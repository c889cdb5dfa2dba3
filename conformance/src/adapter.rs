//! The program of an adapter: started, asked, and started again when it dies, hangs or says nothing that is an answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::protocol::{Answer, Description, Request, read};

/// A line of an adapter that is longer is cut.
const LONGEST: u64 = 64 << 20;

/// The most lines without an answer for one request. An adapter with more only prints.
const MOST_JUNK: u32 = 1_000;

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was answered.
    Answered(Answer),
    /// The adapter died or closed its output; what it said last.
    Crashed(String),
    /// It gave no answer in time; what it wrote instead.
    Hung(String),
}

/// A program that answers requests.
pub struct Adapter {
    command: String,
    timeout: Duration,
    running: Option<Running>,
    next: u64,
    /// How often it was started.
    pub starts: u32,
    /// How often it died and answered the same request after a new start.
    pub deaths: u64,
    /// The number of lines that were not answers.
    pub junk: u64,
}

struct Running {
    child: Child,
    requests: Sender<String>,
    lines: Receiver<Vec<u8>>,
    /// The last bytes of its standard error.
    last_words: Arc<Mutex<Vec<u8>>>,
}

impl Adapter {
    /// Prepares a command, which a shell reads. A request without an answer in `timeout` is given up.
    #[must_use]
    pub fn new(command: &str, timeout: Duration) -> Self {
        Self { command: command.to_owned(), timeout, running: None, next: 0, starts: 0, deaths: 0, junk: 0 }
    }

    /// Asks who the adapter is.
    ///
    /// # Errors
    /// It cannot be started, or does not say.
    pub fn describe(&mut self) -> Result<Description> {
        // A program may take its time to start.
        let patience = self.timeout.max(Duration::from_secs(20));
        match self.ask_within(&Request::Describe, patience)? {
            Outcome::Answered(Answer::Described(description)) => Ok(description),
            Outcome::Answered(Answer::Error(error) | Answer::Broken(error)) => {
                bail!("{}: the answer to \"describe\" is wrong: {error}", self.command)
            }
            Outcome::Answered(_) => bail!("{}: the answer to \"describe\" has no name", self.command),
            Outcome::Crashed(said) => bail!("{}: it ended before it answered \"describe\"; {said}", self.command),
            Outcome::Hung(said) => bail!(
                "{}: \"describe\" got {said} ({} s); write each answer at once (flush), with the id of its request as a number",
                self.command,
                patience.as_secs(),
            ),
        }
    }

    /// Asks, and waits for the answer. An adapter that died is started again for the next request.
    ///
    /// # Errors
    /// The adapter cannot be started.
    pub fn ask(&mut self, request: &Request) -> Result<Outcome> {
        let is_fresh = self.running.is_none();
        if is_fresh && self.starts > 0 {
            // The time that starting takes is not the request's.
            self.describe()?;
        }
        let outcome = self.ask_within(request, self.timeout)?;
        match outcome {
            // A busy machine may be slow once.
            Outcome::Hung(_) => {
                self.describe()?;
                self.ask_within(request, 2 * self.timeout)
            }
            // It may have died of an earlier request: a new one decides.
            Outcome::Crashed(_) if !is_fresh => {
                self.describe()?;
                let again = self.ask_within(request, self.timeout)?;
                self.deaths += u64::from(matches!(again, Outcome::Answered(_)));
                Ok(again)
            }
            outcome => Ok(outcome),
        }
    }

    fn ask_within(&mut self, request: &Request, timeout: Duration) -> Result<Outcome> {
        self.next += 1;
        let id = self.next;
        let running = match self.running.take() {
            Some(running) => running,
            None => self.start()?,
        };
        let deadline = Instant::now() + timeout;
        let (junk_before, mut last_junk) = (self.junk, Vec::new());
        if running.requests.send(request.line(id) + "\n").is_err() {
            return Ok(Outcome::Crashed(running.last_words()));
        }
        for _ in 0..MOST_JUNK {
            let left = deadline.saturating_duration_since(Instant::now());
            // Of an adapter that prints without end, a line is always there.
            let received =
                if left.is_zero() { Err(RecvTimeoutError::Timeout) } else { running.lines.recv_timeout(left) };
            match received.map(|line| read(&line, id, request).ok_or(line)) {
                Ok(Ok(answer)) => {
                    self.running = Some(running);
                    return Ok(Outcome::Answered(answer));
                }
                Ok(Err(line)) => {
                    self.junk += 1;
                    last_junk = line;
                }
                Err(RecvTimeoutError::Timeout) => {
                    running.stop();
                    let line: String = String::from_utf8_lossy(&last_junk).trim().chars().take(60).collect();
                    return Ok(Outcome::Hung(match self.junk - junk_before {
                        0 => "no answer in time".to_owned(),
                        lines => format!("no answer in time, but {lines} other lines, the last {line:?}"),
                    }));
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Outcome::Crashed(running.last_words())),
            }
        }
        running.stop();
        Ok(Outcome::Answered(Answer::Broken(format!("{MOST_JUNK} lines that do not answer"))))
    }

    fn start(&mut self) -> Result<Running> {
        self.starts += 1;
        let mut command = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
        command.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(shell_line(&self.command));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {:?}", self.command))?;
        let (mut stdin, stdout, stderr) = match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(stdin), Some(stdout), Some(stderr)) => (stdin, stdout, stderr),
            _ => bail!("{:?} has no pipes", self.command),
        };
        // Each pipe has a thread: an adapter that does not read, or writes on and on, stops nobody.
        let (requests, to_write) = channel::<String>();
        thread::spawn(move || {
            for line in to_write {
                if stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()).is_err() {
                    break;
                }
            }
        });
        // Few lines wait, because each may be of the greatest length.
        let (found, lines) = sync_channel(2);
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            loop {
                let mut line = Vec::new();
                match stdout.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
                    Ok(1..) => {
                        if found.send(line).is_err() {
                            break;
                        }
                    }
                    _ => break,
                }
            }
        });
        let last_words = Arc::new(Mutex::new(Vec::new()));
        let words = Arc::clone(&last_words);
        thread::spawn(move || {
            let (mut stderr, mut piece) = (stderr, [0; 4096]);
            while let Ok(length @ 1..) = stderr.read(&mut piece) {
                let Ok(mut words) = words.lock() else { break };
                words.extend_from_slice(&piece[..length]);
                let surplus = words.len().saturating_sub(2_000);
                words.drain(..surplus);
            }
        });
        Ok(Running { child, requests, lines, last_words })
    }
}

/// What the shell reads. With `exec` the program takes the place of the shell, so stopping one stops the other. A line of
/// several commands, or one that sets variables, has no single program.
fn shell_line(command: &str) -> String {
    let sets_variable = command.split_whitespace().next().is_some_and(|word| word.contains('='));
    let is_plain = !cfg!(windows) && !sets_variable && !command.contains(['&', '|', ';', '\n', '(']);
    format!("{}{command}", if is_plain { "exec " } else { "" })
}

impl Running {
    /// Ends the program.
    fn stop(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The exit status of a program that closed its output, and the last line that it wrote to its standard error.
    fn last_words(mut self) -> String {
        // It may still be ending.
        let status = (0..20).find_map(|_| {
            let status = self.child.try_wait().ok().flatten();
            if status.is_none() {
                thread::sleep(Duration::from_millis(5));
            }
            status
        });
        let written = Arc::clone(&self.last_words);
        self.stop();
        let status = status.map(|status| status.to_string());
        let words = written.lock().map(|words| String::from_utf8_lossy(&words).into_owned()).unwrap_or_default();
        let line = words.trim().lines().last().map(str::to_owned);
        let told: Vec<_> = [status, line].into_iter().flatten().collect();
        if told.is_empty() { "it closed its output".to_owned() } else { told.join("; ") }
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }
}
