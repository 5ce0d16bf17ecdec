// Moves in the grid as in a spreadsheet: Enter and arrows; left and right only from the ends of the text.
const form = document.querySelector("form[data-grid]");

function lines() {
  return [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td input")]).filter((row) => row.length);
}

function place(input, all) {
  const row = all.findIndex((line) => line.includes(input));
  return { row, column: all[row].indexOf(input) };
}

/** The cell `step` lines away; past the last line, the top of the next column. */
function vertical(input, step, turns) {
  const all = lines();
  const { row, column } = place(input, all);
  const next = all[row + step]?.[column];
  if (next || !turns) return next;
  return step > 0 ? all[0][column + 1] : all.at(-1)[column - 1];
}

function horizontal(input, step) {
  const flat = lines().flat();
  const atEdge = step < 0 ? input.selectionStart === 0 : input.selectionEnd === input.value.length;
  return atEdge ? flat[flat.indexOf(input) + step] : null;
}

function target(input, { key, shiftKey }) {
  if (key === "Enter") return vertical(input, shiftKey ? -1 : 1, true);
  if (shiftKey) return null;
  if (key === "ArrowDown") return vertical(input, 1, false);
  if (key === "ArrowUp") return vertical(input, -1, false);
  if (key === "ArrowRight") return horizontal(input, 1);
  if (key === "ArrowLeft") return horizontal(input, -1);
  return null;
}

form?.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches("tbody td input") || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const next = target(input, event);
  if (next) {
    event.preventDefault();
    next.focus();
    next.select();
  } else if (event.key === "Enter") {
    event.preventDefault(); // the last cell: on to the buttons, which also saves it
    form.querySelector("[data-save-all]")?.focus();
  }
});
