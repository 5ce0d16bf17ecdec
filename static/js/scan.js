// Le code d’une boîte (DataMatrix GS1) lu à la douchette ou à l’appareil photo remplit le lot et la péremption.
// Sans ce fichier la douchette marche aussi : le serveur lit le code en enregistrant. La saisie à la main reste toujours possible.
const SEPARATOR = "\u001d";
const NOT_STARTED = "La lecture à l’appareil photo n’a pas pu démarrer\u00a0: lisez le code à la douchette, ou tapez le lot et la péremption.";

function fieldOf(area, name) {
  return area.querySelector(`[name$="-${name}"]`);
}

/** Ask the server what the code says, once; whoever moved on meanwhile keeps the field they are in. */
async function read(area, code) {
  if (area.dataset.read === code) return;
  area.dataset.read = code;
  const status = area.querySelector("[data-scan-status]");
  const form = area.closest("form");
  const body = new FormData();
  body.set("code", code);
  for (const name of ["csrfmiddlewaretoken", "profile"]) body.set(name, form.elements[name].value);
  try {
    const answer = await fetch(area.dataset.scan, { method: "POST", body });
    if (!answer.ok) throw new Error(String(answer.status));
    show(area, status, await answer.json());
  } catch {
    area.dataset.read = "";
    status.textContent = "Le code n’a pas pu être lu\u00a0: tapez le lot et la péremption, ou enregistrez, le serveur le relira.";
  }
}

function show(area, status, found) {
  const input = fieldOf(area, "scan");
  const stayed = [input, document.body, area.querySelector("[data-scan-camera] button")].includes(document.activeElement);
  if (found.refused) {
    status.textContent = found.refused;
    if (stayed) input.select();
    return;
  }
  for (const name of ["gtin", "lot", "expires_on"]) {
    if (found[name]) fieldOf(area, name).value = found[name];
  }
  input.value = area.dataset.read = "";
  const expiry = found.expires_on ? `, péremption ${found.expires_on}` : "";
  status.textContent = `${found.product}, lot ${found.lot || "non dit"}${expiry}. ${found.warning}`.trim();
  if (stayed) fieldOf(area, "doses").focus();
}

/** A hand scanner types: « Entrée » ends the code, Ctrl + ] is the group separator. */
function listen(area) {
  const input = fieldOf(area, "scan");
  input.addEventListener("keydown", (event) => {
    if (event.key === SEPARATOR || (event.ctrlKey && (event.key === "]" || event.code === "BracketRight"))) {
      event.preventDefault();
      input.setRangeText(SEPARATOR, input.selectionStart, input.selectionEnd, "end");
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (input.value.trim()) read(area, input.value);
    }
  });
  input.addEventListener("change", () => { if (input.value.trim()) read(area, input.value); });
}

/** A camera where the browser gives one: over HTTPS, on whatever has a lens; loaded on the first click only. */
function offerCamera(area) {
  const line = area.querySelector("[data-scan-camera]");
  line.hidden = false;
  line.querySelector("button").addEventListener("click", ({ target }) => film(area, target));
}

async function film(area, button) {
  const { camera, reader } = area.closest("form").dataset;
  button.disabled = true;
  const found = await filmed(camera, reader);
  button.disabled = false;
  button.focus();
  if (found.refused) area.querySelector("[data-scan-status]").textContent = found.refused;
  else if (found.code) await read(area, found.code);
}

async function filmed(camera, reader) {
  let refusals;
  try {
    const { film: start, CameraRefusal } = await import(camera);
    refusals = CameraRefusal;
    return { code: await start(reader) };
  } catch (refusal) {
    const isTold = refusals && refusal instanceof refusals;
    return { refused: isTold ? refusal.message : NOT_STARTED };
  }
}

const areas = [...document.querySelectorAll("[data-scan]")].filter((area) => fieldOf(area, "scan"));
areas.forEach(listen);
if (navigator.mediaDevices?.getUserMedia) areas.forEach(offerCamera);
