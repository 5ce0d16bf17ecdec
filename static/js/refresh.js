// Keeps a part of the page up to date while something goes on in the background: the element that
// carries data-refresh (seconds) is read again from the same address, until it no longer carries it.
// Without this file, the page offers a link to read it again.
const watched = document.querySelector("[data-refresh]");

async function refresh(element) {
  const response = await fetch(location.href, {
    headers: { "X-Requested-With": "fetch" },
    redirect: "error",
    signal: AbortSignal.timeout(8000),
  });
  if (!response.ok) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(element.id);
  element.replaceChildren(...fresh.childNodes);
  if (fresh.dataset.refresh) element.dataset.refresh = fresh.dataset.refresh;
  else delete element.dataset.refresh;
}

async function watch(element) {
  while (element.dataset.refresh) {
    await new Promise((resume) => setTimeout(resume, element.dataset.refresh * 1000));
    if (document.hidden) continue;
    await refresh(element).catch(() => {}); // the next turn tries again
  }
}

if (watched) watch(watched);
