"""An establishment or a pharmacy typed by its name or its number: found, or several to choose."""

import re
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import Pui

MOST: Final = 20
WRITTEN: Final = re.compile(r"\((?:n°\s*)?([0-9AB\s]+)\)\s*$")  # « CH Saint-Aubin (n° 12) »


class FoundField(forms.CharField):
    """A row by its own number, else by words; several answers become a list to choose from.

    Subclasses say where to look, how a row is written, and what to call it. What ``label_of``
    writes is read again: its number stands at the end, between brackets.
    """

    what = ""

    def __init__(self, *, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(max_length=300, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        written = WRITTEN.search(text)
        found = self.numbered("".join(written[1].split())) if written else self.found(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                f"Aucun{self.what} de votre territoire ne répond à «\u00a0{text}\u00a0»\u00a0: "
                "tapez le numéro FINESS, ou le début des mots du nom et de la commune."
            )
        self.offer(found)
        way = "choisissez dans la liste."
        if len(found) == MOST:
            way = f"en voici {MOST}, choisissez, ou tapez d’autres mots."
        raise forms.ValidationError(f"Plusieurs réponses pour «\u00a0{text}\u00a0»\u00a0: {way}")

    def offer(self, found: list[Any]) -> None:
        """A list in place of the box; what is written in it finds one row alone."""
        named = [self.label_of(one) for one in found]
        choices = [("", "Choisissez"), *zip(named, named, strict=True)]
        widget = forms.Select({"class": "fr-select"}, choices=choices)
        widget.is_required = self.required
        self.widget = widget

    def found(self, text: str) -> list[Any]:
        raise NotImplementedError

    def numbered(self, number: str) -> list[Any]:
        raise NotImplementedError

    def label_of(self, row: Any) -> str:
        raise NotImplementedError


class PlaceField(FoundField):
    """An open establishment of the person's territory."""

    what = " établissement"

    @property
    def reached(self) -> QuerySet[Establishment]:
        held = self.user.perimeter_to(Action.VAC_LINE)
        rows: QuerySet[Establishment] = Establishment.objects.filter(held.as_q()).open()
        return rows

    def found(self, text: str) -> list[Establishment]:
        rows = self.reached.search(text)  # type: ignore[attr-defined]
        return list(rows.order_by("sort_name", "finess")[:MOST])

    def numbered(self, number: str) -> list[Establishment]:
        return list(self.reached.filter(finess=number))

    def label_of(self, row: Establishment) -> str:
        return f"{row.name}, {row.town} ({row.finess_text})"


class PharmacyField(FoundField):
    """An open pharmacy of the person's territory, by its name or that of its site."""

    what = "e PUI"

    @property
    def reached(self) -> QuerySet[Pui]:
        rows = Pui.objects.for_user(self.user, to=Action.VAC_LINE).filter(closed_on=None)
        found: QuerySet[Pui] = rows.select_related("establishment").order_by("sort_label", "pk")
        return found

    def found(self, text: str) -> list[Pui]:
        sites = Establishment.objects.search(text)
        named = self.reached.filter(Q(label__icontains=text) | Q(establishment__in=sites))
        return list(named[:MOST])

    def numbered(self, number: str) -> list[Pui]:
        return list(self.reached.filter(pk=number)) if number.isdecimal() else []

    def label_of(self, row: Pui) -> str:
        return f"{row.label}, {row.establishment.name} (n°\u00a0{row.pk})"
