"""The pages of the register: who reads and writes what, what they say, the file they give."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.grants import SEVERAL_DOMAINS
from accounts.models import Domain
from journal.models import Entry
from pui.history import version_of
from pui.models import Pui, ServedEstablishment
from pui.register_table import REGISTER
from pui.sheet import INCOMPLETE, missing_of
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.pui.builders import make_followed, make_list, make_pui

pytestmark = pytest.mark.django_db
READERS = ["GF", "APE", "ARL", "ARA", "OMD", "NAT", "NAL"]
WHOLE = {
    "address": "12 rue des Lilas",
    "postal_code": "45000",
    "town": "Orléans",
    "delivery_terms": "Hayon",
    "opening_hours": "8 h à 16 h",
    "contact_phone": "02 38 00 00 00",
}


@pytest.fixture
def site():
    return make_establishment(
        name="Hôpital de la Rive", address="12 RUE DES LILAS", postal_code="45000"
    )


@pytest.fixture
def pui(site):
    return make_pui("PUI de la Rive", on=site, **WHOLE)


@pytest.fixture
def gf(client, site):
    client.user = make_person("GF", on=site)
    client.force_login(client.user)
    return client


def sent(pui, **changes):
    """What the form of a pharmacy sends."""
    fields = {"label": pui.label, "opened_on": "2020-01-01", "seen": version_of(pui)}
    return fields | WHOLE | changes


@pytest.mark.parametrize("code", READERS)
def test_each_role_of_the_matrix_reads_a_pharmacy_within_reach(client, pui, code):
    on = pui.establishment if code in ("GF", "APE") else None
    domain = Domain.DISPOSTOCK if code in SEVERAL_DOMAINS else None
    client.force_login(make_person(code, on=on, domain=domain))
    for name in ("detail", "sheet", "history"):
        assert client.get(reverse(f"pui:{name}", args=[pui.pk])).status_code == 200
    assert "PUI de la Rive" in client.get(reverse("pui:register")).text


def test_an_ars_reopens_a_due_day_of_a_pharmacy_that_never_transmitted(client, gf, pui):
    """The history of a pharmacy without transmission is empty: its sheet leads there too."""
    address = reverse("pui:transmission_reopen", args=["grippe", pui.pk])
    make_list("grippe")
    assert address not in gf.get(reverse("pui:detail", args=[pui.pk])).content.decode()
    client.force_login(make_person("ARA"))
    assert address in client.get(reverse("pui:detail", args=[pui.pk])).content.decode()
    assert client.get(address).status_code == 200


def test_out_of_reach_a_pharmacy_does_not_exist(client_for, pui):
    stranger = client_for("GF", on=make_establishment())
    other_region = client_for("ARA", on=make_region("11", "Île-de-France"))
    for name in ("detail", "edit", "close", "reopen", "served", "sheet", "history"):
        address = reverse(f"pui:{name}", args=[pui.pk])
        assert stranger.get(address).status_code == 404
        assert other_region.get(address).status_code == 404
    assert "PUI de la Rive" not in stranger.get(reverse("pui:register")).text


@pytest.mark.parametrize("code", ["APE", "ARL", "OMD", "NAT"])
def test_who_reads_without_writing_is_refused_with_a_sentence(client_for, pui, code):
    reader = client_for(code, on=pui.establishment if code == "APE" else None)
    for name in ("edit", "close", "served"):
        page = reader.post(reverse(f"pui:{name}", args=[pui.pk]))
        assert page.status_code == 403
        assert "ne vous permet pas de modifier une PUI" in page.text
    assert "Modifier la fiche" not in reader.get(reverse("pui:detail", args=[pui.pk])).text


def test_a_gf_of_one_site_goes_straight_to_the_form_with_its_address(gf, site):
    response = gf.get(reverse("pui:choose_site"), follow=True)
    assert response.redirect_chain[-1][0] == reverse("pui:create", args=[site.finess])
    assert response.context["form"]["address"].value() == "12 RUE DES LILAS"
    assert "Adresse du site dans FINESS" in response.text


def test_the_form_creates_the_pharmacy_and_says_what_comes_next(gf, site):
    address = reverse("pui:create", args=[site.finess])
    fields = WHOLE | {"label": "PUI CH Blois", "opened_on": "2026-01-01"}
    response = gf.post(address, fields, follow=True)
    assert "PUI CH Blois est créée" in response.text
    assert "La PUI PUI" not in response.text
    assert site.puis.get().town == "Orléans"


def test_another_address_is_refused_beside_its_field(gf, site):
    fields = WHOLE | {"label": "PUI", "opened_on": "2026-01-01", "address": "3 quai de la Loire"}
    response = gf.post(reverse("pui:create", args=[site.finess]), fields)
    assert response.status_code == 422
    assert "dites pourquoi" in str(response.context["form"].errors["address_reason"])
    assert not Pui.objects.exists()


def test_a_telephone_and_a_postal_code_are_read(gf, site):
    fields = WHOLE | {"label": "PUI", "opened_on": "2026-01-01"}
    wrong = fields | {"postal_code": "4500", "contact_phone": "à demander"}
    page = gf.post(reverse("pui:create", args=[site.finess]), wrong)
    assert set(page.context["form"].errors) == {"postal_code", "contact_phone"}
    assert "Code postal</a>, <a" in page.text


def test_an_entity_of_several_sites_chooses_where_the_pharmacy_stands(client):
    entity = make_legal_entity()
    first, second = make_establishment(entity), make_establishment(entity)
    make_pui("PUI du premier", on=first)
    client.force_login(make_person("GF", on=entity))
    page = client.get(reverse("pui:choose_site")).text
    assert page.count("Créer la PUI<") == 1
    assert page.count("Créer une autre PUI<") == 1
    assert reverse("pui:create", args=[second.finess]) in page


def test_a_group_without_a_site_is_told_what_finess_lacks(client):
    group = make_legal_entity(name="GCS Pharmacie du Val")
    client.force_login(make_person("GF", on=group))
    page = client.get(reverse("pui:choose_site")).text
    assert "n’a aucun site ouvert dans FINESS" in page
    assert "rattachée à l’entité juridique du groupement" in page


def test_the_pharmacy_of_a_group_belongs_to_the_entity_of_the_group(client):
    site = make_establishment(
        make_legal_entity(name="GCS Pharmacie du Val"), category=make_category("697", "GCS")
    )
    client.force_login(make_person("GF", on=site))
    page = client.get(reverse("pui:create", args=[site.finess])).text
    assert "est celle du groupement qui en tient l’autorisation" in page


def test_the_host_of_a_group_is_asked_whose_pharmacy_it_is(gf, site):
    group = make_establishment(
        make_legal_entity(name="GCS"),
        category=make_category("697", "GCS"),
        name="GCS de la Rive",
        address=site.address,
        postal_code=site.postal_code,
    )
    page = gf.get(reverse("pui:create", args=[site.finess])).text
    assert group.name in page
    assert "est à la même adresse" in page


def test_a_fire_service_is_told_that_its_pharmacist_is_both(client):
    entity = make_legal_entity(name="Service d’incendie et de secours")
    site = make_establishment(entity, name="PUI du SIS", address="")
    client.force_login(make_person("GF", on=site))
    page = client.get(reverse("pui:create", args=[site.finess])).text
    assert "à la fois gestionnaire de fichiers (GF) et administrateur principal (APE)" in page


def test_the_second_of_two_people_sees_both_values_and_keeps_what_they_typed(gf, pui):
    address = reverse("pui:edit", args=[pui.pk])
    shown = sent(pui)
    first = gf.post(address, shown | {"opening_hours": "9 h à 17 h", "recipient": "Quai B"})
    assert first.status_code == 302, first.context["form"].errors
    late = gf.post(address, shown | {"opening_hours": "7 h à 15 h", "ipe": "42"})
    assert late.status_code == 422
    assert "9 h à 17 h" in late.text
    form = late.context["form"]
    assert (form["opening_hours"].value(), form["recipient"].value()) == ("7 h à 15 h", "Quai B")
    again = {one.name: one.value() or "" for one in form}
    assert gf.post(address, again).status_code == 302
    pui.refresh_from_db()
    assert (pui.opening_hours, pui.recipient, pui.ipe) == ("7 h à 15 h", "Quai B", "42")


def test_a_pharmacy_followed_since_ever_is_changed_without_a_first_day(gf, pui):
    fields = sent(pui, opened_on="", recipient="Quai B")
    assert gf.post(reverse("pui:edit", args=[pui.pk]), fields).status_code == 302
    pui.refresh_from_db()
    assert (pui.opened_on, pui.recipient) == (None, "Quai B")


def test_saving_a_page_untouched_changes_nothing(gf, pui):
    Pui.objects.update(opening_hours="8 h\n14 h", opened_on="2020-01-01")
    fields = sent(pui, opening_hours="8 h\r\n14 h")
    assert gf.post(reverse("pui:edit", args=[pui.pk]), fields).status_code == 302
    assert not Entry.objects.filter(verb="pui.described").exists()


def test_closing_says_what_is_still_expected_and_whom_it_leaves(gf, pui):
    make_followed()
    served = make_establishment(name="EHPAD Les Tilleuls")
    ServedEstablishment.objects.create(
        pui=pui, establishment=served, starts_on=timezone.localdate()
    )
    address = reverse("pui:close", args=[pui.pk])
    page = gf.get(address).text
    assert "Encore attendu" in page
    assert "EHPAD Les Tilleuls ne sera plus desservi" in page
    refused = gf.post(address, {"on": timezone.localdate().isoformat(), "reason": ""})
    assert refused.status_code == 422
    gf.post(address, {"on": timezone.localdate().isoformat(), "reason": "Regroupement"})
    page = gf.get(reverse("pui:detail", args=[pui.pk])).text
    assert "Motif\xa0: Regroupement" in page or "Regroupement" in page
    gf.post(reverse("pui:reopen", args=[pui.pk]))
    pui.refresh_from_db()
    assert pui.is_open


def test_an_establishment_is_found_then_served_from_a_day_then_no_more(gf, pui):
    served = make_establishment(name="EHPAD Les Tilleuls")
    address = reverse("pui:served", args=[pui.pk])
    found = gf.get(f"{address}?recherche=tilleuls").text
    assert f"?ajouter={served.finess}" in found
    assert f"?ajouter={served.finess}" in gf.get(f"{address}resultats/?recherche=tilleuls").text
    day = timezone.localdate().isoformat()
    gf.post(f"{address}?ajouter={served.finess}", {"starts_on": day})
    row = ServedEstablishment.objects.get()
    end = reverse("pui:served_end", args=[pui.pk, row.pk])
    too_soon = (timezone.localdate() - timedelta(2)).isoformat()
    assert gf.post(end, {"on": too_soon}).status_code == 422
    assert gf.post(end, {"on": day}).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == timezone.localdate()


def test_one_served_by_another_may_be_added_knowingly_and_once(gf, pui):
    site = make_establishment(name="EHPAD Les Tilleuls")
    other = make_pui("PUI de la Rive", on=make_establishment(name="Hôpital de la Rive"))
    today = timezone.localdate()
    ServedEstablishment.objects.create(pui=other, establishment=site, starts_on=today)
    address = reverse("pui:served", args=[pui.pk])
    adding = f"{address}?ajouter={site.finess}"
    assert "Déjà desservi par PUI de la Rive" in gf.get(adding).text
    gf.post(adding, {"starts_on": today.isoformat()})
    assert f"?ajouter={site.finess}" not in gf.get(f"{address}?recherche=tilleuls").text
    again = gf.post(adding, {"starts_on": today.isoformat()})
    assert f"{pui} dessert déjà EHPAD Les Tilleuls" in again.text
    assert "La PUI PUI" not in again.text


def test_one_that_has_its_own_pharmacy_is_found_but_not_offered(gf, pui):
    other = make_pui("PUI des Tilleuls", on=make_establishment(name="Hôpital des Tilleuls"))
    page = gf.get(f"{reverse('pui:served', args=[pui.pk])}?recherche=tilleuls").text
    assert "A sa propre PUI" in page
    assert f"?ajouter={other.establishment.finess}" not in page


def test_the_sites_without_a_pharmacy_say_who_serves_them(client, pui):
    entity = pui.establishment.legal_entity
    served = make_establishment(entity, name="EHPAD de la Rive")
    ServedEstablishment.objects.create(
        pui=pui, establishment=served, starts_on=timezone.localdate()
    )
    client.force_login(make_person("GF", on=entity))
    page = client.get(reverse("pui:register")).text
    assert "Desservi par PUI de la Rive" in page


def test_the_file_holds_the_rows_of_the_page_and_who_took_it_is_known(client, pui):
    far = make_department("37", "Indre-et-Loire", region=make_region())
    make_pui("PUI de Tours", on=make_establishment(department=far))
    client.force_login(make_person("ARL"))
    address = reverse("pui:register_file", args=["csv"])
    data = b"".join(client.get(f"{address}?departement=37"))
    rows = data.decode("utf-8-sig").splitlines()
    assert rows[0].split(";") == REGISTER.headers
    assert len(rows) == 2
    assert rows[1].startswith("PUI de Tours;")
    assert Entry.objects.get(verb="pui.register_exported").details["rows"] == 1


def test_the_register_is_searched_and_keeps_the_closed_ones_apart(client, pui):
    make_pui("PUI fermée", opened_on="2020-01-01", closed_on="2024-01-01")
    client.force_login(make_person("ARA"))

    def shown(query):
        return [row.label for row in client.get(f"/dispostock/pui/?{query}").context["page"]]

    assert shown("") == ["PUI de la Rive"]
    assert shown("etat=fermees") == ["PUI fermée"]
    assert shown("recherche=rive") == ["PUI de la Rive"]
    assert shown(f"recherche={pui.establishment.finess}") == ["PUI de la Rive"]
    assert shown("recherche=nantes") == []


def test_what_lacks_of_a_sheet_is_the_same_on_the_page_and_in_the_database(pui):
    for name in (*WHOLE, "contact_email"):
        other = make_pui(f"Sans {name}", **(WHOLE | {name: ""}))
        is_incomplete = Pui.objects.filter(INCOMPLETE, pk=other.pk).exists()
        assert is_incomplete is bool(missing_of(other)), name
    assert missing_of(pui) == []


def test_the_register_takes_as_many_queries_for_one_pharmacy_as_for_ten(client, count_queries, pui):
    client.force_login(make_person("ARA"))
    with_one = count_queries("/dispostock/pui/")
    for number in range(9):
        make_pui(f"PUI {number}", address="1 rue du Port")
    assert count_queries("/dispostock/pui/") == with_one
