// The index with its filter, and buttons that copy. Everything is on the page without it.
"use strict";
document.documentElement.classList.add("live");

const links = [...document.querySelectorAll(".index a")];
const shows = (link) => !link.parentElement.hidden;
const sectionOf = (link) => document.getElementById(link.hash.slice(1));

// The Tab key stops once in the index. Arrows move on from there.
let stop = links[0];
for (const link of links.slice(1)) link.tabIndex = -1;

function stopAt(link) {
  if (!link) return;
  stop.tabIndex = -1;
  stop = link;
  stop.tabIndex = 0;
}

document.querySelector(".index .list")?.addEventListener("keydown", (event) => {
  const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity }[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const shown = links.filter(shows);
  const to = shown.indexOf(stop) + by;
  stopAt(shown[Math.max(0, Math.min(shown.length - 1, to))]);
  stop.focus();
});
document.querySelector(".index .list")?.addEventListener("focusin", (event) => stopAt(event.target.closest("a")));

const filter = document.getElementById("filter");
let filtered = null;
/** Each entry with its section and its text. Reading thousands takes longer than a key press should. */
const entries = () => (filtered ??= links.map((link) => [link, sectionOf(link), link.textContent.toLowerCase()]));
filter?.addEventListener("focus", entries);

/** Shows the entries, and the sections, that have all words of the filter. */
function applyFilter() {
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

filter?.addEventListener("input", applyFilter);
filter?.addEventListener("keydown", (event) => {
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
