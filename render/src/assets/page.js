// The index with its filter, and copy buttons. Without this script the page still shows everything.
"use strict";
document.documentElement.classList.add("live");

const shows = (link) => !link.parentElement.hidden;
const sectionOf = (link) => document.getElementById(link.hash.slice(1));

/** The entries of the index, and the one where the Tab key stops. Arrows move on from there. */
let links, stop, filtered;

/** Looks for an index, at the start and whenever sections come. */
function begin() {
  links = [...document.querySelectorAll(".index a")];
  stop = links[0];
  filtered = null;
  for (const link of links.slice(1)) link.tabIndex = -1;
}
begin();
document.addEventListener("sections", begin);

function stopAt(link) {
  if (!link) return;
  stop.tabIndex = -1;
  stop = link;
  stop.tabIndex = 0;
}

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".index .list a")) return;
  const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const shown = links.filter(shows);
  const to = shown.indexOf(stop) + by;
  stopAt(shown[Math.max(0, Math.min(shown.length - 1, to))]);
  stop.focus();
});
document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.(".index .list a")) stopAt(target);
  if (target.id === "filter") entries();
});

/** Each entry with its section and its text. Reading thousands takes longer than a key press should. */
const entries = () => (filtered ??= links.map((link) => [link, sectionOf(link), link.textContent.toLowerCase()]));
/** Shows the entries, and the sections, that have all words of the filter. */
function applyFilter(filter) {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const [link, section, text] of entries()) {
    const fits = words.every((word) => text.includes(word));
    link.parentElement.hidden = section.hidden = !fits;
    count += fits;
  }
  for (const group of document.querySelectorAll(".index :is(.group, ol)")) {
    group.hidden = !group.querySelector("li:not([hidden])");
  }
  for (const block of document.querySelectorAll(".block")) {
    const frames = block.querySelectorAll(".frame:not([hidden])").length;
    block.hidden = frames === 0;
    block.style.setProperty("--frames", frames);
  }
  if (!shows(stop)) stopAt(links.find(shows));
  const told = filter.parentElement.querySelector("output");
  const unit = (count) => `${count} ${told.dataset.unit}${count === 1 ? "" : "s"}`;
  told.textContent = words.length ? `${count} of ${unit(links.length)}` : unit(count);
}

document.addEventListener("input", ({ target }) => {
  if (target.id === "filter") applyFilter(target);
});
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "filter") return;
  const first = links.find(shows);
  if (!first) return;
  if (event.key === "Enter") location.hash = first.hash;
  if (event.key === "ArrowDown") {
    event.preventDefault();
    stopAt(first);
    first.focus();
  }
});

/** Where a page from a file may not use the clipboard, a selection can still be copied. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const text = button.dataset.hex ?? button.closest(".stanza").querySelector("pre").textContent;
  const label = (button.dataset.label ??= button.textContent);
  button.textContent = (await copy(text)) ? "Copied" : "Not allowed to copy";
  button.focus();
  setTimeout(() => (button.textContent = label), 2000);
});
