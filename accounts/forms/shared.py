"""What several forms of the account share."""

from django import forms

HOW_TO_CHOOSE = (
    "Douze caractères au moins, pas seulement des chiffres. Une phrase que personne d’autre ne "
    "connaît convient bien."
)


class PlainFieldsMixin:
    """No grey text inside the fields: the label says it, and stays while one types.

    What a new password must be is said in one sentence, the same everywhere.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = HOW_TO_CHOOSE


def ask_for_code(field: forms.CharField, label: str) -> None:
    """Name what is asked; a phone proposes by itself the code that it has just received."""
    field.label = label
    field.widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "none"}
