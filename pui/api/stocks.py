"""`GET /api/v1/stocks`: the last stocks of the pharmacies in the token's reach, for dashboards."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api import TokenAuth, too_many
from accounts.limits import FailureLimit, TooManyFailuresError
from accounts.models import ApiToken
from common.cover import days_of_cover
from common.identifiers import IdentifierError, normalize_ucd
from common.problems import problem
from establishments.perimeter import Action
from journal.services import record
from medications.calendar import calendars_of
from medications.models import MonitoredList, Monitoring, Product
from medications.thresholds import level_of
from pui.api.shapes import StockShown, StocksPage, shown_number
from pui.models import LatestStock
from pui.rights import Machine
from pui.stock.freshness import is_fresh, required_day

READ = FailureLimit("pui_stocks", ((60, 60), (300, 3600)))
MOST, USUAL = 5_000, 1_000
INSEE = r"^[0-9AB]{1,3}$"
Followed = Mapping[int, tuple[str, int]]

router = Router(tags=["Stocks des pharmacies"], auth=TokenAuth())


class Asked(Schema):
    """What is read; everything by default."""

    liste: MonitoredList.Slug | None = Field(None, description="Les produits d’une liste suivie.")
    ucd: str | None = Field(
        None,
        max_length=20,
        description="Un seul produit, par son code UCD, ou par le code propre d’un dispositif.",
    )
    region: str | None = Field(None, pattern=INSEE, description="Code INSEE d’une région.")
    departement: str | None = Field(None, pattern=INSEE, description="Code INSEE d’un département.")
    apres: str | None = Field(
        None,
        pattern=r"^[0-9]{1,9}-[0-9]{1,9}$",
        description="La `suite` de la page d’avant\u00a0; rien pour la première.",
    )
    limite: int = Field(USUAL, ge=1, le=MOST, description="Lignes par page.")


@router.get(
    "/stocks",
    response=StocksPage,
    url_name="stocks",
    summary="Lire les derniers stocks déclarés",
)
def stocks(request: HttpRequest, asked: Annotated[Asked, Query()]) -> HttpResponse | StocksPage:
    """Lire, page par page, le dernier stock de chaque produit de chaque PUI à la portée du jeton.

    Usage du jeton\u00a0: `pui.stocks`. Un établissement ou une entité lit ses PUI, une ARS ou un
    OMEDIT celles de sa région, la cellule nationale toutes. Soixante pages par minute, trois cents
    par heure\u00a0; chaque lecture est inscrite au journal.
    """
    machine = Machine(request.auth)  # type: ignore[attr-defined]
    if not machine.has(ApiToken.Scope.PUI_STOCKS):
        return problem(403, "Usage non permis", "Ce jeton n’a pas l’usage pui.stocks.")
    try:
        READ.begin(f"token {machine.token.pk}")
        found = list(rows_asked(machine, asked)[: asked.limite + 1])
    except TooManyFailuresError as limit:
        return too_many(limit)
    except IdentifierError as error:
        return problem(422, "Demande mal formée", str(error))
    page, is_last = found[: asked.limite], len(found) <= asked.limite
    keep_trace(machine, asked, len(page))
    suite = None if is_last else f"{page[-1].product_id}-{page[-1].pui_id}"
    return StocksPage(stocks=shown_rows(page), suite=suite)


def rows_asked(machine: Machine, asked: Asked) -> "QuerySet[LatestStock]":
    """In the order of the key: the next page costs what the first one does."""
    rows = LatestStock.objects.for_user(machine, to=Action.MED_READ).select_related(
        "product__reference__substance",
        "product__substance",
        "pui__establishment__region",
        "pui__establishment__department",
    )
    if asked.liste:
        followed = Monitoring.objects.in_force(timezone.localdate())
        rows = rows.filter(
            product__in=followed.filter(monitored_list=asked.liste).values("product")
        )
    if asked.ucd:
        rows = rows.filter(product__code=code_asked(asked.ucd))
    if asked.region:
        rows = rows.filter(pui__establishment__region=asked.region)
    if asked.departement:
        rows = rows.filter(pui__establishment__department=asked.departement)
    if asked.apres:
        product, pui = map(int, asked.apres.split("-"))
        # the first condition is what begins the walk of the key where the page before ended
        rows = rows.filter(Q(product__gt=product) | Q(pui__gt=pui), product__gte=product)
    ordered: QuerySet[LatestStock] = rows.order_by("product", "pui")
    return ordered


def code_asked(text: str) -> str:
    """A UCD, or the code of a product that has none: a device."""
    own = text.strip().upper()
    if Product.objects.filter(code=own, kind__in=Product.WITHOUT_UCD).exists():
        return own
    return normalize_ucd(text)


def shown_rows(page: list[LatestStock]) -> list[StockShown]:
    now = timezone.now()
    followed = followed_today({one.product_id for one in page})
    calendars = calendars_of(sorted({slug for slug, _priority in followed.values()}))
    required = {slug: required_day(calendar, now) for slug, calendar in calendars.items()}
    return [shown_row(one, followed, required) for one in page]


def followed_today(products: set[int]) -> Followed:
    """Which list follows each product today, and how urgently."""
    rows = Monitoring.objects.in_force(timezone.localdate()).filter(product__in=products)
    fields = rows.order_by().values_list("product", "monitored_list", "priority")
    return {product: (slug, priority) for product, slug, priority in fields}


def shown_row(one: LatestStock, followed: Followed, required: Mapping[str, date]) -> StockShown:
    product, pui, site = one.product, one.pui, one.pui.establishment
    slug, priority = followed.get(product.pk, (None, None))
    days = days_of_cover(one.stock, one.daily)
    substance = product.substance or (product.reference and product.reference.substance)
    return StockShown(
        ucd=product.code,
        libelle=product.label,
        ucd_reference=product.reference.label if product.reference else None,
        dci=substance.name if substance else None,
        mapui=product.kind == Product.Kind.VIRTUAL,
        liste=slug,
        priorite=priority,
        pui_id=pui.pk,
        pui=pui.label,
        finess=site.finess,
        etablissement=site.name,
        departement=site.department_id,
        region=site.region_id,
        echeance=one.due_on,
        transmise_le=one.transmitted_at,
        a_jour=is_fresh(one.due_on, required[slug]) if slug else None,
        stock=shown_number(one.stock),
        cmj=shown_number(one.daily),
        peremption=one.nearest_expiry,
        jours_couverture=None if days is None else float(days),
        niveau=level_of(one.stock, one.daily).value,
    )


def keep_trace(machine: Machine, asked: Asked, count: int) -> None:
    record(
        "pui.stocks_read",
        by=None,
        target=str(machine),
        place=machine.token.establishment or machine.token.legal_entity,
        rows=count,
        filters=asked.dict(exclude_none=True),
        **machine.told(),
    )
