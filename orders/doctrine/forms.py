"""What is typed of a doctrine: its head, and its grid of groups and items on one page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.numbers import NumberError, parse_decimal, row_number
from epi_stocks.models import EpiItem
from establishments.models import EstablishmentCategory
from establishments.rules import beneficiary_categories
from orders.doctrine.grid import Grid, GroupGrid
from orders.models import Basis, Doctrine, DoctrineGroup, Ratio

BLANK_ROWS = 2  # offered below the groups, to add some
MOST_ROWS = 40
LONGEST = Doctrine._meta.get_field("label").max_length
LONGEST_GROUP = DoctrineGroup._meta.get_field("label").max_length
LARGEST = Decimal(10) ** (Ratio._meta.get_field("per_week").max_digits - 2) - 1
ISO = "%Y-%m-%d"


class HeadForm(forms.Form):
    """Its name and its first day, which is to come."""

    label = forms.CharField(label="Intitulé", max_length=LONGEST)
    starts_on = forms.DateField(
        label="En vigueur à partir du",
        help_text="Un jour à venir\u00a0; elle peut changer jusqu’à la veille.",
        widget=forms.DateInput({"type": "date"}, ISO),
    )

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day <= timezone.localdate():
            raise ValidationError("Choisissez un jour à venir\u00a0: demain au plus tôt.")
        return day


class CopyForm(HeadForm):
    model = forms.ModelChoiceField(
        label="Partir de",
        queryset=Doctrine.objects.all(),
        help_text="Ses groupes et ses ratios sont repris\u00a0; vous les changez ensuite.",
    )


class TextForm(HeadForm):
    note = forms.CharField(
        label="Texte de la doctrine",
        required=False,
        max_length=Doctrine._meta.get_field("note").max_length,
        widget=forms.Textarea({"rows": 4}),
    )


class CompareForm(forms.Form):
    avant = forms.ModelChoiceField(label="Avant", queryset=Doctrine.objects.all())
    apres = forms.ModelChoiceField(label="Après", queryset=Doctrine.objects.all())


@dataclass(slots=True)
class Cell:
    name: str
    label: str
    text: str
    error: str = ""


@dataclass(slots=True)
class TypedGroup:
    """The fields of a group, as they are shown and sent back."""

    number: int
    label: str = ""
    basis: str = Basis.BED
    cells: list[Cell] = field(default_factory=list)
    is_out: bool = False
    error: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.label and all(not one.text for one in self.cells)


@dataclass(slots=True)
class TypedGrid:
    """The whole page: rows of groups, and for each category the number of its row."""

    items: Sequence[EpiItem]
    rows: list[TypedGroup]
    chosen: dict[str, str]
    errors: list[str] = field(default_factory=list)

    @property
    def named(self) -> list[TypedGroup]:
        return [one for one in self.rows if one.label]


def shown_grid(grid: Grid, items: Sequence[EpiItem]) -> TypedGrid:
    """The fields hold what stands; two blank rows below."""
    rows, chosen = [], {}
    for number, group in enumerate(grid.groups):
        texts = {pk: _text(value) for pk, value in group.ratios.items()}
        rows.append(TypedGroup(number, group.label, group.basis, _cells(number, items, texts.get)))
        chosen |= dict.fromkeys(group.categories, str(number))
    for number in range(len(rows), len(rows) + BLANK_ROWS):
        rows.append(TypedGroup(number, cells=_cells(number, items, lambda pk: "")))
    return TypedGrid(items, rows, chosen)


def read_grid(sent: Mapping[str, str], items: Sequence[EpiItem], codes: Iterable[str]) -> TypedGrid:
    """The fields as they came back; what is wrong is said in each."""
    count = min(row_number(sent.get("groupes", "")), MOST_ROWS)
    rows = [_sent_group(sent, number, items) for number in range(count)]
    chosen = {code: sent.get(f"c-{code}", "") for code in codes}
    grid = TypedGrid(items, rows, {code: one for code, one in chosen.items() if one})
    _check(grid)
    return grid


def _sent_group(sent: Mapping[str, str], number: int, items: Sequence[EpiItem]) -> TypedGroup:
    basis = sent.get(f"g{number}-basis", "")
    return TypedGroup(
        number,
        " ".join(sent.get(f"g{number}-label", "").split()),
        basis if basis in Basis.values else Basis.BED,
        _cells(number, items, lambda pk: sent.get(f"g{number}-{pk}", "").strip()),
        f"g{number}-out" in sent,
    )


def _cells(number: int, items: Sequence[EpiItem], text_of: Any) -> list[Cell]:
    return [Cell(f"g{number}-{one.pk}", one.label, text_of(one.pk) or "") for one in items]


def _text(value: Decimal) -> str:
    text = f"{value:f}".replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


def _check(grid: TypedGrid) -> None:
    used = set(grid.chosen.values())
    for row in grid.rows:
        if row.is_out:
            continue
        if not row.label and (not row.is_blank or str(row.number) in used):
            row.error = "Nommez ce groupe, ou cochez «\u00a0Retirer\u00a0»."
        elif len(row.label) > LONGEST_GROUP:
            row.error = f"{LONGEST_GROUP} caractères au plus."
        if row.error:
            grid.errors.append(f"Groupe {row.number + 1}\u00a0: {row.error}")
        for cell in row.cells:
            try:
                _number(cell.text)
            except NumberError as refusal:
                cell.error = str(refusal)
                name = row.label or f"Groupe {row.number + 1}"
                grid.errors.append(f"{name}, {cell.label}\u00a0: {refusal}")


def _number(text: str) -> Decimal | None:
    return parse_decimal(text, maximum=LARGEST)


def typed_doctrine(head: Mapping[str, Any], grid: TypedGrid) -> Grid:
    """The doctrine that a form without error says."""
    groups = []
    for row in grid.rows:
        if row.is_out or not row.label:
            continue
        ratios = {
            item.pk: value
            for item, cell in zip(grid.items, row.cells, strict=True)
            if (value := _number(cell.text)) is not None
        }
        inside = {code for code, number in grid.chosen.items() if number == str(row.number)}
        groups.append(GroupGrid(row.label, row.basis, ratios, frozenset(inside)))
    return Grid(head["label"], head["starts_on"], head["note"], tuple(groups))


def offered_categories(day: date, codes: Iterable[str]) -> list[EstablishmentCategory]:
    """Those that the State stock serves that day, and those that the doctrine holds already."""
    offered = beneficiary_categories(day) | frozenset(codes)
    return list(EstablishmentCategory.objects.filter(pk__in=offered).order_by("code"))
