// Puts the server's figures in their places: days of cover, level in words, totals of sizes.
const form = document.querySelector("form[data-autosave]");

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function cover({ days, level, word, note }) {
  const line = document.createElement("span");
  if (days) line.append(element("strong", "", days), " ");
  line.append(element("span", `app-classe app-classe--${level}`, word));
  if (note) line.append(element("span", "app-sous", note));
  return line;
}

/** A total typed until now becomes the sum of its sizes: the box leaves its place to the figure. */
function freeze(cell, total) {
  const input = form.elements[cell];
  if (!input) return;
  const place = input.closest("td");
  const figure = element("strong", "", total);
  figure.dataset.total = cell;
  const line = document.createElement("span");
  line.append(figure, " ", place.querySelector(".app-avant") ?? "");
  place.dataset.label = place.querySelector("label").lastChild.textContent;
  place.replaceChildren(line);
}

form?.addEventListener("grid:answer", ({ detail }) => {
  for (const [item, figures] of Object.entries(detail.rows ?? {})) {
    form.querySelector(`[data-cover="${item}"]`)?.replaceChildren(cover(figures));
  }
  for (const [cell, total] of Object.entries(detail.totals ?? {})) {
    const place = form.querySelector(`[data-total="${cell}"]`);
    if (place) place.textContent = total;
    else freeze(cell, total);
  }
});
