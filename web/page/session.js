// The worker, and the page's requests to it.

const $ = (selector) => document.querySelector(selector);

/** An element with a class and texts or elements in it. Texts stay texts. */
function make(name, className, ...inside) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside.filter((part) => part !== null && part !== undefined));
  return element;
}

const counted = (count, unit) => `${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`;

/** What is packed in an element of the page. */
async function unpacked(id) {
  const bytes = Uint8Array.from(atob($(id).textContent), (character) => character.charCodeAt(0));
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  writer.write(bytes);
  writer.close();
  return new Response(readable).arrayBuffer();
}

const waiting = new Map();
let asked = 0;

const worker = (async () => {
  const source = await unpacked("#packed-worker");
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onmessage = ({ data: { number, answer, failed } }) => {
    const { done, fail } = waiting.get(number);
    waiting.delete(number);
    if (failed === undefined) done(JSON.parse(answer));
    else fail(new Error(failed));
  };
  worker.onerror = (event) => {
    for (const { fail } of waiting.values()) fail(new Error(event.message));
    waiting.clear();
  };
  const wasm = await unpacked("#packed-wasm");
  const ready = post(worker, "start", { wasm }, [wasm]);
  return { worker, ready };
})();

function post(worker, call, given, moved = []) {
  return new Promise((done, fail) => {
    const number = (asked += 1);
    waiting.set(number, { done, fail });
    worker.postMessage({ number, call, ...given }, moved);
  });
}

/** Asks the worker for something. */
async function ask(call, given = {}) {
  const { worker: there, ready } = await worker;
  await ready;
  return post(there, call, given);
}
