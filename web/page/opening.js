// Inputs: pasted, dropped, opened, linked; and their keys.

let records = 0;
/** What was read last, to read it again with other keys. */
let sources = [];
let names = [];

function say(text) {
  const status = $("#status");
  status.textContent = text;
  status.hidden = text === "";
}

/** Reads files, or what can be asked for its bytes as a file can. */
async function read(files, dictionary = Number($("#dictionary").value)) {
  sources = files;
  names = files.map(({ name }) => name);
  say("Reading …");
  try {
    tell(await ask("read", { files, dictionary, lenient: $("#lenient").checked }));
    say("");
  } catch (error) {
    say(`It cannot be read: ${error.message}. Open the page again.`);
    return;
  }
  filters.reset();
  opened = null;
  showsRecord(false);
  document.activeElement?.blur();
  await switchTo("frames");
  $("#intake").hidden = true;
  $("#browse").hidden = false;
  record.replaceChildren(make("p", "soft empty", records ? "Choose a record to see its stanza and its bytes." : "There is no record in it."));
  $("#aids").hidden = true;
  $(".right").classList.add("no-bytes");
  history.replaceState(null, "", "#frames");
  await filter();
  if (records > 0 && matchMedia("(min-width: 50rem)").matches) await choosePlace(0);
  if (records === 1) {
    await choosePlace(0);
    showsRecord(true);
  }
  list.focus();
}

function tell({ files, records: count, failed, refused, locked, notes }) {
  records = count;
  $("#give-keys").hidden = locked === 0;
  const parts = files.flatMap((file, index) => [
    index ? "; " : "",
    make("bdi", "name", file.name),
    ` read as ${file.form}${file.start ? `, starts ${file.start}` : ""}${files.length > 1 ? `, ${counted(file.records, "record")}` : ""}`,
  ]);
  const told = [` · ${counted(count, "record")}`];
  if (failed) told.push(" · ", make("span", "bad", `✕ ${failed.toLocaleString("en")} failed`));
  if (refused) told.push(" · ", make("span", "note", `▲ ${refused.toLocaleString("en")} refused`));
  $("#summary").replaceChildren(...parts, ...told);
  const all = [...files.flatMap((file) => file.notes), ...notes];
  $("#notes").replaceChildren(
    ...all.map(({ text, needs_person: needsPerson }) => make("li", needsPerson ? "note" : "soft", `${needsPerson ? "▲ " : "· "}${text}`)),
  );
  callsAreKnown = false;
  views.calls.replaceChildren();
}

const asFile = (name, text) => new File([text], name);

$("#intake").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("#paste").value;
  if (text.trim()) take([asFile("pasted text", text)]);
  else $("#paste").focus();
});
// Enter is part of the text; Ctrl+Enter reads it.
$("#paste").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("#intake").requestSubmit();
});
document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea")) return;
  const files = [...event.clipboardData.files];
  const text = event.clipboardData.getData("text/plain");
  if (files.length) take(files);
  else if (text.trim()) take([asFile("pasted text", text)]);
});

$("#open").addEventListener("click", () => $("#files").click());
$("#files").addEventListener("change", ({ target }) => {
  take([...target.files]);
  target.value = "";
});
$("#other").addEventListener("click", () => {
  $("#browse").hidden = true;
  $("#intake").hidden = false;
  $("#paste").focus();
});
$("#give-keys").addEventListener("click", () => {
  $("#other").click();
  $("#keys").open = true;
  $("#keys-text").focus();
});
for (const option of ["#dictionary", "#lenient"]) {
  $(option).addEventListener("change", () => sources.length && read(sources));
}
// An error of the page itself: its data cannot be trusted afterwards.
addEventListener("unhandledrejection", ({ reason }) => say(`The page failed: ${reason?.message ?? reason}. Open it again.`));
$("#example").addEventListener("click", async () => {
  read([{ name: "example.jsonl", file: asFile("example.jsonl", await unpacked("#packed-example")) }]);
});

/** Files of keys are small. */
const LONGEST_KEYS = 1 << 20;

/** Takes files, of which some may hold keys for the others. */
async function take(files) {
  const captures = [];
  for (const file of files) {
    const isKeys = file.size <= LONGEST_KEYS && (await takeKeys(file)).keys;
    if (!isKeys) captures.push({ name: file.name, file });
  }
  if (captures.length) await read(captures);
  else if (sources.length) await read(sources);
  else $("#keys").open = true;
}

async function takeKeys(file) {
  const answer = await ask("keys", { file });
  if (answer.keys) {
    $("#keys-count").textContent = `(${counted(answer.keys, "key")} in use)`;
    $("#keys-forget").hidden = false;
    $("#keys-told").textContent = `${counted(answer.keys, "key")} in use, for what is read from now on.`;
  }
  return answer;
}

$("#keys-take").addEventListener("click", async () => {
  const field = $("#keys-text");
  const answer = await takeKeys(asFile("keys", field.value));
  if (answer.error) $("#keys-told").textContent = answer.error;
  else {
    field.value = "";
    if (sources.length) await read(sources);
  }
});
$("#keys-open").addEventListener("click", () => $("#keys-file").click());
$("#keys-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  const answer = await takeKeys(file);
  if (answer.error) $("#keys-told").textContent = answer.error;
  else if (sources.length) await read(sources);
});
$("#keys-forget").addEventListener("click", async () => {
  await ask("forget");
  $("#keys-count").textContent = "";
  $("#keys-told").textContent = "The keys are forgotten.";
  $("#keys-forget").hidden = true;
});

let dragging = 0;
const isFiles = (event) => [...event.dataTransfer.types].some((type) => type === "Files" || type === "text/plain");
addEventListener("dragenter", (event) => {
  if (!isFiles(event)) return;
  event.preventDefault();
  dragging += 1;
  $("#drop-here").hidden = false;
});
addEventListener("dragleave", () => {
  dragging = Math.max(0, dragging - 1);
  $("#drop-here").hidden = dragging === 0;
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  dragging = 0;
  $("#drop-here").hidden = true;
  const files = [...event.dataTransfer.files];
  const text = event.dataTransfer.getData("text/plain");
  if (files.length) take(files);
  else if (text.trim()) take([asFile("dropped text", text)]);
});

/** Opens the frame that the address carries. */
async function openLinked(given) {
  const dictionary = Number(given.get("dictionary") ?? 0);
  await read([{ name: "frame of the link", file: asFile("link", given.get("frame")) }], dictionary);
}

go();
