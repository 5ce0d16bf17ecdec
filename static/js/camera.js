// Lit un carré DataMatrix à l’appareil photo : par le navigateur quand il sait (Android), sinon par le lecteur livré avec
// le site, qui n’est chargé qu’alors. L’image ne quitte pas l’appareil.
const FORMAT = "data_matrix";
const PAUSE = 150; // ms entre deux lectures
const PARTS = [1, 0.7, 0.45]; // du petit côté : le carré est visé au centre, de près ou de loin
const SIZES = [400, 250, 600]; // points de côté : réduite, une image granuleuse se lit mieux
const REFUSALS = {
  NotAllowedError: "L’appareil photo n’est pas permis\u00a0: autorisez-le dans le navigateur, lisez le code à la douchette, ou tapez le lot et la péremption.",
  NotFoundError: "Aucun appareil photo sur ce poste\u00a0: lisez le code à la douchette, ou tapez le lot et la péremption.",
};
const BUSY = "L’appareil photo ne répond pas\u00a0: fermez ce qui l’utilise, ou tapez le lot et la péremption.";

export class CameraRefusal extends Error {} // its message is a sentence for the person

/** What the camera sees: the text of a code, or nothing once the window is closed. */
export async function film(reader) {
  const detect = await detectorOf(reader);
  const stream = await open();
  const dialog = show(stream);
  try {
    return await firstCode(detect, dialog);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  }
}

async function open() {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch (refusal) {
    throw new CameraRefusal(REFUSALS[refusal.name] ?? BUSY);
  }
}

async function detectorOf(reader) {
  const known = (await window.BarcodeDetector?.getSupportedFormats()) ?? [];
  if (known.includes(FORMAT)) {
    const detector = new window.BarcodeDetector({ formats: [FORMAT] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  const { read } = await import(reader);
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  let turn = 0;
  return (video) => {
    const side = Math.min(video.videoWidth, video.videoHeight) * PARTS[turn++ % PARTS.length];
    for (const size of SIZES) {
      const found = read(greyOf(pictureOf(video, side, context, size)), size, size);
      if (found) return found;
    }
    return "";
  };
}

/** The middle of the film, ``side`` points of it, drawn on a square of ``size``. */
function pictureOf(video, side, context, size) {
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  context.canvas.width = context.canvas.height = size;
  context.drawImage(video, left, top, side, side, 0, 0, size, size);
  return context.getImageData(0, 0, size, size).data;
}

function greyOf(colours) {
  const grey = new Uint8ClampedArray(colours.length / 4);
  for (let at = 0; at < grey.length; at += 1) {
    grey[at] = (colours[4 * at] + 2 * colours[4 * at + 1] + colours[4 * at + 2]) / 4;
  }
  return grey;
}

function show(stream) {
  const dialog = document.createElement("dialog");
  dialog.className = "vaccins-camera";
  dialog.setAttribute("aria-label", "Lecture du code de la boîte");
  const said = document.createElement("p");
  said.textContent = "Placez le carré (DataMatrix) au centre, droit et bien éclairé. L’image ne quitte pas votre appareil.";
  const video = document.createElement("video");
  video.playsInline = video.muted = true;
  video.srcObject = stream;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "fr-btn fr-btn--secondary", textContent: "Fermer" });
  close.addEventListener("click", () => dialog.close());
  dialog.append(said, video, close);
  document.body.append(dialog);
  dialog.showModal();
  video.play();
  return dialog;
}

async function firstCode(detect, dialog) {
  const video = dialog.querySelector("video");
  while (dialog.open) {
    const found = video.readyState >= video.HAVE_CURRENT_DATA ? await detect(video) : "";
    if (found) return found;
    await new Promise((resume) => { setTimeout(resume, PAUSE); });
  }
  return "";
}
