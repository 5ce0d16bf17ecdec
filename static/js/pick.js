// Shows another establishment or week as soon as it is chosen: two clicks, without the button.
for (const form of document.querySelectorAll("form[data-pick]")) {
  let byKeyboard = false; // arrows walk through the list: wait for the button or for Enter
  form.addEventListener("keydown", () => (byKeyboard = true));
  form.addEventListener("pointerdown", () => (byKeyboard = false));
  form.addEventListener("change", () => byKeyboard || form.requestSubmit());
}
