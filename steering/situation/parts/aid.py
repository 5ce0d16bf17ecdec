"""Mutual aid and requests for relief under way: each domain tells its own."""

from common.numbers import format_integer
from epi_stocks.models import EquipmentNeed, EquipmentTransfer
from establishments.perimeter import Action
from establishments.redistribution.models import NeedQuerySet, TransferQuerySet
from orders.dashboard.reading import waiting_relief
from orders.dashboard.scope import Scope
from pui.models import HelpRequest, MedicineNeed, MedicineTransfer
from steering.situation.content import Measure, Part
from steering.situation.moment import Moment, time_text
from steering.situation.territory import Reader, Territory

TITLE = "Entraide et dépannages"


def equipment_aid(reader: Reader, territory: Territory, moment: Moment) -> Part | None:
    needs = EquipmentNeed.objects.for_user(reader, to=Action.DASH_EPI)
    transfers = EquipmentTransfer.objects.for_user(reader, to=Action.DASH_EPI)
    measures = _trade("equipment_aid", "Équipements", needs, transfers)
    return _part("equipment_aid", Action.DASH_EPI, moment, measures)


def medicines_aid(reader: Reader, territory: Territory, moment: Moment) -> Part | None:
    needs = MedicineNeed.objects.for_user(reader, to=Action.DASH_MED)
    transfers = MedicineTransfer.objects.for_user(reader, to=Action.DASH_MED)
    asked = HelpRequest.objects.for_user(reader, to=Action.DASH_MED)
    measures = [
        _count(
            "medicines_aid.asked",
            "Médicaments\u00a0: demandes d’aide en cours",
            asked.filter(state__in=HelpRequest.OPEN).count(),
            "demandes",
        ),
        *_trade("medicines_aid", "Médicaments", needs, transfers),
    ]
    return _part("medicines_aid", Action.DASH_MED, moment, measures)


def orders_aid(reader: Reader, territory: Territory, moment: Moment) -> Part | None:
    scope = Scope(user=reader, week=moment.week, region=territory.region)
    count = waiting_relief(scope)
    measure = Measure(
        "orders_aid.waiting",
        "Dépannages à traiter",
        format_integer(count),
        str(count),
        "demandes",
        note="Demandes qui attendent la réponse de l’ARS",
        is_headline=True,
    )
    return _part("orders_aid", Action.DASH_ORD, moment, [measure])


def _trade(key: str, name: str, needs: NeedQuerySet, transfers: TransferQuerySet) -> list[Measure]:
    return [
        _count(f"{key}.needs", f"{name}\u00a0: besoins ouverts", needs.open().count(), "besoins"),
        _count(
            f"{key}.transfers",
            f"{name}\u00a0: transferts en cours",
            transfers.live().count(),
            "transferts",
        ),
    ]


def _count(key: str, label: str, count: int, unit: str) -> Measure:
    return Measure(key, label, format_integer(count), str(count), unit)


def _part(key: str, action: Action, moment: Moment, measures: list[Measure]) -> Part | None:
    """What is under way has no past."""
    if not moment.is_live:
        return None
    return Part(key, TITLE, action.value, time_text(moment.at), tuple(measures))
