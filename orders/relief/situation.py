"""What is attached to a request by itself: days of cover last declared, the quota of the week."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from common.cover import Level, days_of_cover, level
from common.numbers import format_decimal, format_integer
from common.reading import reading
from common.weeks import current_week, weeks_back
from epi_stocks.indicators import thresholds_on
from epi_stocks.models import CentralCoverage, EpiItem
from establishments.models import Establishment
from orders.models import Beneficiary, Quota

LOOKED_BACK = 53  # weeks: an older inventory says nothing of today

LAST_DECLARED = """
SELECT line.week, line.stock, line.daily,
       (line.doubts & 7 & ~(line.doubts >> 3)) <> 0 AS is_doubtful
  FROM epi_stocks_effectiveline AS line
 WHERE line.week = ANY(%(weeks)s) AND line.establishment_id = %(site)s
   AND line.item_id = %(item)s AND num_nonnulls(line.stock, line.daily) > 0
 ORDER BY line.week DESC
 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Situation:
    """``week`` is None when nothing was declared; ``declared_by``: another site's inventory."""

    week: date | None = None
    stock: int | None = None
    daily: int | None = None
    is_doubtful: bool = False
    level: Level = Level.UNKNOWN
    declared_by: str = ""
    granted: int | None = None
    used: int | None = None
    quota_week: date | None = None

    @property
    def days(self) -> Decimal | None:
        return days_of_cover(self.stock, self.daily)

    @property
    def rank(self) -> Decimal | None:
        """What the ARS sorts by: without stock nothing is left, whatever the consumption."""
        return Decimal(0) if self.stock == 0 and self.daily != 0 else self.days

    @property
    def left(self) -> int | None:
        return None if self.granted is None else self.granted - (self.used or 0)

    @property
    def cover_text(self) -> str:
        """« 2,5 jours », « Rupture », or why there is no number."""
        if self.week is None:
            return "Jamais déclaré"
        if self.days is not None:
            return f"{format_decimal(self.days, places=1)}\u00a0jour{'s' if self.days >= 2 else ''}"
        if self.level is Level.SHORTAGE:
            return "Rupture"
        return "Stock non déclaré" if self.stock is None else "Consommation non déclarée"

    @property
    def declared_text(self) -> str:
        """Where the days of cover come from."""
        if self.week is None:
            return f"Aucune valeur dans les {LOOKED_BACK} dernières semaines d’EPI-Stocks."
        whose = f" de {self.declared_by}" if self.declared_by else ""
        doubt = " Valeur à vérifier." if self.is_doubtful else ""
        return (
            f"Inventaire{whose}, semaine du {self.week:%d/%m/%Y}\u00a0: "
            f"{_number(self.stock)} en stock, {_number(self.daily)} par jour.{doubt}"
        )

    @property
    def quota_text(self) -> str:
        if self.granted is None:
            return "Aucun contingent cette semaine."
        return (
            f"{format_integer(self.used or 0)} commandés sur {format_integer(self.granted)} "
            f"autorisés, reste {format_integer(self.left or 0)}."
        )

    def kept(self) -> dict[str, Any]:
        """As JSON, beside the request: what the person saw when it was sent."""
        return {
            "week": self.week.isoformat() if self.week else None,
            "stock": self.stock,
            "daily": self.daily,
            "is_doubtful": self.is_doubtful,
            "level": self.level.value,
            "declared_by": self.declared_by,
            "granted": self.granted,
            "used": self.used,
            "quota_week": self.quota_week.isoformat() if self.quota_week else None,
        }


def kept_situation(evidence: dict[str, Any]) -> Situation:
    """The one that was attached."""
    days = {
        name: date.fromisoformat(evidence[name]) if evidence.get(name) else None
        for name in ("week", "quota_week")
    }
    told = {name: evidence.get(name) for name in ("stock", "daily", "granted", "used")}
    return Situation(
        **told,
        **days,
        is_doubtful=bool(evidence.get("is_doubtful")),
        level=Level(evidence.get("level", Level.UNKNOWN)),
        declared_by=evidence.get("declared_by", ""),
    )


def situation_of(
    beneficiary: Beneficiary, site: Establishment, item: EpiItem, now: datetime | None = None
) -> Situation:
    """Read today: the last inventory of the site, or of the one that declares for it."""
    week = current_week(now)
    keeper = keeper_of(site, week)
    declared = _last_declared(keeper, item, week)
    days = thresholds_on(week)
    quota = Quota.objects.filter(beneficiary=beneficiary, item=item, week=week).first()
    return Situation(
        *declared,
        level=level(*declared[1:3], days.get(item.pk, days[None])),
        declared_by=str(keeper) if keeper.pk != site.pk else "",
        granted=quota.granted if quota else None,
        used=quota.used if quota else None,
        quota_week=week if quota else None,
    )


def keeper_of(site: Establishment, week: date) -> Establishment:
    """Whose inventory counts its stock [002]."""
    cover = (
        CentralCoverage.objects.on(week).filter(covered=site).select_related("declaring").first()
    )
    return cover.declaring if cover else site


def _last_declared(
    site: Establishment, item: EpiItem, week: date
) -> tuple[date | None, int | None, int | None, bool]:
    weeks = weeks_back(week, LOOKED_BACK)
    with reading.cursor() as cursor:
        cursor.execute(LAST_DECLARED, {"weeks": weeks, "site": site.pk, "item": item.pk})
        return cursor.fetchone() or (None, None, None, False)


def _number(value: int | None) -> str:
    return "non déclaré" if value is None else format_integer(value)
