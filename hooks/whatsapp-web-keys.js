// ==UserScript==
// @name        Record the connection keys of WhatsApp Web
// @match       https://web.whatsapp.com/*
// @grant       none
// @run-at      document-start
// ==/UserScript==

// Records each key that WhatsApp Web imports for a connection, as JSON lines: {"direction", "key", "time"}.
// With them a recording of the websocket becomes readable. Anyone who has both reads it: treat the file like a password.
// How to use it, and what was verified: docs/frames.md.
(() => {
  "use strict";
  const NAME = "wabinaryKeys";
  const say = (text) => console.info(`${NAME}: ${text}`);

  // If pasted again, the first recorder continues with its keys.
  if (window[NAME]) {
    window[NAME].start();
    return;
  }

  const lines = [];
  // `imports` counts all keys that the page imported, `send` and `receive` the recorded ones.
  const counts = { imports: 0, send: 0, receive: 0 };
  const DIRECTIONS = { encrypt: "send", decrypt: "receive" };
  const owner = window.SubtleCrypto.prototype;
  const original = owner.importKey;
  let isRecording = false;

  const bytesOf = (value) => {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Also accepts a buffer of another window.
    return Object.prototype.toString.call(value) === "[object ArrayBuffer]" ? new Uint8Array(value) : null;
  };
  const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  const toHex = (bytes) => bytes.reduce((text, byte) => text + DIGITS[byte], "");

  // A connection's key is a raw AES-GCM key of 32 bytes with one usage. Keys of the handshake have two usages.
  const record = (format, data, algorithm, _extractable, usages) => {
    try {
      counts.imports++;
      const name = String(algorithm?.name ?? algorithm).toUpperCase();
      const bytes = bytesOf(data);
      const direction = Array.isArray(usages) && usages.length === 1 ? DIRECTIONS[usages[0]] : undefined;
      if (format !== "raw" || name !== "AES-GCM" || bytes?.length !== 32 || !direction) return;
      lines.push(JSON.stringify({ direction, key: toHex(bytes), time: Date.now() / 1000 }));
      counts[direction]++;
    } catch {
      // The page must work, whatever happens here.
    }
  };

  function importKey(...args) {
    // Record before the call: afterwards the page may clear the bytes.
    if (isRecording) record(...args);
    return Reflect.apply(original, this, args);
  }

  const start = () => {
    if (isRecording) {
      say(`already recording: ${counts.send} keys to send, ${counts.receive} to receive.`);
      return;
    }
    isRecording = true;
    // If another hook wrapped ours, ours is still in place.
    if (owner.importKey === original) owner.importKey = importKey;
    say(`recording keys of new connections. ${NAME}.save() downloads them, .counts() counts, .remove() ends it.`);
  };

  const remove = () => {
    if (!isRecording) return;
    isRecording = false;
    // If another hook has wrapped ours since, ours stays and only forwards calls.
    if (owner.importKey === importKey) owner.importKey = original;
    say(`removed. ${counts.send} keys to send, ${counts.receive} to receive; save() still downloads them.`);
  };

  const text = () =>
    ["# Keys of connections: anyone who has them and a recording can read it. Keep them like a password.\n"]
      .concat(lines.map((line) => line + "\n"))
      .join("");

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text()], { type: "application/jsonl" }));
    link.download = `whatsapp-web-keys-${new Date().toISOString().replace(/[:.]/g, "-")}.jsonl`;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(`saved ${counts.send} keys to send, ${counts.receive} to receive, of ${counts.imports} imports.`);
  };

  // Forgets the keys, and keeps recording.
  const clear = () => {
    lines.length = 0;
    for (const name of Object.keys(counts)) counts[name] = 0;
  };

  window[NAME] = { start, counts: () => ({ ...counts }), text, save, clear, remove };
  start();
})();
