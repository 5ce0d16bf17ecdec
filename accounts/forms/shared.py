"""What several forms of the account share."""

from django import forms


class PlainFieldsMixin:
    """No grey text inside the fields: the label says it, and stays while one types."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


def ask_for_code(field: forms.CharField, label: str) -> None:
    """Name what is asked; a phone proposes by itself the code that it has just received."""
    field.label = label
    field.widget.attrs |= {"autocomplete": "one-time-code", "autocapitalize": "none"}
