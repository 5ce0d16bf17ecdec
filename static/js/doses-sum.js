// The total of the doses, as they are typed. Without this file the receipt says it.
const shown = document.querySelector("[data-doses-sum]");
const inputs = [...shown.closest("form").querySelectorAll('input[name^="besoin-"]')];

/** A whole number as people type it; anything else is refused by the server, and left out here. */
function read(input) {
  const text = input.value.replace(/\s/g, "");
  return /^[0-9]+$/.test(text) ? [Number(text)] : [];
}

function show() {
  const typed = inputs.flatMap(read);
  const sum = typed.reduce((before, one) => before + one, 0);
  shown.textContent = typed.length ? new Intl.NumberFormat("fr-FR").format(sum) : "–";
}

inputs.forEach((input) => input.addEventListener("input", show));
show();
