"""What a rule finds in the readings of its measure: where it holds, where it does not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from common.cover import Level
from steering.alerts.measures import measure_of
from steering.alerts.measures.measure import (
    COUNTRY,
    COUNTRY_NAME,
    Place,
    Reading,
    Within,
    region_names,
)
from steering.models import Alert, AlertRule, AlertScale

RANKS: Final = {level: rank for rank, level in enumerate(Level)}
Key = tuple[str, str, str]  # subject, scale, code


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in one territory. ``holds`` is None when nothing can be said.

    ``places`` are those where a rule of several places holds; ``known``, all those it could judge.
    """

    subject: str
    subject_label: str
    place: Place
    holds: bool | None
    value: Decimal | None
    level: Level | None
    told: dict[str, str]
    places: Sequence[dict[str, Any]] = ()
    known: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> Key:
        return self.subject, self.place.scale.value, self.place.code


Asked = tuple[str, AlertScale, Within]


class Readings:
    """Each measure is read once for all the rules that ask it at one scale."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._kept: dict[Asked, list[Reading]] = {}

    def of(self, rule: AlertRule) -> list[Reading]:
        """Those of the product and territory of the rule."""
        asked = rule.measure, AlertScale(rule.scale), within_of(rule)
        if asked not in self._kept:
            slug, scale, within = asked
            self._kept[asked] = measure_of(slug).read(scale, self.now, within)
        return [one for one in self._kept[asked] if is_asked(rule, one.subject, one.place)]


def within_of(rule: AlertRule) -> Within:
    """Establishments are read territory by territory; the rest, of the whole country."""
    if rule.scale != AlertScale.SITE:
        return Within()
    return Within(rule.region_id or "", rule.department_id or "")


def is_asked(rule: AlertRule, subject: str, place: Place) -> bool:
    if rule.subject and rule.subject != subject:
        return False
    if rule.department_id and place.department_code != rule.department_id:
        return False
    return not rule.region_id or place.region_code == rule.region_id


def covers(rule: AlertRule, alert: Alert) -> bool:
    """Whether an alert is still what its rule is about, as the rule is now."""
    if alert.scale != rule.alert_scale or alert.is_spread != rule.spreads:
        return False
    place = Place(AlertScale(alert.scale), alert.code, "", alert.region_code, alert.department_code)
    if rule.spreads:  # of the territory above: a department cannot be told of it
        return (not rule.subject or rule.subject == alert.subject) and (
            alert.scale == AlertScale.COUNTRY
            or not rule.region_id
            or rule.region_id == alert.region_code
        )
    return is_asked(rule, alert.subject, place)


def findings(rule: AlertRule, readings: Readings) -> list[Found]:
    """What the rule finds now, each territory and product once."""
    each = [found_in(rule, one) for one in readings.of(rule)]
    return spread(rule, each) if rule.spreads else each


def found_in(rule: AlertRule, reading: Reading) -> Found:
    return Found(
        reading.subject,
        reading.subject_label,
        reading.place,
        holds(rule, reading),
        reading.value,
        reading.level,
        dict(reading.told),
    )


def holds(rule: AlertRule, reading: Reading) -> bool | None:
    """Whether the limit is passed; None where nothing is known."""
    if rule.at_least:
        if reading.level in (None, Level.UNKNOWN):
            return None
        return RANKS[Level(reading.level)] <= RANKS[Level(rule.at_least)]
    value = reading.value
    if value is None:
        if reading.level == Level.NO_USE:
            return False
        if reading.level != Level.SHORTAGE:
            return None
        value = Decimal(0)  # no stock lasts no day
    limit = rule.threshold or Decimal(0)
    return value < limit if measure_of(rule.measure).is_low_bad else value >= limit


def spread(rule: AlertRule, each: Iterable[Found]) -> list[Found]:
    """By territory above: the places where it holds, the worst first."""
    groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in each:
        if one.holds is not None and one.place.region_code:
            above = COUNTRY if rule.scale == AlertScale.REGION else one.place.region_code
            groups[one.subject, above].append(one)
    names = region_names() | {COUNTRY: COUNTRY_NAME}
    return [gathered(rule, code, names[code], group) for (_, code), group in groups.items()]


def gathered(rule: AlertRule, code: str, name: str, group: Sequence[Found]) -> Found:
    held = sorted((one for one in group if one.holds), key=urgency)
    above = rule.alert_scale
    region = "" if above == AlertScale.COUNTRY else code
    return Found(
        group[0].subject,
        group[0].subject_label,
        Place(above, code, name, region),
        len(held) >= rule.places,
        Decimal(len(held)),
        held[0].level if held else None,
        {"Lieux concernés": str(len(held)), "Lieux connus": str(len(group))},
        [described(rule, one) for one in held],
        frozenset(one.place.code for one in group),
    )


def urgency(found: Found) -> tuple[int, Decimal, str]:
    rank = RANKS[found.level] if found.level else 0
    return rank, found.value or Decimal(0), found.place.name


def described(rule: AlertRule, found: Found) -> dict[str, Any]:
    """A place of a spread, as the alert keeps it."""
    return {
        "code": found.place.code,
        "name": found.place.name,
        "level": found.level.value if found.level else "",
        "value": measure_of(rule.measure).text(found.value, found.level),
    }


def beside(found: Found, alert: Alert) -> Found:
    """Silence ends no spread: with the places that say nothing now, it may hold still."""
    silent = [one for one in alert.places if one["code"] not in found.known]
    if found.holds or not silent:
        return found
    may_hold = len(found.places) + len(silent) >= alert.rule.places
    return replace(found, holds=None) if may_hold else found
