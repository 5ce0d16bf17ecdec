/* Shows what a search finds while one types. Without script, the button « Chercher » does the same.

   <form data-finess-search="/adresse/">        where the results come from; its fields are what is asked
   <p role="status" data-finess-status></p>     how many were found, told once typing stops
   <div data-finess-results>…</div>             replaced; its first [data-finess-count] is what is told  */

const PAUSE = 250;

class FinessSearch {
  constructor(form) {
    this.form = form;
    this.results = document.querySelector("[data-finess-results]");
    this.status = document.querySelector("[data-finess-status]");
    this.asked = this.query();
    this.timer = null;
    this.underWay = null;
    form.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE);
    });
    if (this.isTypedAlready()) this.askAnew();
  }

  /* On a slow line one types before this script is there, and no other key may come. */
  isTypedAlready() {
    return [...this.form.querySelectorAll("input")].some((field) => field.value !== field.defaultValue);
  }

  askAnew() {
    this.asked = null;
    this.ask();
  }

  query() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  async ask() {
    const query = this.query();
    if (query === this.asked) return;
    this.asked = query;
    this.underWay?.abort();
    this.underWay = new AbortController();
    try {
      await this.read(query, this.underWay.signal);
    } catch (error) {
      if (error.name !== "AbortError") this.asked = null; // the button remains
    }
  }

  async read(query, signal) {
    const answer = await fetch(`${this.form.dataset.finessSearch}?${query}`, { redirect: "manual", signal });
    if (!answer.ok) throw new Error(String(answer.status));
    this.show(await answer.text());
    history.replaceState(null, "", `?${query}`);
  }

  show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    this.results.replaceChildren(...fresh.body.childNodes);
    this.status.textContent = this.results.querySelector("[data-finess-count]")?.dataset.finessCount ?? "";
  }
}

for (const form of document.querySelectorAll("form[data-finess-search]")) new FinessSearch(form);
