// Pendant la saisie d’une ligne : le total commandé, les rappels vides, l’écart avec ce qui était prévu.
// Sans ce fichier la page le dit une fois enregistrée ; rien n’est jamais proposé dans une case.
const part = (area, name) => area.querySelector(`[name$="-${name}"]`);
const counted = (count, word) => `${count.toLocaleString("fr-FR")}\u00a0${word}${count > 1 ? "s" : ""}`;

/** A whole number as people type it; anything else is refused by the server, and left out here. */
function numberOf(text) {
  const bare = text.replace(/\s/g, "");
  return /^[0-9]+$/.test(bare) ? Number(bare) : null;
}

function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/** The people vaccinated with the delivery recalled, as they stand on this page, saved or not. */
function peopleOf(area) {
  const typed = document.querySelector(`[name="vaccines-${area.dataset.recalled}-people"]`);
  return numberOf(typed ? typed.value : area.dataset.people);
}

function weighNeed(area) {
  const [first, second] = ["first", "second"].map((name) => part(area, name));
  const isBlank = (input) => input !== null && input.value.trim() === "";
  const doses = [first, second].filter(Boolean).map((input) => numberOf(input.value));
  const isWhole = !doses.includes(null);
  show(area.querySelector("[data-total]"), isWhole);
  if (isWhole) area.querySelector("[data-doses]").textContent = counted(doses.reduce((sum, one) => sum + one), "dose");
  show(area.querySelector('[data-blank="second"]'), isBlank(second) && !isBlank(first));
  show(area.querySelector('[data-blank="first"]'), isBlank(first) && second !== null && !isBlank(second));
  weighRecalls(area, second && numberOf(second.value));
}

function weighRecalls(area, recalls) {
  const people = peopleOf(area);
  const isNobodyDue = recalls === 0 && "early" in area.dataset;
  const gap = recalls === null || people === null || isNobodyDue ? 0 : recalls - people;
  const line = area.querySelector("[data-gap]");
  show(line, gap !== 0);
  line.querySelector("[data-count]").textContent = `${counted(Math.abs(gap), "rappel")} de ${gap > 0 ? "plus" : "moins"}`;
  const isTold = part(area, "comment").value.trim() !== "";
  show(line.querySelector('[data-why="told"]'), isTold);
  show(line.querySelector('[data-why="untold"]'), !isTold);
}

function weighReception(area) {
  const typed = numberOf(part(area, "doses").value);
  const { expected, received } = area.dataset;
  const gap = typed === null ? 0 : Number(received) + typed - Number(expected);
  const isTold = part(area, "reason").value.trim() !== "";
  const isLast = part(area, "is_last").checked;
  for (const line of area.querySelectorAll("[data-gap]")) {
    const isThis = line.dataset.gap === "less" ? gap < 0 : gap > 0;
    line.querySelector("[data-count]").textContent = counted(Math.abs(gap), "dose");
    show(line, isThis && !isTold);
    for (const when of line.querySelectorAll("[data-when]")) show(when, (when.dataset.when === "last") === isLast);
  }
}

const needs = [...document.querySelectorAll("[data-need]")].filter((area) => part(area, "first"));
const receptions = [...document.querySelectorAll("[data-reception]")].filter((area) => part(area, "doses"));
const weigh = () => {
  needs.forEach(weighNeed);
  receptions.forEach(weighReception);
};
weigh();

/** What is typed on the lines: nothing of it is saved before « Enregistrer ». */
const form = document.querySelector("form[data-lines]");
const typed = () => [...new FormData(form)].filter(([name]) => /^(besoin|reception|vaccines)-/.test(name)).join("&");
const saved = "unsaved" in form.dataset ? null : typed();
let isSent = false;
form.addEventListener("input", weigh);
form.addEventListener("submit", () => { isSent = true; });
addEventListener("pageshow", () => { isSent = false; });
addEventListener("beforeunload", (event) => {
  if (!isSent && typed() !== saved) event.preventDefault();
});
