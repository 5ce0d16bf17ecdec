// An odd value is saved all the same; one click says that it is exact, or goes back to it.
const form = document.querySelector("form[data-autosave]");

function doubtChoices(input) {
  const confirm = () => {
    input.focus();
    form.dispatchEvent(new CustomEvent("grid:save", { detail: { inputs: [input], confirm: true } }));
  };
  return [
    { label: "C’est exact", act: confirm },
    { label: "Corriger", act: () => input.select() || input.focus() },
  ];
}

form?.addEventListener(
  "grid:state",
  ({ target, detail }) => {
    if (detail.choice === "doubt") detail.choices = doubtChoices(target);
  },
  true,
);

// The buttons drawn by the server, for those without script, become as quick as the others.
form?.querySelectorAll("[data-doubt]").forEach((button) => {
  const input = form.elements[button.dataset.doubt];
  const [exact, correct] = doubtChoices(input);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    (button.value.startsWith("corriger") ? correct : exact).act();
  });
});
