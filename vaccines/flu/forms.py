"""What a pharmacy types of a season: doses for each group, then what was delivered."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from common.numbers import format_integer
from pui.sharing.forms import QuantityField
from vaccines.models import DeliveredDoses, FluRequest, TargetGroup
from vaccines.services.flu import LONGEST_COMMENT, LONGEST_REASON, Asked, Told, version_of


def offered_groups(row: FluRequest | None) -> list[TargetGroup]:
    """Those that are proposed, and those that the request already speaks of."""
    rows = TargetGroup.objects.filter(is_used=True)
    if row is not None:
        rows = rows | TargetGroup.objects.filter(pk__in=row.needs.values("group"))
    return list(rows.distinct())


class RequestForm(forms.Form):
    """A field for each group; below it last season's figure. Blank is not 0."""

    commentaire = forms.CharField(
        label="Commentaire",
        help_text="Lu par votre ARS et votre OMEDIT.",
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        groups: Iterable[TargetGroup],
        last: Mapping[int, int],
        last_season: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups = list(groups)
        for group in self.groups:
            self.fields[_name(group.pk)] = QuantityField(
                label=group.label,
                required=False,
                help_text=last_text(last.get(group.pk), last_season),
            )
        self.order_fields([*(_name(one.pk) for one in self.groups), "commentaire", "seen"])

    @property
    def need_fields(self) -> list[forms.BoundField]:
        return [self[_name(one.pk)] for one in self.groups]

    def asked(self) -> Asked:
        """The groups left blank are not there."""
        typed = {one.pk: self.cleaned_data.get(_name(one.pk)) for one in self.groups}
        doses = {pk: value for pk, value in typed.items() if value is not None}
        return Asked(doses, self.cleaned_data["commentaire"])

    def keep_beside(self, row: FluRequest) -> None:
        """Somebody wrote meanwhile: their values stand beside what was typed, for the next try."""
        kept = dict(row.needs.values_list("group", "doses"))
        for group in self.groups:
            field = self[_name(group.pk)]
            text = format_integer(kept[group.pk]) if group.pk in kept else "vide"
            field.help_text = f"Enregistré par {row.sent_by}\u00a0: {text}. {field.help_text}"
        comment = row.comment or "aucun"
        self["commentaire"].help_text = f"Enregistré par {row.sent_by}\u00a0: {comment}."
        self.data = changed(self.data, "seen", version_of(row))


def _name(pk: int) -> str:
    return f"besoin-{pk}"


def initial_of(row: FluRequest | None) -> dict[str, Any]:
    """What the form shows first: what is kept, never last season's figures."""
    if row is None:
        return {"seen": ""}
    needs = {_name(pk): doses for pk, doses in row.needs.values_list("group", "doses")}
    return {**needs, "commentaire": row.comment, "seen": version_of(row)}


def last_text(doses: int | None, season: str) -> str:
    """« Saison 2025-2026 : 120 doses »."""
    if not season:
        return ""
    if doses is None:
        return f"Saison {season}\u00a0: rien n’a été demandé"
    s = "s" if doses > 1 else ""
    return f"Saison {season}\u00a0: {format_integer(doses)}\u00a0dose{s}"


class DeliveredForm(forms.Form):
    """One number, since the campaign began; its reason when it is lowered."""

    doses = QuantityField(
        label="Quantité cumulée commandée livrée (doses)",
        help_text="Tout ce que vous avez commandé et déjà reçu depuis le début de la campagne, "
        "pas seulement la dernière livraison.",
    )
    motif = forms.CharField(
        label="Motif de la correction",
        help_text="Seulement pour corriger un nombre trop grand.",
        required=False,
        max_length=LONGEST_REASON,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    prefix = "livre"

    def __init__(
        self, *args: Any, row: DeliveredDoses | None, is_over: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"doses": row.doses if row else None, "seen": version_of(row)}
        if is_over:
            self[
                "motif"
            ].help_text = "La campagne est finie\u00a0: dites pourquoi le nombre change."

    def told(self) -> Told:
        return Told(self.cleaned_data["doses"], self.cleaned_data["motif"])

    def keep_beside(self, row: DeliveredDoses) -> None:
        kept = f"Enregistré par {row.told_by}\u00a0: {format_integer(row.doses)}."
        self["doses"].help_text = f"{kept} {self['doses'].help_text}"
        self.data = changed(self.data, self.add_prefix("seen"), version_of(row))


def changed(data: Any, name: str, value: str) -> Any:
    """What was sent, save one field."""
    copied = data.copy()
    copied[name] = value
    return copied
