"""The pages of mutual aid of equipment, from the establishment that lacks to the one that gives."""

import pytest
import time_machine
from django.urls import reverse

from epi_stocks.aid.trade import PART
from epi_stocks.models import EquipmentNeed
from establishments.redistribution import forms
from establishments.redistribution.parts import Shown
from establishments.redistribution.states import TransferState
from tests.builders import make_establishment, make_person
from tests.epi_stocks.aid.conftest import FFP2, MASKS, MONDAY, SATURDAY
from tests.epi_stocks.visu import text
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    """Pages take the hour it is: on the Monday of the tests."""
    with time_machine.travel(MONDAY, tick=True):
        yield


def url(name, *args):
    return reverse(f"aid_equipment:{name}", args=args)


def typed(site, **fields):
    return {
        "place": site.pk,
        "goods": FFP2,
        "quantity": "1\u202f200",
        "urgency": "soon",
        "wanted_on": SATURDAY.date().isoformat(),
        "reason": "Cas groupés",
    } | fields


def test_an_establishment_asks_in_one_page(client, aid):
    client.force_login(aid.operator(aid.orleans))
    assert f'value="{aid.orleans.pk}" selected' in text(client.get(url("open")))
    response = client.post(url("open"), typed(aid.orleans))
    need = EquipmentNeed.objects.get()
    assert response.url == url("need", need.pk)
    assert (need.quantity, need.item_id) == (1200, FFP2)
    page = text(client.get(response.url))
    assert "20 en stock, 10 par jour, 2,0 j de couverture" in page
    assert "Proposer des donneurs" not in page


def test_what_is_typed_wrong_is_said_beside_the_field(client, aid):
    client.force_login(aid.operator(aid.orleans))
    response = client.post(url("open"), typed(aid.orleans, quantity="beaucoup", reason=""))
    assert response.status_code == 422
    assert "Dites pourquoi en quelques mots." in text(response)
    refused = client.post(url("open"), typed(aid.bourges))
    assert refused.status_code == 422
    assert not EquipmentNeed.objects.exists()


def test_the_agency_of_a_large_region_names_the_establishment(client, aid, monkeypatch):
    monkeypatch.setattr(forms, "MOST_OFFERED", 1)
    client.force_login(aid.ars)
    page = text(client.get(url("open"), {"finess": aid.orleans.finess, "produit": FFP2}))
    assert f'value="{aid.orleans.finess}"' in page
    far = client.post(url("open"), typed(aid.orleans, place=aid.rennes.finess))
    assert "Aucun établissement de votre ressort" in text(far)
    assert client.post(url("open"), typed(aid.orleans, place="12")).status_code == 422
    client.post(url("open"), typed(aid.orleans, place=aid.orleans.finess))
    assert EquipmentNeed.objects.get().establishment == aid.orleans


def test_the_agency_finds_reads_why_and_confirms(client, aid):
    need = aid.need()
    client.force_login(aid.ars)
    assert "CH d’Orléans" in text(client.get(url("propose")))
    client.post(url("compute"), {"besoin": need.pk})
    page = text(client.get(url("need", need.pk)))
    assert "310 unités en stock (semaine du" in page
    assert "31,0 j de couverture, 21,0 j après ce don" in page
    assert "Confirmer et prévenir" in page
    client.post(url("confirm", need.pk))
    assert need.transfers.get().state == TransferState.CONFIRMED
    again = client.post(url("confirm", need.pk), follow=True)
    assert "Aucun transfert n’est proposé" in text(again)


def test_each_side_takes_its_steps_from_the_page(client, aid):
    transfer = aid.confirmed()
    giver, taker = aid.operator(aid.bourges), aid.operator(aid.orleans)
    for by, step, sent in (
        (giver, "accept", {"cote": "giver"}),
        (taker, "accept", {"cote": "taker"}),
        (giver, "ship", {"note": "Navette de 14 h"}),
        (taker, "receive", {"quantity": "100"}),
    ):
        client.force_login(by)
        page = text(client.get(url("transfer", transfer.pk)))
        assert f"/{step}/" in page
        assert client.post(url("step", transfer.pk, step), sent).status_code == 302
    transfer.refresh_from_db()
    assert (transfer.state, transfer.shipping_note) == (TransferState.RECEIVED, "Navette de 14 h")


def test_a_step_of_the_other_side_is_refused_with_a_sentence(client, aid):
    transfer = aid.confirmed()
    client.force_login(aid.operator(aid.orleans))
    response = client.post(url("step", transfer.pk, "accept"), {"cote": "giver"}, follow=True)
    assert "ne peut pas accepter" in text(response)
    transfer.refresh_from_db()
    assert transfer.giver_accepted_at is None
    assert client.post(url("step", transfer.pk, "voler")).status_code == 404


