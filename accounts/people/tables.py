"""The accounts of a perimeter: on the page, and as a file with the same columns and more."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django_tables2.data import TableQuerysetData

from accounts.models import Domain, Profile, Role, User
from accounts.people.reading import (
    HELD,
    Search,
    holders_found,
    people_found,
    profiles_found,
    with_profiles,
)
from common.identifiers import format_finess
from common.tables import CellColumn

CELLS = "plage/people_cells"
HEADERS = (
    "Nom",
    "Prénom",
    "Identifiant",
    "Adresse électronique",
    "Téléphone",
    "FINESS",
    "Entité",
    "Commune",
    "État du profil",
    "Habilitations",
    "Adresse du profil",
    "Dernière connexion",
    "Compte créé le",
)


class PeopleTable(tables.Table):
    """One line for each person, with what they hold within reach."""

    person = CellColumn(
        template_name=f"{CELLS}/person.html", verbose_name="Personne", orderable=False
    )
    profiles = CellColumn(
        template_name=f"{CELLS}/profiles.html",
        verbose_name="Profils et habilitations",
        orderable=False,
        attrs={"td": {"class": "app-large"}},
    )
    last_login = CellColumn(
        template_name=f"{CELLS}/last_login.html",
        verbose_name="Dernière connexion",
        orderable=False,
        attrs={"td": {"class": "app-nb"}},
    )

    class Meta:
        template_name = "django_tables2/dsfr.html"
        attrs = {"caption": "Comptes"}
        empty_text = "Aucun compte."


class PeopleData(TableQuerysetData):
    """The accounts found; those of a page bring their profiles in two more queries."""

    def __init__(self, user: User, search: Search) -> None:
        super().__init__(with_profiles(people_found(user, search), user))
        self.holders = holders_found(user, search)

    def __len__(self) -> int:
        return self.count

    @cached_property
    def count(self) -> int:
        return self.data.count() if self.holders is None else self.holders.count()


def file_rows(user: User, search: Search) -> Iterator[tuple[Any, ...]]:
    """One line for each profile within reach, by name, straight from the database."""
    (profiles,) = profiles_found(user, search)
    if search.text:
        profiles = profiles.filter(user__in=User.objects.search(search.text))
    held = Concat("habilitations__domain", Value("|"), "habilitations__role")
    rows = profiles.annotate(
        held=ArrayAgg(held, filter=Q(habilitations__state__in=HELD), default=Value([])),
    ).order_by("user__last_name", "user__first_name", "user", "pk")
    states = dict(Profile.State.choices)
    for row in rows.values_list(*COLUMNS).iterator(chunk_size=2000):
        *person, site, entity, names, towns, state, rights, email, last_login, joined = _packed(row)
        number = site or entity
        yield (
            *person,
            format_finess(number) if number else "",
            next(filter(None, names), ""),
            next(filter(None, towns), ""),
            states[state],
            ", ".join(sorted(_right_text(one) for one in rights)),
            email,
            last_login,
            joined,
        )


COLUMNS = (
    "user__last_name",
    "user__first_name",
    "user__username",
    "user__email",
    "user__phone",
    "establishment__finess",
    "legal_entity__finess",
    "establishment__name",
    "legal_entity__name",
    "body__name",
    "establishment__town",
    "legal_entity__town",
    "state",
    "held",
    "email",
    "user__last_login",
    "user__date_joined",
)


def _packed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The three names and the two towns of an entity, together."""
    return (*row[:7], row[7:10], row[10:12], *row[12:])


def _right_text(value: str) -> str:
    domain, _, role = value.partition("|")
    return f"{Domain(domain).label} : {Role(role).label}"
