
// Packed frames are unpacked near the screen, and packed again far from it.

const page = document.querySelector(".page");
const title = document.title;

/** Of the blocks used last, the bodies of their frames. */
const unpacked = new Map();
const BLOCKS_KEPT = 6;

function bodies(block) {
  const found = unpacked.get(block) ?? unpack(block.querySelector("template").content.textContent);
  unpacked.delete(block);
  unpacked.set(block, found);
  if (unpacked.size > BLOCKS_KEPT) unpacked.delete(unpacked.keys().next().value);
  return found;
}

async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  // A Blob would add a round trip to another process.
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  writer.write(bytes);
  writer.close();
  return (await new Response(readable).text()).split("\0");
}

const isOpen = (frame) => frame.childElementCount > 1;

async function fill(frame) {
  if (!frame.matches(".packed") || isOpen(frame)) return;
  const body = (await bodies(frame.parentElement))[frame.dataset.part];
  if (isOpen(frame)) return;
  frame.insertAdjacentHTML("beforeend", body);
  frame.style.minHeight = 0;
}

/** Leaves the room that the frame took. */
function empty(frame) {
  if (!isOpen(frame) || frame.contains(document.activeElement) || frame.contains(pinned)) return;
  frame.style.minHeight = `${frame.offsetHeight}px`;
  while (isOpen(frame)) frame.lastElementChild.remove();
}

/** Watches what is at most so many screens away. */
const near = (screens, act) => new IntersectionObserver(
  (entries) => entries.forEach(({ target, isIntersecting }) => act(target, isIntersecting)),
  { root: page, rootMargin: `${screens * 100}% 0px` },
);
const nearFrames = near(1, (frame, isNear) => (isNear ? fill : empty)(frame));
// Observing thousands of frames would take longer than drawing them.
const nearBlocks = near(3, (block, isNear) => {
  if (isNear) bodies(block);
  for (const frame of block.querySelectorAll(".frame")) {
    if (isNear) nearFrames.observe(frame);
    else {
      nearFrames.unobserve(frame);
      empty(frame);
    }
  }
});
for (const block of document.querySelectorAll(".block")) nearBlocks.observe(block);

/** Goes where the address says. What is unpacked above may have moved it. */
async function arrive() {
  const target = document.getElementById(location.hash.slice(1));
  const frame = target?.closest(".frame");
  if (!frame) return;
  await fill(frame);
  target.scrollIntoView();
  document.title = `${[...frame.querySelector("h2").childNodes].slice(0, -1).map((part) => part.textContent).join("").trim()} – ${title}`;
}
addEventListener("hashchange", arrive);
arrive();

/** The frame at the top of the screen, if the index and what else is first is out of sight. */
function frameInView() {
  const { left, top } = page.getBoundingClientRect();
  return document.elementFromPoint(left + 60, top + 30)?.closest(".frame");
}

document.addEventListener("click", (event) => {
  const by = Number(event.target.closest?.("[data-step]")?.dataset.step);
  if (!by) return;
  const frames = [...document.querySelectorAll(".frame:not([hidden])")];
  const at = frames.indexOf(frameInView());
  const next = frames[at < 0 ? 0 : Math.max(0, Math.min(frames.length - 1, at + by))];
  if (next) location.replace(`#${next.id}`);
});

// Keys scroll the focused element.
page.tabIndex = -1;
if (document.activeElement === document.body) page.focus({ preventScroll: true });
