// The list of records. It contains only the rows on the screen; the worker has the others.

const list = $("#list");
const room = list.querySelector(".room");
/** In CSS pixels, as in page.css. */
const ROW = 28;
/** Browsers draw nothing that is higher. */
const HIGHEST = 8_000_000;

let total = 0;
/** The place of the record that is open, or -1. */
let current = -1;
let drawn = 0;

const height = () => Math.min(total * ROW, HIGHEST);
const rowsInView = () => Math.ceil((list.clientHeight - ROW) / ROW);

/** The first row in view. Where the list is too high to be drawn, it moves in larger steps. */
function firstInView() {
  const span = height() - rowsInView() * ROW;
  const share = span > 0 ? Math.min(1, list.scrollTop / span) : 0;
  return total * ROW <= HIGHEST ? Math.floor(list.scrollTop / ROW) : Math.round(share * (total - rowsInView()));
}

function scrollTopOf(place) {
  if (total * ROW <= HIGHEST) return place * ROW;
  return (place / Math.max(1, total - rowsInView())) * (height() - rowsInView() * ROW);
}

/** The column says that it is an outcome; readers of the screen hear the word too. */
function outcome(badge) {
  const code = badge.replace(/^refused /, "");
  return [code === badge ? "" : make("span", "unseen", "refused "), make("bdi", "", code)];
}

const SIGNS = { sent: "→", received: "←" };

function rowOf(row, place) {
  const cell = (className, ...inside) => {
    const made = make("span", className, ...inside);
    made.setAttribute("role", "gridcell");
    return made;
  };
  const text = (value) => make("bdi", "", value);
  const way = row.direction ? [make("span", "", SIGNS[row.direction]), make("span", "unseen", row.direction)] : [];
  way[0]?.setAttribute("aria-hidden", "true");
  const badge = { failed: ["bad", "✕ "], refused: ["note", "▲ "] }[row.state];
  const element = make(
    "div",
    `record ${row.direction ?? ""} ${row.state === "failed" ? "is-failed" : ""}`,
    cell("number", String(row.frame)),
    cell("time", row.time ? Number(row.time).toFixed(3) : ""),
    cell("way", ...way),
    cell("tag", text(row.tag)),
    cell("class", text(row.class)),
    cell("outcome", badge ? make("span", badge[0], badge[1], ...outcome(row.badge)) : ""),
  );
  element.setAttribute("role", "row");
  element.id = `row${place}`;
  element.dataset.place = place;
  element.setAttribute("aria-rowindex", place + 2);
  element.setAttribute("aria-selected", place === current);
  return element;
}

/** Draws the rows in view, and some around them. */
async function draw() {
  const turn = (drawn += 1);
  if (!list.isConnected || list.clientHeight === 0) return;
  const first = Math.max(0, firstInView() - 10);
  const rows = await ask("rows", { first, count: rowsInView() + 20 });
  if (turn !== drawn) return;
  room.style.height = `${height()}px`;
  const elements = rows.map((row, index) => rowOf(row, first + index));
  const shift = total * ROW <= HIGHEST ? first * ROW : Math.max(0, list.scrollTop - (firstInView() - first) * ROW);
  elements.forEach((element, index) => (element.style.top = `${shift + index * ROW}px`));
  room.replaceChildren(...elements);
  const active = document.getElementById(`row${current}`);
  if (active) list.setAttribute("aria-activedescendant", active.id);
  else list.removeAttribute("aria-activedescendant");
}

let isDue = false;
function drawSoon() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw();
  });
}

list.addEventListener("scroll", drawSoon, { passive: true });
new ResizeObserver(drawSoon).observe(list);

/** Brings a row into view. */
function reveal(place) {
  const first = firstInView();
  const fit = Math.max(1, rowsInView() - 1);
  if (place < first) list.scrollTop = scrollTopOf(place);
  else if (place >= first + fit) list.scrollTop = scrollTopOf(place - fit + 1);
}

/** Opens the record at a place. */
function choosePlace(place) {
  if (total === 0) return;
  current = Math.max(0, Math.min(total - 1, place));
  reveal(current);
  drawSoon();
  return openRecord(current);
}

list.addEventListener("click", (event) => {
  const row = event.target.closest(".record");
  if (row) choosePlace(Number(row.dataset.place));
});

list.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, rowsInView() - 2);
  const by = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page, Home: -Infinity, End: Infinity }[event.key];
  if (by !== undefined) {
    event.preventDefault();
    choosePlace(current < 0 && by === 1 ? 0 : current + by);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    (async () => {
      if (current < 0) await choosePlace(0);
      showsRecord(true);
      document.querySelector(".right .page").focus();
    })();
  }
});

const filters = $("#filters");
let filtering = 0;

/** Asks for the records that the filter wants. */
async function filter() {
  const turn = (filtering += 1);
  const given = Object.fromEntries(new FormData(filters));
  const exceptions = filters.exceptions.checked;
  const answer = await ask("choose", { filter: { ...given, exceptions } });
  if (turn !== filtering) return;
  for (const field of filters.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  $("#filter-error").textContent = answer.error ?? "";
  if (answer.error) {
    filters.elements[answer.field]?.setAttribute("aria-invalid", "true");
    $("#all-records").hidden = false;
    return;
  }
  const isAll = !exceptions && Object.values(given).every((value) => value === "");
  const kept = openFrame();
  total = answer.count;
  current = -1;
  callsAreKnown = false;
  $("#count").textContent = isAll ? counted(total, "record") : `${total.toLocaleString("en")} of ${counted(records, "record")}`;
  $("#all-records").hidden = isAll;
  if (kept !== null) {
    const place = await ask("place", { frame: kept });
    const [row] = await ask("rows", { first: place, count: 1 });
    if (row?.frame === kept) current = place;
  }
  list.setAttribute("aria-rowcount", total + 1);
  list.scrollTop = current < 0 ? 0 : scrollTopOf(Math.max(0, current - 3));
  await draw();
}

let pause;
filters.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(filter, 120);
});
filters.addEventListener("submit", (event) => event.preventDefault());
$("#all-records").addEventListener("click", () => {
  filters.reset();
  filter();
  $("#grep").focus();
});
// From the filter to the results.
$("#grep").addEventListener("keydown", async (event) => {
  if (event.key !== "Enter" && event.key !== "ArrowDown") return;
  event.preventDefault();
  clearTimeout(pause);
  await filter();
  await choosePlace(0);
  list.focus();
});