def test_out_of_reach_a_need_and_a_transfer_do_not_exist(client, aid):
    transfer = aid.confirmed()
    for stranger in (aid.operator(aid.rennes), make_person("GF", on=aid.orleans)):
        client.force_login(stranger)
        assert client.get(url("need", transfer.need_id)).status_code in (403, 404)
        assert client.get(url("transfer", transfer.pk)).status_code in (403, 404)
        sent = client.post(url("step", transfer.pk, "accept"), {"cote": "giver"})
        assert sent.status_code in (403, 404)


def test_the_agency_changes_takes_back_adds_widens_and_closes(client, aid):
    transfer = aid.proposed()
    need = transfer.need
    client.force_login(aid.ars)
    client.post(url("quantity", transfer.pk), {"quantity": "60"})
    transfer.refresh_from_db()
    assert transfer.quantity == 60
    client.post(url("quantity", transfer.pk), {"retirer": "oui"})
    client.post(url("donor", need.pk), {"giver": aid.bourges.pk, "quantity": "30"})
    assert need.remaining == 70
    wrong = client.post(url("donor", need.pk), {"giver": aid.bourges.pk, "quantity": "90"})
    assert wrong.status_code == 422
    client.post(url("widen", need.pk))
    client.post(url("end", need.pk), {"reason": "Répartition prévue demain"})
    need.refresh_from_db()
    assert (need.is_beyond, need.state, need.answer) == (
        True,
        "closed",
        "Répartition prévue demain",
    )


def test_the_list_says_what_waits_for_whom(aid):
    transfer = aid.confirmed()
    giver = aid.operator(aid.bourges)
    assert PART.waiting(giver) == 1
    row = PART.transfers_for(giver, Shown.CURRENT).rows[0]
    assert (row.to_do, row.what, row.quantity) == (
        "À accepter",
        "Masques FFP2",
        "100\u00a0unités",
    )
    aid.need(aid.orleans, item=MASKS)
    assert PART.waiting(aid.ars) == 1
    assert PART.waiting(aid.country) == 0
    assert not PART.is_shown_to(make_person("GF", on=transfer.giver))


def test_the_country_looks_at_one_region_and_a_region_has_no_choice(client, aid):
    aid.confirmed()
    aid.need(aid.rennes, by=aid.operator(aid.rennes))
    address = f"{reverse('aid')}?onglet=epi"
    client.force_login(aid.country)
    whole = client.get(address)
    assert_sound_html(whole)
    assert (whole.context["needs"].count, whole.context["transfers"].count) == (2, 1)
    brittany = client.get(f"{address}&region=53")
    assert_sound_html(brittany)
    assert (brittany.context["needs"].count, brittany.context["transfers"].count) == (1, 0)
    assert "onglet=epi&amp;etat=termines&amp;region=53" in brittany.content.decode()
    near = client.get(f"{address}&region=24")
    assert (near.context["needs"].count, near.context["transfers"].count) == (1, 1)
    assert client.get(f"{address}&region=99").context["needs"].count == 2
    client.force_login(aid.ars)
    own = client.get(f"{address}&region=53")
    assert "Choisir une région" not in text(own)
    assert own.context["needs"].count == 1


def test_a_transfer_between_two_regions_is_of_both(client, aid):
    transfer = aid.confirmed()
    type(transfer).objects.filter(pk=transfer.pk).update(giver=aid.rennes)
    client.force_login(aid.country)
    for region in ("24", "53"):
        page = client.get(f"{reverse('aid')}?onglet=epi&region={region}")
        assert page.context["transfers"].count == 1


def test_the_list_takes_as_many_queries_for_one_need_as_for_ten(client, aid, count_queries):
    aid.proposed()
    client.force_login(aid.ars)
    pages = [reverse("aid") + "?onglet=epi", url("propose")]
    with_one = [count_queries(page) for page in pages]
    for _ in range(6):
        site = make_establishment()
        aid.declare(site, 0, 1)
        aid.need(site, quantity=3)
    aid.propose(*EquipmentNeed.objects.all())
    assert [count_queries(page) for page in pages] == with_one


def test_the_page_of_visu_shows_what_is_under_way(client, aid):
    aid.confirmed()
    client.force_login(aid.ars)
    address = reverse("epi_stocks:visu_establishment", args=[aid.orleans.finess])
    assert "100 unités à recevoir de CH de Bourges" in text(client.get(address))
    address = reverse("epi_stocks:visu_establishment", args=[aid.bourges.finess])
    assert "100 unités à donner à CH d’Orléans" in text(client.get(address))


@pytest.mark.parametrize(("role", "is_led"), [("OIE", True), ("OCE", True), ("GF", False)])
def test_who_may_ask_for_help_without_the_menu_of_pharmacies_is_led_there(client_for, role, is_led):
    page = client_for(role, on=make_establishment()).get(reverse("aid"))
    assert_sound_html(page)
    assert (reverse("pui:help") in page.text) is is_led
    assert client_for(role, on=make_establishment()).get(reverse("pui:help")).status_code == 200
