// Keeps where this site stands, above the grid and in the drop-down, in step with what is saved.
// The words are those of the server (grid/states.py), for the two states that typing leads to.
const form = document.querySelector("form[data-autosave]");
const sites = document.querySelector("[data-sites]");
const option = document.querySelector("#etab option:checked");
const LAST = /\(([^()]*)\)\s*$/;
const isFilled = (input) => input.dataset.seen.trim() !== "";

/** What is filled, to fill, and blank although the last time something stood there; unused sizes are left out. */
function facts() {
  const rows = [...form.querySelectorAll("tbody tr")].map((row) => ({
    kind: row.dataset.kind ?? "",
    inputs: [...row.querySelectorAll("td input")],
  }));
  const kinds = new Set(rows.filter(({ inputs }) => inputs.some(isFilled)).map(({ kind }) => kind));
  const counted = rows.filter(({ kind }) => !kind || kinds.has(kind)).flatMap(({ inputs }) => inputs);
  const boxes = rows.filter(({ kind }) => !kind).flatMap(({ inputs }) => inputs);
  const sums = [...form.querySelectorAll("[data-total][data-had]")].filter((sum) => sum.textContent === "vide");
  return {
    filled: counted.filter(isFilled).length,
    countable: counted.length,
    missing: boxes.filter((input) => input.dataset.had && !isFilled(input)).length + sums.length,
  };
}

function stateOf({ filled, countable, missing }) {
  if (!filled) return atFirst;
  if (filled < countable && (missing || !sites.dataset.before)) {
    const sentence = `en cours, ${filled} case${filled > 1 ? "s" : ""} sur ${countable}`;
    return { sentence, className: "app-etat--attente fr-icon-refresh-line" };
  }
  const today = new Date().toLocaleDateString("fr-FR", { day: "2-digit", month: "2-digit", timeZone: "Europe/Paris" });
  const sentence = `déclaré le ${sites.dataset.first || today}`;
  return { sentence, className: "app-etat--ok fr-icon-checkbox-circle-line", isUpToDate: true };
}

function write({ sentence, className, isUpToDate = false }) {
  const place = sites.querySelector('[aria-current="page"] + .app-etat');
  if (place) {
    place.className = `app-etat ${className} fr-icon--sm`;
    place.textContent = sentence;
  }
  option.textContent = option.textContent.replace(LAST, `(${sentence})`);
  sites.querySelector("[data-up-to-date]").textContent = Number(sites.dataset.others) + (isUpToDate ? 1 : 0);
}

function begin() {
  const coverage = sites.querySelector("[data-coverage]");
  if (coverage) coverage.textContent = coverage.dataset.coverage;
}

/** What is said of this site while nothing is filled: late, or not, as the page found it. */
function unbegun() {
  if (!facts().filled) {
    const classes = [...sites.querySelector('[aria-current="page"] + .app-etat')?.classList ?? []];
    return { sentence: LAST.exec(option.textContent)[1], className: classes.slice(1, -1).join(" ") };
  }
  return { sentence: "rien de saisi cette semaine", className: "app-etat--temps fr-icon-time-line" };
}

const atFirst = form && sites ? unbegun() : null;

form?.addEventListener("grid:answer", () =>
  queueMicrotask(() => {
    if (!sites) return;
    const found = facts();
    write(stateOf(found));
    if (found.filled) begin();
  }),
);
