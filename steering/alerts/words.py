"""How rules and alerts read in French."""

from collections.abc import Iterable
from decimal import Decimal

from common.cover import Level
from common.numbers import format_integer
from steering.alerts.measures import measure_of
from steering.alerts.measures.measure import NO_BREAK, Measure, number_text
from steering.models import Alert, AlertRule, AlertScale

SCALES = {
    AlertScale.SITE: ("un établissement", "établissements"),
    AlertScale.DEPARTMENT: ("un département", "départements"),
    AlertScale.REGION: ("une région", "régions"),
    AlertScale.COUNTRY: ("le pays", "pays"),
}
CLASSES = {
    Level.TENSE: "tendue, critique ou en rupture",
    Level.CRITICAL: "critique ou en rupture",
    Level.SHORTAGE: "en rupture",
}
MOST_NAMED = 4


def joined(names: Iterable[str]) -> str:
    """« Bretagne, Normandie et Corse »."""
    *others, last = names
    return f"{', '.join(others)} et {last}" if others else last


def some(names: Iterable[str], most: int = MOST_NAMED) -> str:
    """The first, and how many others."""
    every = list(names)
    left = len(every) - most
    if left <= 0:
        return joined(every) if every else ""
    return f"{', '.join(every[:most])} et {left}{NO_BREAK}autre{'s' if left > 1 else ''}"


def places_word(rule: AlertRule, count: int) -> str:
    """« 3 départements »."""
    one, several = SCALES[AlertScale(rule.scale)]
    word = one.split()[1] if count < 2 else several
    return f"{format_integer(count)}{NO_BREAK}{word}"


def value_text(alert: Alert) -> str:
    """« 3,2 jours »; « 3 départements » of what spreads."""
    return measured_text(alert, alert.value, alert.level)


def measured_text(alert: Alert, value: object, level: str = "") -> str:
    """Another value of the same alert."""
    if alert.is_spread:
        return places_word(alert.rule, int(str(value or 0).split(".")[0]))
    measure = measure_of(alert.rule.measure)
    return measure.text(value, Level(level) if level else None)  # type: ignore[arg-type]


def value_words(alert: Alert) -> str:
    """« Rupture, 0,4 jour »: the class first, where there is one."""
    level = Level(alert.level).label if alert.level and not alert.is_spread else ""
    names = some(one["name"] for one in alert.places) if alert.is_spread else ""
    text = value_text(alert)
    if alert.is_spread and names:
        return f"{text}{NO_BREAK}: {names}"
    return f"{level}, {text}" if level else text


def class_words(alert: Alert, before: str) -> str:
    """« De tendue à rupture, 0,4 jour »."""
    now = Level(alert.level).label.lower() if alert.level else "sans classe"
    was = Level(before).label.lower() if before else "sans classe"
    return f"De {was} à {now}, {value_text(alert)}"


def limit_text(rule: AlertRule, measure: Measure) -> str:
    """« en rupture », « inférieure à 60 % »."""
    if rule.at_least:
        return CLASSES[Level(rule.at_least)]
    limit = rule.threshold or Decimal(0)
    number = number_text(limit)
    word = "sous" if measure.is_low_bad else "à partir de"
    return f"{word} {number}{NO_BREAK}{measure.unit_of(limit)}"


def place_text(rule: AlertRule) -> str:
    """« dans une région », « dans au moins 3 départements d’une même région »."""
    if not rule.spreads:
        within = rule.department or rule.region
        one = SCALES[AlertScale(rule.scale)][0]
        return f"dans {one} ({within})" if within else f"dans {one}"
    where = " à la fois" if rule.scale == AlertScale.REGION else " d’une même région"
    found = f"dans au moins {places_word(rule, rule.places)}{where}"
    return f"{found} ({rule.region})" if rule.region else found


def duration_text(rule: AlertRule) -> str:
    days = rule.lasts_days
    if not days:
        return ""
    if days % 7 == 0:
        weeks = days // 7
        return f"depuis {weeks}{NO_BREAK}semaine{'s' if weeks > 1 else ''}"
    return f"depuis {days}{NO_BREAK}jour{'s' if days > 1 else ''}"


def rule_text(rule: AlertRule, subject: str = "") -> str:
    """The rule in one sentence, without its final stop."""
    measure = measure_of(rule.measure)
    what = f"{measure.label} ({subject})" if subject else measure.label
    parts = [f"{what}{NO_BREAK}: {limit_text(rule, measure)}", place_text(rule)]
    return ", ".join([*parts, *filter(None, [duration_text(rule)])])
