"""What is told of what moves: units delivered from the State stock, doses of vaccine received."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate

from common.weeks import PARIS
from orders.models import Order, Shipment, ShipmentLine
from pui.feeds.schema import Dictionary, Field
from pui.open_data.masking import Cell, Held, masked_regions, may_be_told, merged, total
from steering.open_data.dataset import (
    COUNTRY,
    MASKED,
    NOWHERE,
    REQUIRED,
    Dataset,
    Row,
    closed_months,
    next_month,
    region_fields,
    scale_field,
    secret_field,
)
from steering.open_data.equipment import place_names
from vaccines.models import Reception

FREE: Final = (Order.Kind.QUOTA, Order.Kind.POOL, Order.Kind.PUSHED)
MONTH: Final = Field("mois", "Mois", "Son premier jour.", "date", REQUIRED)
SCALE: Final = scale_field("pays", "region")
DELIVERED: Final = Dictionary(
    name="commandes-livrees",
    title="Équipements livrés sur le stock de l’État, par région et mois",
    description="Une ligne par mois, échelle, région de destination et équipement.",
    version="1.0.0",
    fields=(
        MONTH,
        SCALE,
        *region_fields(),
        Field("equipement", "Équipement", "Code de l’équipement.", constraints=REQUIRED),
        Field("equipement_nom", "Nom de l’équipement", "Libellé.", constraints=REQUIRED),
        secret_field(),
        Field("commandes", "Commandes", f"Commandes livrées\u00a0; {MASKED}.", "integer"),
        Field("unites", "Unités livrées", f"En unités\u00a0; {MASKED}.", "integer"),
    ),
    key=("mois", "region", "equipement"),
)
RECEIVED: Final = Dictionary(
    name="vaccins-recus",
    title="Doses de vaccins COVID-19 reçues, par région et mois",
    description="Une ligne par mois, échelle, région et vaccin.",
    version="1.0.0",
    fields=(
        MONTH,
        SCALE,
        *region_fields(),
        Field("vaccin", "Vaccin", "Libellé du vaccin.", constraints=REQUIRED),
        secret_field(),
        Field("receptions", "Réceptions", f"Réceptions saisies\u00a0; {MASKED}.", "integer"),
        Field("doses", "Doses reçues", f"En doses\u00a0; {MASKED}.", "integer"),
    ),
    key=("mois", "region", "vaccin"),
)
Cells = dict[Any, dict[str, dict[int, Held]]]  # by thing, by region, by entity


def delivered_lines() -> QuerySet[ShipmentLine]:
    """The units of the State that came, with the day: as reported, else as received, with the
    shipment or with the whole order once it had left."""
    rows = ShipmentLine.objects.filter(shipment__order__kind__in=FREE)
    whole = "shipment__order__receptions__"
    since = Q(**{f"{whole}shipment": None, f"{whole}received_on__gte": day_of("shipped_at")})
    days = (
        day_of("delivered_at"),
        Min("shipment__receptions__received_on"),
        Min(f"{whole}received_on", filter=since),
    )
    came: QuerySet[ShipmentLine] = rows.annotate(came_on=Coalesce(*days)).filter(
        came_on__isnull=False
    )
    return came


def day_of(name: str) -> TruncDate:
    return TruncDate(f"shipment__{name}", tzinfo=PARIS)


def months_delivered(now: datetime) -> list[date]:
    first = Shipment.objects.filter(order__kind__in=FREE).aggregate(first=Min("shipped_at"))
    return closed_months(first["first"].astimezone(PARIS).date(), now) if first["first"] else []


def delivered_of(month: date) -> list[Row]:
    """By whom it was for: a beneficiary's entity, or the agency of a pool, which is another."""
    path = "shipment__order__"
    rows = delivered_lines().filter(came_on__gte=month, came_on__lt=next_month(month))
    found: Cells = defaultdict(lambda: defaultdict(dict))
    for item, label, region, entity, site, beneficiary, agency, order, units in rows.values_list(
        "line__product__item__code",
        "line__product__item__label",
        f"{path}region",
        f"{path}beneficiary__legal_entity",
        f"{path}beneficiary__establishment__legal_entity",
        f"{path}beneficiary",
        f"{path}agency",
        f"{path}pk",
        "quantity",
    ).order_by("pk"):
        key = entity or site or -(beneficiary or 0) or -(10**9 + (agency or 0))
        _add(found[item, label][region or NOWHERE], key, order, units)
    return list(_told(month, found))


