// Frames, calls, codes: the page shows one of these views at a time, chosen by the fragment of the address.

const views = Object.fromEntries(["frames", "calls", "codes"].map((name) => [name, $(`#view-${name}`)]));
let callsAreKnown = false;

function switchTo(name) {
  if (document.body.dataset.view !== name || $("#main").childElementCount !== 1) {
    document.body.dataset.view = name;
    // Parts of frames and of calls have the same names.
    $("#main").replaceChildren(views[name]);
    for (const style of document.querySelectorAll("style[data-view]")) style.media = style.dataset.view === name ? "all" : "not all";
    for (const link of document.querySelectorAll("nav [data-to]")) {
      if (link.dataset.to === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (name === "frames") draw();
  }
  return name === "calls" ? showCalls() : undefined;
}

async function showCalls() {
  if (callsAreKnown || records === 0) return;
  callsAreKnown = true;
  views.calls.replaceChildren(make("p", "soft empty", "Following the calls …"));
  const { html, left_out: leftOut } = await ask("calls");
  const isPart = total < records ? make("p", "note", `▲ Only calls with a stanza among the ${counted(total, "record")} that the filter shows.`) : "";
  views.calls.replaceChildren(isPart, parsed(html));
  if (leftOut) views.calls.prepend(make("p", "note", `▲ ${counted(leftOut, "call")} left out: the page is full.`));
  document.dispatchEvent(new Event("sections"));
}

// From an arrow of a ladder to its bytes.
views.calls.addEventListener("toggle", ({ target }) => {
  const row = target.closest(".ladder .row");
  const detail = target.querySelector(".detail");
  if (!row || !detail || detail.querySelector(".to-record")) return;
  const number = row.id.slice(1);
  const to = make("a", "to-record", `Frame ${number}, byte by byte`);
  to.href = `#record=${number}`;
  detail.append(make("p", "", to));
}, true);

/** What stands behind the #, also if it is no text that browsers write. */
function fragment() {
  const hash = location.hash.slice(1);
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

/** Goes where the address says. */
async function go() {
  const hash = fragment();
  if (hash.startsWith("frame=")) return openLinked(new URLSearchParams(hash));
  const number = /^record=(\d+)$/.exec(hash)?.[1];
  if (number !== undefined) {
    await switchTo("frames");
    if (Number(number) !== openFrame() && records > 0) await goToRecord(Number(number));
    return;
  }
  const of = (name) => hash !== "" && views[name].querySelector(`[id="${CSS.escape(hash)}"]`);
  if (document.body.dataset.view === "calls" && of("calls")) return;
  if (hash === "calls" || of("calls")) {
    await switchTo("calls");
  } else if (of("codes")) {
    await switchTo("codes");
    document.title = hash === "codes" ? "Codes – wabinary" : `${of("codes").closest("li, section").querySelector("h3, h2").innerText} – wabinary`;
    // Only now is the frame on the page.
    location.replace(`#${hash}`);
  } else {
    await switchTo("frames");
    if (hash === "frames") showsRecord(false);
  }
  if (hash === "codes" || hash === "calls") scrollTo(0, 0);
  else document.getElementById(hash)?.scrollIntoView();
}

async function goToRecord(number) {
  let place = await ask("place", { frame: number });
  const [row] = await ask("rows", { first: place, count: 1 });
  if (row?.frame !== number) {
    filters.reset();
    await filter();
    place = number;
  }
  await choosePlace(place);
  showsRecord(true);
}

addEventListener("hashchange", go);
