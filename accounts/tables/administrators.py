"""The screen of the APEs of a region: its filters, one for each column, and its table."""

from functools import reduce
from operator import and_

import django_tables2 as tables
from django import forms
from django.db.models import Q
from django.db.models.lookups import Contains
from django_tables2.data import TableData
from django_tables2.utils import OrderBy

from accounts.administrators import (
    ENTITY,
    LONELY_FIRST,
    SITE,
    Places,
    Situation,
    holders,
    lines_of,
    sites_within,
)
from accounts.models import User
from common.tables import CellColumn
from establishments.filters import aggregates
from establishments.models import Department
from establishments.models.directory import Words
from establishments.models.search import plain_words, search_condition
from establishments.perimeter import Perimeter

BY_APE = "ape"
ORDERS = {
    "name": ("sort_name", "finess"),
    "town": ("town", "sort_name"),
    BY_APE: LONELY_FIRST,
}


class AdministratorFilterForm(forms.Form):
    """What narrows the list; each field is a column."""

    recherche = forms.CharField(
        label="Établissement (nom ou FINESS)", max_length=100, required=False
    )
    nature = forms.ChoiceField(
        label="Nature",
        choices=[("", "Tous"), (SITE, "Établissements (ET)"), (ENTITY, "Entités sans site (EJ)")],
        required=False,
    )
    categorie = forms.ChoiceField(label="Catégorie", required=False)
    commune = forms.CharField(label="Commune", max_length=100, required=False)
    departement = forms.ModelChoiceField(
        label="Département",
        queryset=Department.objects.none(),
        required=False,
        empty_label="Tous",
    )
    entite = forms.CharField(label="Entité juridique", max_length=100, required=False)
    ape = forms.CharField(label="APE (nom ou adresse)", max_length=100, required=False)
    situation = forms.ChoiceField(
        label="Situation", choices=[("", "Toutes"), *Situation.choices], required=False
    )

    def __init__(self, *args, perimeter: Perimeter, **kwargs):
        super().__init__(*args, **kwargs)
        self.perimeter = perimeter
        self.fields["categorie"].choices = [
            ("", "Toutes"),
            *aggregates(among=sites_within(perimeter)),
        ]
        self.fields["departement"].queryset = Department.objects.filter(
            region__in=perimeter.region_codes
        )

    def narrow(self, places: Places) -> Places:
        """Keep what is asked for, of all the places of the perimeter."""
        chosen = self.chosen
        if situation := chosen.pop("situation", ""):
            places = places.standing(situation)
        return places.narrowed(_condition(chosen, SITE), _condition(chosen, ENTITY))

    @property
    def chosen(self) -> dict:
        """What was typed and is understood: a forged value narrows nothing."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PagesOfPlaces(TableData):
    """Ordered, counted and cut by the database; whole lines are read for one page only."""

    data: Places
    order: tuple[str, ...] = ()

    def __len__(self):
        return self.data.figures.places

    def __getitem__(self, page):
        return lines_of(self.data.keys(self.order, page))

    def order_by(self, aliases):
        self.order = tuple(
            f"-{column}" if order.is_descending else column
            for order in map(OrderBy, aliases)
            for column in ORDERS[order.bare]
        )


class AdministratorTable(tables.Table):
    """A line for each place, and one thing to do of it."""

    name = CellColumn(
        verbose_name="Établissement",
        template_name="plage/ape/place.html",
    )
    category = tables.Column("Catégorie", empty_values=(), orderable=False)
    town = CellColumn(
        verbose_name="Commune",
        template_name="plage/ape/town.html",
    )
    entity = CellColumn(
        verbose_name="Entité juridique", template_name="plage/ape/entity.html", orderable=False
    )
    ape = CellColumn(
        verbose_name="APE",
        template_name="plage/ape/people.html",
    )
    action = CellColumn(
        verbose_name="Action", template_name="plage/ape/action.html", orderable=False
    )

    class Meta:
        fields = ("name", "category", "town", "entity", "ape", "action")
        attrs = {"caption": "Administrateurs principaux d’établissement (APE)"}
        order_by = BY_APE
        empty_text = "Aucun établissement ne correspond."

    def render_category(self, record):
        return record.place.category.label if record.kind == SITE else "–"


def _of_town(value, kind):
    """By the index of words, which holds the town, then by the town alone."""
    words = f" {' '.join(plain_words(value))}"
    return Q(haystack__contains=words) & Contains(Words("town"), words)


def _of_kind(value, kind):
    return Q() if value == kind else Q(pk__in=[])


def _of_category(value, kind):
    """An entity without a site is of no category."""
    return Q(category__aggregate_code=value) if kind == SITE else Q(pk__in=[])


def _of_entity(value, kind):
    if kind == ENTITY:
        return search_condition(value)
    words = plain_words(value)
    found = reduce(and_, (Q(legal_entity__haystack__contains=f" {word}") for word in words), Q())
    return found | Q(legal_entity__finess__startswith="".join(words).upper())


def _of_ape(value, kind):
    """The places of the APEs found by name or address, by themselves or by their entity."""
    held = holders().filter(profile__user__in=User.objects.search(value))
    entities = held.filter(profile__legal_entity__isnull=False).values("profile__legal_entity")
    if kind == ENTITY:
        return Q(pk__in=entities)
    sites = held.filter(profile__establishment__isnull=False).values("profile__establishment")
    return Q(pk__in=sites) | Q(legal_entity__in=entities)


CONDITIONS = {
    "recherche": lambda value, kind: search_condition(value),
    "nature": _of_kind,
    "categorie": _of_category,
    "commune": _of_town,
    "departement": lambda value, kind: Q(department=value),
    "entite": _of_entity,
    "ape": _of_ape,
}


def _condition(chosen: dict, kind: str) -> Q:
    return reduce(and_, (CONDITIONS[name](value, kind) for name, value in chosen.items()), Q())
