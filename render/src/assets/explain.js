
// Moves through the ranges of explained frames and shows what they mean.

const frameOf = (element) => element.closest(".frame");
/** A row is `f0r5`, its bytes are `f0b5`. */
const rowOf = (frame, number) => document.getElementById(`${frame.id}r${number}`);
const bytesOf = (row) => document.getElementById(row.id.replace("r", "b"));
const level = (row) => Number(row.getAttribute("aria-level"));
const isLeaf = (row) => row.classList.contains("leaf");
const start = (row) => Number(row.querySelector(".at").textContent);
const end = (row) => Number(row.dataset.end);

/** The rows that enclose a row, the nearest first. */
function enclosing(row) {
  const found = [];
  let above = level(row);
  for (let other = row.previousElementSibling; other && above > 1; other = other.previousElementSibling) {
    if (other.matches(".row") && level(other) < above) {
      found.push(other);
      above = level(other);
    }
  }
  return found;
}

/** The leaf rows that a row consists of. */
function leaves(row) {
  if (isLeaf(row)) return [row];
  const found = [];
  for (let other = row.nextElementSibling; other; other = other.nextElementSibling) {
    if (!other.matches(".row")) continue;
    if (level(other) <= level(row)) break;
    if (isLeaf(other)) found.push(other);
  }
  return found;
}

/** Makes a row the current one of its frame. */
function show(row) {
  const frame = frameOf(row);
  if (row.classList.contains("now")) return;
  for (const old of frame.querySelectorAll(".now, .in")) {
    old.classList.remove("now", "in");
    old.removeAttribute("aria-selected");
  }
  const parents = enclosing(row);
  row.classList.add("now");
  row.setAttribute("aria-selected", "true");
  frame.querySelector(".tree").setAttribute("aria-activedescendant", row.id);
  for (const parent of parents) parent.classList.add("in");
  const shown = leaves(row).map(bytesOf).filter(Boolean);
  for (const span of shown) {
    span.classList.add("now");
    span.setAttribute("aria-selected", "true");
  }
  shown[0]?.closest(".hex").setAttribute("aria-activedescendant", shown[0].id);
  describe(document.querySelector(".meaning"), row, parents);
}

/** The words at the end of the page that a meaning uses, outside of its quotes: `LIST_8` is a `LIST_n`. */
function wordsIn(meaning) {
  const plain = meaning.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const terms = [...document.querySelectorAll(".words dt")];
  return terms
    .filter((term) => plain.includes(term.textContent.replace(/n$/, "")))
    .map((term) => [term.textContent, term.nextElementSibling.textContent]);
}

/** Fills the panel below the page. */
function describe(panel, row, parents) {
  const size = end(row) - start(row);
  const hex = row.querySelector(".hx").textContent;
  const place = size === 1 ? `byte ${start(row)}` : `bytes ${start(row)}–${end(row) - 1} (${size})`;
  const what = row.querySelector(".says").textContent;
  const isAlone = document.querySelectorAll(".frame").length === 1;
  const facts = [
    ["frame", isAlone ? "" : frameOf(row).id.slice(1)],
    ["where", hex ? `${place}: ${hex}` : place],
    ["kind", row.dataset.kind],
    ["path", [row, ...parents].map((part) => part.dataset.path).find(Boolean)],
    ["within", parents.slice(0, 2).map((part) => part.querySelector(".says").textContent).join(" ← ")],
    ...wordsIn(what),
  ];
  const head = document.createElement("p");
  head.className = "what";
  head.textContent = what;
  const list = document.createElement("dl");
  for (const [name, text] of facts.filter(([, text]) => text)) {
    const term = document.createElement("dt");
    term.textContent = name;
    const value = document.createElement("dd");
    value.textContent = text;
    term.className = value.className = `fact-${name}`;
    list.append(term, value);
  }
  panel.replaceChildren(head, list);
}

