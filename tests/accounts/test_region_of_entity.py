"""The region beside a profile, an invitation or a token is that of its entity, whatever happens."""

from contextlib import contextmanager
from itertools import product

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.models import AccessRequest, ApiToken, Invitation, Profile
from accounts.models.entity import inside
from accounts.services.requests import ask_profile
from establishments.finess.importing import import_files
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.perimeter import Action, Perimeter
from establishments.services.reference import load_territories
from tests.builders import (
    make_body,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.establishments.files import entity_line, number, site_line, write
from tests.locks import before_another
from tests.rights import INVENTORY

pytestmark = pytest.mark.django_db
PLACES = {
    "establishment": make_establishment,
    "legal_entity": make_legal_entity,
    "body": lambda: make_body("ars", region=make_region()),
}
OTHERS = {
    Profile: lambda user: {"user": user},
    Invitation: lambda user: {"email": user.email, "level": "ars", "invited_by": user},
    ApiToken: lambda user: {"label": "portail", "digest": user.email, "scopes": []},
}
REGION = Coalesce("establishment__region", "legal_entity__region", "body__region")
each_place = pytest.mark.parametrize("kind", PLACES)
each_model = pytest.mark.parametrize("model", OTHERS, ids=lambda model: model.__name__)


@pytest.fixture
def normandy():
    return make_region("28", "Normandie")


def stale():
    """The rows whose region is not that of their entity: there must never be any."""
    return [
        row
        for model in OTHERS
        for row in model.objects.annotate(true=REGION).exclude(region=F("true"))
        if row.region_id != row.true
    ]


def row_on(model, kind, place):
    return model(**{kind: place}, **OTHERS[model](make_user()))


def one_on_each(kind, place):
    for model in OTHERS:
        row_on(model, kind, place).save()


@each_place
@each_model
def test_it_is_there_however_the_row_is_written(model, kind):
    row_on(model, kind, PLACES[kind]()).save()
    model.objects.bulk_create([row_on(model, kind, PLACES[kind]())])
    assert set(model.objects.values_list("region", flat=True)) == {"24"}


def test_of_an_entity_without_a_region_there_is_none():
    one_on_each("establishment", make_establishment(region=None))
    one_on_each("body", make_body("national"))
    for model in OTHERS:
        assert set(model.objects.values_list("region", flat=True)) == {None}


@each_place
def test_it_follows_the_entity_that_changes_region(kind, normandy):
    place, model = PLACES[kind](), type(PLACES[kind]())
    one_on_each(kind, place)
    one_on_each("legal_entity", make_legal_entity())
    for change in (
        lambda: model.objects.filter(pk=place.pk).update(region=normandy),
        lambda: model.objects.filter(pk=place.pk).update(region=None),
        lambda: model.objects.bulk_update([place], ["region"]),
    ):
        if model is AdministrativeBody:
            model.objects.filter(pk=place.pk).update(kind="spf")  # an ARS always has a region
        change()
        region = model.objects.get(pk=place.pk).region_id
        held = [one.objects.filter(**{kind: place}).get().region_id for one in OTHERS]
        assert held == [region] * 3
        assert stale() == []


@each_model
def test_it_follows_the_row_that_changes_entity(model, normandy):
    row = row_on(model, "establishment", make_establishment())
    row.save()
    elsewhere = make_legal_entity(make_department("14", "Calvados", region=normandy))
    model.objects.update(establishment=None, legal_entity=elsewhere)
    assert model.objects.get().region == normandy
    row.save()  # read before: it writes all that it held
    assert model.objects.get().region_id == "24"


@each_model
def test_another_region_is_not_written(model, normandy):
    row = row_on(model, "establishment", make_establishment())
    row.region = normandy
    row.save()
    model.objects.update(region=normandy)
    assert model.objects.get().region_id == "24"
    assert stale() == []


def test_an_import_of_finess_brings_it_along(tmp_path):
    """The file says where a place is: a department written by hand is put right, its region too."""
    load_territories()
    entity, site = number(1), number(2)
    path = write(tmp_path / "finess.csv", entity_line(entity), site_line(site, entity))

    def bring_in():
        import_files({path.name: path}, apply=True, allow_closures=True)

    bring_in()
    one_on_each("establishment", Establishment.objects.get(finess=site))
    one_on_each("legal_entity", LegalEntity.objects.get(finess=entity))
    for place in Establishment, LegalEntity:
        place.objects.update(department="14", region="28")
    assert regions() == {"28"}
    bring_in()
    assert Establishment.objects.get(finess=site).region_id == "24"
    assert regions() == {"24"}


def regions():
    return {one for model in OTHERS for one in model.objects.values_list("region", flat=True)}


def test_the_former_region_no_longer_decides_and_the_new_one_does(normandy):
    site = make_establishment()
    former, new = (make_person("ARA", on=one) for one in (make_region(), normandy))
    asked = ask_profile(make_user(), site, [INVENTORY])
    assert AccessRequest.objects.to_decide(former).get() == asked
    Establishment.objects.filter(pk=site.pk).update(region=normandy)
    for person, found in ((former, []), (new, [asked])):
        assert list(AccessRequest.objects.to_decide(person)) == found
        profiles = Profile.objects.for_user(person, to=Action.ACC_READ)
        assert profiles.filter(establishment=site).count() == len(found)


def test_a_row_at_hand_is_inside_when_a_statement_finds_it(normandy):
    calvados = make_department("14", "Calvados", region=normandy)
    places = [one() for one in PLACES.values()]
    places += [make_establishment(), make_establishment(department=calvados)]
    places += [make_establishment(region=None), make_body("spf"), make_body("ars", region=normandy)]
    profiles = [make_profile(make_user(), one) for one in places]
    parts = {
        "region_codes": ("24", "28"),
        "department_codes": ("45", "14"),
        "legal_entity_ids": (places[1].pk, places[3].legal_entity_id),
        "establishment_ids": (places[0].pk, places[4].pk),
    }
    choices = [
        [frozenset(), *map(lambda one: frozenset({one}), values)] for values in parts.values()
    ]
    for chosen in [*product(*choices), None]:
        perimeter = Perimeter(*((False, *chosen) if chosen else (True,)))
        found = set(Profile.objects.filter(inside(perimeter)))
        assert found == {one for one in profiles if one.is_inside(perimeter)}, perimeter


def test_no_change_of_a_profile_is_told_in_its_history(normandy):
    site = make_establishment()
    profile = make_profile(make_user(), site)
    Establishment.objects.filter(pk=site.pk).update(region=normandy)
    assert profile.events.count() == 1


@contextmanager
def lock_of(site):
    """Somebody else is changing the region of a place; nobody here waits for long."""
    other = connection.copy()
    try:
        with connection.cursor() as here, other.cursor() as cursor:
            here.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("BEGIN")
            sql = "SELECT FROM establishments_establishment WHERE id = %s FOR UPDATE"
            cursor.execute(sql, [site.pk])
            yield
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_profile_written_while_the_region_changes_takes_the_new_one(normandy):
    site, user = make_establishment(), make_user()
    with before_another(lambda: make_profile(user, site)):
        Establishment.objects.filter(pk=site.pk).update(region=normandy)
    assert Profile.objects.get().region == normandy


@pytest.mark.django_db(transaction=True)
def test_a_region_that_changes_while_a_profile_is_written_reaches_it(normandy):
    site, user = make_establishment(), make_user()
    rows = Establishment.objects.filter(pk=site.pk)
    with before_another(lambda: rows.update(region=normandy)):
        make_profile(user, site)
    assert Profile.objects.get().region == normandy


@pytest.mark.django_db(transaction=True)
def test_a_profile_saved_while_the_region_changes_neither_waits_nor_makes_it_wait(normandy):
    """Were its entity locked at each save, each would end up waiting for the other."""
    site, user = make_establishment(), make_user()
    profile = Profile.objects.get(pk=make_profile(user, site).pk)
    with transaction.atomic(), lock_of(site):
        profile.phone = "02 00 00 00 00"
        profile.save()
    Establishment.objects.filter(pk=site.pk).update(region=normandy)
    profile.save()
    assert Profile.objects.get().region == normandy


@pytest.mark.django_db(transaction=True)
def test_what_else_changes_of_the_entity_keeps_nobody_waiting():
    site, user = make_establishment(), make_user()
    with transaction.atomic():
        make_profile(user, site)
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute(
                    "UPDATE establishments_establishment SET name = 'B', region_id = region_id"
                    " WHERE id = %s",
                    [site.pk],
                )
        finally:
            other.close()
    assert Establishment.objects.get().name == "B"
