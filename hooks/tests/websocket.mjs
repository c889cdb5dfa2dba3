// Makes the recordings of tests/data/hooks/websocket: a page of ours speaks with a server of ours as WhatsApp Web does, while
// Playwright records a HAR, the devtools protocol is written down, and the key hook records keys. Then it opens both recordings
// with the recorded keys and compares.
//
//   npm install playwright-core ws
//   CHROMIUM=/usr/bin/chromium node hooks/tests/websocket.mjs tests/data/captures/call.jsonl tests/data/hooks/websocket
//
// With `attach` as a third argument Playwright writes the messages into files beside the HAR.
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { chromium } = require("playwright-core");
const { WebSocketServer } = require("ws");
const [capture, folder, content = "embed"] = process.argv.slice(2);
const hooks = path.join(import.meta.dirname, "..");

const CONNECTIONS = 3;
const records = fs
  .readFileSync(capture, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .slice(0, 36)
  .map((line) => JSON.parse(line));

const nonce = (counter) => {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
};
const framed = (bytes) => {
  const length = Buffer.alloc(3);
  length.writeUIntBE(bytes.length, 0, 3);
  return Buffer.concat([length, bytes]);
};

// The server: one object for each connection of the page.
const html = fs.readFileSync(path.join(hooks, "tests/websocket.html"));
const server = http.createServer((request, response) =>
  response.writeHead(200, { "content-type": "text/html" }).end(request.url === "/" ? html : ""),
);
const connections = [];
new WebSocketServer({ server }).on("connection", (socket, request) => {
  if (request.url !== "/ws/chat") return;
  const connection = { socket, sent: 0 };
  connections.push(connection);
  socket.once("message", (hello) => {
    const secret = hello.subarray(-32);
    const key = (label) => createHash("sha256").update(secret).update(Buffer.of(label)).digest();
    connection.seal = (hex) => {
      const cipher = createCipheriv("aes-256-gcm", key(2), nonce(connection.sent++));
      return framed(Buffer.concat([cipher.update(Buffer.from(hex, "hex")), cipher.final(), cipher.getAuthTag()]));
    };
    socket.send(framed(Buffer.concat([Buffer.from("1a68", "hex"), Buffer.alloc(104, 9)])));
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

fs.mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
const har = path.join(folder, "recording.har");
const context = await browser.newContext({ recordHar: { path: har, content } });
const page = await context.newPage();
await page.addInitScript({ path: path.join(hooks, "whatsapp-web-keys.js") });
const devtools = [];
const session = await context.newCDPSession(page);
for (const method of [
  "Created",
  "WillSendHandshakeRequest",
  "HandshakeResponseReceived",
  "FrameSent",
  "FrameReceived",
  "Closed",
]) {
  session.on(`Network.webSocket${method}`, (params) => devtools.push({ method: `Network.webSocket${method}`, params }));
}
await session.send("Network.enable");
await page.goto(origin);

const told = [];
const connect = (number) =>
  page.evaluate(async (number) => {
    window.connection = new Connection();
    await connection.connect("/ws/chat");
    if (number >= 0) await connection.shakeHands();
  }, number);
// One that is left before its handshake, and one that is somebody else's.
await connect(-1);
await page.evaluate(async () => {
  connection.close();
  const other = new WebSocket(`ws://${location.host}/other`);
  await new Promise((resolve) => (other.onopen = resolve));
  other.send("hello");
  other.close();
});
for (let number = 0; number < CONNECTIONS; number++) {
  await connect(number);
  const part = records.slice((number * records.length) / CONNECTIONS, ((number + 1) * records.length) / CONNECTIONS);
  let received = 0;
  while (part.length) {
    // What goes in one direction, one after another, goes in one message; every third time a message ends inside a frame.
    const { direction } = part[0];
    const until = part.findIndex((record) => record.direction !== direction);
    const frames = part.splice(0, until < 0 ? part.length : until).map((record) => record.hex);
    told.push(...frames.map((hex) => ({ direction, hex })));
    if (direction === "send") {
      await page.evaluate((frames) => connection.send(frames), frames);
      continue;
    }
    const { seal, socket } = connections.at(-1);
    const message = Buffer.concat(frames.map(seal));
    const cut = frames.length % 3 === 0 ? message.length >> 1 : message.length;
    socket.send(message.subarray(0, cut));
    if (cut < message.length) socket.send(message.subarray(cut));
    received += frames.length;
    await page.waitForFunction((received) => connection.frames.length === received, received);
  }
  await page.evaluate(() => connection.close());
}
const keys = await page.evaluate(() => wabinaryKeys.text());
const counts = await page.evaluate(() => wabinaryKeys.counts());
await context.close();
await browser.close();
server.close();

fs.writeFileSync(path.join(folder, "keys.jsonl"), keys);
fs.writeFileSync(path.join(folder, "frames.jsonl"), told.map((frame) => JSON.stringify(frame) + "\n").join(""));
fs.writeFileSync(path.join(folder, "devtools.jsonl"), devtools.map((event) => JSON.stringify(event) + "\n").join(""));

// Every message of a socket, in its order: direction and bytes.
const messagesOf = ({ _webSocketMessages: messages, response }) => {
  const file = response?.content?._file;
  if (messages || !file?.endsWith(".jsonl")) return messages;
  return fs.readFileSync(path.join(folder, file), "utf8").trim().split("\n").map((line) => JSON.parse(line));
};
const ofHar = JSON.parse(fs.readFileSync(har))
  .log.entries.map(messagesOf)
  .filter((messages) => messages)
  .map((messages) =>
    messages
      .filter((message) => message.opcode === 2)
      .map((message) => ({ direction: message.type, bytes: Buffer.from(message.data, "base64") })),
  );
const ofDevtools = devtools
  .filter(({ method }) => method.endsWith("Created"))
  .map(({ params: { requestId } }) =>
    devtools
      .filter(({ params }) => params.requestId === requestId && params.response?.opcode === 2)
      .map(({ method, params }) => ({
        direction: method.endsWith("Sent") ? "send" : "receive",
        bytes: Buffer.from(params.response.payloadData, "base64"),
      })),
  );
const known = keys
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line));

// The frames of all sockets, opened with whichever key does it.
const opened = (sockets) =>
  sockets.flatMap((messages) => {
    const frames = [];
    const streams = { send: Buffer.alloc(0), receive: Buffer.alloc(0) };
    const counters = { send: 0, receive: 0 };
    for (const { direction, bytes } of messages) {
      streams[direction] = Buffer.concat([
        streams[direction],
        bytes.subarray(0, 2).toString() === "WA" ? bytes.subarray(4) : bytes,
      ]);
      while (streams[direction].length >= 3 && streams[direction].length >= 3 + streams[direction].readUIntBE(0, 3)) {
        const end = 3 + streams[direction].readUIntBE(0, 3);
        const frame = streams[direction].subarray(3, end);
        streams[direction] = streams[direction].subarray(end);
        for (const { key } of known.filter((key) => key.direction === direction)) {
          const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "hex"), nonce(counters[direction]));
          try {
            decipher.setAuthTag(frame.subarray(-16));
            const hex = Buffer.concat([decipher.update(frame.subarray(0, -16)), decipher.final()]).toString("hex");
            counters[direction]++;
            frames.push({ direction, hex });
            break;
          } catch {
            // Of another connection, or a message of the handshake.
          }
        }
      }
    }
    return frames;
  });
for (const [name, sockets] of Object.entries({ "recording.har": ofHar, "devtools.jsonl": ofDevtools })) {
  const frames = opened(sockets);
  if (JSON.stringify(frames) !== JSON.stringify(told))
    throw new Error(`${name}: ${frames.length} frames of ${told.length}`);
  console.log(
    `${name}: ${frames.length} frames of ${sockets.length} sockets opened with ${known.length} keys of ${counts.imports} imports`,
  );
}
