// The session ended while somebody was typing: says so once, with a way back that loses nothing.
const form = document.querySelector("form[data-autosave]");
const notices = document.querySelector("[data-notices]");

function lost(sentence) {
  const notice = document.createElement("div");
  notice.className = "fr-alert fr-alert--warning fr-alert--sm fr-mb-2w";
  notice.setAttribute("role", "alert");
  notice.dataset.lost = "";
  const text = document.createElement("p");
  text.textContent = sentence || "Vous n’êtes plus connecté. Vos saisies sont gardées sur cette page : ";
  notice.append(text);
  if (!sentence) {
    const link = document.createElement("a");
    Object.assign(link, { href: form.dataset.login, target: "_blank", rel: "noopener", className: "fr-link" });
    link.textContent = "se reconnecter dans un nouvel onglet";
    text.append(link, ", puis revenez ici : elles partiront d’elles-mêmes.");
  }
  return notice;
}

form?.addEventListener("grid:lost", ({ detail }) => {
  notices.querySelector("[data-lost]")?.remove();
  notices.prepend(lost(detail.sentence));
});
form?.addEventListener("grid:found", () => notices.querySelector("[data-lost]")?.remove());
