// An odd value is saved all the same; one click says that it is exact, or goes back to it.
const form = document.querySelector("form[data-autosave]");

function doubtChoices(input) {
  const confirm = () => {
    input.focus();
    form.dispatchEvent(new CustomEvent("grid:save", { detail: { inputs: [input], confirm: true } }));
  };
  return [
    { label: "C’est exact", act: confirm },
    {
      label: "Corriger",
      act: () => {
        input.focus();
        input.select();
      },
    },
  ];
}

form?.addEventListener(
  "grid:state",
  ({ target, detail }) => {
    if (detail.choice === "doubt") detail.choices = doubtChoices(target);
  },
  true,
);

// The button drawn by the server, for those without script, becomes as quick as the others.
form?.querySelectorAll("[data-exact]").forEach((button) => {
  const [exact, correct] = doubtChoices(form.elements[button.value]);
  const second = Object.assign(button.cloneNode(), { type: "button", textContent: correct.label });
  second.addEventListener("click", correct.act);
  button.after(second);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    exact.act();
  });
});
