"""Which action of the access matrix each list is written and read under, by people and machines."""

from dataclasses import dataclass
from typing import Any

from accounts.models import ApiToken, User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action, Holder, Perimeter
from medications.models import MonitoredList
from pui.models import Pui

Slug = MonitoredList.Slug
WRITE = {
    Slug.OTHERS: Action.MED_WRITE,
    Slug.FLU: Action.FLU_WRITE,
    Slug.COVID: Action.VAC_STOCK_WRITE,
    Slug.DEVICES: Action.VAC_STOCK_WRITE,
}
READ = {
    Slug.OTHERS: Action.MED_READ,
    Slug.FLU: Action.FLU_READ,
    Slug.COVID: Action.VAC_STOCK_READ,
    Slug.DEVICES: Action.VAC_STOCK_READ,
}


def write_action(monitored_list: MonitoredList) -> Action:
    return WRITE[Slug(monitored_list.pk)]


def read_action(monitored_list: MonitoredList) -> Action:
    return READ[Slug(monitored_list.pk)]


@dataclass(frozen=True, slots=True)
class Machine:
    """A program that shows a token: what the scopes allow, for the pharmacies of its entity alone.

    An administration only reads: its region, or the country for the national cell.
    """

    token: ApiToken
    active_profile: None = None

    def __str__(self) -> str:
        return f"la machine «\u00a0{self.token.label}\u00a0»"

    def has(self, scope: str) -> bool:
        return scope in self.token.scopes

    def perimeter_to(self, action: Action) -> Perimeter:
        if action in WRITE.values() and self.has(ApiToken.Scope.PUI_TRANSMIT):
            return self.own
        if action in READ.values() and self.has(ApiToken.Scope.PUI_STOCKS):
            return self.own or self.territory
        if action == Action.DASH_MED and self.has(ApiToken.Scope.PUI_SNAPSHOTS):
            return self.territory
        return Perimeter()

    @property
    def own(self) -> Perimeter:
        """The sites of the entity; none for an administration."""
        token = self.token
        if token.establishment_id:
            return Perimeter(establishment_ids=frozenset({token.establishment_id}))
        if token.legal_entity_id:
            return Perimeter(legal_entity_ids=frozenset({token.legal_entity_id}))
        return Perimeter()

    @property
    def territory(self) -> Perimeter:
        """What an agency, an OMEDIT or the national cell follows; the other bodies, nothing."""
        body, kinds = self.token.body, AdministrativeBody.Kind
        if body is None:
            return Perimeter()
        if body.kind in (kinds.ARS, kinds.OMEDIT) and body.region_id:
            return Perimeter(region_codes=frozenset({body.region_id}))
        return Perimeter(is_national=body.kind == kinds.NATIONAL)

    def told(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return {"token": self.token.pk, "machine": f"{self.token} · {self.token.entity}"}


Sender = User | Machine


def as_person(sender: Sender) -> User | None:
    return sender if isinstance(sender, User) else None


def may_write(user: Holder, pui: Pui, monitored_list: MonitoredList) -> bool:
    """Whether the person declares this list for this pharmacy."""
    inside = Pui.objects.for_user(user, to=write_action(monitored_list))
    return inside.filter(pk=pui.pk).exists()
