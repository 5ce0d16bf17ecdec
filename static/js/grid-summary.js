// Sums up in one line what is saved, on its way, to check and not saved; and says changes aloud, once.
const form = document.querySelector("form[data-autosave]");
const line = document.querySelector("[data-summary]");
const voice = document.querySelector("[data-voice]");
const PAUSE = 400;
let lastSaved = line?.dataset.last ?? "";
let waiting = new Map();
let timer = null;

const plural = (count, one, many) => `${count} ${count > 1 ? many : one}`;

function write(kind, count, text) {
  const place = line.querySelector(`[data-count="${kind}"]`);
  place.hidden = count === 0 && kind !== "ok";
  place.firstElementChild.textContent = text;
}

function summarise() {
  const cells = [...form.querySelectorAll("tbody input")];
  const among = (kind) => cells.filter((input) => input.dataset.state === kind).length;
  const filled = cells.filter((input) => input.dataset.seen.trim() !== "").length;
  const since = lastSaved && filled ? `, la dernière à ${lastSaved}` : "";
  write("ok", filled, filled ? plural(filled, "case enregistrée", "cases enregistrées") + since : "Aucune case enregistrée");
  const mark = line.querySelector('[data-count="ok"] .app-etat').classList;
  ["app-etat--ok", "fr-icon-checkbox-circle-line"].forEach((name) => mark.toggle(name, filled > 0));
  mark.toggle("fr-icon-information-line", !filled);
  write("attente", among("attente"), `${among("attente")} en cours d’envoi`);
  write("attention", among("attention"), `${among("attention")} à vérifier`);
  write("erreur", among("erreur"), plural(among("erreur"), "non enregistrée", "non enregistrées"));
  const blank = filled ? cells.filter((input) => input.dataset.had && !input.dataset.seen.trim()).length : 0;
  write("vide", blank, `${plural(blank, "vide, remplie", "vides, remplies")} le ${line.dataset.before}`);
}

function speak() {
  const said = [...waiting.values()];
  waiting = new Map();
  const saved = said.filter((one) => one.kind === "ok");
  const others = said.filter((one) => one.kind !== "ok").map((one) => one.sentence);
  if (saved.length === 1) others.push(`${saved[0].name} : enregistré.`);
  if (saved.length > 1) others.push(`${saved.length} cases enregistrées.`);
  voice.textContent = [...new Set(others)].join(" ");
}

function say(input, detail) {
  if (!detail.kind || detail.kind === "attente" || detail.isRepeated) return;
  const name = document.querySelector(`label[for="${input.id}"]`).textContent.trim();
  waiting.set(input, { kind: detail.kind, name, sentence: detail.spoken ?? `${name} : ${detail.text}` });
  clearTimeout(timer);
  timer = setTimeout(speak, PAUSE);
}

form?.addEventListener("grid:state", ({ target, detail }) => {
  say(target, detail);
  queueMicrotask(summarise);
});
form?.addEventListener("grid:answer", ({ detail }) => {
  lastSaved = detail.time ?? lastSaved;
  queueMicrotask(summarise);
});
form?.addEventListener("grid:spoken", ({ detail }) => (voice.textContent = detail));
