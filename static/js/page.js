// Ce que toutes les pages font : refermer un message, et porter le regard du clavier sur ce qui est refusé.
// Sans ce fichier, le message reste, sans bouton, et le refus se lit en haut du formulaire.

for (const message of document.querySelectorAll("[data-closable]")) {
  const button = message.querySelector("[data-close]");
  button.hidden = false;
  button.addEventListener("click", () => message.remove());
}

const refusal = document.querySelector("main .fr-alert[role=alert]");
if (refusal) {
  // « #content » gardé dans l’adresse reprendrait le focus quand la page a fini d’arriver
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  refusal.tabIndex = -1;
  refusal.focus();
}
