// A page that was seen is marked as read, without a click; without this file, its button does it.
const form = document.querySelector("form[data-read]");

async function mark() {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Automatic": "1" },
  }).catch(() => null); // no connection: the page stays unread, its button is there
  if (answer?.ok) form.remove();
}

if (form) {
  if (document.visibilityState === "visible") mark();
  else document.addEventListener("visibilitychange", mark, { once: true });
}
