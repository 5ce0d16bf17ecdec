"""What several forms of the account share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

HOW_TO_CHOOSE = (
    "Douze caractères au moins, pas seulement des chiffres. Une phrase que personne d’autre ne "
    "connaît convient bien."
)


class PlainFieldsMixin:
    """No grey text inside the fields: the label says it, and stays while one types.

    What a new password must be is said in one sentence, the same everywhere.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = HOW_TO_CHOOSE


def ask_for_code(field: forms.Field, label: str) -> None:
    """Name what is asked; a phone proposes by itself the code that it has just received."""
    field.label = label
    field.widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "none"}


class NamesMixin:
    """Names stand on one line, in lists and mails that others read: nothing in them hides."""

    cleaned_data: dict[str, Any]

    def clean_first_name(self) -> str:
        return clean_name(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return clean_name(self.cleaned_data["last_name"])


class OwnNamesForm(NamesMixin, forms.Form):
    """One's own names, on an account that opens."""

    first_name = forms.CharField(
        label="Prénom", max_length=150, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Nom", max_length=150, widget=forms.TextInput({"autocomplete": "family-name"})
    )


def clean_name(typed: str) -> str:
    """One space between words; what is not written but changes what is read is refused."""
    name = " ".join(typed.split())
    if not name.isprintable():
        raise ValidationError("Un nom s’écrit en lettres : retirez les caractères invisibles.")
    return name
