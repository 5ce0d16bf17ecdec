// Une session perdue ne perd pas la saisie : ce qui part par « Enregistrer » est gardé dans cet onglet, pour cette personne,
// et proposé de nouveau si la page suivante montre que rien n’en a été enregistré. Rien n’est remis sans un clic.
const form = document.querySelector("form[data-lines]");
const key = `approvisionnement:${form.dataset.person}`;
const LINE = /^(?<line>(besoin|reception|vaccines)-[0-9]+)-(?<name>\w+)$/;
const fields = () => [...form.elements].filter((field) => LINE.test(field.name) && field.type !== "hidden");
const seenOf = (line) => form.elements[`${line}-seen`]?.value;
const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);

function keep() {
  const kept = Object.fromEntries(fields().map((field) => {
    const { line } = LINE.exec(field.name).groups;
    return [field.name, { value: valueOf(field), seen: seenOf(line) }];
  }));
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // storage is full or forbidden: the warning before the end of the session remains
  }
}

function taken() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

/** What differs on a line that nobody saved since: a line saved, by oneself or a colleague, shows another state. */
function unsaved() {
  const kept = taken();
  return fields().filter((field) => {
    const { line } = LINE.exec(field.name).groups;
    const one = kept[field.name];
    return one !== undefined && one.seen === seenOf(line) && one.value !== valueOf(field);
  });
}

function putBack(found) {
  const kept = taken();
  for (const field of found) {
    field[field.type === "checkbox" ? "checked" : "value"] = kept[field.name].value;
  }
  found[0].dispatchEvent(new Event("input", { bubbles: true }));
  found[0].focus();
}

function offer(found) {
  const notice = document.querySelector("[data-kept]");
  const count = found.length;
  notice.querySelector("[data-kept-said]").textContent =
    count > 1 ? `${count} saisies n’ont pas été enregistrées` : "Une saisie n’a pas été enregistrée";
  notice.setAttribute("role", "alert");
  notice.hidden = false;
  const act = (name, done) => notice.querySelector(`[data-kept-${name}]`).addEventListener("click", () => {
    notice.remove();
    done();
  });
  act("restore", () => putBack(found));
  act("forget", () => sessionStorage.removeItem(key));
}

const found = "unsaved" in form.dataset ? [] : unsaved();
if (found.length) offer(found);
else sessionStorage.removeItem(key);
form.addEventListener("submit", keep);
