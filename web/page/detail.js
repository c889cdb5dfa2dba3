// The open record: its stanza, its bytes, and the result of editing the stanza.

const record = $("#record");
// The panel scrolls, so keys must reach it.
$(".dock").tabIndex = 0;
const POINT = "Point at a byte to see what it means.";
let opened = null;

/** The number of the record that is open. */
const openFrame = () => (opened ? opened.frame : null);

function showsRecord(does) {
  document.body.classList.toggle("on-record", does);
}

/** Markup from render/, in which every text of a capture is escaped. The policy lets no script in it run. */
function parsed(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}

function button(text, act) {
  const made = make("button", "plain", text);
  made.type = "button";
  made.addEventListener("click", () => act(made));
  return made;
}

let opening = 0;
async function openRecord(place) {
  const turn = (opening += 1);
  const shown = await ask("show", { place });
  if (turn !== opening || shown.error) return;
  opened = { ...shown, place, frame: Number(shown.id.slice(1)) };
  const head = make("h2", "", parsed(shown.head));
  const tools = make("p", "tools screen");
  const stanza = parsed(shown.stanza);
  // A stanza that is too long to show cannot be edited.
  if (shown.editable && stanza.querySelector("pre")) tools.append(button("Edit", edit));
  if (shown.hex && shown.hex.length <= LONGEST_LINK) tools.append(button("Copy link", copyLink));
  if (/^\d+$/.test(shown.code ?? "") && views.codes.querySelector(`[id="${shown.code}"]`)) {
    const meaning = make("a", "button", `What ${shown.code} means`);
    meaning.href = `#${shown.code}`;
    tools.append(meaning);
  }
  const parts = make("div", "parts-of-record", parsed(shown.told), lost(shown.lost), picture(shown.picture), stanza, parsed(shown.panes));
  const facts = parsed(shown.facts);
  if (shown.place) facts.querySelector(".facts").append(make("span", "", shown.place));
  const section = make("section", "frame", head, tools, facts, parts);
  section.id = shown.id;
  record.replaceChildren(section);
  $("#aids").hidden = !shown.panes;
  $(".right").classList.toggle("no-bytes", !shown.panes);
  $(".meaning").replaceChildren(make("p", "soft", POINT));
  $(".right .page").scrollTop = 0;
  document.title = `${head.innerText.trim()} – wabinary`;
  // If the record covers the list, the back button leads to the list.
  const covers = location.hash === "#frames" && matchMedia("(max-width: 50rem)").matches;
  history[covers ? "pushState" : "replaceState"](null, "", `#record=${opened.frame}`);
}

function lost(what) {
  if (what === null || what === undefined) return null;
  return make("p", "note", `▲ A logger told this stanza, so its bytes are not known. What may differ from the wire: ${what || "how it was spelled"}. Edit it to see bytes that it could have had.`);
}

function picture(text) {
  return text ? make("pre", "picture", text) : null;
}

for (const step of document.querySelectorAll("[data-by]")) {
  step.addEventListener("click", () => choosePlace(current + Number(step.dataset.by)));
}
$("#back").addEventListener("click", () => {
  showsRecord(false);
  list.focus();
});
list.addEventListener("click", (event) => {
  if (event.target.closest(".record")) showsRecord(true);
});

/** Characters of a frame that a link may carry. */
const LONGEST_LINK = 64 << 10;

/** An address that carries the frame behind its #, which no server gets. */
function link() {
  const dictionary = opened.dictionary === 3 ? "" : `&dictionary=${opened.dictionary}`;
  return `${location.href.split("#")[0]}#frame=${opened.hex}${dictionary}`;
}

async function copyLink(button) {
  const text = link();
  let isCopied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", "", text);
    document.body.append(area);
    area.select();
    isCopied = document.execCommand("copy");
    area.remove();
  }
  button.focus();
  button.textContent = isCopied ? "Link copied" : "Not allowed to copy";
  let told = record.querySelector(".link-told");
  if (!told) {
    told = make("p", "link-told soft", "The link holds the whole frame: who gets it can read it. Sanitize first what is not yours to show. ");
    const shown = make("a", "", "The link");
    told.append(shown);
    button.parentElement.after(told);
  }
  told.querySelector("a").href = text;
}

/** Puts a field in the place of the stanza. Its bytes follow what is typed. */
function edit(button) {
  const stanza = record.querySelector(".stanza");
  const before = stanza.querySelector("pre")?.textContent ?? "";
  const field = make("textarea", "editor", "");
  field.value = before;
  field.rows = Math.min(18, before.split("\n").length + 2);
  field.spellcheck = false;
  field.id = "editor";
  const label = make("label", "", "The stanza as XML. Its bytes follow what you type.");
  label.htmlFor = "editor";
  const told = make("div", "edit-told");
  told.setAttribute("role", "status");
  const hex = make("output", "edit-hex");
  stanza.replaceChildren(label, field, told, hex);
  button.textContent = "Undo edits";
  button.replaceWith(button.cloneNode(true));
  record.querySelector(".tools button").addEventListener("click", () => openRecord(opened.place));
  let turn = 0;
  const follow = async () => {
    const mine = (turn += 1);
    const edited = await ask("edit", { place: opened.place, xml: field.value });
    if (mine === turn && field.isConnected) showEdited(edited, told, hex, field.value !== before);
  };
  let pause;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(follow, 150);
  });
  field.focus();
  follow();
}

function showEdited(edited, told, hex, isOther) {
  const panes = record.querySelector(".panes");
  const findings = record.querySelector(".told");
  if (edited.error) {
    const stale = make("p", "soft", "The bytes below are those of the last stanza that could be read.");
    told.replaceChildren(make("p", "bad", "✕ ", edited.error), picture(edited.picture) ?? "", stale);
    panes?.classList.add("stale");
    hex.replaceChildren();
    return;
  }
  record.querySelector(".facts").replaceWith(parsed(edited.facts));
  if (isOther) $(".meaning").replaceChildren(make("p", "soft", POINT));
  const warnings = edited.warnings.map((warning) => make("p", "note", "▲ ", warning));
  told.replaceChildren(...warnings);
  opened.hex = edited.hex;
  hex.replaceChildren(make("span", "soft", `${counted(edited.hex.length / 2, "byte")}: `), make("code", "", edited.hex));
  record.querySelector("h2").replaceChildren(parsed(edited.head), ...(isOther ? [" ", make("span", "badge soft", "edited")] : []));
  findings?.remove();
  record.querySelector(".parts-of-record").prepend(parsed(edited.told));
  if (panes) panes.replaceWith(parsed(edited.panes));
  else record.querySelector(".parts-of-record").append(parsed(edited.panes));
  $("#aids").hidden = false;
  $(".right").classList.remove("no-bytes");
}
