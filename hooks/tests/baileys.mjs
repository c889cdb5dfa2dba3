// Lets the real Baileys talk to a server that is not there, with the hook, and prints nothing.
//
//   npm install baileys@7.0.0-rc14
//   WABINARY_FRAMES=baileys-7.jsonl node --require ./hooks/baileys.cjs hooks/tests/baileys.mjs
//
// It uses Baileys' own noise handler and codec: `encodeBinaryNode` and `encodeFrame` as its `sendNode` does, `decodeFrame`
// as its `onMessageReceived` does. Only the handshake is left out, so that both sides know the keys.
import { webcrypto } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";

// From where it is installed, which is the current folder.
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const entry = require.resolve("baileys");
const baileys = await import(pathToFileURL(entry));
const { encodeBinaryNode, makeNoiseHandler, NOISE_WA_HEADER } = baileys.encodeBinaryNode ? baileys : baileys.default;

const STORY = [
  [
    "send",
    {
      tag: "iq",
      attrs: { id: "1.1-1", to: "s.whatsapp.net", type: "get", xmlns: "w:p" },
      content: [{ tag: "ping", attrs: {} }],
    },
  ],
  ["receive", { tag: "iq", attrs: { from: "s.whatsapp.net", id: "1.1-1", type: "result" } }],
  [
    "receive",
    {
      tag: "call",
      attrs: { from: "15550001111@s.whatsapp.net", id: "A1", t: "1700000000" },
      content: [
        {
          tag: "offer",
          attrs: { "call-id": "C1", "call-creator": "15550001111:2@s.whatsapp.net" },
          content: [{ tag: "enc", attrs: { v: "2" }, content: Buffer.alloc(40, 7) }],
        },
      ],
    },
  ],
  ["send", { tag: "ack", attrs: { id: "A1", to: "15550001111@s.whatsapp.net", class: "call", type: "offer" } }],
  // Compressed on the wire.
  [
    "receive",
    {
      tag: "ib",
      attrs: {},
      content: Array.from({ length: 3 }, (_, index) => ({ tag: "offline_preview", attrs: { count: String(index) } })),
    },
  ],
];

const quiet = { level: "silent", child: () => quiet, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const keyPair = { private: Buffer.alloc(32, 1), public: Buffer.alloc(32, 2) };
const noise = makeNoiseHandler({ keyPair, NOISE_HEADER: NOISE_WA_HEADER, logger: quiet });
await noise.finishInit();

// The server's side: without a handshake all keys come from the name of the protocol.
const { subtle } = webcrypto;
const salt = Buffer.from("Noise_XX_25519_AESGCM_SHA256\0\0\0\0");
const secret = await subtle.importKey("raw", new Uint8Array(0), "HKDF", false, ["deriveBits"]);
const bits = Buffer.from(
  await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: new Uint8Array(0) }, secret, 512),
);
const serverKey = await subtle.importKey("raw", bits.subarray(32), "AES-GCM", false, ["encrypt"]);
let counter = 0;
const fromServer = async (frame) => {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter++, 8);
  const sealed = Buffer.from(await subtle.encrypt({ name: "AES-GCM", iv }, serverKey, frame));
  const length = Buffer.alloc(3);
  length.writeUIntBE(sealed.length, 0, 3);
  return Buffer.concat([length, sealed]);
};

for (const [direction, node] of STORY) {
  const plain = Buffer.from(encodeBinaryNode(node));
  if (direction === "send") {
    noise.encodeFrame(plain);
    continue;
  }
  const frame = node.tag === "ib" ? Buffer.concat([Buffer.of(2), deflateSync(plain.subarray(1))]) : plain;
  const bytes = await fromServer(frame);
  const read = await new Promise((resolve, reject) => noise.decodeFrame(bytes, resolve).catch(reject));
  if (read.tag !== node.tag) throw new Error(`Baileys read ${read.tag} instead of ${node.tag}`);
}
