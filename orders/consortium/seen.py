"""A form sent on an old page: what was typed stays, and it now says what it has seen."""

from typing import Any

from django import forms


def see_again(form: forms.Form, seen: Any, said: str, *, field: str | None = None) -> None:
    """Tell the refusal; sent once more, the form is about the values of now."""
    data = form.data.copy()
    data["seen"] = str(seen)
    form.data = data
    form.add_error(field, said)
