// Warns two minutes before the session ends, and keeps it open when asked. What is typed stays in the page:
// after a new login in another tab its forms take a fresh token and can be sent.
// Without this file the session ends all the same, and the login page says why.
const dialog = document.querySelector("[data-session-end]");

const WARNED = 120; // seconds before the end
const FIRST = 12 * 60; // the shortest session lasts fifteen minutes
const SPOKEN = [60, 20];
const part = (name) => dialog.querySelector(`[data-session-${name}]`);
const tokens = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]");
const inWords = (seconds) => (seconds > 90 ? `${Math.round(seconds / 60)} minutes` : `${seconds} secondes`);

class SessionEnd {
  constructor() {
    this.person = null;
    this.endsAt = null;
    this.isOver = false;
    this.isExtendable = true;
    this.timer = null;
    part("stay").addEventListener("click", () => this.stay());
    part("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("cancel", (event) => {
      if (this.isOver) return;
      event.preventDefault();
      this.stay();
    });
    // a computer that slept: the timers slept with it
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.check());
    addEventListener("focus", () => this.isOver && this.check());
    this.plan(FIRST);
  }

  plan(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), Math.max(1, seconds) * 1000);
  }

  /** How long the session has left: null when it is over, undefined when nobody answered. */
  async ask(method) {
    const headers = { Accept: "application/json" };
    if (method === "POST") headers["X-CSRFToken"] = tokens()[0]?.value ?? "";
    else headers["X-Automatic"] = "1";
    try {
      const answer = await fetch(dialog.dataset.url, { method, headers, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return null;
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }

  async check() {
    const state = await this.ask("GET");
    if (state === undefined) return this.plan(30);
    if (state === null) return this.end();
    this.person ??= state.person;
    if (state.person !== this.person) return this.end();
    for (const input of tokens()) input.value = state.token;
    return this.follow(state);
  }

  follow({ left, extendable }) {
    this.isOver = false;
    this.isExtendable = extendable;
    this.endsAt = Date.now() + left * 1000;
    if (left <= WARNED + 5) return this.warn();
    if (dialog.open) dialog.close();
    return this.plan(left - WARNED);
  }

  warn() {
    part("title").textContent = "Votre session va se fermer";
    part("stay").textContent = this.isExtendable ? "Rester connecté" : "J’ai compris";
    this.show({ stay: true, login: false, close: false });
    this.count();
  }

  count() {
    const left = Math.max(0, Math.round((this.endsAt - Date.now()) / 1000));
    part("text").textContent = this.isExtendable
      ? `Sans activité de votre part, elle se ferme dans ${inWords(left)}.`
      : `Elle dure douze heures au plus : elle se ferme dans ${inWords(left)}. Enregistrez ce que vous faites.`;
    if (SPOKEN.includes(left)) part("spoken").textContent = `Il reste ${inWords(left)}.`;
    clearTimeout(this.timer);
    // every fifteen seconds the server is asked: another tab may have kept the session open
    const isTimeToAsk = left === 0 || left % 15 === 0;
    this.timer = setTimeout(() => (isTimeToAsk ? this.check() : this.count()), 1000);
  }

  async stay() {
    if (!this.isExtendable) {
      dialog.close();
      return this.plan((this.endsAt - Date.now()) / 1000 + 1);
    }
    const state = await this.ask("POST");
    if (state) return this.follow(state);
    return state === null ? this.end() : this.plan(1);
  }

  end() {
    clearTimeout(this.timer);
    if (this.isOver) return;
    this.isOver = true;
    part("title").textContent = "Votre session est terminée";
    part("text").textContent =
      "Ce que vous avez tapé reste sur cette page. Reconnectez-vous dans un nouvel onglet, puis revenez ici.";
    part("login").search = `?next=${encodeURIComponent(location.pathname + location.search)}`;
    this.show({ stay: false, login: true, close: true });
  }

  show(wanted) {
    for (const [name, isShown] of Object.entries(wanted)) part(name).hidden = !isShown;
    if (!dialog.open) dialog.showModal();
    (wanted.stay ? part("stay") : part("login")).focus();
  }
}

if (dialog) new SessionEnd();
