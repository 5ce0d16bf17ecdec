// Two people typed the same cell: shows both values, and one click chooses. Meanwhile the saved one counts.
const form = document.querySelector("form[data-autosave]");

const save = (input) => form.dispatchEvent(new CustomEvent("grid:save", { detail: { inputs: [input] } }));
const shown = (value) => (value.trim() === "" ? "la case vide" : value);

function conflictChoices(input, typed) {
  const choose = (value) => () => {
    input.value = value;
    input.focus();
    save(input);
  };
  return [
    { label: `Garder ${shown(input.dataset.seen)}`, act: choose(input.dataset.seen) },
    { label: `Mettre ${shown(typed)}`, act: choose(typed) },
  ];
}

// Before the sentence is drawn (capture), so that it comes with its choices.
form?.addEventListener(
  "grid:state",
  ({ target, detail }) => {
    if (detail.choice === "conflict") detail.choices = conflictChoices(target, detail.typed);
  },
  true,
);
