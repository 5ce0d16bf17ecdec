// Puts the server's figures in their places: days of cover, level in words, totals of sizes.
const form = document.querySelector("form[data-autosave]");
const notices = document.querySelector("[data-notices]");
const SHORT = { stock: "stock", daily: "consommation", supply: "approvisionnement" };

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
  if (!input) return "";
  const place = input.closest("td");
  const figure = element("strong", "", total);
  figure.dataset.total = cell;
  if (input.dataset.had) figure.dataset.had = input.dataset.had;
  const line = document.createElement("span");
  line.append(figure, " ", place.querySelector(".app-avant") ?? "");
  place.dataset.label = place.querySelector("label").lastChild.textContent;
  place.replaceChildren(line);
  const [item, measure] = cell.split("-");
  nameTotal(item);
  return input.dataset.seen.trim() && `${SHORT[measure]} ${input.dataset.seen}`;
}

function nameTotal(item) {
  const heading = headingOf(item);
  if (heading.querySelector("a")) return;
  const link = element("a", "fr-link fr-link--sm", "Revenir à un seul total");
  link.href = form.dataset.toTotal.replace("/0/", `/${item}/`);
  heading.append(element("span", "app-sous", "total des tailles, calculé"), link);
}

const headingOf = (item) => form.querySelector(`[data-cover="${item}"]`).closest("tr").querySelector("th");

/** Nothing typed goes without a word: the total that the sizes replaced, with its values. */
function tellReplaced(cell, values) {
  const held = values.length ? ` (${values.join(", ")})` : "";
  const label = headingOf(cell.split("-")[0]).dataset.item;
  const text = `Le total saisi avant pour «\u00a0${label}\u00a0»${held} est remplacé par la somme des tailles. L’historique le garde.`;
  const notice = element("p", "app-etat app-etat--attention fr-icon-warning-line fr-icon--sm fr-text--sm", text);
  notice.setAttribute("role", "alert");
  notice.dataset.replaced = "";
  notices.append(notice);
}

form?.addEventListener("grid:answer", ({ detail }) => {
  for (const [item, figures] of Object.entries(detail.rows ?? {})) {
    form.querySelector(`[data-cover="${item}"]`)?.replaceChildren(cover(figures));
  }
  const totals = Object.entries(detail.totals ?? {});
  const replaced = totals.map(([cell, total]) => {
    const place = form.querySelector(`[data-total="${cell}"]`);
    if (place) place.textContent = total;
    return place ? "" : freeze(cell, total);
  });
  if (detail.total_blanked) tellReplaced(totals[0][0], replaced.filter(Boolean));
});
