// Ce que toutes les pages font : refermer un message. Sans ce fichier, le message reste, sans bouton.

for (const message of document.querySelectorAll("[data-closable]")) {
  const button = message.querySelector("[data-close]");
  button.hidden = false;
  button.addEventListener("click", () => message.remove());
}
