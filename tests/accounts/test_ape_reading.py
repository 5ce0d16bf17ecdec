"""The places of « Gestion des APE », read by the database, are those of a plain definition."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from accounts.administrators import LONELY_FIRST, Situation, places_within
from accounts.models import Habilitation, Invitation, Profile
from accounts.tables.administrators import ORDERS, PagesOfPlaces
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Perimeter
from tests.accounts.test_ape import ask_for_ape
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
TOWNS = ("BLOIS", "Orléans", "orleans")
DEEDS = ("held", "asked", "invited", "expired")


def invite_on(place, ends_in_days):
    now = timezone.now()
    field = "establishment" if isinstance(place, Establishment) else "legal_entity"
    Invitation.objects.create(
        **{field: place},
        email=f"a{Invitation.objects.count()}@ch.example",
        level="ars",
        invited_by=make_user(),
        sent_at=now,
        expires_at=now + timedelta(days=ends_in_days),
    )


def do(deed, place):
    match deed:
        case "held":
            make_person("APE", on=place)
        case "asked":
            ask_for_ape(place)
        case "invited":
            invite_on(place, 2)
        case "expired":
            invite_on(place, -2)


@pytest.fixture
def perimeter():
    """Every mixture of deeds on a site, on its entity, and on an entity without a site."""
    for number, chosen in enumerate(product((True, False), repeat=len(DEEDS))):
        deeds = [deed for deed, is_chosen in zip(DEEDS, chosen, strict=True) if is_chosen]
        names = {"name": f"Hôpital {number % 5}", "town": TOWNS[number % 3]}
        alone, sister = make_establishment(**names), make_establishment(**names)
        group = make_legal_entity(**names)
        for deed, place in product(deeds, (alone, sister.legal_entity, group)):
            do(deed, place)
    make_person("APE", on=make_establishment(closed_on=timezone.localdate()))
    far = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    make_person("APE", on=make_establishment(department=far))
    make_legal_entity(far)
    return Perimeter(region_codes=frozenset({alone.region_id}))


def plainly(perimeter):
    """Each place with what is there, asked for one by one."""
    inside = {"closed_on": None, "region__in": perimeter.region_codes}
    sites = list(Establishment.objects.filter(**inside))
    entities = [
        one
        for one in LegalEntity.objects.filter(**inside)
        if not one.establishments.filter(closed_on=None).exists()
    ]
    return [(place, there(place)) for place in (*sites, *entities)]


def there(place):
    is_site = isinstance(place, Establishment)
    on = [{"legal_entity": place.legal_entity if is_site else place}]
    on += [{"establishment": place}] if is_site else []
    rights = Habilitation.objects.filter(
        role="administrator", profile__in=[one for by in on for one in Profile.objects.filter(**by)]
    )
    ends = [one.expires_at for by in on for one in Invitation.objects.filter(**by)]
    now = timezone.now()
    return {
        "held": rights.filter(state="active").exists(),
        "asked": rights.filter(state="pending").exists(),
        "invited": any(one > now for one in ends),
        "expired": any(one <= now for one in ends),
    }


def is_in(situation, found):
    is_quiet = not (found["held"] or found["asked"])
    return {
        Situation.LONELY: not found["held"],
        Situation.IDLE: not any(found.values()),
        Situation.ASKED: found["asked"],
        Situation.INVITED: is_quiet and found["invited"],
        Situation.EXPIRED: is_quiet and found["expired"] and not found["invited"],
        Situation.HELD: found["held"],
    }[situation]


def numbers(keys):
    return [(key.kind, key.number) for key in keys]


def in_order(places, columns=LONELY_FIRST, reverse=False):
    def columns_of(one):
        place, found = one
        values = {"has_ape": found["held"]}
        return [values.get(name, getattr(place, name, None)) for name in columns]

    return sorted(places, key=columns_of, reverse=reverse)


def named(places):
    return [("ET" if isinstance(place, Establishment) else "EJ", place.pk) for place, _ in places]


def test_each_situation_is_that_of_the_plain_definition(perimeter):
    places, expected = places_within(perimeter), in_order(plainly(perimeter))
    assert numbers(places.keys()) == named(expected)
    for situation in Situation:
        kept = [one for one in expected if is_in(situation, one[1])]
        assert numbers(places.standing(situation).keys()) == named(kept) != [], situation
    assert places.figures == (
        len(expected),
        sum(is_in(Situation.LONELY, found) for _, found in expected),
        sum(is_in(Situation.IDLE, found) for _, found in expected),
    )


@pytest.mark.parametrize("sort", ["name", "-name", "town", "-town", "ape", "-ape"])
def test_each_order_is_that_of_a_stable_sort(perimeter, sort):
    pages = PagesOfPlaces(places_within(perimeter))
    pages.order_by((sort,))
    first = in_order(plainly(perimeter))
    expected = named(in_order(first, ORDERS[sort.lstrip("-")], reverse=sort[0] == "-"))
    shown = [(line.kind, line.place.pk) for line in pages[0 : len(expected)]]
    assert shown == expected
    assert [(line.kind, line.place.pk) for line in pages[7:12]] == expected[7:12]


def test_a_line_tells_what_is_on_its_place_and_on_its_entity(perimeter):
    pages = PagesOfPlaces(places_within(perimeter))
    found = {(place._meta.label, place.pk): there(place) for place, _ in plainly(perimeter)}
    for line in pages[0 : len(pages)]:
        expected = found[line.place._meta.label, line.place.pk]
        assert bool(line.held) is expected["held"]
        assert bool(line.asked) is expected["asked"]
        assert bool(line.invited) is (expected["invited"] or expected["expired"])