def _add(cell: dict[int, Any], entity: int, order: int, units: int) -> None:
    orders, whole = cell.get(entity, (set(), 0))
    cell[entity] = (orders | {order}, whole + units)


def _told(month: date, found: Any) -> Iterator[Row]:
    held = {
        thing: {
            region: {
                entity: Held(len(orders), Decimal(units), Decimal(units))
                for entity, (orders, units) in cell.items()
            }
            for region, cell in regions.items()
        }
        for thing, regions in found.items()
    }
    yield from told_by_region(month, held)


def months_received(now: datetime) -> list[date]:
    first = Reception.objects.aggregate(first=Min("received_on"))["first"]
    return closed_months(first, now) if first else []


def received_of(month: date) -> list[Row]:
    rows = Reception.objects.filter(
        received_on__gte=month, received_on__lt=next_month(month), line__removed_at__isnull=True
    )
    found: Cells = defaultdict(lambda: defaultdict(dict))
    for vaccine, region, entity, count, doses in (
        rows.order_by()
        .values(
            vaccine=F("line__wave__vaccine__label"),
            region=F("line__pui__establishment__region"),
            entity=Coalesce(
                "line__pui__establishment__legal_entity", -F("line__pui__establishment")
            ),
        )
        .annotate(count=Count("pk"), sum=Sum("doses"))
        .values_list("vaccine", "region", "entity", "count", "sum")
    ):
        held = Held(count, Decimal(doses), Decimal(doses))
        found[(vaccine,)][region or NOWHERE][entity] = held
    return list(told_by_region(month, found))


def told_by_region(month: date, found: Any) -> Iterator[Row]:
    """The country then its regions, thing by thing: sums, or nothing when secret."""
    names = place_names()
    for thing, regions in sorted(found.items()):
        country = merged(regions.values())
        is_told = may_be_told(country)
        masked = masked_regions(regions, is_total_told=is_told)
        yield (month, "pays", COUNTRY, "France entière", *thing, *sums_of(country, not is_told))
        for region, cell in sorted(regions.items()):
            place = (month, "region", region, names(region))
            yield (*place, *thing, *sums_of(cell, region in masked))


def sums_of(cell: Cell, is_masked: bool) -> Iterable[Any]:
    if is_masked:
        return True, None, None
    whole = total(cell)
    return False, whole.puis, int(whole.stock)


MONTHLY: Final = "Mensuelle, le 16 du mois suivant"
ONCE: Final = "Un mois est publié le 16 du mois suivant, et ne change plus."
DATASETS: Final = (
    Dataset(
        DELIVERED,
        months_delivered,
        delivered_of,
        "Ce qui est arrivé du stock de l’État\u00a0: contingents, pots communs, dotations.",
        MONTHLY,
        "Mois du",
        (
            ONCE,
            "Le mois est celui de la livraison, d’après le compte rendu du transporteur, sinon la "
            "réception par l’établissement.",
            "Les produits payants du consortium n’y sont pas.",
        ),
        ("unites-livrees",),
        is_masked=True,
    ),
    Dataset(
        RECEIVED,
        months_received,
        received_of,
        "Les doses que les pharmacies ont confirmé avoir reçues.",
        MONTHLY,
        "Mois du",
        (ONCE, "La région est celle de la pharmacie qui a reçu les doses."),
        ("doses-recues",),
        is_masked=True,
    ),
)
