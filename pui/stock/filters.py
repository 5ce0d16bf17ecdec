"""What one asks of a stock: one form sent by GET, so that an address can be sent to a colleague."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.text import capfirst

from common.cover import Level
from common.forms import search_field
from establishments.models.search import SHORTEST, plain_words
from medications.models import Priority, Product
from pui.stock.rows import By, Row
from pui.stock.scope import Scope

TENSION: Final = "tension"
LEVELS: Final = [("", "Tous"), (TENSION, "En tension"), *Level.choices]
MISSING, STALE = "non-declare", "perime"
DECLARATIONS: Final = [
    ("", "Toutes"),
    (MISSING, "Lignes non déclarées"),
    (STALE, "Déclaration périmée"),
]


class StockFilter(forms.Form):
    """Blank keeps everything; a value that is not offered is said, and the rest still applies."""

    liste = forms.ChoiceField(label="Liste", required=False)
    pui = forms.ChoiceField(label="PUI", required=False)
    par = forms.ChoiceField(label="Une ligne par", required=False, choices=By.choices)
    niveau = forms.ChoiceField(label="Niveau", required=False, choices=LEVELS)
    priorite = forms.TypedChoiceField(
        label="Priorité",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Toutes"), *Priority.choices],
    )
    dci = forms.TypedChoiceField(label="DCI", required=False, coerce=int, empty_value=None)
    declaration = forms.ChoiceField(label="Déclaration", required=False, choices=DECLARATIONS)
    recherche = search_field("UCD, mots du libellé ou DCI")
    etablissement = forms.CharField(required=False, widget=forms.HiddenInput)
    tri = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, scope: Scope, products: Sequence[Product]):
        super().__init__(data)
        self.fields["liste"].choices = [  # type: ignore[attr-defined]
            (one.pk, capfirst(str(one))) for one in scope.lists
        ]
        if len(scope.offered) > 1:
            self.fields["pui"].choices = [  # type: ignore[attr-defined]
                ("", "Toutes"),
                *((str(one.pk), one.label) for one in scope.offered),
            ]
        else:
            self.fields["pui"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["recherche"].label = scope.monitored_list.words.search
        if scope.monitored_list.is_devices:
            for name in ("par", "priorite", "dci"):
                del self.fields[name]
            return
        substances = {one.substance for one in products if one.substance}
        self.fields["dci"].choices = [  # type: ignore[attr-defined]
            ("", "Toutes"),
            *sorted(((one.pk, one.name) for one in substances), key=lambda pair: pair[1]),
        ]

    def chosen(self, name: str) -> Any:
        """What was chosen and is valid, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def by(self) -> By:
        return By(self.chosen("par") or By.UCD)

    @property
    def is_too_short(self) -> bool:
        text = self.chosen("recherche")
        return bool(text) and sum(map(len, plain_words(text))) < SHORTEST

    @property
    def is_narrowed(self) -> bool:
        names = ("niveau", "priorite", "dci", "declaration", "recherche")
        return any(self.chosen(name) for name in names)

    def keeps(self, row: Row) -> bool:
        substance, priority = self.chosen("dci"), self.chosen("priorite")
        return (
            self.keeps_level(row)
            and self.keeps_declaration(row)
            and (priority is None or row.priority == priority)
            and (substance is None or any(p.substance_id == substance for p in row.products))
            and self.keeps_words(row)
        )

    def keeps_level(self, row: Row) -> bool:
        asked = self.chosen("niveau")
        if asked == TENSION:
            return row.level.is_tension
        return asked is None or row.level == asked

    def keeps_declaration(self, row: Row) -> bool:
        asked = self.chosen("declaration")
        if asked == MISSING:
            return row.missing > 0
        return asked != STALE or bool(row.lines and not row.is_fresh)

    def keeps_words(self, row: Row) -> bool:
        """Beginnings of words of the label, the DCI or the codes, as the directory searches."""
        text = self.chosen("recherche")
        if not text:
            return True
        held = [
            word
            for one in row.products
            for word in plain_words(
                f"{one.code} {one.ucd13} {one.label} {one.laboratory} {row.substance or ''}"
            )
        ]
        return all(any(word.startswith(asked) for word in held) for asked in plain_words(text))
