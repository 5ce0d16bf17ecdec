// Keeps a part of the page up to date while something goes on in the background: the element that
// carries data-refresh (seconds) is read again from the same address, until it no longer carries it.
// What its [data-announce] says is told once to screen readers, in the element's data-status region.
// Without this file, the page offers a link to read it again.
const watched = document.querySelector("[data-refresh]");

async function refresh(element) {
  const response = await fetch(location.href, {
    headers: { "X-Requested-With": "fetch", "X-Automatic": "1" },
    redirect: "error",
    signal: AbortSignal.timeout(8000),
  });
  if (!response.ok) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(element.id);
  const focused = element.contains(document.activeElement) && document.activeElement.id;
  element.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus();
  announce(element);
  if (fresh.dataset.refresh) element.dataset.refresh = fresh.dataset.refresh;
  else delete element.dataset.refresh;
}

function announce(element) {
  const region = document.getElementById(element.dataset.status);
  const sentence = element.querySelector("[data-announce]")?.dataset.announce ?? "";
  if (region && region.textContent !== sentence) region.textContent = sentence;
}

async function watch(element) {
  while (element.dataset.refresh) {
    await new Promise((resume) => setTimeout(resume, element.dataset.refresh * 1000));
    if (document.hidden) continue;
    await refresh(element).catch(() => {}); // the next turn tries again
  }
}

if (watched) watch(watched);
