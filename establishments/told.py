"""What of the journal is told on the home page of those it concerns: each app lists its verbs.

An app offers ``TOLD`` in its module ``told``; ``config`` reads the journal once for all of them.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from string import Formatter
from typing import Any

from django.utils import timezone
from django.utils.html import format_html

from common.numbers import format_integer
from establishments.perimeter import Action

NO_BREAK = "\u00a0"
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


class Scope(StrEnum):
    """Why an entry concerns somebody, the nearest first."""

    SELF = "self"  # it is about their own account
    SITE = "site"  # it happened in one of their own places
    TERRITORY = "territory"  # in the region or the department that they follow
    COUNTRY = "country"  # anywhere, for who follows the country
    REGION = "region"  # it is about the whole region where one's profile is
    EVERYBODY = "everybody"  # it has no place: a list, a rule


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry of the journal as a sentence may quote it.

    ``subject`` is what follows the identifier in « identifiant · profil »; ``person`` is who that
    identifier is. ``details`` hold the days and moments as they are read.
    """

    at: datetime
    who: str
    target: str
    place: str = ""
    region: str = ""
    person: str = ""
    finess: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return self.target.partition(" · ")[2] or self.target


@dataclass(frozen=True, slots=True)
class Told:
    """How an action is told to those who may do one of ``to`` where it happened.

    ``also``: one of these besides, when ``to`` is of several domains (mutual aid).
    ``sentence`` quotes a ``Fact`` and the details by their names: « {who} a modifié {target} ». Of
    one ``family`` about the same thing, the latest alone is told.
    ``only``: details that the entry must have to be told at all.
    """

    verb: str
    scopes: Collection[Scope]
    to: tuple[Action, ...]
    sentence: str
    url: Callable[[Fact], str] | None = None
    link_label: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    also: tuple[Action, ...] = ()

    def text(self, fact: Fact) -> str:
        """The sentence with its words escaped; a detail that is missing is left blank."""
        names = {name for _, name, *_ in Formatter().parse(self.sentence) if name}
        words = {name: words_of(fact.details.get(name, "")) for name in names}
        own = {
            name: getattr(fact, name)
            for name in names & {"who", "target", "place", "region", "person", "subject"}
        }
        return format_html(self.sentence, **(words | own))

    def concerns(self, fact: Fact) -> bool:
        return all(fact.details.get(name) == value for name, value in self.only.items())


def words_of(value: Any) -> str:
    """« 23/11 » for a day, « 23/11 à 9 h 05 » for a moment, « 1 000 », names between commas."""
    if isinstance(value, list):
        return ", ".join(map(words_of, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return format_integer(value)
    text = str(value) if value is not None else ""
    if DAY.fullmatch(text):
        return f"{date.fromisoformat(text):%d/%m}"
    if MOMENT.fullmatch(text):
        at = timezone.localtime(datetime.fromisoformat(text))
        return f"{at:%d/%m} à {at.hour}{NO_BREAK}h{NO_BREAK}{at:%M}"
    return text
