/* Keeps an open page up to date: asks for the live parts every few seconds and replaces those that changed.
   Filters, focus, open panels and scrolling stay as they are. Without script, the link « Actualiser » does the same.

   <section data-live-source="/adresse/" data-live-every="10">   where the parts come from, and how often (seconds)
     <p data-live-status role="status"></p>                        what is announced
     <a data-live-refresh href="…">Actualiser</a>
     <button data-live-pause hidden>…</button>
     <div id="…" data-live>…</div>                                 a part: the answer carries the same ids
       <span data-live-time>…</span>                               the time of the figures: changes alone, told to nobody  */

const SLOWEST = 8;

class LivePage {
  constructor(root) {
    this.root = root;
    this.every = Number(root.dataset.liveEvery) * 1000;
    this.status = root.querySelector("[data-live-status]");
    this.pauseButton = root.querySelector("[data-live-pause]");
    this.etag = null;
    this.failures = 0;
    this.isPaused = false;
    this.isOver = false;
    this.isAsking = false;
    this.timer = null;
    this.known = new Map([...root.querySelectorAll("[data-live]")].map((part) => [part.id, contentOf(part)]));
    this.listen();
    this.schedule();
  }

  listen() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.unschedule() : this.ask()));
    this.root.querySelector("[data-live-refresh]")?.addEventListener("click", (event) => {
      if (this.isOver) return;
      event.preventDefault();
      this.ask(true);
    });
    if (this.pauseButton) {
      this.pauseButton.hidden = false;
      this.pauseButton.addEventListener("click", () => this.togglePause());
    }
  }

  togglePause() {
    this.isPaused = !this.isPaused;
    this.pauseButton.textContent = this.isPaused ? "Reprendre la mise à jour" : "Mettre en pause";
    this.say(this.isPaused ? "Mise à jour automatique en pause." : "Mise à jour automatique reprise.");
    if (this.isPaused) this.unschedule();
    else this.ask();
  }

  schedule() {
    this.unschedule();
    if (this.isOver || this.isPaused || document.hidden) return;
    const wait = this.every * Math.min(2 ** this.failures, SLOWEST);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  unschedule() {
    clearTimeout(this.timer);
  }

  async ask(isAsked = false) {
    if (this.isAsking || this.isOver || (this.isPaused && !isAsked)) return;
    this.isAsking = true;
    try {
      await this.read(isAsked);
    } catch {
      this.failures += 1;
      this.say("Connexion perdue : les chiffres affichés ne changent plus. Nouvel essai dans quelques secondes.");
    } finally {
      this.isAsking = false;
      this.schedule();
    }
  }

  async read(isAsked) {
    const headers = { "X-Automatic": "1" };
    if (this.etag) headers["If-None-Match"] = this.etag;
    const answer = await fetch(this.root.dataset.liveSource, { headers, redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return this.stop();
    const isBack = this.failures > 0;
    if (answer.status === 304) {
      this.failures = 0;
      if (isBack) this.say("Connexion rétablie.");
      else if (isAsked) this.say("Rien n’a changé.");
      return undefined;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    this.failures = 0;
    this.etag = answer.headers.get("ETag");
    const count = this.replace(await answer.text());
    if (count) this.say(`Chiffres mis à jour à ${new Date().toLocaleTimeString("fr-FR")}.`);
    else if (isBack) this.say("Connexion rétablie.");
    else if (isAsked) this.say("Rien n’a changé.");
    return undefined;
  }

  /* Only the parts whose text changed are touched: the others keep everything by themselves. */
  replace(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    let count = 0;
    for (const part of fresh.querySelectorAll("[data-live]")) {
      const shown = document.getElementById(part.id);
      if (!shown) continue;
      if (this.known.get(part.id) === contentOf(part)) {
        copyTimes(shown, part);
        continue;
      }
      this.known.set(part.id, contentOf(part));
      swap(shown, part);
      count += 1;
    }
    return count;
  }

  say(sentence) {
    if (this.status && this.status.textContent !== sentence) this.status.textContent = sentence;
  }

  stop() {
    this.isOver = true;
    this.unschedule();
    if (this.pauseButton) this.pauseButton.hidden = true;
    if (!this.status) return;
    this.status.textContent = "Votre session est terminée : les chiffres affichés ne changent plus. ";
    const link = document.createElement("a");
    link.href = window.location.href;
    link.textContent = "Se reconnecter";
    this.status.append(link);
  }
}

/* Puts the content of `fresh` into `shown`, with the panels, the scrolling and the focus found before. */
function swap(shown, fresh) {
  const opened = [...shown.querySelectorAll("details[open]")].map(nameOf);
  const scrolled = [...shown.querySelectorAll("[tabindex='0']")].map((box) => [box.scrollLeft, box.scrollTop]);
  const focused = shown.contains(document.activeElement) ? pathOf(shown, document.activeElement) : null;
  shown.replaceChildren(...fresh.childNodes);
  for (const panel of shown.querySelectorAll("details")) {
    if (opened.includes(nameOf(panel))) panel.open = true;
  }
  shown.querySelectorAll("[tabindex='0']").forEach((box, rank) => {
    if (scrolled[rank]) [box.scrollLeft, box.scrollTop] = scrolled[rank];
  });
  if (focused) restoreFocus(shown, focused);
}

/* What a part says, the time of its figures aside. */
function contentOf(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("[data-live-time]")) time.textContent = "";
  for (const panel of copy.querySelectorAll("details")) panel.open = false;
  return copy.innerHTML;
}

function copyTimes(shown, fresh) {
  const times = fresh.querySelectorAll("[data-live-time]");
  shown.querySelectorAll("[data-live-time]").forEach((time, rank) => {
    if (times[rank]) time.textContent = times[rank].textContent;
  });
}

function nameOf(panel) {
  return panel.id || panel.querySelector("summary")?.textContent.trim();
}

function pathOf(root, element) {
  const tag = element.tagName;
  return {
    id: element.id,
    tag,
    href: element.getAttribute("href"),
    text: element.textContent.trim(),
    rank: [...root.querySelectorAll(tag)].indexOf(element),
  };
}

/* The same element: by its id, else the link or panel that says the same, else the one at the same rank. */
function restoreFocus(root, { id, tag, href, text, rank }) {
  const all = [...root.querySelectorAll(tag)];
  const same =
    (id && document.getElementById(id)) ||
    all.find((one) => href && one.getAttribute("href") === href && one.textContent.trim() === text) ||
    all.find((one) => one.textContent.trim() === text) ||
    all[rank];
  same?.focus({ preventScroll: true });
}

for (const root of document.querySelectorAll("[data-live-source]")) new LivePage(root);
