// Saves records without persons and secrets, for sharing.

const sharing = $("#sharing");
let saved = null;

$("#sanitize").addEventListener("click", async () => {
  const body = $("#sharing-body");
  const save = $("#save");
  save.hidden = true;
  body.replaceChildren(make("p", "soft", "Replacing persons, ids, keys and contents …"));
  sharing.showModal();
  const { lines, records: count, residue, more, note } = await ask("sanitize");
  const which = count < records ? `${count.toLocaleString("en")} of ${counted(records, "record")}, those that the filter shows` : counted(count, "record");
  const about = `${which}. Users became letters, ids, keys and contents became placeholders, times count from 0.`;
  const words = residue.map(({ word, why, frame, path }) => {
    const place = make("a", "", `frame ${frame}`);
    place.href = `#record=${frame}`;
    place.addEventListener("click", () => sharing.close());
    return make("li", "", make("code", "", make("bdi", "", word)), `: ${why}, first in `, place, ", ", make("bdi", "", path));
  });
  const look = make("p", "note", make("strong", "", "▲ Look at these words of the result before you share it:"));
  body.replaceChildren(
    make("p", "", about),
    ...(words.length ? [look, make("ul", "residue", ...words)] : []),
    ...(more ? [make("p", "note", `and ${more.toLocaleString("en")} more`)] : []),
    make("p", "", `${note[0].toUpperCase()}${note.slice(1)}.`),
  );
  const list = body.querySelector(".residue");
  if (list) {
    list.tabIndex = 0;
    list.setAttribute("role", "list");
    list.setAttribute("aria-label", "Words to look at");
  }
  if (saved) URL.revokeObjectURL(saved);
  saved = URL.createObjectURL(new Blob([lines], { type: "application/x-ndjson" }));
  save.href = saved;
  save.download = `${(names[0] ?? "capture").replace(/(\.[a-z0-9]{1,6}){1,2}$/i, "")}.sanitized.jsonl`;
  save.textContent = `Save ${save.download}`;
  save.hidden = false;
});
$("#sharing-close").addEventListener("click", () => sharing.close());
