"""Doses on hand, as the pharmacies last declared them; lots received that expire soon."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from common.columns import UNDER, Column, Table
from common.cover import days_of_cover
from establishments.perimeter import Action
from pui.models import LatestStock, Pui
from pui.region.figures import days_text, plural, quantity_text
from pui.region.tables import pui_columns
from vaccines.corrections.tables import day_text, number
from vaccines.models import Reception, SupplyLine, Vaccine, VialDoses

SOON: Final = timedelta(days=30)
WEEK: Final = timedelta(days=7)
SINGLE: Final = ("dose", "doses", "seringue")  # units of a product that are a dose each


@dataclass(frozen=True, slots=True)
class Held:
    """All the doses of a territory; ``old`` and ``silent`` are pharmacies it does not tell."""

    doses: Decimal | None
    puis: int
    old: int
    silent: int

    @property
    def text(self) -> str:
        if self.doses is None:
            return "Aucune dose déclarée"
        return f"{quantity_text(self.doses)} doses dans {plural(self.puis, 'PUI', 'PUI')}"

    @property
    def doubt(self) -> str:
        """What to think of when one reads the sum."""
        said = []
        if self.old:
            said.append(f"{plural(self.old, 'déclaration')} de plus d’une semaine")
        if self.silent:
            puis = plural(self.silent, "PUI", "PUI")
            said.append(f"{puis} ayant reçu des doses sans rien déclarer")
        return ", ".join(said)


def doses_on_hand(user: User) -> QuerySet[LatestStock]:
    """The last declared stock of each vaccine that waves deliver, the largest first.

    Pharmacies declare units of the product, vials most often: ``doses`` are what they held, at
    the doses of a vial of that day; NULL: nobody wrote how many.
    """
    vaccines = Vaccine.objects.filter(product=OuterRef("product")).order_by("pk")
    in_force = VialDoses.objects.filter(
        vaccine__product=OuterRef("product"), starts_on__lte=OuterRef("due_on")
    ).order_by("-starts_on", "pk")
    rows = LatestStock.objects.for_user(user, to=Action.VAC_STOCK_READ).filter(
        product__in=Vaccine.objects.order_by().values("product")
    )
    amount = DecimalField(max_digits=14, decimal_places=2)
    told = rows.annotate(
        vaccine_label=Subquery(vaccines.values("label")[:1]),
        per_vial=Subquery(in_force.values("doses")[:1]),
    ).annotate(
        doses=Case(
            When(product__unit__in=SINGLE, then=F("stock")),
            default=F("stock") * F("per_vial"),
            output_field=amount,
        )
    )
    related = ("product", "pui__establishment__department")
    found: QuerySet[LatestStock] = told.select_related(*related)
    return found.order_by(F("doses").desc(nulls_last=True), "pui__sort_label", "product")


def held_of(user: User, rows: QuerySet[LatestStock], today: date) -> Held:
    """The sum, and what it leaves out: in two statements."""
    sums = rows.order_by().aggregate(
        sum=Sum("doses"),
        puis=Count("pui", distinct=True),
        old=Count("pui", filter=Q(due_on__lt=today - WEEK)),
    )
    received = Reception.objects.filter(line__pui=OuterRef("pk"))
    told = rows.order_by().values("pui")
    reached = Pui.objects.for_user(user, to=Action.VAC_STOCK_READ).filter(Exists(received))
    silent = reached.exclude(pk__in=told)
    return Held(sums["sum"], sums["puis"], sums["old"], silent.count())


def expiring_lots(user: User, today: date) -> QuerySet[Reception]:
    """Received, and over within ``SOON``; those already over for less than that too."""
    near = Q(expires_on__lte=today + SOON, expires_on__gte=today - SOON)
    lines = SupplyLine.objects.for_user(user, to=Action.VAC_READ).standing()
    rows = Reception.objects.filter(near, line__in=lines.order_by())
    related = ("line__pui__establishment__department", "line__recipient", "line__wave__vaccine")
    found: QuerySet[Reception] = rows.select_related(*related).order_by("expires_on", "lot", "pk")
    return found


def stock_table(today: date) -> Table:
    def cover(row: Any) -> Any:
        return days_of_cover(row.stock, row.daily)

    def due(row: Any) -> Any:
        weeks = (today - row.due_on) // WEEK
        if weeks < 1:
            return day_text(row.due_on)
        return format_html("{}" + UNDER, day_text(row.due_on), f"il y a {plural(weeks, 'semaine')}")

    def declared(row: Any) -> str:
        unit = row.product.unit
        several = "s" if unit and row.stock and row.stock >= 2 and unit[-1] not in "sx" else ""
        return f"{quantity_text(row.stock)} {unit}{several}".strip()

    return Table(
        "stock",
        "Doses en stock",
        [
            Column("PUI", lambda row: row.pui.label),
            *pui_columns(lambda row: row.pui),
            Column("Vaccin", lambda row: row.vaccine_label),
            Column("Code UCD", lambda row: row.product.code, lambda row: "", under=True),
            Column("Déclaré", lambda row: row.stock, declared, is_number=True),
            Column("Unité déclarée", lambda row: row.product.unit, lambda row: "", under=True),
            Column("Doses", lambda row: row.doses, lambda row: doses_text(row), is_number=True),
            Column("Jours de stock", cover, lambda row: days_text(cover(row)), is_number=True),
            Column("Échéance déclarée", lambda row: row.due_on, due),
        ],
    )


def doses_text(row: Any) -> str:
    """Blank is not 0: what a vial gives may not be known."""
    return "–" if row.doses is None else quantity_text(row.doses)


def lots_table(today: date) -> Table:
    def left(row: Reception) -> int:
        return (row.expires_on - today).days if row.expires_on else 0

    return Table(
        "peremptions",
        "Lots à péremption proche",
        [
            Column("PUI", lambda row: row.line.pui.label),
            *pui_columns(lambda row: row.line.pui),
            Column("Destinataire", lambda row: row.line.recipient.name),
            Column("Vaccin", lambda row: row.line.wave.vaccine.label),
            Column("Lot", lambda row: row.lot or "non dit", lambda row: whole_text(row.lot)),
            Column("Péremption", lambda row: row.expires_on, lambda row: day_text(row.expires_on)),
            Column("Reste", left, lambda row: left_text(left(row)), is_number=True),
            Column(
                "Doses reçues", lambda row: row.doses, lambda row: number(row.doses), is_number=True
            ),
        ],
    )


def whole_text(lot: str) -> SafeString | str:
    """A lot is copied by hand: never cut in two."""
    return format_html('<span class="app-nb">{}</span>', lot) if lot else "non dit"


def left_text(days: int) -> str:
    if days < 0:
        return "périmé"
    return "aujourd’hui" if days == 0 else f"{days}\u00a0j"
