// A block copied from a spreadsheet fills the cells from the one where it is pasted, rows by rows.
const form = document.querySelector("form[data-autosave]");
const notices = document.querySelector("[data-notices]");
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").trim().toLowerCase();
const plural = (count, one, many) => `${count} ${count > 1 ? many : one}`;

function block(text) {
  const rows = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  return rows.map((row) => row.split("\t").map((value) => value.trim()));
}

const namesOf = ({ item, code }) => [item, code].filter(Boolean).map(plain);

const lines = () =>
  [...form.querySelectorAll("tbody tr")]
    .map((row) => ({ names: namesOf(row.querySelector("th").dataset), inputs: [...row.querySelectorAll("td input")] }))
    .filter((row) => row.inputs.length);

/** Rows that begin by the name or the code of an item go to that item, wherever the block is pasted. */
function named(rows, all) {
  const found = rows.map(([name]) => all.find((line) => line.names.includes(plain(name))));
  return found.some(Boolean) ? found : null;
}

function fill(input, rows) {
  const all = lines();
  const start = all.findIndex((line) => line.inputs.includes(input));
  const column = all[start].inputs.indexOf(input);
  const names = named(rows, all);
  const result = { filled: [], missing: 0, blank: 0 };
  rows.forEach((values, index) => {
    const line = names ? names[index] : all[start + index];
    (names ? values.slice(1) : values).forEach((value, shift) => put(line?.inputs[(names ? 0 : column) + shift], value, result));
  });
  return result;
}

function put(input, value, result) {
  if (value === "") result.blank += 1;
  else if (!input) result.missing += 1;
  else {
    input.value = value;
    result.filled.push(input);
  }
}

function report({ filled, missing, blank }) {
  const sentences = [`${plural(filled.length, "case remplie", "cases remplies")} par collage.`];
  if (missing) sentences.push(`${plural(missing, "valeur n’a pas de case et n’a pas été reprise", "valeurs n’ont pas de case et n’ont pas été reprises")}.`);
  if (blank) sentences.push("Les cases vides du bloc n’ont rien effacé.");
  const notice = document.createElement("p");
  notice.className = `app-etat fr-text--sm fr-icon--sm ${missing ? "app-etat--attention fr-icon-warning-line" : "app-etat--attente fr-icon-information-line"}`;
  notice.dataset.pasted = "";
  notice.textContent = sentences.join(" ");
  notices.querySelector("[data-pasted]")?.remove();
  notices.append(notice);
}

form?.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!event.target.matches("tbody td input") || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  const result = fill(event.target, block(text));
  report(result);
  form.dispatchEvent(new CustomEvent("grid:save", { detail: { inputs: result.filled } }));
});
