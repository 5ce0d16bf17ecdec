"""Who did what for a season, for those who follow: pharmacies, departments, regions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.numbers import format_integer
from establishments.models import Department, Region
from establishments.perimeter import Action
from pui.models import Pui
from pui.models.register import PuiQuerySet
from pui.people import Person
from pui.region.contacts import people_of
from vaccines.flu.figures import Figures, Found, figures_by
from vaccines.flu.seasons import Stage, expected_on, is_delivering, stage_of
from vaccines.models import DeliveredDoses, FluCampaign, FluRequest

WITH_PLACE = (
    "establishment__legal_entity",
    "establishment__department",
    "establishment__region",
)
DEPARTMENT, REGION = "establishment__department", "establishment__region"
NOWHERE = "Sans territoire connu"


@dataclass(frozen=True, slots=True)
class Season:
    """A campaign among ``every`` one, what it is compared with, and when one looks."""

    campaign: FluCampaign
    before: FluCampaign | None
    now: datetime
    every: Sequence[FluCampaign] = ()

    @property
    def is_closed(self) -> bool:
        return stage_of(self.campaign, self.now) is Stage.CLOSED

    @property
    def has_stock(self) -> bool:
        """The stock of today is that of the campaign under way, of no other."""
        return is_delivering(self.campaign, self.now)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a pharmacy, a territory, or all of them."""

    name: str
    figures: Figures
    standing: str
    pui: Pui | None = None
    code: str = ""
    url: str = ""
    is_late: bool = False
    comment: str = ""
    told_on: date | None = None
    people: Sequence[Person] = field(default_factory=list)


def followed_puis(user: User, season: Season) -> PuiQuerySet:
    """Those of one's territory that owe their needs, and those that told something all the same."""
    told = [
        Exists(model.objects.filter(campaign=season.campaign, pui=OuterRef("pk")))
        for model in (FluRequest, DeliveredDoses)
    ]
    reached: PuiQuerySet = Pui.objects.for_user(user, to=Action.FLU_READ)
    return reached.open_on(expected_on(season.campaign, season.now)) | reached.filter(
        told[0] | told[1]
    )


def missing_puis(user: User, season: Season) -> PuiQuerySet:
    """Those of one's territory that owe their needs, are still open, and did not ask."""
    reached: PuiQuerySet = Pui.objects.for_user(user, to=Action.FLU_READ)
    owing = reached.open_on(expected_on(season.campaign, season.now))
    still = owing.open_on(timezone.localdate(season.now))
    return still.exclude(pk__in=asked_puis(season))


def asked_puis(season: Season) -> QuerySet[Any, dict[str, Any]]:
    """To filter pharmacies by."""
    return FluRequest.objects.filter(campaign=season.campaign).order_by().values("pui")


def pharmacy_rows(ids: Sequence[int], season: Season, *, with_people: bool) -> list[Row]:
    """In the order of ``ids``."""
    rows = Pui.objects.filter(pk__among=ids).select_related(*WITH_PLACE)
    known = rows.order_by().in_bulk()
    puis = [known[pk] for pk in ids]
    found = figures_of("pk", ids, season)
    requests = FluRequest.objects.filter(campaign=season.campaign, pui__pk__among=ids)
    sent = {one.pui_id: one for one in requests.order_by()}
    told = DeliveredDoses.objects.filter(campaign=season.campaign, pui__pk__among=ids).order_by()
    told_at: dict[int, datetime] = dict(told.values_list("pui", "told_at"))
    people = people_of(puis) if with_people else {}
    return [
        replace(
            pharmacy_row(one, found[one.pk], sent.get(one.pk), season),
            told_on=timezone.localdate(told_at[one.pk]) if one.pk in told_at else None,
            people=people.get(one.pk, []),
        )
        for one in puis
    ]


def pharmacy_row(pui: Pui, figures: Figures, sent: FluRequest | None, season: Season) -> Row:
    due_on, sent_at = expected_on(season.campaign, season.now), sent.sent_at if sent else None
    is_late = sent is None and season.is_closed and pui.was_open_on(due_on) and pui.is_open
    return Row(
        pui.label,
        figures,
        standing_text(pui, sent_at, due_on, is_late=is_late),
        pui=pui,
        url=f"{reverse('vaccines:flu_pui', args=[pui.pk])}?saison={season.campaign.season}",
        is_late=is_late,
        comment=sent.comment if sent else "",
    )


def standing_text(pui: Pui, sent_at: datetime | None, due_on: date, *, is_late: bool) -> str:
    if sent_at is not None:
        return f"Faite le {timezone.localtime(sent_at):%d/%m/%Y}"
    if is_late:
        return "En retard"
    return "À faire" if pui.was_open_on(due_on) and pui.is_open else "Non attendue"


def whole_row(figures: Figures) -> Row:
    name = f"Ensemble, {format_integer(figures.puis)}\u00a0PUI"
    return Row(name, figures, asked_text(figures))


def asked_text(figures: Figures) -> str:
    return f"{format_integer(figures.asked)} sur {format_integer(figures.puis)}"


def place_rows(ids: Collection[int], path: str, season: Season) -> list[Row]:
    """One line a department or a region, in the order of their names."""
    found = figures_of(path, ids, season)
    names = names_of(path, found)
    rows = [
        Row(names.get(code, NOWHERE), figures, asked_text(figures), code=code or "")
        for code, figures in found.items()
    ]
    return sorted(rows, key=lambda one: (one.code == "", one.name))


def names_of(path: str, codes: Collection[str]) -> Mapping[str, str]:
    model = Department if path == DEPARTMENT else Region
    return dict(
        model.objects.filter(pk__in=[one for one in codes if one]).values_list("pk", "name")
    )


def sums_of(ids: Collection[int], season: Season) -> Figures:
    return figures_of("", ids, season)[""]


def figures_of(path: str, ids: Collection[int], season: Season) -> Found:
    stock_at = season.now if season.has_stock else None
    return figures_by(path, ids, season.campaign, season.before, stock_at)
