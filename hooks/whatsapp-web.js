// ==UserScript==
// @name        Record the stanzas of WhatsApp Web
// @match       https://web.whatsapp.com/*
// @grant       none
// @run-at      document-start
// ==/UserScript==

// Records every stanza that WhatsApp Web decodes and encodes, as JSON lines: {"time", "direction", "hex"}.
// How to use it, what is private in its output, and what was verified: docs/frames.md.
(() => {
  "use strict";
  const NAME = "wabinaryFrames";
  const say = (text) => console.info(`${NAME}: ${text}`);

  // If pasted again, the first recorder continues with its recording.
  if (window[NAME]) {
    window[NAME].start();
    return;
  }

  const lines = [];
  const counts = { received: 0, sent: 0, bytes: 0, unreadable: 0 };
  // The session from a start to `remove`: the replaced functions, and its timers.
  let session = null;

  const bytesOf = (value) => {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    // Also accepts a buffer of another window.
    return Object.prototype.toString.call(value) === "[object ArrayBuffer]" ? new Uint8Array(value) : null;
  };
  const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
  const toHex = (bytes) => bytes.reduce((text, byte) => text + DIGITS[byte], "");

  // The page must work, whatever happens here.
  const record = (direction, value) => {
    try {
      const bytes = bytesOf(value);
      if (!bytes) {
        if (counts.unreadable++ === 0) say("a stanza is not bytes and cannot be recorded; see counts()");
        return;
      }
      lines.push(JSON.stringify({ time: Date.now() / 1000, direction, hex: toHex(bytes) }));
      counts.bytes += bytes.length;
      counts[direction === "send" ? "sent" : "received"]++;
    } catch (error) {
      counts.unreadable++;
    }
  };

  // The wrappers of an ended session only forward calls.
  const wrappers = {
    // Record before the call, which may change the bytes.
    decodeStanza: (original, own) =>
      function (...args) {
        if (own === session) record("receive", args[0]);
        return Reflect.apply(original, this, args);
      },
    encodeStanza: (original, own) =>
      function (...args) {
        const result = Reflect.apply(original, this, args);
        const recordSent = (bytes) => own === session && record("send", bytes);
        if (typeof result?.then === "function") result.then(recordSent, () => {});
        else recordSent(result);
        return result;
      },
  };

  const put = (module, name, value) => {
    try {
      module[name] = value;
    } catch {
      // Some properties can only be defined, not set.
    }
    if (module[name] !== value) {
      Object.defineProperty(module, name, { value, writable: true, configurable: true, enumerable: true });
    }
  };

  const findModule = () => {
    try {
      const module = window.require("WAWap");
      return typeof module?.decodeStanza === "function" && typeof module?.encodeStanza === "function" ? module : null;
    } catch {
      return null;
    }
  };

  const install = (module) => {
    for (const [name, wrap] of Object.entries(wrappers)) {
      const original = module[name];
      const ours = wrap(original, session);
      put(module, name, ours);
      session.replaced.push({ module, name, original, ours });
    }
    say(`recording. ${NAME}.save() downloads the file, .counts() counts, .remove() ends it.`);
    const warn = () => {
      if (counts.received + counts.sent > 0) return;
      say("no stanza in 30 seconds. If the page is connected, its socket may live in a worker, out of reach.");
    };
    session.timer = setTimeout(warn, 30_000);
  };

  // The module may load after this script: look for it for a minute.
  const look = (tries) => {
    try {
      const module = findModule();
      if (module) install(module);
      else if (tries > 0) session.timer = setTimeout(look, 50, tries - 1);
      else throw new Error('the page has no module "WAWap" with decodeStanza and encodeStanza');
    } catch (error) {
      uninstall();
      say(`cannot record: ${error.message}`);
    }
  };

  const start = () => {
    if (session) {
      say(`already recording: ${counts.received} received, ${counts.sent} sent.`);
      return;
    }
    session = { replaced: [], timer: undefined };
    look(1200);
  };

  const uninstall = () => {
    clearTimeout(session.timer);
    for (const { module, name, original, ours } of session.replaced) {
      // If another hook has wrapped ours since, ours stays.
      if (module[name] === ours) put(module, name, original);
    }
    session = null;
  };

  const remove = () => {
    if (!session) return;
    uninstall();
    say(`removed. ${counts.received} received, ${counts.sent} sent; save() still downloads them.`);
  };

  const text = () => lines.map((line) => line + "\n").join("");

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text()], { type: "application/jsonl" }));
    link.download = `whatsapp-web-${new Date().toISOString().replace(/[:.]/g, "-")}.jsonl`;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(`saved: ${counts.received} received, ${counts.sent} sent, ${counts.unreadable} unreadable.`);
  };

  // Deletes the recording, and continues.
  const clear = () => {
    lines.length = 0;
    for (const name of Object.keys(counts)) counts[name] = 0;
  };

  window[NAME] = { start, counts: () => ({ ...counts }), text, save, clear, remove };
  start();
})();
