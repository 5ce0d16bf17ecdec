// Once a row is begun, says quietly which of its cells are blank although the last time something stood there.
const form = document.querySelector("form[data-autosave]");
const day = document.querySelector("[data-summary]")?.dataset.before;
const isBlank = (input) => input.dataset.seen.trim() === "" && input.value.trim() === "";

function note(input) {
  const made = document.createElement("p");
  made.className = "app-etat fr-icon-information-line fr-icon--sm";
  made.dataset.blank = "";
  made.textContent = `vide, ${input.dataset.had} le ${day}`;
  return made;
}

function mark(input, isBegun) {
  const cell = input.closest("td");
  const old = cell.querySelector("[data-blank]");
  const isTold = isBegun && input.dataset.had && isBlank(input) && !input.dataset.state;
  if (!isTold) old?.remove();
  else if (!old) cell.append(note(input));
}

function markAll() {
  for (const row of form.querySelectorAll("tbody tr")) {
    const inputs = [...row.querySelectorAll("td input")];
    const isBegun = inputs.some((input) => input.dataset.seen.trim() !== "");
    inputs.forEach((input) => mark(input, isBegun));
  }
}

for (const name of ["grid:state", "grid:answer"]) form?.addEventListener(name, () => queueMicrotask(markAll));
