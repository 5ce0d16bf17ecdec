// Copie d’un seul geste ce que montre l’élément nommé par data-copy. Sans ce fichier, il se sélectionne à la main.

for (const button of document.querySelectorAll("button[data-copy]")) {
  const shown = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const status = document.querySelector("[data-copy-status]");
    try {
      await navigator.clipboard.writeText(shown.value ?? shown.textContent);
      button.textContent = status.textContent = "Copié";
    } catch {
      shown.select?.();
      button.textContent = status.textContent = "À copier avec Ctrl+C";
    }
    setTimeout(() => { button.textContent = label; status.textContent = ""; }, 4000);
  });
}
