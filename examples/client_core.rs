//! The core of a client on tokio: it reads a socket, passes stanzas to tasks, answers them, waits for answers, and logs
//! everything as JSON.
//!
//! The other side is a small server on a loopback socket. On a live socket each frame is encrypted: two comments show
//! where a client encrypts and decrypts frames.
//!
//! `cargo run --example client_core --features serde`

use std::collections::HashMap;
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

/// A node of a stanza that another task works on: the tree is shared, not copied.
pub struct Job {
    /// The stanza.
    pub stanza: Arc<Node>,
    /// The node in it.
    pub index: u32,
}

impl Job {
    fn node(&self) -> Option<NodeRef<'_>> {
        self.stanza.at(self.index)
    }
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

    /// Sends an `<iq>` and waits for its answer. Do not call it in the task that takes the jobs: if their queue is full, the
    /// loop waits for that task, and reads no answer.
    pub async fn ask(&self, iq: Node) -> Result<Arc<Node>> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(Request::Ask(iq, answer)).await?;
        Ok(answered.await?)
    }
}

/// The loop's state. One task owns it, so it needs no lock.
struct Core {
    socket: TcpStream,
    encoder: Encoder,
    output: BytesMut,
    waiting: HashMap<String, oneshot::Sender<Arc<Node>>>,
    jobs: mpsc::Sender<Job>,
    tracker: Tracker,
    started: Instant,
    log: Vec<String>,
}

impl Core {
    async fn send(&mut self, stanza: &Node) -> Result<()> {
        let frame = self.encoder.encode_slice(stanza)?;
        // A client encrypts the slice here.
        write_frame(frame, &mut self.output)?;
        // The ledger comes before the socket, whose errors do not say how much was sent.
        self.tracker.send(stanza, self.started.elapsed());
        self.log.push(line("send", stanza)?);
        Ok(self.socket.write_all_buf(&mut self.output).await?)
    }

