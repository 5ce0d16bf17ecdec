"""What the pages of a share-out read: its regions added up, its pharmacies, those of a person."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import NullIf

from accounts.models import User
from common.cover import days_of_cover
from establishments.perimeter import Action
from pui.models import PharmacyShare, RegionalShare, ShareOut
from pui.region.tables import NAMED
from pui.sharing.proposal import NO_REGION

WITH_SUBJECT = ("product", "reference")
OF_SHARE = ("share_out__product", "share_out__reference")
Block = PharmacyShare.Block
OF_PERSON = ("first_name", "last_name", "username")
# a pharmacy and its site have a hundred columns: reading all of them took a third of a page's time
SHOWN = (
    *(field.name for field in PharmacyShare._meta.concrete_fields),
    *(f"pui__{name}" for name in NAMED),
    *(f"{by}__{name}" for by in ("changed_by", "confirmed_by") for name in OF_PERSON),
)
SERVABLE = Q(block__in=PharmacyShare.SERVABLE)


@dataclass(frozen=True)
class RegionRow:
    """A region of a share-out; ``share`` is None for the pharmacies without a region."""

    share: RegionalShare | None
    total: int
    given: int
    served: int
    blocked: int
    stock: Decimal
    daily: Decimal
    confirmed: int
    differing: int

    @property
    def name(self) -> str:
        return self.share.region.name if self.share else NO_REGION

    @property
    def code(self) -> str:
        return self.share.region_id if self.share else ""

    @property
    def left(self) -> int:
        return self.total - self.given

    @property
    def days_before(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)

    @property
    def days_after(self) -> Decimal | None:
        return days_of_cover(self.stock + self.given, self.daily)

    @property
    def done_at(self) -> datetime | None:
        return self.share.done_at if self.share else None


def region_rows(share_out: ShareOut) -> list[RegionRow]:
    """In order of name, in two statements; the pharmacies without a region last."""
    shares = {one.pk: one for one in share_out.regions.select_related("region", "done_by")}
    summed = (
        share_out.pharmacies.order_by()
        .values("regional")
        .annotate(
            given=Sum("quantity"),
            first=Sum("proposed"),
            served=Count("pk", filter=Q(quantity__gt=0)),
            blocked=Count("pk", filter=~SERVABLE),
            held=Sum("stock", filter=SERVABLE),
            used=Sum("daily", filter=SERVABLE),
            confirmed=Count("pk", filter=Q(quantity__gt=0, confirmed_at__isnull=False)),
            differing=Count("pk", filter=~Q(received_quantity=F("quantity"))),
        )
    )
    rows = [_region_row(shares.get(one["regional"]), one) for one in summed]
    return sorted(rows, key=lambda one: (one.share is None, one.name))


def _region_row(share: RegionalShare | None, summed: dict[str, Any]) -> RegionRow:
    return RegionRow(
        share=share,
        total=share.total if share else summed["first"],
        given=summed["given"],
        served=summed["served"],
        blocked=summed["blocked"],
        stock=summed["held"] or Decimal(0),
        daily=summed["used"] or Decimal(0),
        confirmed=summed["confirmed"],
        differing=summed["differing"],
    )


def pharmacy_rows(share_out: ShareOut) -> QuerySet[PharmacyShare]:
    """Region by region, the shortest cover first; those that cannot be served last.

    Each has the ``share_out`` given, not one of its own; those of a region share it too.
    """
    cover = F("stock") / NullIf("daily", Value(Decimal(0)))
    rows = (
        share_out.pharmacies.select_related("pui__establishment", "changed_by", "confirmed_by")
        .only(*SHOWN)
        .prefetch_related("regional__region")
    )
    found: QuerySet[PharmacyShare] = rows.order_by(
        F("regional__region__name").asc(nulls_last=True),
        "block",
        cover.asc(nulls_last=True),
        "pk",
    )
    return found


def received_by(user: User) -> QuerySet[PharmacyShare]:
    """What the pharmacies of a person are to receive, the last published first.

    One that uses the product and receives nothing reads why.
    """
    rows = PharmacyShare.objects.for_user(user, to=Action.MED_ALLOCATE_RECEIVE)
    found: QuerySet[PharmacyShare] = (
        rows.filter(share_out__published_at__isnull=False)
        .exclude(quantity=0, block__in=(Block.NOT_DECLARED, Block.NO_USE))
        .select_related(*OF_SHARE, "pui__establishment", "confirmed_by")
        .order_by("-share_out__published_at", "pui__sort_label", "pk")
    )
    return found


def regional_of(user: User) -> QuerySet[RegionalShare]:
    """What the regions of a person take part in, the last opened first."""
    rows = RegionalShare.objects.for_user(user, to=Action.MED_ALLOCATE)
    found: QuerySet[RegionalShare] = rows.select_related(
        *OF_SHARE, "share_out", "region", "done_by"
    ).order_by("-share_out__opened_at", "pk")
    return found
