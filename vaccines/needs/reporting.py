"""What a pharmacy reports: its form, and what became of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from common.identifiers import IdentifierError, normalize_finess
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import Pui, ServedEstablishment
from vaccines.models import LineReport, SupplyLine, Wave
from vaccines.services.reports import Reported

LONGEST = 2000
Kind = LineReport.Kind
KINDS = [(kind.value, f"{kind.label[0].upper()}{kind.label[1:]}") for kind in Kind]


def pharmacies_of(user: User) -> list[Pui]:
    """One's open pharmacies, those that are read as those that one may report for."""
    rows = Pui.objects.for_user(user, to=Action.VAC_READ).filter(closed_on=None)
    return list(rows.select_related("establishment__region").order_by("sort_label", "pk"))


def reports_of(user: User) -> QuerySet[LineReport]:
    rows = LineReport.objects.for_user(user, to=Action.VAC_REPORT)
    found: QuerySet[LineReport] = rows.select_related(
        "recipient", "wave", "pui", "told_by", "line__recipient"
    )
    return found


class PuiField(forms.ChoiceField):
    """One's pharmacies; alone, it is chosen."""

    def __init__(self, puis: Sequence[Pui]) -> None:
        self.puis = {str(one.pk): one for one in puis}
        named = [(pk, f"{one.label}, {one.establishment.name}") for pk, one in self.puis.items()]
        choices = named if len(named) == 1 else [("", "À choisir"), *named]
        super().__init__(label="PUI", choices=choices)

    def clean(self, value: Any) -> Pui:
        return self.puis[super().clean(value)]


class FinessField(forms.CharField):
    """The recipient, by its geographic FINESS number, spaces or not."""

    def clean(self, value: Any) -> Establishment | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            finess = normalize_finess(text)
        except IdentifierError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        found: Establishment | None = Establishment.objects.open().filter(finess=finess).first()
        if found is None:
            raise forms.ValidationError("Aucun établissement ouvert ne porte ce numéro FINESS.")
        return found


class ReportForm(forms.Form):
    """A line of one's own; or the recipient without a line."""

    kind = forms.ChoiceField(
        label="Que signalez-vous\u00a0?", choices=KINDS, widget=forms.RadioSelect
    )
    line = forms.ChoiceField(
        label="Ligne mal affectée, ou desservie par une officine", required=False
    )
    recipient = FinessField(
        label="FINESS géographique du destinataire sans ligne",
        help_text="EHPAD ou USLD que votre PUI dessert, par exemple 45 099 013 0.",
        required=False,
        max_length=20,
        widget=forms.TextInput({"list": "desservis", "autocomplete": "off"}),
    )
    wave = forms.ModelChoiceField(
        label="Vague, si vous la connaissez",
        queryset=Wave.objects.order_by("-delivers_on"),
        required=False,
        empty_label="Je ne sais pas",
    )
    comment = forms.CharField(
        label="Précisions",
        help_text="Par exemple la PUI ou l’officine qui dessert ce destinataire.",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, puis: Sequence[Pui], lines: QuerySet[SupplyLine], **kw: Any):
        super().__init__(*args, **kw)
        self.fields = {"pui": PuiField(puis), **self.fields}
        rows = lines.filter(removed_at=None).select_related("wave", "recipient")
        self.lines = {str(one.pk): one for one in rows}
        named = [
            (pk, f"{one.recipient.name}, {one.wave.delivers_on:%d/%m/%Y}")
            for pk, one in self.lines.items()
        ]
        self.fields["line"].choices = [("", "Aucune"), *named]  # type: ignore[attr-defined]

    def reported(self) -> Reported:
        typed = self.cleaned_data
        is_missing = typed["kind"] == Kind.MISSING
        return Reported(
            kind=typed["kind"],
            line=None if is_missing else self.lines.get(typed["line"]),
            recipient=typed["recipient"] if is_missing else None,
            wave=typed["wave"] if is_missing else None,
            comment=typed["comment"],
        )


def served_by(puis: Sequence[Pui]) -> list[Establishment]:
    """Whom these pharmacies serve today: offered while the number is typed."""
    rows = ServedEstablishment.objects.filter(pui__in=puis, ends_on=None)
    found = rows.select_related("establishment").order_by("establishment__name", "pk")
    return list(dict.fromkeys(one.establishment for one in found))


def supplied_among(puis: Sequence[Pui], lines: QuerySet[SupplyLine]) -> list[Pui]:
    """Those that have lines."""
    found = set(lines.order_by().values_list("pui", flat=True).distinct())
    return [one for one in puis if one.pk in found]


def asking_pui(puis: Sequence[Pui], lines: QuerySet[SupplyLine], asked: str) -> Pui | None:
    """The pharmacy named, else the only one, else the only one that has lines."""
    named = [one for one in puis if str(one.pk) == asked]
    if named or len(puis) == 1:
        return (named or puis)[0]
    found = supplied_among(puis, lines)
    return found[0] if len(found) == 1 else None
