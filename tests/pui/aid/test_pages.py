"""The pages of mutual aid: what each role sees and does there."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from establishments.redistribution.states import Side, TransferState
from pui.aid.trade import MEDICINES
from pui.models import MedicineNeed, MedicineTransfer
from tests.builders import make_establishment, make_person
from tests.pui.aid.acts import accept, aid_cards
from tests.pui.builders import make_pui

pytestmark = pytest.mark.django_db
HOME = "/entraide/"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    page = answer.content.decode()
    page = page[page.index("<main") : page.index("</main>")]
    text = html.unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")
    return " ".join(text.split())


@pytest.fixture
def pages(aid):
    """``pages(user)``: what the person reads at an address."""

    def read(user, name, *args, **query):
        return text_of(client_of(user).get(reverse(name, args=args), query))

    return read


def test_a_need_is_opened_from_the_page_of_donors_already_filled(aid):
    world, client = aid.world, client_of(aid.ars)
    asked = {"produit": "cisatracurium", "pui": world.orleans.pk}
    page = client.get(reverse("pui:donors"), asked).content.decode()
    address = html.unescape(re.search(r'href="([^"]*ouvrir[^"]*)"', page)[1])
    form = client.get(address).content.decode()
    assert f'<option value="{world.orleans.pk}" selected>' in form
    assert f'<option value="{world.cis.reference_id}" selected>' in form


def test_where_to_deliver_is_told_in_two_sentences(aid):
    told = {
        "recipient": "Pharmacie",
        "address": "1 rue du Quai",
        "opening_hours": "Du lundi au vendredi",
    }
    pui = make_pui(
        "PUI du quai", on=make_establishment(), **told, postal_code="45000", town="ORLÉANS"
    )
    said = "Pharmacie, 1 rue du Quai, 45000 ORLÉANS. Du lundi au vendredi"
    assert MEDICINES.delivery(pui) == said


def test_a_need_is_opened_by_the_form_and_mistakes_are_told(aid):
    world, client = aid.world, client_of(aid.gf(aid.world.orleans))
    typed = {
        "place": world.orleans.pk,
        "goods": world.cis.reference_id,
        "quantity": "0",
        "urgency": "today",
        "wanted_on": "2020-11-25",
        "reason": "Afflux",
    }
    answer = client.post(reverse("aid_medicines:open"), typed)
    assert answer.status_code == 422
    assert "au moins une unité" in text_of(answer)
    other = client.post(
        reverse("aid_medicines:open"), typed | {"quantity": "40", "place": world.bourges.pk}
    )
    assert (other.status_code, MedicineNeed.objects.count()) == (422, 0)
    answer = client.post(reverse("aid_medicines:open"), typed | {"quantity": "40"})
    need = MedicineNeed.objects.get()
    assert (answer.status_code, need.quantity) == (302, 40)
    again = client.post(reverse("aid_medicines:open"), typed | {"quantity": "40"})
    assert "déjà ouvert" in text_of(again)


def test_the_agency_proposes_changes_and_confirms_on_the_page(aid):
    client = client_of(aid.ars)
    need = aid.need(quantity=150)
    client.post(reverse("aid_medicines:compute"), {"besoin": need.pk})
    answer = client.get(reverse("aid_medicines:need", args=[need.pk]))
    assert "il reste 50\u00a0ampoules à trouver" in html.unescape(answer.content.decode())
    said = text_of(answer)
    assert "100 ampoules de PUI de Bourges" in said
    assert "31,0 j de couverture" in said
    transfer = need.transfers.get()
    client.post(reverse("aid_medicines:quantity", args=[transfer.pk]), {"quantity": "60"})
    client.post(reverse("aid_medicines:confirm", args=[need.pk]))
    transfer.refresh_from_db()
    assert (transfer.quantity, transfer.state) == (60, TransferState.CONFIRMED)
    again = client.post(reverse("aid_medicines:confirm", args=[need.pk]), follow=True)
    assert "Aucun transfert n’est proposé" in again.content.decode()


def test_a_donor_is_chosen_by_hand_and_taken_back(aid):
    client, need = client_of(aid.ars), aid.need()
    donor = {"giver": aid.world.bourges.pk, "quantity": "500"}
    answer = client.post(reverse("aid_medicines:donor", args=[need.pk]), donor)
    assert answer.status_code == 422
    assert "Il reste 100 ampoules" in text_of(answer)
    client.post(reverse("aid_medicines:donor", args=[need.pk]), donor | {"quantity": "30"})
    transfer = need.transfers.get()
    client.post(reverse("aid_medicines:quantity", args=[transfer.pk]), {"retirer": "oui"})
    transfer.refresh_from_db()
    assert transfer.state == TransferState.CANCELLED


def test_both_pharmacies_go_from_their_page_to_the_reception(aid):
    transfer = aid.confirmed()
    giver, taker = (client_of(aid.gf(pui)) for pui in (transfer.giver, transfer.need.pui))

    def step(client, name, **typed):
        return client.post(reverse("aid_medicines:step", args=[transfer.pk, name]), typed)

    step(giver, "accept", cote="giver")
    step(taker, "accept", cote="taker")
    assert step(giver, "ship").status_code == 422
    step(giver, "ship", expiry="2021-06-30", note="Navette")
    assert step(taker, "receive", quantity="90").status_code == 422
    step(taker, "receive", quantity="90", comment="Dix cassées")
    transfer.refresh_from_db()
    assert (transfer.state, transfer.received_quantity) == (TransferState.RECEIVED, 90)
    page = text_of(taker.get(reverse("aid_medicines:transfer", args=[transfer.pk])))
    assert "30/06/2021" in page
    assert "90 : Dix cassées" in page


def test_a_step_for_the_other_side_or_unknown_changes_nothing(aid):
    transfer = aid.confirmed()
    giver = client_of(aid.gf(transfer.giver))
    address = reverse("aid_medicines:step", args=[transfer.pk, "accept"])
    giver.post(address, {"cote": "taker"})
    unknown = giver.post(reverse("aid_medicines:step", args=[transfer.pk, "voler"]))
    transfer.refresh_from_db()
    assert transfer.taker_accepted_at is None
    assert unknown.status_code == 404


def test_out_of_reach_a_need_and_a_transfer_do_not_exist(aid):
    transfer = aid.confirmed()
    stranger = client_of(aid.gf(aid.world.lyon))
    need = reverse("aid_medicines:need", args=[transfer.need_id])
    addresses = [need, reverse("aid_medicines:transfer", args=[transfer.pk])]
    assert [stranger.get(one).status_code for one in addresses] == [404, 404]
    donor = client_of(aid.gf(transfer.giver))
    assert donor.get(need).status_code == 404
    assert donor.post(reverse("aid_medicines:end", args=[transfer.need_id])).status_code == 404


def test_who_holds_no_right_on_medicines_is_told_so(aid):
    inventory = client_of(make_person("OIE", on=aid.world.orleans.establishment))
    assert inventory.get(reverse("aid_medicines:open")).status_code == 403
    page = inventory.get(HOME)
    assert page.status_code == 200
    assert "?onglet=medicaments" not in page.content.decode()


def test_the_list_shows_what_is_under_way_then_what_ended(aid, pages):
    aid.received()
    other = aid.need(product=aid.world.mida)
    current = pages(aid.ars, "aid")
    assert "MIDAZOLAM 10 mg" in current
    assert "Donneurs à trouver" in current
    assert "CISATRACURIUM" not in current
    ended = pages(aid.ars, "aid", etat="termines")
    assert "CISATRACURIUM 10 mg" in ended
    assert str(other.reference) not in ended


def test_the_lists_take_as_many_queries_for_one_row_as_for_six(aid, client, count_queries):
    client.force_login(aid.ars)
    aid.confirmed(aid.need(quantity=10))
    aid.need(product=aid.world.mida)
    addresses = [HOME, reverse("aid_medicines:propose"), reverse("home")]
    client.get(reverse("home"))  # a second visit also asks what has changed since the first
    before = [count_queries(one) for one in addresses]
    for number in range(5):
        pui = make_pui(f"PUI {number}", on=make_establishment())
        aid.confirmed(aid.need(pui, quantity=10))
        aid.need(pui, aid.world.mida)
    assert [count_queries(one) for one in addresses] == before


def test_the_home_page_says_what_waits_for_whom(aid):
    transfer = aid.proposed()
    (card,) = aid_cards(aid.ars)
    assert "1 transfert à confirmer" in card.detail.replace("\u00a0", " ")
    giver = aid.gf(transfer.giver)
    assert aid_cards(giver) == []
    transfer = MedicineTransfer.objects.get()
    aid.confirmed_now(transfer)
    (card,) = aid_cards(giver)
    assert card.title.startswith("Dépannage à accepter")
    assert aid_cards(aid.ars) == []
    accept(by=giver, transfer=transfer, side=Side.GIVER)
    assert aid_cards(giver) == []


def test_the_stock_says_what_is_in_transfer_until_the_next_declaration(aid, pages):
    transfer = aid.confirmed()
    giver = aid.gf(transfer.giver)
    assert "en cours de transfert : −100" in pages(giver, "pui:state")
    assert "en cours de transfert : −100" in pages(
        giver, "pui:state_product", transfer.giver.pk, aid.world.cis.code
    )
    region = pages(aid.ars, "pui:region", dci="CISATRACURIUM")
    assert "100 unités de CISATRACURIUM 10 mg (1 transfert)" in region


def test_nothing_moves_before_the_agency_confirms(aid, pages):
    transfer = aid.proposed()
    assert "en cours de transfert" not in pages(aid.gf(transfer.giver), "pui:state")


def test_a_need_counts_in_the_same_unit_as_its_transfer(aid, pages):
    need = aid.need(quantity=250)
    aid.propose(need)
    assert need.transfers.get().units == "100 ampoules".replace(" ", "\u00a0")
    page = pages(aid.ars, "aid_medicines:need", need.pk)
    assert "250 ampoules, pour le 28/11/2020" in page
    assert "Reste à trouver 150 ampoules" in page
    board = pages(aid.ars, "aid_medicines:propose")
    assert "Demandé : 250 ampoules ; reste à trouver : 150 ampoules" in board
    rows = pages(aid.ars, "aid")
    assert "250 ampoules" in rows
    assert "unité" not in rows
