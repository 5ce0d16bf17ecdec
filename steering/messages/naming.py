"""To whom a message goes, in words, for its page, its preview and its file."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.numbers import format_integer
from establishments.models import Department, EstablishmentCategory, Region
from steering.messages.roles import RIGHTS, label_of
from steering.models import Message
from steering.services.message_rules import Reach

EVERY_ROLE = "Toutes les personnes habilitées des établissements"


@dataclass(frozen=True, slots=True)
class Recipients:
    """Roles, then categories of establishments, then places; no category: whichever."""

    roles: Sequence[str]
    categories: Sequence[str]
    places: Sequence[str]


def recipients_of(message: Message) -> Recipients:
    roles = [label_of(key) for key in RIGHTS if key in message.roles]
    if not roles and message.category_codes:
        roles = [EVERY_ROLE]
    categories = EstablishmentCategory.objects.filter(pk__in=message.category_codes)
    places = ["France entière"] if message.is_countrywide else _places(message)
    return Recipients(roles, [one.label for one in categories], places)


def _places(message: Message) -> list[str]:
    found = []
    if codes := message.region_codes:
        found += [str(one) for one in Region.objects.filter(pk__in=codes)]
    if codes := message.department_codes:
        found += [str(one) for one in Department.objects.filter(pk__in=codes)]
    return found


def reach_text(reach: Reach) -> str:
    """« 412 personnes dans 187 établissements et 3 services »."""
    people = _counted(reach.people, "personne")
    parts = []
    if reach.sites:
        parts.append(_counted(reach.sites, "établissement"))
    if reach.bodies:
        parts.append(_counted(reach.bodies, "service"))
    return f"{people} dans {' et '.join(parts)}" if parts else people


def late_text(message: Message, count: int) -> str:
    """« 3 personnes n’ont pas dit l’avoir pris en compte. »"""
    have = "ont" if count > 1 else "a"
    said = (
        f"n’{have} pas dit l’avoir pris en compte"
        if message.is_for_action
        else (f"ne l’{have} pas ouvert")
    )
    return f"{_counted(count, 'personne')} {said}."


def _counted(count: int, word: str) -> str:
    return f"{format_integer(count)}\u00a0{word}{'s' if count > 1 else ''}"
