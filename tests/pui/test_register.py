"""The register of pharmacies: created, described by several people, closed, open again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from common.weeks import PARIS
from journal.models import Entry
from medications.calendar import calendar_of
from pui.history import changes_of, version_of
from pui.models import Pui, ServedEstablishment
from pui.services.closing import close_pui, reopen_pui
from pui.services.register import (
    ChangedMeanwhileError,
    RegisterError,
    create_pui,
    describe_pui,
    serving_pui,
)
from pui.services.served import declare_served, end_served
from tests.builders import make_establishment, make_legal_entity, make_person, make_region
from tests.pui.builders import make_followed, make_list, make_pui, make_transmission

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DELIVERY = {"address": "12 rue des Lilas", "postal_code": "45000", "town": "Orléans"}


@pytest.fixture
def site():
    return make_establishment(address="12 RUE DES LILAS", postal_code="45000")


@pytest.fixture
def gf(site):
    return make_person("GF", on=site)


@pytest.fixture
def pui(site, gf):
    return create_pui(by=gf, site=site, values={"label": "PUI CH Blois", **DELIVERY})


def test_the_gf_creates_several_pharmacies_of_one_establishment(site, gf, pui):
    create_pui(by=gf, site=site, values={"label": "PUI de la Rive", **DELIVERY})
    assert site.puis.count() == 2
    assert Entry.objects.filter(verb="pui.created", finess=site.finess).count() == 2
    assert pui.opened_on == TODAY()


def test_two_open_pharmacies_of_a_site_have_two_labels_whatever_the_accents(site, gf, pui):
    with pytest.raises(RegisterError, match="porte déjà le libellé"):
        create_pui(by=gf, site=site, values={"label": "pui ch blois"})
    assert site.puis.count() == 1


def test_nobody_creates_a_pharmacy_elsewhere_nor_on_a_closed_site(site, gf):
    with pytest.raises(RegisterError, match="ne permet pas"):
        create_pui(by=gf, site=make_establishment(), values={"label": "PUI"})
    site.closed_on = TODAY()
    site.save()
    with pytest.raises(RegisterError, match="fermé dans FINESS"):
        create_pui(by=gf, site=site, values={"label": "PUI"})
    assert not Pui.objects.exists()


def test_the_ars_creates_one_in_its_region_only(site):
    ars = make_person("ARA")
    assert create_pui(by=ars, site=site, values={"label": "PUI du CH"})
    other = make_person("ARA", on=make_region("11", "Île-de-France"))
    with pytest.raises(RegisterError):
        create_pui(by=other, site=site, values={"label": "PUI bis"})


def test_another_address_than_the_sites_says_why(site, gf):
    elsewhere = DELIVERY | {"label": "PUI", "address": "3 quai de la Loire"}
    with pytest.raises(RegisterError, match="dites pourquoi"):
        create_pui(by=gf, site=site, values=elsewhere)
    told = elsewhere | {"address_reason": "Quai de livraison derrière le bâtiment C"}
    assert create_pui(by=gf, site=site, values=told).address == "3 quai de la Loire"


@pytest.mark.parametrize(
    ("address", "town"),
    [("12, rue des lilas", "ORLEANS"), ("12 Rue des Lilas", "Orléans CEDEX 2")],
)
def test_the_same_address_written_otherwise_needs_no_reason(site, gf, address, town):
    values = {"label": "PUI", "address": address, "postal_code": "45000", "town": town}
    assert create_pui(by=gf, site=site, values=values)


def test_a_fictitious_number_has_no_address_to_compare_with():
    service = make_establishment(name="SDIS de test", address="")
    pharmacist = make_person("GF", on=service)
    assert create_pui(by=pharmacist, site=service, values={"label": "PUI du SIS", **DELIVERY})


def test_two_people_changing_two_fields_both_stay(pui, gf):
    seen = version_of(pui)
    describe_pui(by=gf, pui=pui, values={"opening_hours": "8 h à 12 h"}, seen=seen)
    values = {"opening_hours": "", "contact_phone": "02 38 00 00 00"}
    describe_pui(by=gf, pui=pui, values=values, seen=seen)
    pui.refresh_from_db()
    assert (pui.opening_hours, pui.contact_phone) == ("8 h à 12 h", "02 38 00 00 00")


def test_the_second_of_two_people_on_one_field_is_told_and_loses_nothing(pui, gf):
    seen = version_of(pui)
    describe_pui(by=gf, pui=pui, values={"opening_hours": "8 h à 12 h"}, seen=seen)
    with pytest.raises(ChangedMeanwhileError, match="horaires de réception") as conflict:
        describe_pui(by=gf, pui=pui, values={"opening_hours": "9 h à 17 h"}, seen=seen)
    assert conflict.value.fields == ["opening_hours"]
    pui.refresh_from_db()
    assert pui.opening_hours == "8 h à 12 h"


def test_the_history_says_who_changed_what(pui, gf):
    describe_pui(by=gf, pui=pui, values={"opening_hours": "8 h à 12 h"}, seen=version_of(pui))
    changed, created = changes_of(pui)
    assert created.what == "Création de la PUI"
    assert [(one.label, one.before, one.after) for one in changed.values] == [
        ("horaires de réception", "vide", "8 h à 12 h")
    ]


def test_saying_the_same_writes_nothing(pui, gf):
    seen = version_of(pui)
    describe_pui(by=gf, pui=pui, values={"label": "PUI CH Blois"}, seen=seen)
    assert version_of(pui) == seen
    assert not Entry.objects.filter(verb="pui.described").exists()


def test_a_pharmacy_moves_inside_its_legal_entity_only():
    entity = make_legal_entity()
    first, second = make_establishment(entity), make_establishment(entity)
    gf = make_person("GF", on=entity)
    pui = create_pui(by=gf, site=first, values={"label": "PUI"})
    moved = describe_pui(
        by=gf, pui=pui, values={"establishment_id": second.pk}, seen=version_of(pui)
    )
    assert moved.establishment_id == second.pk
    ars = make_person("ARA")
    stranger = {"establishment_id": make_establishment().pk}
    with pytest.raises(RegisterError, match="même entité juridique"):
        describe_pui(by=ars, pui=moved, values=stranger, seen=version_of(moved))


def test_closing_keeps_the_declarations_and_ends_whom_it_serves(pui, gf):
    now = timezone.now().astimezone(PARIS)
    due = calendar_of(make_list()).expected(now).due_on
    make_transmission(pui, {make_followed(): (10, 1)}, by=gf, due_on=due, now=now)
    served = make_establishment(name="EHPAD Les Tilleuls")
    declare_served(by=gf, pui=pui, establishment=served, starts_on=TODAY())
    closing = close_pui(by=gf, pui=pui, on=TODAY(), reason="Regroupement des sites")
    assert closing.no_longer_served == [served]
    assert pui.transmissions.count() == 1
    assert ServedEstablishment.objects.get().ends_on == TODAY()
    assert "Fermeture de la PUI" in [one.what for one in changes_of(pui)]


def test_a_pharmacy_does_not_close_before_it_last_declared_nor_tomorrow(pui, gf):
    now = timezone.now().astimezone(PARIS)
    due = calendar_of(make_list()).expected(now).due_on
    make_transmission(pui, {make_followed(): (10, 1)}, by=gf, due_on=due, now=now)
    Pui.objects.update(opened_on=date(2020, 1, 1))
    with pytest.raises(RegisterError, match="a transmis un stock"):
        close_pui(by=gf, pui=pui, on=TODAY() - timedelta(1), reason="Fin")
    with pytest.raises(RegisterError, match="à venir"):
        close_pui(by=gf, pui=pui, on=TODAY() + timedelta(1), reason="Fin")
    with pytest.raises(RegisterError, match="Dites pourquoi"):
        close_pui(by=gf, pui=pui, on=TODAY(), reason=" ")
    pui.refresh_from_db()
    assert pui.is_open


def test_the_database_and_a_row_say_alike_on_which_days_a_pharmacy_was_open(site):
    """It has to declare the due day on which it closes, and that on which it opens."""
    first, closing, away, reopening = (date(2020, 11, day) for day in (3, 12, 6, 9))
    for label, fields in {
        "A": {},
        "B": {"opened_on": first},
        "C": {"opened_on": first, "closed_on": closing},
        "D": {"last_closed_on": away, "reopened_on": reopening},
        "E": {"last_closed_on": away, "reopened_on": reopening, "closed_on": closing},
    }.items():
        make_pui(label, on=site, **fields)
    puis = list(Pui.objects.all())
    for day in (date(2020, 11, number) for number in range(1, 16)):
        found = {one.label for one in Pui.objects.open_on(day)}
        assert found == {one.label for one in puis if one.was_open_on(day)}
    assert {one.label for one in puis if one.was_open_on(closing)} == {"A", "B", "C", "D", "E"}
    assert {one.label for one in puis if one.was_open_on(date(2020, 11, 13))} == {"A", "B", "D"}


def test_a_closed_pharmacy_opens_again_with_its_past(pui, gf):
    close_pui(by=gf, pui=pui, on=TODAY(), reason="Erreur")
    reopen_pui(by=gf, pui=pui)
    pui.refresh_from_db()
    assert (pui.is_open, pui.closing_reason) == (True, "")
    assert [one.what for one in changes_of(pui)] == [
        "Réouverture de la PUI",
        "Fermeture de la PUI",
        "Création de la PUI",
    ]


def test_a_closed_pharmacy_whose_label_was_taken_does_not_open_again(site, pui, gf):
    close_pui(by=gf, pui=pui, on=TODAY(), reason="Erreur")
    create_pui(by=gf, site=site, values={"label": "PUI CH Blois"})
    with pytest.raises(RegisterError, match="porte déjà le libellé"):
        reopen_pui(by=gf, pui=pui)


def test_a_served_establishment_is_told_which_pharmacy_declares(pui, gf):
    served = make_establishment(name="EHPAD Les Tilleuls")
    assert serving_pui(served, TODAY()) is None
    row = declare_served(by=gf, pui=pui, establishment=served, starts_on=TODAY())
    assert serving_pui(served, TODAY()) == pui
    assert serving_pui(served, TODAY() - timedelta(1)) is None
    end_served(by=gf, served=row, on=TODAY())
    assert serving_pui(served, TODAY() + timedelta(1)) is None
    assert list(Entry.objects.filter(verb__startswith="pui.served").values_list("verb", flat=True))


def test_an_establishment_with_its_own_pharmacy_is_served_by_nobody(pui, gf):
    other = make_pui("PUI de la Rive")
    with pytest.raises(RegisterError, match="a sa propre PUI"):
        declare_served(by=gf, pui=pui, establishment=other.establishment, starts_on=TODAY())
    ServedEstablishment.objects.create(
        pui=pui, establishment=other.establishment, starts_on=TODAY()
    )
    assert serving_pui(other.establishment, TODAY()) is None


def test_an_establishment_is_served_once_by_a_pharmacy_and_not_by_its_own_site(pui, gf, site):
    served = make_establishment()
    declare_served(by=gf, pui=pui, establishment=served, starts_on=TODAY())
    with pytest.raises(RegisterError, match="dessert déjà"):
        declare_served(by=gf, pui=pui, establishment=served, starts_on=TODAY())
    with pytest.raises(RegisterError, match="est le site de cette PUI"):
        declare_served(by=gf, pui=pui, establishment=site, starts_on=TODAY())


def test_only_who_holds_the_pharmacy_says_whom_it_serves(pui):
    served = make_establishment()
    with pytest.raises(RegisterError, match="ne permet pas"):
        declare_served(
            by=make_person("GF", on=served), pui=pui, establishment=served, starts_on=TODAY()
        )
    assert declare_served(by=make_person("ARA"), pui=pui, establishment=served, starts_on=TODAY())
