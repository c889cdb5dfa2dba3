//! The core of a client on tokio: it reads a socket, passes stanzas to tasks, answers them, waits for answers, and logs
//! everything as JSON.
//!
//! The other side is a small server on a loopback socket. On a live socket each frame is encrypted: two comments show
//! where a client encrypts and decrypts frames.
//!
//! `cargo run --example client_core --features serde`

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use wabinary::stanza::redacted;
use wabinary::stream::{FrameReader, Prologue, split_frame, write_frame};
use wabinary::{Dictionary, Encoder, Jid, JidRef, Node, NodeRef, decode};
use wabinary_calls::{Class, Event, Timeouts, Tracker, acknowledge};

/// The result of this example's functions.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Longer frames end the connection.
const LONGEST: usize = 4 << 20;

/// How many jobs, and how many requests, wait in a queue.
const QUEUED: usize = 2;

/// If more jobs wait for their queue, the socket is not read until there are fewer.
const WAITING: usize = 1024;

/// A message that another task decrypts: the tree is shared, not copied.
struct Job {
    message: Arc<Node>,
    /// The indices of its `<enc>` nodes.
    encs: Vec<u32>,
    /// What to send when they are decrypted.
    receipt: Node,
}

/// A request of a task to the loop.
enum Request {
    Send(Node),
    /// Send, and pass on the answer with the same id.
    Ask(Node, oneshot::Sender<Arc<Node>>),
}

/// A handle for tasks: cheap to clone.
#[derive(Clone)]
pub struct Client {
    requests: mpsc::Sender<Request>,
}

impl Client {
    /// Sends a stanza.
    pub async fn send(&self, stanza: Node) -> Result<()> {
        Ok(self.requests.send(Request::Send(stanza)).await?)
    }

    /// Sends an `<iq>`, whose id must be new, and waits for its answer. The task that takes the jobs should not wait here:
    /// when [`WAITING`] jobs wait for it, the loop reads no answer.
    pub async fn ask(&self, iq: Node) -> Result<Arc<Node>> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(Request::Ask(iq, answer)).await?;
        Ok(answered.await?)
    }
}

/// The loop's state. One task owns it, so it needs no lock. Nothing in it waits: only the loop does, for everything at once.
struct Core {
    encoder: Encoder,
    /// What the socket has not taken yet.
    output: BytesMut,
    waiting: HashMap<String, oneshot::Sender<Arc<Node>>>,
    /// What the queue of the jobs has no room for yet.
    jobs: VecDeque<Job>,
    tracker: Tracker,
    started: Instant,
    log: Vec<String>,
}

impl Core {
    fn send(&mut self, stanza: &Node) -> Result<()> {
        let frame = self.encoder.encode_slice(stanza)?;
        // A client encrypts the slice here.
        write_frame(frame, &mut self.output)?;
        self.tracker.send(stanza, self.started.elapsed());
        self.log.push(line("send", stanza)?);
        Ok(())
    }

