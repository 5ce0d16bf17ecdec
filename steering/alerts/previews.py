"""What a rule would give today, before it is written."""

from typing import Final

from django.utils import timezone

from common.cover import Level
from common.decisions import Preview
from common.numbers import format_integer
from steering.alerts.conditions import Found, Readings, findings, urgency
from steering.alerts.measures import measure_of
from steering.alerts.subjects import subject_names, subject_of
from steering.alerts.words import duration_text, places_word, rule_text, some
from steering.models import AlertRule, AlertScale
from steering.services.alert_errors import AlertError

MOST_SHOWN: Final = 12
MOST: Final = 300


def preview_of(rule: AlertRule) -> Preview:
    """On the figures of now, as if the condition had already lasted."""
    found = findings(rule, Readings(timezone.now()))
    held = sorted((one for one in found if one.holds), key=urgency)
    if len(held) > MOST:
        raise AlertError(
            f"Cette règle donnerait aujourd’hui {format_integer(len(held))} alertes\u00a0: trop "
            "pour être lues. Choisissez un territoire, un produit ou une classe plus grave."
        )
    told = [named(rule, one) for one in held[:MOST_SHOWN]]
    if left := len(held) - len(told):
        told.append(f"et {format_integer(left)} autre{'s' if left > 1 else ''}.")
    sentences = [sentence_of(rule), *told, how_long(rule), who(rule)]
    return Preview(title_of(len(held)), sentences, warnings_of(found))


def title_of(count: int) -> str:
    if not count:
        return "Cette règle ne donnerait aucune alerte aujourd’hui"
    return (
        f"Cette règle donnerait aujourd’hui {format_integer(count)}\u00a0alerte"
        f"{'s' if count > 1 else ''}"
    )


def sentence_of(rule: AlertRule) -> str:
    return f"{rule_text(rule, subject_of(rule, subject_names()))}."


def named(rule: AlertRule, found: Found) -> str:
    """« Propofol, Bretagne : rupture, 0,4 jour »."""
    what = f"{found.subject_label}, {found.place.name}" if found.subject else found.place.name
    if rule.spreads:
        names = some(one["name"] for one in found.places)
        return f"{what}\u00a0: {places_word(rule, len(found.places))}, {names}."
    value = measure_of(rule.measure).text(found.value, found.level)
    level = f"{Level(found.level).label.lower()}, " if found.level else ""
    return f"{what}\u00a0: {level}{value}."


def how_long(rule: AlertRule) -> str:
    duration = duration_text(rule)
    opens = (
        f"Une alerte s’ouvre quand c’est vrai {duration}"
        if duration
        else "Une alerte s’ouvre dès que c’est vrai"
    )
    if not rule.calm_hours:
        return f"{opens}, et se ferme dès que ce ne l’est plus."
    hours = f"{rule.calm_hours}\u00a0heure{'s' if rule.calm_hours > 1 else ''}"
    return f"{opens}, et se ferme après {hours} de calme."


def who(rule: AlertRule) -> str:
    if rule.alert_scale == AlertScale.COUNTRY:
        return "Les courriels vont à la cellule nationale."
    return "Les courriels vont aux ARS des territoires touchés, selon leurs préférences."


def warnings_of(found: list[Found]) -> list[str]:
    if not found:
        return ["Aucune donnée aujourd’hui pour cette mesure\u00a0: l’aperçu ne peut rien dire."]
    unknown = sum(one.holds is None for one in found)
    if not unknown:
        return []
    s = "x" if unknown > 1 else ""
    return [f"{format_integer(unknown)} lieu{s} sans donnée\u00a0: rien ne s’y ouvre."]
