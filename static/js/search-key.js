// La touche « / » mène à la recherche de l’en-tête, jamais pendant une saisie.
// Sans ce fichier, la recherche s’atteint par la tabulation et la souris.

const TYPED = "input, textarea, select, [contenteditable]:not([contenteditable=false])";

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (event.key !== "/" || !isPlain || event.defaultPrevented) return;
  if (event.target.closest?.(TYPED) || document.querySelector("dialog[open], .fr-modal--opened")) return;
  const box = [...document.querySelectorAll("[data-search-key]")].find((one) => one.offsetParent);
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