    async fn receive(&mut self, frame: BytesMut) -> Result<()> {
        // A client decrypts `frame` in place here.
        let stanza = Arc::new(decode(frame)?);
        self.log.push(line("receive", &stanza)?);
        for event in self.tracker.receive(&*stanza, self.started.elapsed()) {
            if let Event::Answered(answer) = event {
                self.log
                    .push(format!(r#"{{"answered":{}}}"#, serde_json::to_string(&answer.stanza.get::<&str>("id")?)?));
            }
        }
        match stanza.tag() {
            "iq" if matches!(stanza.get_opt("type")?, Some("result" | "error")) => {
                if let Some(waiting) = self.waiting.remove(stanza.get::<&str>("id")?) {
                    let _ = waiting.send(stanza);
                }
            }
            "message" => {
                for enc in stanza.descendants().filter(|node| node.tag() == "enc") {
                    self.jobs.send(Job { stanza: Arc::clone(&stanza), index: enc.index() }).await?;
                }
                self.send(&receipt(&stanza)?).await?;
            }
            "receipt" | "notification" => self.send(&acknowledge(&*stanza)?.into_node()).await?,
            _ => {}
        }
        Ok(())
    }

    async fn request(&mut self, request: Request) -> Result<()> {
        match request {
            Request::Send(stanza) => self.send(&stanza).await,
            Request::Ask(iq, answer) => {
                let id = iq.get::<String>("id")?;
                self.send(&iq).await?;
                // Tasks that gave up are forgotten.
                self.waiting.retain(|_, answer| !answer.is_closed());
                self.waiting.insert(id, answer);
                Ok(())
            }
        }
    }

    /// Logs what is wrong with one stanza. Only an error of the socket ends the loop.
    fn go_on(&mut self, done: Result<()>) -> Result<()> {
        match done {
            Err(error) if !error.is::<io::Error>() => {
                self.log.push(format!(r#"{{"error":{}}}"#, serde_json::to_string(&error.to_string())?));
                Ok(())
            }
            done => done,
        }
    }
}

/// Serves a connection until the server or every [`Client`] is gone, and returns the log.
async fn run(
    mut socket: TcpStream,
    mut requests: mpsc::Receiver<Request>,
    jobs: mpsc::Sender<Job>,
) -> Result<Vec<String>> {
    let mut output = BytesMut::new();
    Prologue::new(Dictionary::V3).write(&mut output)?;
    socket.write_all_buf(&mut output).await?;
    let tracker = Tracker::new(Timeouts::default(), 256).watching(&[Class::Message, Class::Receipt]);
    let (encoder, started) = (Encoder::new(), Instant::now());
    let mut core = Core { socket, encoder, output, waiting: HashMap::new(), jobs, tracker, started, log: Vec::new() };
    let mut input = BytesMut::new();
    loop {
        while let Some(frame) = split_frame(&mut input, LONGEST)? {
            let done = core.receive(frame).await;
            core.go_on(done)?;
        }
        tokio::select! {
            read = core.socket.read_buf(&mut input) => match read? {
                0 if input.is_empty() => return Ok(core.log),
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                _ => {}
            },
            request = requests.recv() => match request {
                Some(request) => {
                    let done = core.request(request).await;
                    core.go_on(done)?;
                }
                None => return Ok(core.log),
            },
        }
    }
}

/// A stanza as a line of JSON, without its secrets.
fn line(direction: &str, stanza: &Node) -> Result<String> {
    Ok(format!(r#"{{"direction":"{direction}","node":{}}}"#, serde_json::to_string(&redacted(stanza))?))
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

    let (requests, to_loop) = mpsc::channel(16);
    let (jobs, mut to_decrypt) = mpsc::channel(16);
    let core = tokio::spawn(run(TcpStream::connect(address).await?, to_loop, jobs));
    let decrypting = tokio::spawn(async move {
        let mut sizes = Vec::new();
        while let Some(job) = to_decrypt.recv().await {
            sizes.extend(job.node().map(|enc| enc.bytes().len()));
        }
        sizes
    });

    let client = Client { requests };
    let iq =
        Node::build("iq").attr("id", "1").attr("type", "get").attr("xmlns", "w:p").attr("to", Jid::SERVER).finish();
    let answer = client.ask(iq).await?;
    let devices = ["15550001111:1@s.whatsapp.net", "15550001111:2@s.whatsapp.net"].map(str::parse::<Jid>);
    let [one, other] = devices;
    client.send(message("2", &"15550001111@s.whatsapp.net".parse()?, &[one?, other?]).await).await?;
    // The server ends the connection when it has seen the receipt.
    server.await??;
    let log = core.await??;
    Ok(Report { answer: answer.get("type")?, ciphertexts: decrypting.await?, log })
}

/// The server: answers what it gets, and sends the first message back.
async fn serve(mut socket: TcpStream) -> Result<()> {
    let (mut reader, mut output) = (FrameReader::new().with_limit(LONGEST), Vec::new());
    // A frame that cannot be decoded, and a message without an id.
    write_frame(&[0x00, 0xf8], &mut output)?;
    write_frame(&wabinary::encode(&Node::build("message").finish())?, &mut output)?;
    let mut piece = [0; 1024];
    loop {
        let count = socket.read(&mut piece).await?;
        if count == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        reader.feed(&piece[..count]);
        while let Some(frame) = reader.next_frame()? {
            let stanza = decode(frame)?;
            let ack = |class: &str| {
                let ack = Node::build("ack");
                ack.attr("id", stanza.get::<&str>("id")?).attr("class", class).attr_opt("from", stanza.attr("to"));
                Result::Ok(ack.finish())
            };
            let answers = match stanza.tag() {
                "iq" => {
                    let result = Node::build("iq").attr("from", Jid::SERVER).attr("type", "result").finish();
                    vec![result.into_builder().attr("id", stanza.get::<&str>("id")?).finish()]
                }
                "message" => {
                    vec![ack("message")?, stanza.edit().remove("to").set("from", stanza.get::<Jid>("to")?).finish()]
                }
                tag => vec![ack(tag)?],
            };
            for answer in answers {
                write_frame(&wabinary::encode(&answer)?, &mut output)?;
            }
            socket.write_all(&output).await?;
            output.clear();
            if stanza.tag() == "receipt" {
                return Ok(socket.shutdown().await?);
            }
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let report = session().await?;
    report.log.iter().for_each(|line| println!("{line}"));
    println!("answer {:?}, ciphertexts of {:?} bytes", report.answer, report.ciphertexts);
    Ok(())
}
