
// Frames that are packed are unpacked when they come near the screen, and packed again when they are far.

const page = document.querySelector(".page");
const title = document.title;

/** Of the last blocks used, the bodies of their frames. */
const blocks = new Map();
const BLOCKS_KEPT = 6;

function bodies(number) {
  const found = blocks.get(number) ?? unpack(document.querySelectorAll("template.block")[number]);
  blocks.delete(number);
  blocks.set(number, found);
  if (blocks.size > BLOCKS_KEPT) blocks.delete(blocks.keys().next().value);
  return found;
}

async function unpack(template) {
  const bytes = Uint8Array.from(atob(template.content.textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return (await new Response(stream).text()).split("\0");
}

const isEmpty = (frame) => frame.childElementCount === 1;

async function fill(frame) {
  if (!frame.matches(".packed") || !isEmpty(frame)) return;
  const body = (await bodies(Number(frame.dataset.block)))[frame.dataset.part];
  if (isEmpty(frame)) frame.insertAdjacentHTML("beforeend", body);
}

function empty(frame) {
  if (frame.contains(document.activeElement) || frame.contains(pinned)) return;
  while (!isEmpty(frame)) frame.lastElementChild.remove();
}

const near = new IntersectionObserver(
  (entries) => entries.forEach(({ target, isIntersecting }) => (isIntersecting ? fill : empty)(target)),
  { root: page, rootMargin: "50% 0px" },
);
for (const frame of document.querySelectorAll(".packed")) near.observe(frame);

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

/** The frame at the top of the screen, if the index and what else stands first is out of sight. */
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

// Keys scroll what has the focus.
page.tabIndex = -1;
if (document.activeElement === document.body) page.focus({ preventScroll: true });
