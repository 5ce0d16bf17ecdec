"""The profiles of a person and what they allow today, read in one statement at each request."""

from datetime import date
from functools import cache, cached_property
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, models
from django.utils import timezone
from psycopg.types.numeric import Int8

from accounts.models.entity import ENTITIES
from accounts.models.habilitation import Domain, Habilitation
from accounts.models.profile import Profile
from establishments.models import AdministrativeBody, Establishment, LegalEntity

PARTS: dict[str, type[models.Model]] = {
    "profile": Profile,
    "establishment": Establishment,
    "legal_entity": LegalEntity,
    "body": AdministrativeBody,
    "held": Habilitation,
}


class Held:
    """What one person holds ``today``: a row for each right in force, put together when asked."""

    def __init__(self, rows: list[tuple[Any, ...]], today: date) -> None:
        self._rows, self.today = rows, today

    @cached_property
    def profiles(self) -> list[Profile]:
        """The active profiles with their rights."""
        found: dict[int, Profile] = {}
        for row in self._rows:
            if row[0] is None:  # no profile at all: the row tells of the second factor alone
                continue
            if row[0] not in found:
                found[row[0]] = profile_of(row)
            if right := part_of(row, "held"):
                right.profile = found[row[0]]
                right.profile.rights.append(right)
        return list(found.values())

    @property
    def has_second_factor(self) -> bool:
        """An app or a key is asked for at each login; recovery codes alone are not one."""
        return any(row[-1] for row in self._rows)

    @property
    def reaches_beyond(self) -> bool:
        """Whether one of the roles held is regional or national."""
        body = column("profile", "body_id")
        return any(row[body] is not None for row in self._with_rights())

    @property
    def letter(self) -> str:
        """How far one reaches, in the letters of the access matrix: N, R, P; O, one’s account."""
        body, region = column("profile", "body_id"), column("body", "region_id")
        rights = self._with_rights()
        if any(row[body] is not None and row[region] is None for row in rights):
            return "N"
        if any(row[body] is not None for row in rights):
            return "R"
        return "P" if rights else "O"

    @property
    def administers(self) -> bool:
        """Whether one of the roles held is of the domain of administration."""
        domain = column("held", "domain")
        return any(row[domain] == Domain.ADMINISTRATION for row in self._with_rights())

    def _with_rights(self) -> list[tuple[Any, ...]]:
        held = column("held", "id")
        return [row for row in self._rows if row[held] is not None]


def held_by(user_id: int) -> Held:
    """As ``Profile.objects.usable().with_rights()``, without writing two queries each time."""
    today = timezone.localdate()
    with connection.prepared_cursor() as cursor:
        cursor.execute(statement(), {"today": today, "person": Int8(user_id)})
        return Held(cursor.fetchall(), today)


def profile_of(row: tuple[Any, ...]) -> Profile:
    profile: Profile = part_of(row, "profile")
    for name in ENTITIES:
        setattr(profile, name, part_of(row, name))
    profile.rights = []
    return profile


def part_of(row: tuple[Any, ...], part: str) -> Any:
    """The object of one part of a row; none where the join found nothing."""
    model, names, place = places()[part]
    values = row[place]
    return None if values[0] is None else model.from_db(connection.alias, names, values)


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """Those read at each request: not what the database derives for searches and sorts."""
    return [field for field in model._meta.concrete_fields if not field.generated]


@cache
def places() -> dict[str, tuple[type[models.Model], list[str], slice]]:
    """Where each part stands in a row: what it is, its fields, its columns."""
    found, start = {}, 0
    for part, model in PARTS.items():
        names = [field.attname for field in fields_of(model)]
        found[part] = (model, names, slice(start, start + len(names)))
        start += len(names)
    return found


@cache
def column(part: str, name: str) -> int:
    """Where one field of a part stands in a row."""
    _, names, place = places()[part]
    return place.start + names.index(name)


@cache
def columns_held() -> str:
    """What is read of the ``person`` of a statement that joins ``JOINS``, in one row per right."""
    columns = [
        f"{part}.{field.column}" for part, model in PARTS.items() for field in fields_of(model)
    ]
    has_factor = f"""EXISTS (
         SELECT FROM {Authenticator._meta.db_table} factor
          WHERE factor.user_id = person.id AND factor.type IN ('totp', 'webauthn'))"""
    return ", ".join([*columns, has_factor])


# in the order of the profiles, then of their rights; one parameter, the day
JOINS = """
  LEFT JOIN accounts_profile profile
         ON profile.user_id = person.id AND profile.state = 'active'
  LEFT JOIN establishments_establishment establishment
         ON establishment.id = profile.establishment_id
  LEFT JOIN establishments_legalentity legal_entity ON legal_entity.id = profile.legal_entity_id
  LEFT JOIN establishments_administrativebody body ON body.id = profile.body_id
  LEFT JOIN accounts_habilitation held
         ON held.profile_id = profile.id AND held.state = 'active'
        AND (held.starts_on IS NULL OR held.starts_on <= %(today)s)
        AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)"""
ORDER = "ORDER BY profile.id, held.domain, held.role"


@cache
def statement() -> str:
    return f"""
SELECT {columns_held()}
  FROM accounts_user person {JOINS}
 WHERE person.id = %(person)s
 {ORDER}
"""  # noqa: S608 - the names of our own columns
