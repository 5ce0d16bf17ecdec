"""The fields that a subject adds: those of the vaccines guide [000], prefilled when we know."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import User
from establishments.models import Establishment
from establishments.perimeter import Action
from pui.models import Pui
from support.models import Subject
from vaccines.needs.letters import pivot_desk
from vaccines.needs.reading import lines_of
from vaccines.needs.reporting import PuiField, pharmacies_of

Field = Subject.Asked
LABELS = {
    Field.PHARMACY: "Nom de la PUI",
    Field.RECIPIENT: "EHPAD ou USLD destinataire",
    Field.FINESS: "Numéro FINESS géographique de la PUI",
    Field.TOWN: "Ville de la PUI",
}
OF_PHARMACY = (Field.FINESS, Field.TOWN)


class AskedFields:
    """Chosen among one's own pharmacies, which say their number and their town; else typed."""

    def __init__(self, subject: Subject, user: User | None) -> None:
        self.names = [name for name in Field if name in subject.asks]
        self.puis: list[Pui] = []
        self.recipients: dict[str, Establishment] = {}
        if user and Field.PHARMACY in self.names and user.may(Action.VAC_REPORT):
            self.puis = pharmacies_of(user)
        if self.puis and user and Field.RECIPIENT in self.names:
            lines = lines_of(user)
            found = Establishment.objects.filter(pk__in=lines.order_by().values("recipient"))
            self.recipients = {str(one.pk): one for one in found.order_by("name", "pk")}

    @property
    def fields(self) -> dict[str, forms.Field]:
        left_out = OF_PHARMACY if self.puis else ()
        return {name.value: self._field(name) for name in self.names if name not in left_out}

    def _field(self, name: Field) -> forms.Field:
        if name == Field.PHARMACY and self.puis:
            return PuiField(self.puis)
        if name == Field.RECIPIENT and self.recipients:
            named = [(pk, f"{one.name}, {one.finess_text}") for pk, one in self.recipients.items()]
            choices = [("", "Aucun en particulier"), *named]
            return forms.ChoiceField(label=LABELS[name], choices=choices, required=False)
        return forms.CharField(label=LABELS[name], max_length=150, required=name != Field.RECIPIENT)

    def answers(self, typed: Mapping[str, Any]) -> dict[str, str]:
        """What was told, by its label, in the order of the guide."""
        told = {name: self._told(name, typed) for name in self.names}
        return {LABELS[name]: text for name, text in told.items() if text}

    def _told(self, name: Field, typed: Mapping[str, Any]) -> str:
        if name == Field.RECIPIENT and (chosen := self.recipients.get(typed[name])):
            return f"{chosen.name} ({chosen.finess_text})"
        if not self.puis or name == Field.RECIPIENT:
            return str(typed[name]).strip()
        pui: Pui = typed[Field.PHARMACY]
        if name == Field.PHARMACY:
            return f"{pui.label}, {pui.establishment.name}"
        if name == Field.FINESS:
            return str(pui.establishment.finess_text)
        return str(pui.town or pui.establishment.town)

    def desk(self, typed: Mapping[str, Any]) -> str:
        """The pivot hospital that delivers this recipient: it answers better than anybody."""
        if not self.puis or Field.RECIPIENT not in self.names:
            return ""
        recipient = self.recipients.get(typed[Field.RECIPIENT])
        return pivot_desk(typed[Field.PHARMACY], recipient)
