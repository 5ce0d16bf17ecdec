// A text being written is kept on this computer, per person and place, until the server has it: a session that ended, a
// page closed by mistake or a lost connection loses nothing. What the page says is saved (data-saved, the token of the
// last form received) is forgotten; after two weeks everything is. Files are not kept: a browser gives them once.
const form = document.querySelector("form[data-draft]");
const PREFIX = "draft:";
const FORTNIGHT = 14 * 24 * 3600 * 1000;
const key = form && `${PREFIX}${form.dataset.person}:${form.dataset.draft}`;
const kept = () => [...form.elements].filter((one) => one.matches("textarea, select, input[type=text]"));
const token = form?.elements.jeton;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // storage is forbidden: nothing was kept
  }
}

function keep() {
  const values = Object.fromEntries(kept().map((one) => [one.name, one.value]));
  try {
    if (form.querySelector("textarea").value.trim()) {
      localStorage.setItem(key, JSON.stringify({ values, token: token.value, at: Date.now() }));
    } else forget(key);
  } catch {
    // storage is full or forbidden: what is typed stays on the page
  }
}

function forgetOld() {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    if (Date.now() - (read(name)?.at ?? 0) > FORTNIGHT) forget(name);
  }
}

function tell(at) {
  const notice = document.createElement("div");
  notice.className = "fr-alert fr-alert--info fr-alert--sm fr-mb-2w";
  notice.setAttribute("role", "status");
  notice.dataset.drafted = "";
  const text = document.createElement("p");
  const hour = new Date(at).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" });
  text.textContent = `Votre texte du ${hour} n’avait pas été publié. Le voici.`;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "fr-btn fr-btn--sm fr-btn--tertiary", textContent: "L’effacer" });
  button.addEventListener("click", () => {
    form.reset();
    forget(key);
    notice.remove();
  });
  notice.append(text, button);
  form.prepend(notice);
}

/** The same token as before: what had reached the server after all is not written twice. */
function restore(draft) {
  for (const one of kept().filter(({ name }) => name in draft.values)) {
    const value = draft.values[one.name];
    if (!one.value) one.value = value;
    else if (one.matches("textarea") && !value.includes(one.value)) one.value = `${value}\n\n${one.value}`; // a quotation
  }
  token.value = draft.token;
  tell(draft.at);
}

if (form) {
  forgetOld();
  const draft = read(key);
  const isRefused = form.querySelector(".fr-alert, [id$=_error]"); // the page already holds what was typed
  if (draft && draft.token === form.dataset.saved) forget(key);
  else if (draft && !isRefused && token.value !== draft.token) restore(draft);
  form.addEventListener("input", keep);
}
