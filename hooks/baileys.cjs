// Records every stanza that Baileys 6 or 7 decrypts and encrypts, as JSON lines: {"time", "direction", "hex"}.
// How to use it, what is private in its output, and what was verified: docs/frames.md.
//
//   WABINARY_FRAMES=frames.jsonl node --require ./baileys.cjs app.js
//
// or, in the program: const recorder = require("./baileys.cjs").record("frames.jsonl"); ... recorder.stop();
//
// The codec functions of Baileys 7 are exports of an ES module, which nobody can replace. So this hook takes the bytes
// where both versions encrypt and decrypt them: in node's AES-256-GCM, with the nonces that only connections have.
"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const CURRENT = Symbol.for("wabinary.frames");

// Eight zero bytes and a counter. Media, polls and retries have random nonces; the handshake has associated data.
const isFrame = (algorithm, nonce) =>
  String(algorithm).toLowerCase() === "aes-256-gcm" &&
  nonce?.length === 12 &&
  Buffer.from(nonce).readBigUInt64BE() === 0n;

const copy = (input) =>
  ArrayBuffer.isView(input) ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength).slice() : input;

// Gives `record` the pieces of the plaintext once the frame is complete.
const watch = (cipher, takesPlaintext, record) => {
  const { setAAD, update, final } = cipher;
  const pieces = [];
  let isHandshake = false;
  cipher.setAAD = function (data, ...rest) {
    isHandshake = data.byteLength > 0;
    return setAAD.call(this, data, ...rest);
  };
  cipher.update = function (input, ...rest) {
    // A copy, for the caller may use its buffer again.
    if (takesPlaintext) pieces.push(copy(input));
    const output = update.call(this, input, ...rest);
    if (!takesPlaintext) pieces.push(output);
    return output;
  };
  cipher.final = function (...rest) {
    // Throws if the frame is not authentic.
    const output = final.apply(this, rest);
    if (!isHandshake) record(pieces);
    return output;
  };
  return cipher;
};

// Starts to append to a file. What runs already goes on, whatever file it is asked for.
function record(path) {
  if (globalThis[CURRENT]) return globalThis[CURRENT];
  // Only its owner reads what is private.
  const file = fs.openSync(path, "a", 0o600);
  const { createCipheriv, createDecipheriv } = crypto;
  const counts = { received: 0, sent: 0, bytes: 0, failed: 0 };
  let isRecording = true;
  const write = (direction) => (pieces) => {
    if (!isRecording) return;
    // The client must work on whatever happens here.
    try {
      const bytes = Buffer.concat(pieces);
      fs.writeSync(file, JSON.stringify({ time: Date.now() / 1000, direction, hex: bytes.toString("hex") }) + "\n");
      counts[direction === "send" ? "sent" : "received"]++;
      counts.bytes += bytes.length;
    } catch {
      counts.failed++;
    }
  };
  const wrap = (create, direction) =>
    function (algorithm, key, nonce, ...rest) {
      const cipher = create.call(this, algorithm, key, nonce, ...rest);
      return isRecording && isFrame(algorithm, nonce) ? watch(cipher, direction === "send", write(direction)) : cipher;
    };
  const replaced = {
    createCipheriv: wrap(createCipheriv, "send"),
    createDecipheriv: wrap(createDecipheriv, "receive"),
  };
  Object.assign(crypto, replaced);
  // For those who import it.
  syncBuiltinESMExports();

  const stop = () => {
    if (!isRecording) return;
    isRecording = false;
    // If somebody else has wrapped ours since, ours stays and only passes on.
    if (crypto.createCipheriv === replaced.createCipheriv) crypto.createCipheriv = createCipheriv;
    if (crypto.createDecipheriv === replaced.createDecipheriv) crypto.createDecipheriv = createDecipheriv;
    syncBuiltinESMExports();
    fs.closeSync(file);
    delete globalThis[CURRENT];
  };
  globalThis[CURRENT] = { counts: () => ({ ...counts }), stop };
  return globalThis[CURRENT];
}

module.exports = { record };

if (process.env.WABINARY_FRAMES) {
  const recorder = record(process.env.WABINARY_FRAMES);
  process.on("exit", () => {
    const { received, sent, failed } = recorder.counts();
    console.error(`${process.env.WABINARY_FRAMES}: ${received} stanzas received, ${sent} sent, ${failed} not written`);
  });
}
