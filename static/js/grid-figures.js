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

form?.addEventListener("grid:answer", ({ detail }) => {
  for (const [item, figures] of Object.entries(detail.rows ?? {})) {
    form.querySelector(`[data-cover="${item}"]`)?.replaceChildren(cover(figures));
  }
  for (const [cell, total] of Object.entries(detail.totals ?? {})) {
    const place = form.querySelector(`[data-total="${cell}"]`);
    if (place) place.textContent = total;
  }
});
