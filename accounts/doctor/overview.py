"""« Ce que vous pouvez faire aujourd’hui »: each application, where, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.doctor.application import Application, Place
from accounts.doctor.case import Case, Facts, Person
from accounts.doctor.condition import Condition, and_others
from accounts.doctor.diagnosis import LAST, conditions_of
from accounts.grants import kind_of
from accounts.models import Profile

PLACES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One application in one state: where, and what is missing there."""

    label: str
    where: str
    css: str
    missing: str
    url: str

    @property
    def word(self) -> str:
        return {"ok": "Oui", "attente": "Pas encore", "erreur": "Non"}[self.css]


def overview(person: Person, applications: Iterable[Application], facts: Facts) -> list[Line]:
    """From the profiles already read: the same number of statements whatever their number."""
    lines = []
    for application in applications:
        groups: dict[tuple[str, str], list[tuple[str, Place | None]]] = {}
        for profile, place in places_of(person, application):
            case = Case(person, application, place, facts)
            unmet = [one for one in conditions_of(case) if not one.is_met]
            groups.setdefault((state_of(unmet), missing_in(unmet)), []).append(
                (str(profile.entity), place)
            )
        lines += [_line(application, *key, found) for key, found in groups.items()]
    return lines


def places_of(person: Person, application: Application) -> list[tuple[Profile, Place | None]]:
    """The entities of one's living profiles from which the application is used."""
    return [
        (profile, profile.establishment or profile.legal_entity)
        for profile in person.living
        if application.rights_on(kind_of(profile))
    ]


def state_of(unmet: list[Condition]) -> str:
    if all(one.key == "use" for one in unmet):  # one click away, with what they hold already
        return "ok"
    asked = [one for one in unmet if one.key != LAST] or unmet
    return "attente" if all(one.waits for one in asked) else "erreur"


def missing_in(unmet: list[Condition]) -> str:
    """What is still to be asked for, before what waits already; « rien » when all is there."""
    ranked = sorted(unmet, key=lambda one: (one.key == LAST, one.waits))
    return next((one.short for one in ranked if one.short), "rien")


def _line(
    application: Application, css: str, missing: str, found: list[tuple[str, Place | None]]
) -> Line:
    names = list(dict.fromkeys(name for name, _ in found))
    more = len(names) - PLACES_NAMED
    where = ", ".join(names[:PLACES_NAMED]) + and_others(more)
    query = {"application": application.key}
    if place := found[0][1]:
        query["etablissement"] = place.finess
    return Line(application.label, where, css, missing, f"{reverse('access')}?{urlencode(query)}")
