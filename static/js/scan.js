// Le code d’une boîte (DataMatrix GS1) lu à la douchette ou à l’appareil photo remplit le lot et la péremption.
// Sans ce fichier la douchette marche aussi : le serveur lit le code en enregistrant. La saisie à la main reste toujours possible.
const SEPARATOR = "\u001d";
const FORMATS = ["data_matrix"];
const PAUSE = 200; // ms entre deux lectures de la caméra

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

async function canUseCamera() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  const known = await window.BarcodeDetector.getSupportedFormats();
  return FORMATS.every((format) => known.includes(format));
}

function offerCamera(area) {
  const line = area.querySelector("[data-scan-camera]");
  line.hidden = false;
  line.querySelector("button").addEventListener("click", () => film(area));
}

async function film(area) {
  const status = area.querySelector("[data-scan-status]");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    status.textContent = "L’appareil photo n’est pas permis : tapez le code, ou le lot et la péremption.";
    return;
  }
  const dialog = openDialog(stream);
  const detector = new window.BarcodeDetector({ formats: FORMATS });
  const code = await firstCode(detector, dialog);
  for (const track of stream.getTracks()) track.stop();
  dialog.remove();
  area.querySelector("[data-scan-camera] button").focus();
  if (code) await read(area, code);
}

function openDialog(stream) {
  const dialog = document.createElement("dialog");
  dialog.className = "vaccins-camera";
  dialog.setAttribute("aria-label", "Lecture du code de la boîte");
  const video = document.createElement("video");
  video.playsInline = video.muted = true;
  video.srcObject = stream;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "fr-btn fr-btn--secondary";
  close.textContent = "Fermer";
  close.addEventListener("click", () => dialog.close());
  dialog.append(video, close);
  document.body.append(dialog);
  dialog.showModal();
  video.play();
  return dialog;
}

async function firstCode(detector, dialog) {
  const video = dialog.querySelector("video");
  while (dialog.open) {
    const [found] = video.readyState >= video.HAVE_CURRENT_DATA ? await detector.detect(video) : [];
    if (found) return found.rawValue;
    await new Promise((resume) => { setTimeout(resume, PAUSE); });
  }
  return "";
}

const areas = [...document.querySelectorAll("[data-scan]")].filter((area) => fieldOf(area, "scan"));
areas.forEach(listen);
if (areas.length && await canUseCamera()) areas.forEach(offerCamera);
