"""What a person types of a delivery: what came, what is wrong, an answer; a photo with each."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from common.numbers import format_integer, row_number
from common.photos import PhotoField
from orders.models import Claim, Order, OrderLine, Reception, ReceptionLine
from orders.services.reception_checks import Counted, Told
from pui.sharing.forms import QuantityField

Gap = ReceptionLine.Gap
GAPS: Final = [("", "Aucun écart"), *Gap.choices]
GAP_OF: Final = {
    Gap.MISSING: Claim.Kind.MISSING,
    Gap.WRONG: Claim.Kind.WRONG,
}


@dataclass(frozen=True, slots=True)
class LineFields:
    """The fields of a line of the order."""

    line: OrderLine
    expected: int
    received: forms.BoundField
    damaged: forms.BoundField
    gap: forms.BoundField


class ReceptionForm(forms.Form):
    """A received number, a damaged one and a reason by line; the day is today unless said.

    ``left`` is what is expected of each line: it is proposed as received, to be compared with the
    delivery note.
    """

    recue_le = forms.DateField(
        label="Reçue le", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    commentaire = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
    photo = PhotoField()
    jeton = forms.UUIDField(widget=forms.HiddenInput)
    vu = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        lines: Iterable[OrderLine],
        left: Mapping[int, int],
        reception: Reception | None = None,
        received_on: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.left = left
        self.told = {one.line_id: one for one in reception.lines.all()} if reception else {}
        self.order_lines = [one for one in lines if left.get(one.pk) or one.pk in self.told]
        for line in self.order_lines:
            self._add(line)
        self.initial |= {
            "recue_le": received_on or timezone.localdate(),
            "commentaire": reception.comment if reception else "",
            "jeton": uuid.uuid4(),
            "vu": str(reception.version) if reception else sealed(self.left),
        }

    def _add(self, line: OrderLine) -> None:
        told, expected = self.told.get(line.pk), self.left.get(line.pk, 0)
        name = str(line.product)
        self.fields[f"recu-{line.pk}"] = QuantityField(
            label=f"Reçu en bon état, {name}",
            initial=told.received if told else expected,
            error_messages={"required": "Tapez 0 si rien n’est arrivé."},
        )
        self.fields[f"abime-{line.pk}"] = QuantityField(
            label=f"Abîmé, {name}",
            required=False,
            initial=told.damaged or None if told else None,
        )
        self.fields[f"motif-{line.pk}"] = forms.ChoiceField(
            label=f"Motif de l’écart, {name}",
            required=False,
            choices=GAPS,
            initial=told.gap if told and told.came != expected else "",
        )

    @property
    def rows(self) -> Iterator[LineFields]:
        for line in self.order_lines:
            fields = (self[f"{name}-{line.pk}"] for name in ("recu", "abime", "motif"))
            yield LineFields(line, self.left.get(line.pk, 0), *fields)

    @property
    def lost_photo(self) -> bool:
        """A browser sends a file once: refused, the form asks for it again."""
        return bool(self.errors and self.files.get("photo"))

    def told_now(self) -> Told:
        typed = self.cleaned_data
        counts = {
            one.pk: Counted(
                typed[f"recu-{one.pk}"], typed[f"abime-{one.pk}"] or 0, typed[f"motif-{one.pk}"]
            )
            for one in self.order_lines
        }
        return Told(typed["recue_le"], counts, typed["commentaire"], typed["photo"])

    @property
    def seen(self) -> dict[int, int]:
        return unsealed(self.cleaned_data["vu"])

    @property
    def version(self) -> int:
        return row_number(self.cleaned_data["vu"])

    def refuse(self, message: str, line: int | None) -> None:
        name = f"recu-{line}"
        self.add_error(name if name in self.fields else None, message)

    def keep_beside(self, reception: Reception) -> None:
        """A colleague corrected: their figures stand beside what was typed, for the next try."""
        who = reception.corrected_by or reception.told_by
        for one in reception.lines.all():
            name = f"recu-{one.line_id}"
            if name in self.fields:
                text = f"{format_integer(one.received)} en bon état"
                text += f", {format_integer(one.damaged)} abîmées" if one.damaged else ""
                self[name].help_text = format_html("Enregistré par {}\u00a0: {}.", who, text)
        self.show_again(str(reception.version))

    def show_again(self, seen: str | None = None) -> None:
        """Carry what is true now: pressed again, the form is taken."""
        data = self.data.copy()
        data["vu"] = sealed(self.left) if seen is None else seen
        self.data = data


def sealed(left: Mapping[int, int]) -> str:
    """What the form showed as expected: « 12:400 13:200 »."""
    return " ".join(f"{line}:{units}" for line, units in sorted(left.items()))


def unsealed(text: str) -> dict[int, int]:
    """The same, read again; what cannot be read is not there."""
    pairs = (one.partition(":") for one in text.split())
    return {row_number(line): row_number(units) for line, _, units in pairs if row_number(line)}


class ClaimForm(forms.Form):
    """What is wrong, with what, how many, in a few words."""

    motif = forms.ChoiceField(
        label="Ce qui ne va pas",
        choices=[(value, label.capitalize()) for value, label in Claim.Kind.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui ne va pas."},
    )
    produit = forms.ModelChoiceField(
        label="Produit",
        queryset=OrderLine.objects.none(),
        required=False,
        empty_label="Toute la livraison",
    )
    quantite = QuantityField(label="Quantité concernée (unités)", required=False, least=1)
    message = forms.CharField(
        label="Votre message",
        help_text="Lu par l’entrepôt et par la cellule nationale. "
        "N’écrivez le nom d’aucun patient ni résident.",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Expliquez en quelques mots."},
    )
    photo = PhotoField()
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product: Any = self.fields["produit"]
        product.queryset = order.lines.select_related("product")
        product.label_from_instance = lambda line: str(line.product)
        self.initial.setdefault("jeton", uuid.uuid4())

    @property
    def lost_photo(self) -> bool:
        return bool(self.errors and self.files.get("photo"))


def claim_from(told: ReceptionLine) -> dict[str, Any]:
    """What a line of a reception already says of a claim."""
    kind = Claim.Kind.DAMAGED if told.damaged else GAP_OF.get(Gap(told.gap), Claim.Kind.OTHER)
    units = told.damaged or abs(told.difference)
    return {"motif": kind, "produit": told.line_id, "quantite": units}


class MessageForm(forms.Form):
    """One more message of a claim."""

    message = forms.CharField(
        label="Votre message",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": "Écrivez votre message."},
    )
    photo = PhotoField()
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("jeton", uuid.uuid4())

    @property
    def lost_photo(self) -> bool:
        return bool(self.errors and self.files.get("photo"))
