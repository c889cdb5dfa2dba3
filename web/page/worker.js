// Runs in parallel with the page: reads, decodes and explains, so that the page never blocks.
"use strict";

let session = null;

/** What the page may ask for. Each answers with text of JSON, or with nothing. */
const CALLS = {
  start: async ({ wasm }) => {
    wasm_bindgen.initSync({ module: await WebAssembly.compile(wasm) });
    session = new wasm_bindgen.Session();
  },
  /** Reads files, which are bytes or can be asked for them. */
  read: async ({ files, dictionary, lenient }) => {
    session.start(dictionary, lenient);
    for (const { name, file } of files) session.take(name, new Uint8Array(await file.arrayBuffer()));
    return session.read();
  },
  keys: async ({ file }) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const answer = session.take_keys(bytes);
    bytes.fill(0);
    return answer;
  },
  forget: () => session.forget_keys(),
  choose: ({ filter }) => session.choose(JSON.stringify(filter)),
  rows: ({ first, count }) => session.rows(first, count),
  place: ({ frame }) => String(session.place(frame)),
  show: ({ place }) => session.show(place),
  edit: ({ place, xml }) => session.edit(place, xml),
  calls: () => session.calls(),
  sanitize: () => session.sanitize(),
};

// Calls run one after another, even if one waits.
let last = Promise.resolve();
onmessage = ({ data: { number, call, ...given } }) => {
  last = last.then(async () => {
    try {
      const answer = await CALLS[call](given);
      postMessage({ number, answer: answer === undefined ? "null" : answer });
    } catch (error) {
      postMessage({ number, failed: String(error) });
    }
  });
};
