"""« En cours de transfert »: what is to leave or to reach an establishment."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from common.french import of
from epi_stocks.aid.trade import EQUIPMENT
from epi_stocks.models import EpiItem, EquipmentTransfer
from establishments.models import Establishment
from establishments.redistribution.held import units_text
from establishments.redistribution.rights import visible_transfers
from establishments.redistribution.states import UNDER_WAY, TransferState


@dataclass(frozen=True, slots=True)
class Moving:
    """``url`` is empty for who follows the establishment without a part in mutual aid."""

    item: EpiItem
    sentence: str
    state: TransferState
    url: str


def moving(site: Establishment, user: User) -> list[Moving]:
    """Once the agency has confirmed it, until it is received."""
    rows = EquipmentTransfer.objects.filter(
        Q(giver=site) | Q(need__establishment=site), state__in=UNDER_WAY
    ).select_related("giver", "need__establishment", "need__item")
    found = list(rows.order_by("need__item__rank", "pk"))
    shown = visible_transfers(EQUIPMENT, user).filter(pk__in=[one.pk for one in found])
    known = set(shown.order_by().values_list("pk", flat=True)) if found else set()
    return [_moving(one, site, one.pk in known) for one in found]


def _moving(row: EquipmentTransfer, site: Establishment, is_known: bool) -> Moving:
    arrives = row.need.establishment == site
    way = f"recevoir {of(row.giver)}" if arrives else f"donner à {row.need.establishment}"
    return Moving(
        item=row.need.item,
        sentence=f"{units_text(row.quantity)} à {way}",
        state=TransferState(row.state),
        url=reverse("aid_equipment:transfer", args=[row.pk]) if is_known else "",
    )