/** Brings the current bytes into view in their pane and, if the page may move, row and bytes in the page. */
function reveal(row, pageMoves) {
  if (pageMoves) row.scrollIntoView({ block: "nearest" });
  const cell = frameOf(row).querySelector(".hex .now i");
  if (!cell) return;
  if (pageMoves) cell.scrollIntoView({ block: "nearest" });
  const pane = cell.closest(".bytes");
  const [inner, outer] = [cell.getBoundingClientRect(), pane.getBoundingClientRect()];
  if (inner.top < outer.top + 20) pane.scrollTop -= outer.top + 20 - inner.top;
  if (inner.bottom > outer.bottom - 20) pane.scrollTop += inner.bottom - outer.bottom + 20;
}

/** The row that an element of the page belongs to. */
function rowAt(element) {
  const found = element.closest?.(".frame :is(.row, .hex [role=option], .told [data-r])");
  if (!found) return null;
  if (found.matches(".row")) return found;
  return rowOf(frameOf(found), found.dataset.r ?? found.id.split("b")[1]);
}

/** Opens what is folded of a row's bytes, or folds it again. */
function toggleFold(row) {
  const [more, fold] = bytesOf(row)?.querySelectorAll(".more, .fold") ?? [];
  if (!fold) return;
  more.dataset.closed ??= more.textContent;
  fold.hidden = !fold.hidden;
  more.textContent = fold.hidden ? more.dataset.closed : "fold again";
}

let pinned = null;

function pin(row) {
  pinned?.classList.remove("pinned");
  pinned = row;
  pinned?.classList.add("pinned");
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const row = rowAt(event.target);
  if (!row || (pinned && frameOf(pinned) === frameOf(row))) return;
  show(row);
  reveal(row, false);
});

document.addEventListener("click", (event) => {
  const row = rowAt(event.target);
  if (!row) return;
  if (event.target.closest(".more")) toggleFold(row);
  pin(pinned === row ? null : row);
  show(row);
  reveal(row, !event.target.closest(".row"));
});

const KEYS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const pane = event.target;
  if (event.key === "Escape") return pin(null);
  if (!pane.matches?.(".hex, .tree") || event.ctrlKey || event.metaKey || event.altKey) return;
  const frame = frameOf(pane);
  const now = frame.querySelector(".row.now");
  if (event.key === "Enter" && now) toggleFold(now);
  if (!(event.key in KEYS)) return;
  event.preventDefault();
  pin(null);
  const row = pane.matches(".tree") ? nextRow(frame, now, event.key) : nextBytes(pane, now, event.key);
  if (!row) return;
  show(row);
  reveal(row, true);
});

/** The element so many places from another; the first if there is none. */
function moved(all, now, by) {
  return now ? all[Math.max(0, Math.min(all.length - 1, all.indexOf(now) + by))] : all[0];
}

/** Where a key leads in the tree: left is what is around a row. */
function nextRow(frame, now, key) {
  if (now && key === "ArrowLeft") return enclosing(now)[0] ?? now;
  return moved([...frame.querySelectorAll(".row")], now, KEYS[key]);
}

/** Where a key leads in the bytes: up and down are a line each. */
function nextBytes(hex, now, key) {
  const all = [...hex.querySelectorAll("[role=option]")].map(rowAt);
  const inside = now && leaves(now).filter((leaf) => all.includes(leaf));
  if (!inside?.length) return all[0];
  if (!isLeaf(now)) return KEYS[key] > 0 ? inside.at(-1) : inside[0];
  if (key !== "ArrowUp" && key !== "ArrowDown") return moved(all, now, KEYS[key]);
  const line = (getComputedStyle(hex).gridTemplateColumns.split(" ").length - 1) * KEYS[key];
  for (let offset = start(now) + line; ; offset += line) {
    const there = all.find((leaf) => start(leaf) <= offset && offset < end(leaf));
    if (there !== now) return there ?? (KEYS[key] < 0 ? all[0] : all.at(-1));
  }
}
