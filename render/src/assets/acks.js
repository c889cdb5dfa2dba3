
// Highlights related rows, and opens everything at once.

/** Marks the stanza that a row is about, and its answers. */
function light(row) {
  for (const old of document.querySelectorAll(".row.lit")) old.classList.remove("lit");
  const group = row?.dataset.with;
  if (!group) return;
  for (const other of row.closest(".ladder").querySelectorAll(`[data-with="${group}"]`)) other.classList.add("lit");
}

const rowAt = (event) => event.target.closest?.(".ladder .row") ?? null;
document.addEventListener("pointerover", (event) => light(rowAt(event)));
document.addEventListener("focusin", (event) => light(rowAt(event)));

document.addEventListener("click", (event) => {
  const all = event.target;
  if (all.id !== "all") return;
  const isOpen = all.getAttribute("aria-pressed") === "true";
  for (const details of document.querySelectorAll(".ladder details")) details.open = !isOpen;
  all.setAttribute("aria-pressed", String(!isOpen));
  all.textContent = isOpen ? "Open all" : "Close all";
});

document.addEventListener("keydown", (event) => {
  const row = rowAt(event);
  if (!row) return;
  if (event.key === "Escape") row.querySelector("details").open = false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.localName !== "summary") return;
  const summaries = [...document.querySelectorAll(".row summary")];
  const next = summaries[summaries.indexOf(event.target) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

/** Tables that go on beyond the screen say so, and scroll by keys. */
function seeTables() {
  for (const table of document.querySelectorAll(".scroll")) {
    const isWide = table.scrollWidth > table.clientWidth + 1;
    table.classList.toggle("wide", isWide);
    table.tabIndex = isWide ? 0 : -1;
  }
}
addEventListener("resize", seeTables);
document.addEventListener("sections", seeTables);
seeTables();
