// Says under a cell what became of it: an icon and a sentence, and the choices when there are some.
const form = document.querySelector("form[data-autosave]");
const ICONS = {
  ok: "fr-icon-checkbox-circle-line",
  attente: "fr-icon-refresh-line",
  attention: "fr-icon-warning-line",
  erreur: "fr-icon-error-line",
};

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function clear(cell, input, id) {
  cell.querySelectorAll(".app-etat, .app-choix").forEach((old) => old.remove());
  const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  input.setAttribute("aria-describedby", others.join(" "));
}

function show(input, { kind, text, choices = [], isInvalid = false }) {
  const cell = input.closest("td");
  const id = `e-${input.name}`;
  const held = cell.querySelector(".app-choix")?.contains(document.activeElement);
  clear(cell, input, id);
  input.dataset.state = kind;
  cell.classList.toggle("app-cellule--erreur", kind === "erreur");
  cell.classList.toggle("app-cellule--attention", kind === "attention");
  if (isInvalid) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (held) input.focus();
  if (!kind) return;
  const sentence = element("p", `app-etat app-etat--${kind} ${ICONS[kind]} fr-icon--sm`, text);
  sentence.id = id;
  cell.append(sentence);
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby")} ${id}`.trim());
  if (!choices.length) return;
  const group = element("div", "app-choix");
  choices.forEach(({ label, act }) => {
    const button = element("button", "fr-btn fr-btn--tertiary fr-btn--sm", label);
    button.type = "button";
    button.addEventListener("click", act);
    group.append(button);
  });
  cell.append(group);
}

form?.addEventListener("grid:state", ({ target, detail }) => {
  const sentence = document.getElementById(`e-${target.name}`);
  if (detail.isRepeated && sentence) sentence.textContent = detail.text;
  else show(target, detail);
});
