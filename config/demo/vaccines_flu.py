"""Three flu seasons: one over, one under way, one whose needs are being typed; some are late.

Every figure is drawn from the FINESS number of the pharmacy's site: the same world each time.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock
from zlib import crc32

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from config.demo.country import FIRST_REGION
from pui.models import Pui
from vaccines.models import DeliveredDoses, FluCampaign, FluNeed, FluRequest, TargetGroup

PHARMACIST = "gf@demo.example"
DUE_HOUR = clock(18)
LEFT = timedelta(days=9)  # to type the needs of the season to come
SHARES = (0.22, 0.31, 0.12, 0.02, 0.33)  # of the groups, in their order
SIZES = {"101": 19_000, "355": 4_500, "128": 1_300, "697": 2_400, "698": 300}
USUAL_SIZE = 1_500
ASKED, BEGUN = 0.92, 0.4  # pharmacies that asked: a season closed, the one being typed
BATCH = 2_000


def build_flu() -> int:
    """Write the seasons that are missing; say how many there are."""
    with transaction.atomic():
        if not FluCampaign.objects.exists():
            over, under_way, coming = open_seasons()
            puis = list(Pui.objects.filter(closed_on=None).select_related("establishment"))
            by = User.objects.get(email=PHARMACIST)
            build_season(over, puis, by, asked=ASKED, delivered=0.95)
            build_season(under_way, puis, by, asked=ASKED, delivered=0.7)
            own = own_puis(by)
            others = [one for one in puis if one.pk not in own]
            build_season(coming, others, by, asked=BEGUN, delivered=0)
    return FluCampaign.objects.count()


def open_seasons() -> list[FluCampaign]:
    """The needs of the season to come close in a few days."""
    today = timezone.localdate()
    year = today.year if today.month >= 9 else today.year - 1
    seasons = [season_of(one, date(one, 2, 2), date(one, 3, 31)) for one in (year - 1, year)]
    coming = season_of(year + 1, today - timedelta(days=20), today + LEFT)
    return FluCampaign.objects.bulk_create([*seasons, coming])


def season_of(year: int, opens_on: date, due_on: date) -> FluCampaign:
    return FluCampaign(
        season=f"{year}-{year + 1}",
        starts_on=date(year, 10, 1),
        ends_on=date(year + 1, 2, 28),
        needs_open_on=opens_on,
        needs_due_at=timezone.make_aware(datetime.combine(due_on, DUE_HOUR)),
    )


def own_puis(person: User) -> set[int]:
    """Those of the pharmacist of the demonstration: their needs are to be typed."""
    entities = person.profiles.values("legal_entity")
    rows = Pui.objects.filter(
        establishment__region=FIRST_REGION, establishment__legal_entity__in=entities
    )
    return set(rows.values_list("pk", flat=True))


def draw(pui: Pui, word: str) -> float:
    """A number from 0 to 1, always the same."""
    return crc32(f"{pui.establishment.finess} {pui.label} {word}".encode()) / 2**32


def build_season(
    campaign: FluCampaign, puis: Sequence[Pui], by: User, *, asked: float, delivered: float
) -> None:
    asking = [one for one in puis if draw(one, f"asked {campaign.season}") < asked]
    requests = FluRequest.objects.bulk_create(
        (request_of(campaign, one, by) for one in asking), batch_size=BATCH
    )
    groups = list(TargetGroup.objects.filter(is_used=True))
    needs = {row.pk: needs_of(row, groups) for row in requests}
    FluNeed.objects.bulk_create(
        (need for some in needs.values() for need in some), batch_size=BATCH
    )
    if delivered:
        totals = {row.pui_id: sum(one.doses for one in needs[row.pk]) for row in requests}
        told = (delivery_of(campaign, one, by, totals[one.pk] * delivered) for one in asking)
        DeliveredDoses.objects.bulk_create(told, batch_size=BATCH)


def request_of(campaign: FluCampaign, pui: Pui, by: User) -> FluRequest:
    """Between the opening and the deadline, or now."""
    opened = datetime.combine(
        campaign.needs_open_on, clock(8), tzinfo=timezone.get_current_timezone()
    )
    until = min(campaign.needs_due_at, timezone.now())
    at = opened + (until - opened) * draw(pui, "at")
    return FluRequest(campaign=campaign, pui=pui, sent_at=at, sent_by=by)


def needs_of(row: FluRequest, groups: Sequence[TargetGroup]) -> list[FluNeed]:
    """A little more each year; a few leave a group blank."""
    pui = row.pui
    size = SIZES.get(pui.establishment.category_id, USUAL_SIZE) * (0.6 + 0.8 * draw(pui, "size"))
    size *= 0.9 + 0.25 * draw(pui, row.campaign.season)
    found = []
    for rank, group in enumerate(groups):
        share = SHARES[rank] if rank < len(SHARES) else 0
        if draw(pui, f"blank {group.pk}") < 0.05:
            continue
        found.append(FluNeed(request=row, group=group, doses=round(size * share / 10) * 10))
    return found


def delivery_of(campaign: FluCampaign, pui: Pui, by: User, doses: float) -> DeliveredDoses:
    told_on = min(campaign.ends_on, timezone.localdate())
    at = datetime.combine(told_on, clock(9), tzinfo=timezone.get_current_timezone())
    part = round(doses * (0.75 + 0.5 * draw(pui, "delivered")) / 10) * 10
    return DeliveredDoses(campaign=campaign, pui=pui, doses=part, told_at=at, told_by=by)
