// Saves the cells of a grid as they are typed: what failed is kept, said and sent again.
// Without this file the form posts as a whole.
//
// Events: `grid:save` (in, on cells) asks to send; `grid:state` (out, on a cell) tells what became of it;
// `grid:answer` (out, on the form) carries the server's figures. `data-seen` is the value last seen saved.
const form = document.querySelector("form[data-autosave]");
const bare = (text) => text.replace(/\s/g, "");
const queue = new Set();
const confirmed = new Set(); // odd values that the person says are exact
const SLOW = 1000;
let flying = null; // {inputs, since} while an answer is awaited
let attempts = 0;
let timer = null;
let isLost = false;
let isLeaving = false; // sent whole by its own button: nothing typed is left behind
let reason = ""; // why nothing leaves although somebody is logged in; empty: nobody is

const tell = (input, kind, text, more = {}) =>
  input.dispatchEvent(new CustomEvent("grid:state", { bubbles: true, detail: { kind, text, ...more } }));
const unsaved = (input) => bare(input.value) !== bare(input.dataset.seen);

function call(method, content) {
  return fetch(form.dataset.autosave, {
    method,
    body: content && JSON.stringify(content),
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-Requested-With": "fetch",
      "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
    },
    redirect: "error",
    keepalive: true,
    signal: AbortSignal.timeout(8000),
  });
}

const isJson = (response) => (response.headers.get("Content-Type") ?? "").includes("application/json");

/** Take a fresh token after a new login in another tab. False: still nobody, or somebody else. */
async function resume() {
  const response = await call("GET");
  reason = "";
  if (response.status === 401) return false;
  if (![200, 403, 404].includes(response.status)) throw new Error(response.status);
  const { token, person, sentence } = await response.json();
  reason = sentence ?? (person === form.dataset.person ? "" : form.dataset.stranger);
  if (reason) return false;
  form.elements.csrfmiddlewaretoken.value = token;
  if (isLost) form.dispatchEvent(new CustomEvent("grid:found"));
  isLost = false;
  return true;
}

function tellLost(input) {
  const why = reason ? "" : " : vous n’êtes plus connecté";
  tell(input, "erreur", `Non enregistré${why}. Votre saisie est gardée.`);
}

function lose() {
  isLost = true;
  queue.forEach(tellLost);
  form.dispatchEvent(new CustomEvent("grid:lost", { detail: { sentence: reason } }));
}

async function flush() {
  clearInterval(timer);
  if (flying || !queue.size) return;
  const batch = [...queue].map((input) => ({
    input,
    cell: input.name,
    value: input.value,
    seen: input.dataset.seen,
    confirm: confirmed.has(input),
  }));
  queue.clear();
  confirmed.clear();
  flying = { inputs: batch.map((one) => one.input), since: Date.now() };
  flying.inputs.forEach((input) => tell(input, "attente", "Enregistrement…"));
  const outcome = await send(batch);
  flying = null;
  if (outcome === "done") attempts = 0;
  else keep(batch);
  if (outcome === "again") postpone();
  else if (outcome === "lost") lose();
  else if (queue.size) flush();
}

function keep(batch) {
  batch.forEach(({ input, confirm }) => {
    queue.add(input);
    if (confirm) confirmed.add(input);
  });
}

async function send(batch) {
  const cells = batch.map(({ cell, value, seen, confirm }) => ({ cell, value, seen, confirm }));
  try {
    const response = await call("POST", {
      profile: form.elements.profile.value,
      ticket: form.elements.ticket?.value,
      cells,
    });
    if (response.status === 401) {
      reason = "";
      return "lost";
    }
    if (response.status === 403 && !isJson(response)) return (await resume()) ? "again" : "lost";
    if (response.status >= 500 || response.status === 429) return "again";
    take(batch, isJson(response) ? await response.json() : {});
    return "done";
  } catch {
    return "again";
  }
}

function take(batch, answer) {
  for (const { input, cell, value } of batch) {
    const result = answer.cells?.[cell];
    if (!result) {
      tell(input, "erreur", `${answer.sentence ?? "Non enregistré : rechargez la page."} Votre saisie est gardée.`);
      continue;
    }
    if ("value" in result) input.dataset.seen = result.value;
    if (input.value !== value && !queue.has(input) && document.activeElement !== input) queue.add(input); // the newest wins
    if (result.kind === "ok" && input.value === value && document.activeElement !== input) input.value = result.value;
    tell(input, result.kind, result.text, { choice: result.choice, typed: value, isInvalid: result.kind === "erreur" });
  }
  form.dispatchEvent(new CustomEvent("grid:answer", { detail: answer }));
}

function postpone() {
  attempts += 1;
  let left = Math.min(30, 2 ** attempts);
  const count = () => {
    queue.forEach((input) =>
      tell(input, "erreur", `Non enregistré : connexion perdue. Nouvel essai dans ${left} s. Votre saisie est gardée.`, {
        isRepeated: left !== Math.min(30, 2 ** attempts),
        spoken: "Connexion perdue. Vos saisies sont gardées et seront renvoyées.",
      }),
    );
    left -= 1;
    if (left < 0) flush();
  };
  count();
  timer = setInterval(count, 1000);
}

function ask(input) {
  if (unsaved(input)) queue.add(input);
  else {
    queue.delete(input);
    input.value = input.dataset.seen;
    if (input.dataset.state && input.dataset.state !== "ok") tell(input, "", "");
  }
}

if (form) {
  const cells = [...form.querySelectorAll("tbody input")];
  cells.forEach((input) => (input.dataset.seen ??= input.defaultValue));
  form.addEventListener("change", ({ target }) => {
    if (!target.matches("tbody input")) return;
    ask(target);
    if (!isLost) flush();
    else if (queue.has(target)) tellLost(target);
  });
  form.addEventListener("grid:save", ({ detail }) => {
    detail.inputs.forEach(ask);
    if (detail.confirm) detail.inputs.forEach((input) => queue.add(input) && confirmed.add(input));
    if (!isLost) flush();
  });
  const retry = () => (isLost ? resume().then((back) => (back ? flush() : lose()), () => {}) : attempts && flush());
  addEventListener("online", retry);
  addEventListener("focus", () => isLost && retry());
  document.addEventListener("visibilitychange", () => isLost && document.visibilityState === "visible" && retry());
  addEventListener("beforeunload", (event) => {
    const onTheirWay = flying && Date.now() - flying.since < SLOW ? flying.inputs : [];
    if (!isLeaving && cells.some((input) => unsaved(input) && !onTheirWay.includes(input))) event.preventDefault();
  });
  // With the script the whole-form button sends the same cells the same way.
  form.addEventListener("submit", (event) => {
    isLeaving = event.submitter?.hasAttribute("data-transmit") ?? false;
    if (!event.submitter?.hasAttribute("data-save-all")) return;
    event.preventDefault();
    cells.forEach(ask);
    if (isLost) retry();
    else if (queue.size) flush();
    else form.dispatchEvent(new CustomEvent("grid:spoken", { detail: "Toutes les cases sont enregistrées." }));
  });
}
