"""An establishment or a pharmacy typed by its name or its number: found, or several to choose."""

from typing import Any, Final

from django import forms
from django.db.models import Q

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import Pui

MOST: Final = 20


class FoundField(forms.CharField):
    """A row by its own number, else by words; several answers become a list to choose from.

    Subclasses say where to look, how a row is written, and what to call it.
    """

    what = ""

    def __init__(self, *, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(max_length=120, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = self.found(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                f"Aucun{self.what} de votre territoire ne répond à «\u00a0{text}\u00a0»\u00a0: "
                "tapez le numéro FINESS, ou le début des mots du nom et de la commune."
            )
        self.offer(found)
        raise forms.ValidationError(
            f"Plusieurs réponses pour «\u00a0{text}\u00a0»\u00a0: choisissez dans la liste."
        )

    def offer(self, found: list[Any]) -> None:
        """A list in place of the box; its values are numbers, which find one row alone."""
        choices = [("", "Choisissez"), *((self.number(one), self.label_of(one)) for one in found)]
        widget = forms.Select({"class": "fr-select"}, choices=choices)
        widget.is_required = self.required
        self.widget = widget

    def found(self, text: str) -> list[Any]:
        raise NotImplementedError

    def number(self, row: Any) -> str:
        raise NotImplementedError

    def label_of(self, row: Any) -> str:
        raise NotImplementedError


class PlaceField(FoundField):
    """An open establishment of the person's territory."""

    what = " établissement"

    def found(self, text: str) -> list[Establishment]:
        held = self.user.perimeter_to(Action.VAC_LINE)
        rows = Establishment.objects.filter(held.as_q()).open().search(text)
        return list(rows.order_by("sort_name", "finess")[:MOST])

    def number(self, row: Establishment) -> str:
        return str(row.finess)

    def label_of(self, row: Establishment) -> str:
        return f"{row.name}, {row.town} ({row.finess_text})"


class PharmacyField(FoundField):
    """An open pharmacy of the person's territory; its number is written « PUI 12 »."""

    what = "e PUI"

    def found(self, text: str) -> list[Pui]:
        rows = Pui.objects.for_user(self.user, to=Action.VAC_LINE).filter(closed_on=None)
        rows = rows.select_related("establishment").order_by("sort_label", "pk")
        prefix, _, number = text.partition(" ")
        if prefix == "PUI" and number.isdecimal():
            return list(rows.filter(pk=number))
        sites = Establishment.objects.search(text)
        return list(rows.filter(Q(label__icontains=text) | Q(establishment__in=sites))[:MOST])

    def number(self, row: Pui) -> str:
        return f"PUI {row.pk}"

    def label_of(self, row: Pui) -> str:
        return f"{row.label}, {row.establishment.name}"
