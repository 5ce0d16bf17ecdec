// Keeps what is typed and not yet saved on this computer, per person and grid (establishment and week, pharmacy
// and due day), and offers it again when the page is opened anew. What is saved is forgotten; after two weeks everything is.
const form = document.querySelector("form[data-autosave]");
const notices = document.querySelector("[data-notices]");
const PREFIX = `${form?.dataset.kept ?? "epi-stocks"}:`;
const FORTNIGHT = 14 * 24 * 3600 * 1000;
const key = form && `${PREFIX}${form.dataset.person}:${form.dataset.place}`;
const bare = (text) => text.replace(/\s/g, "");

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

function write(kept) {
  try {
    if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  } catch {
    // storage is full or forbidden: the page still warns before it is closed
  }
}

function forgetOld() {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    const newest = Math.max(0, ...Object.values(read(name)).map((cell) => cell.at ?? 0));
    if (Date.now() - newest > FORTNIGHT) localStorage.removeItem(name);
  }
}

function keep(input) {
  const kept = read(key);
  if (bare(input.value) === bare(input.dataset.seen)) delete kept[input.name];
  else kept[input.name] = { value: input.value, seen: input.dataset.seen, at: Date.now() };
  write(kept);
}

function button(label, act, className = "fr-btn fr-btn--sm fr-btn--tertiary") {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className, textContent: label });
  made.addEventListener("click", act);
  return made;
}

function offer(found) {
  const count = found.length;
  const hour = new Date(Math.max(...found.map((one) => one.at))).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" });
  const notice = document.createElement("div");
  notice.className = "fr-alert fr-alert--warning fr-alert--sm fr-mb-2w";
  notice.setAttribute("role", "alert");
  notice.dataset.restored = "";
  const text = document.createElement("p");
  text.textContent =
    count > 1
      ? `${count} saisies du ${hour} n’avaient pas pu être enregistrées. Elles sont remises dans leurs cases.`
      : `Une saisie du ${hour} n’avait pas pu être enregistrée. Elle est remise dans sa case.`;
  const choices = document.createElement("div");
  choices.className = "app-boutons fr-mt-1w";
  choices.append(
    button("Enregistrer", () => settle(found, notice, (one) => one.input.value), "fr-btn fr-btn--sm"),
    button("Abandonner", () => settle(found, notice, (one) => one.input.dataset.current)),
  );
  notice.append(text, choices);
  notices.prepend(notice);
}

function settle(found, notice, value) {
  for (const one of found) {
    const wanted = value(one);
    if (wanted === one.input.dataset.current) one.input.dataset.seen = wanted;
    one.input.value = wanted;
    one.input.dispatchEvent(new CustomEvent("grid:state", { bubbles: true, detail: { kind: "", text: "" } }));
  }
  notice.remove();
  found[0].input.focus();
  form.dispatchEvent(new CustomEvent("grid:save", { detail: { inputs: found.map((one) => one.input) } }));
  found.forEach((one) => keep(one.input));
}

/** Cells of glove sizes stand on the page once opened: open them rather than lose what was typed. */
function openSizes(kept) {
  const isHidden = Object.keys(kept).some((name) => !form.elements[name]);
  if (!form.dataset.toTotal || !isHidden || location.search.includes("gants")) return false;
  location.search = "?gants=medicaux+chirurgicaux";
  return true;
}

function restore() {
  if (openSizes(read(key))) return;
  const found = [];
  const told = {}; // the answer to the form says itself, under these cells, why they were not saved
  for (const [name, { value, seen, at }] of Object.entries(read(key))) {
    const input = form.elements[name];
    if (!input || bare(input.dataset.seen) === bare(value)) continue;
    if (input.dataset.state && bare(input.value) === bare(value)) {
      told[name] = { value, seen, at };
      continue;
    }
    input.dataset.current = input.dataset.seen; // what is saved now
    input.dataset.seen = seen; // what the person had seen: a colleague's change meanwhile is a conflict
    input.value = value;
    input.dispatchEvent(
      new CustomEvent("grid:state", { bubbles: true, detail: { kind: "erreur", text: "Repris de votre dernière visite, pas encore enregistré." } }),
    );
    found.push({ input, at });
  }
  const offered = found.map(({ input, at }) => [input.name, { value: input.value, seen: input.dataset.seen, at }]);
  write({ ...told, ...Object.fromEntries(offered) });
  if (found.length) offer(found);
}

if (form) {
  forgetOld();
  restore();
  form.addEventListener("input", ({ target }) => target.matches("tbody input") && keep(target));
  form.addEventListener("grid:state", ({ target }) => keep(target));
}