    fn receive(&mut self, frame: BytesMut) -> Result<()> {
        // A client decrypts `frame` in place here.
        let stanza = Arc::new(decode(frame)?);
        self.log.push(line("receive", &stanza)?);
        for event in self.tracker.receive(&*stanza, self.started.elapsed()) {
            if let Event::Answered(answer) = event {
                self.log
                    .push(format!(r#"{{"answered":{}}}"#, serde_json::to_string(&answer.stanza.get::<&str>("id")?)?));
            }
        }
        match (stanza.tag(), Class::of(&*stanza)) {
            ("iq", _) => match stanza.get_opt("type")? {
                Some("result" | "error") => {
                    if let Some(waiting) = self.waiting.remove(stanza.get::<&str>("id")?) {
                        let _ = waiting.send(stanza);
                    }
                }
                _ if stanza.get_opt("xmlns")? == Some("urn:xmpp:ping") => self.send(&pong(&stanza)?)?,
                _ => {}
            },
            (_, Some(Class::Message)) => {
                let encs = stanza.descendants().filter(|node| node.tag() == "enc").map(NodeRef::index).collect();
                self.jobs.push_back(Job { receipt: receipt(&stanza)?, encs, message: stanza });
            }
            // A client that takes calls answers `<call>` with a `Replier`.
            (_, Some(_)) => self.send(&acknowledge(&*stanza)?.into_node())?,
            _ => {}
        }
        Ok(())
    }

    fn request(&mut self, request: Request) -> Result<()> {
        match request {
            Request::Send(stanza) => self.send(&stanza),
            Request::Ask(iq, answer) => {
                let id = iq.get::<String>("id")?;
                self.send(&iq)?;
                // Tasks that gave up are forgotten.
                self.waiting.retain(|_, answer| !answer.is_closed());
                self.waiting.insert(id, answer);
                Ok(())
            }
        }
    }

    /// Logs what is wrong with one stanza, which ends nothing.
    fn go_on(&mut self, done: Result<()>) -> Result<()> {
        if let Err(error) = done {
            self.log.push(format!(r#"{{"error":{}}}"#, serde_json::to_string(&error.to_string())?));
        }
        Ok(())
    }

    /// Waits for the socket, the tasks and the jobs together. If it waited for a task that takes jobs while that task waits
    /// for it, neither would go on.
    async fn serve(
        &mut self,
        mut socket: TcpStream,
        mut requests: mpsc::Receiver<Request>,
        jobs: mpsc::Sender<Job>,
    ) -> Result<()> {
        let (mut reader, mut writer) = socket.split();
        let (mut input, mut has_clients) = (BytesMut::new(), true);
        Prologue::new(Dictionary::V3).write(&mut self.output)?;
        while has_clients || !self.output.is_empty() || !self.jobs.is_empty() {
            // So much is read at once.
            input.reserve(16 * 1024);
            // Whoever is faster than the socket or the jobs waits: nothing fills the memory.
            let has_room = has_clients && self.output.len() < LONGEST;
            tokio::select! {
                read = reader.read_buf(&mut input), if has_room && self.jobs.len() < WAITING => {
                    match read? {
                        0 if input.is_empty() => return Ok(()),
                        0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                        _ => {}
                    }
                    while let Some(frame) = split_frame(&mut input, LONGEST)? {
                        let done = self.receive(frame);
                        self.go_on(done)?;
                    }
                }
                room = jobs.reserve(), if !self.jobs.is_empty() => {
                    let room = room?;
                    if let Some(job) = self.jobs.pop_front() {
                        room.send(job);
                    }
                }
                written = writer.write_buf(&mut self.output), if !self.output.is_empty() => {
                    written?;
                }
                request = requests.recv(), if has_room => match request {
                    Some(request) => {
                        let done = self.request(request);
                        self.go_on(done)?;
                    }
                    None => has_clients = false,
                },
            }
        }
        Ok(())
    }
}

/// Serves a connection until the server or every [`Client`] is gone. Returns the log, and how the connection ended.
async fn run(
    socket: TcpStream,
    requests: mpsc::Receiver<Request>,
    jobs: mpsc::Sender<Job>,
) -> (Vec<String>, Result<()>) {
    let mut core = Core {
        encoder: Encoder::new(),
        output: BytesMut::new(),
        waiting: HashMap::new(),
        jobs: VecDeque::new(),
        tracker: Tracker::new(Timeouts::default(), 256).watching(&[Class::Message, Class::Receipt]),
        started: Instant::now(),
        log: Vec::new(),
    };
    let ended = core.serve(socket, requests, jobs).await;
    (core.log, ended)
}

/// A stanza as a line of JSON, without its secrets.
fn line(direction: &str, stanza: &Node) -> Result<String> {
    Ok(format!(r#"{{"direction":"{direction}","node":{}}}"#, serde_json::to_string(&redacted(stanza))?))
}

/// Answers a ping of the server.
fn pong(ping: &Node) -> Result<Node> {
    let pong = Node::build("iq");
    Ok(pong.attr("id", ping.get::<&str>("id")?).attr("to", Jid::SERVER).attr("type", "result").finish())
}

/// Says that a message has arrived.
fn receipt(message: &Node) -> Result<Node> {
    let receipt = Node::build("receipt");
    receipt.attr("id", message.get::<&str>("id")?).attr("to", message.get::<JidRef<'_>>("from")?);
    Ok(receipt.attr_opt("participant", message.attr("participant")).finish())
}

/// A message to many devices. Each ciphertext is awaited while the message is open.
async fn message(id: &str, to: &Jid, devices: &[Jid]) -> Node {
    let message = Node::build("message");
    message.attr("id", id).attr("type", "text").attr("to", to).begin_child("participants");
    for device in devices {
        let ciphertext = encrypt(device).await;
        message.child("to", |to| {
            to.attr("jid", device).child("enc", |enc| enc.attr("v", 2).attr("type", "msg").bytes(ciphertext))
        });
    }
    message.end_child().finish()
}

/// A placeholder for a session's cipher.
async fn encrypt(device: &Jid) -> Vec<u8> {
    tokio::task::yield_now().await;
    device.to_string().into_bytes()
}

/// The result of a session.
#[derive(Debug, Default, PartialEq)]
pub struct Report {
    /// The answer to the question.
    pub answer: String,
    /// Bytes of the ciphertexts that other tasks got.
    pub ciphertexts: Vec<usize>,
    /// The log.
    pub log: Vec<String>,
}

/// Connects to its own server, asks, sends, and receives.
pub async fn session() -> Result<Report> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move { serve(listener.accept().await?.0).await });

    let (requests, to_loop) = mpsc::channel(QUEUED);
    let (jobs, mut to_decrypt) = mpsc::channel::<Job>(QUEUED);
    let core = tokio::spawn(run(TcpStream::connect(address).await?, to_loop, jobs));
    let client = Client { requests };
    let receipts = client.clone();
    let decrypting = tokio::spawn(async move {
        let mut sizes = Vec::new();
        while let Some(Job { message, encs, receipt }) = to_decrypt.recv().await {
            sizes.extend(encs.into_iter().filter_map(|enc| message.at(enc)).map(|enc| enc.bytes().len()));
            receipts.send(receipt).await?;
        }
        Result::Ok(sizes)
    });

    let iq =
        Node::build("iq").attr("id", "1").attr("type", "get").attr("xmlns", "w:p").attr("to", Jid::SERVER).finish();
    let answer = client.ask(iq).await?;
    let devices = ["15550001111:1@s.whatsapp.net", "15550001111:2@s.whatsapp.net"].map(str::parse::<Jid>);
    let [one, other] = devices;
    client.send(message("2", &"15550001111@s.whatsapp.net".parse()?, &[one?, other?]).await).await?;
    // The server ends the connection when it has seen the receipts.
    server.await??;
    let (log, ended) = core.await?;
    ended?;
    Ok(Report { answer: answer.get("type")?, ciphertexts: decrypting.await??, log })
}

/// How often the server sends a message back.
const COPIES: usize = 20;

/// The server: answers what it gets, and sends a message back as [`COPIES`].
async fn serve(mut socket: TcpStream) -> Result<()> {
    let (mut reader, mut output) = (FrameReader::new().with_limit(LONGEST), Vec::new());
    // A frame that cannot be decoded, and a message without an id.
    write_frame(&[0x00, 0xf8], &mut output)?;
    write_frame(&wabinary::encode(&Node::build("message").finish())?, &mut output)?;
    let from_server = |tag: &str, id: &str| {
        let node = Node::build(tag);
        node.attr("from", Jid::SERVER).attr("id", id);
        node
    };
    let ping = from_server("iq", "ping").attr("type", "get").attr("xmlns", "urn:xmpp:ping").finish();
    let mut answers = vec![ping, from_server("notification", "news").attr("type", "server_sync").finish()];
    let (mut piece, mut receipts) = ([0; 1024], 0);
    while receipts < COPIES {
        for answer in answers.drain(..) {
            write_frame(&wabinary::encode(&answer)?, &mut output)?;
        }
        socket.write_all(&output).await?;
        output.clear();
        let count = socket.read(&mut piece).await?;
        if count == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        reader.feed(&piece[..count]);
        while let Some(frame) = reader.next_frame()? {
            let stanza = decode(frame)?;
            let id = stanza.get::<&str>("id")?;
            let ack = || from_server("ack", id).attr("class", stanza.tag()).finish();
            match stanza.tag() {
                "iq" if stanza.get_opt("type")? == Some("get") => {
                    answers.push(from_server("iq", id).attr("type", "result").finish());
                }
                "message" => {
                    answers.push(ack());
                    let copy = stanza.edit().remove("to").set("from", stanza.get::<Jid>("to")?).finish();
                    answers.extend((0..COPIES).map(|number| copy.edit().set("id", format!("{id}.{number}")).finish()));
                }
                "receipt" => {
                    answers.push(ack());
                    receipts += 1;
                }
                _ => {}
            }
        }
    }
    Ok(socket.shutdown().await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let report = session().await?;
    report.log.iter().for_each(|line| println!("{line}"));
    println!("answer {:?}, ciphertexts of {:?} bytes", report.answer, report.ciphertexts);
    Ok(())
}
