"""The fields that several forms of PLAGE have."""

from typing import Any

from django import forms

from common.identifiers import IdentifierError, normalize_finess


class DayField(forms.DateField):
    """A day picked in the browser's calendar, which reads it year first; it may stay empty."""

    def __init__(self, **kwargs: Any) -> None:
        calendar = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=calendar, **kwargs)


class ReasonField(forms.CharField):
    """Why, in a sentence or two; ``missing`` says what one lacks without it."""

    def __init__(self, *, label: str = "Motif", missing: str = "", **kwargs: Any) -> None:
        super().__init__(
            label=label,
            max_length=500,
            required=bool(missing),
            widget=forms.Textarea({"rows": 2}),
            error_messages={"required": missing},
            **kwargs,
        )


class FinessField(forms.CharField):
    """Nine characters, with or without spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=20, help_text="Neuf caractères, par exemple 45 099 011 4.", **kwargs
        )

    def clean(self, value: Any) -> str:
        try:
            return normalize_finess(super().clean(value))
        except IdentifierError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
