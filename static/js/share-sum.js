// The sum of the quantities of a region, as they are typed. Without this file the server says it.
const line = document.querySelector("[data-total]");
const inputs = [...document.querySelectorAll("[data-share]")];
const total = Number(line.dataset.total);
const spent = line.querySelector("[data-spent]");
const left = line.querySelector("[data-left]");
const NO_BREAK = "\u00a0";
const written = (number) => new Intl.NumberFormat("fr-FR").format(number);

/** A whole number as people type it; anything else is refused by the server, and counts for 0 here. */
function read(input) {
  const text = input.value.replace(/\s/g, "");
  return /^[0-9]+$/.test(text) ? Number(text) : 0;
}

function sentence(rest) {
  if (rest === 0) return `${NO_BREAK}: tout est réparti.`;
  if (rest > 0) return `${NO_BREAK}: il reste ${written(rest)}.`;
  return `${NO_BREAK}: ${written(-rest)} de trop. Retirez-les pour enregistrer.`;
}

function show() {
  const sum = inputs.reduce((before, input) => before + read(input), 0);
  spent.textContent = written(sum);
  left.textContent = sentence(total - sum);
  line.classList.toggle("partage-somme__texte--trop", sum > total);
}

inputs.forEach((input) => input.addEventListener("input", show));
show();
