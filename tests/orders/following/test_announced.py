"""A delivery is told to who ordered, to their home page, to the inventory of the week."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from common.weeks import current_week, monday_of, shift
from epi_stocks.models import ExpectedSupply
from orders.following import letters
from orders.following.cards import following_cards
from orders.models import Carrier, Order, Shipment
from orders.services.carriers import CarrierError, describe_carrier, load_carriers
from orders.services.claims import Complaint, Message, open_claim, write_message
from orders.services.departures import announce_shipment
from orders.services.receptions import correct_reception
from orders.services.standing import state_of
from tests.builders import make_body, make_establishment, make_legal_entity, make_person
from tests.orders.builders import make_address, make_beneficiary, make_order, make_shipment
from tests.orders.following.pages import logged_in, text_of

pytestmark = pytest.mark.django_db


def told(site):
    """(item, units, whether they came) announced to a site, by week."""
    rows = ExpectedSupply.objects.filter(establishment=site)
    return set(rows.values_list("week", "item", "quantity", "is_received"))


@pytest.fixture
def site(world):
    return world.place.establishment


def test_what_left_is_announced_to_the_inventory_of_the_week_it_is_expected(world, site):
    Shipment.objects.update(expected_on=world.today + timedelta(days=7))
    announce_shipment(Shipment.objects.get())
    week = shift(current_week(), 1)
    assert told(site) == {(week, 1, 400, False), (week, 4, 200, False)}


def test_what_came_replaces_what_was_to_come_in_the_week_it_came(world, site):
    announce_shipment(world.shipment)
    world.receive((150, 50, "later"), 200)
    week = monday_of(world.today)
    assert told(site) == {(week, 1, 150, True), (week, 1, 200, False), (week, 4, 200, True)}
    world.receive(200, None)
    assert told(site) == {(week, 1, 350, True), (week, 4, 200, True)}


def test_a_correction_is_announced_again(world, site):
    reception = world.receive()
    told_now = world.told((380, 0, "missing"))
    correct_reception(by=world.operator, reception=reception, told=told_now, seen=1)
    assert (monday_of(world.today), 1, 380, True) in told(site)


def test_for_an_entity_it_is_the_site_of_the_address_else_the_main_one(world):
    entity = make_legal_entity()
    main = make_establishment(legal_entity=entity, is_main=True)
    other = make_establishment(legal_entity=entity)
    place = make_beneficiary(entity)
    for address, expected in ((make_address(place, site=other), other), (None, main)):
        order = make_order(place, [(world.masks.product, 100)], address=address)
        announce_shipment(make_shipment(order))
        assert told(expected) == {(monday_of(world.today), 1, 100, False)}


def test_the_pool_of_an_agency_is_announced_to_the_site_that_it_helps_alone(world, site):
    agency = make_body("ars", region=world.order.region)
    depot = make_address(agency=agency, site=None)
    rows = Order.objects.filter(pk=world.order.pk)
    rows.update(beneficiary=None, agency=agency, address=depot)
    announce_shipment(Shipment.objects.get())
    assert not ExpectedSupply.objects.exists()
    rows.update(address=make_address(world.place))
    announce_shipment(Shipment.objects.get())
    assert {one[1:] for one in told(site)} == {(1, 400, False), (4, 200, False)}


def test_who_ordered_is_written_to_when_a_shipment_leaves(world, monkeypatch):
    sent = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: sent.append(words))
    announce_shipment(world.shipment)
    [(subject, text, address)] = sent
    assert address == world.operator.email
    assert world.order.number in subject
    for words in (world.shipment.number, "6A001", "400", f"/commandes/{world.order.pk}/"):
        assert words in text


def titles(person):
    return [one.title.replace("\u00a0", " ") for one in following_cards(person)]


def test_the_home_page_says_what_comes_what_came_and_what_is_late(world):
    number = world.order.number
    Order.objects.update(expected_on=world.today + timedelta(days=2))
    assert titles(world.operator) == [f"Livraison attendue, commande {number}"]
    Order.objects.update(expected_on=world.today)
    assert titles(world.operator) == [f"Livraison à réceptionner, commande {number}"]
    world.receive()
    assert titles(world.operator) == []
    make_order(world.place, expected_on=world.today - timedelta(days=1))
    assert titles(world.operator)[0].endswith("en retard")


def test_a_part_that_came_is_no_more_to_receive_while_the_rest_is_awaited(world):
    world.receive()
    world.masks_alone()
    shipment = make_shipment(world.order, [(world.order.lines.get(), 50)])
    yesterday = world.today - timedelta(days=1)
    Order.objects.filter(pk=world.order.pk).update(expected_on=yesterday)
    number = world.order.number
    assert titles(world.operator) == [f"Livraison à réceptionner, commande {number}"]
    world.receive(50, shipment=shipment)
    assert titles(world.operator) == [f"Commande {number} en retard"]


def test_many_deliveries_are_counted_together(world):
    for days in (0, 2):
        for _ in range(2):
            order = make_order(world.place, [(world.masks.product, 50)])
            make_shipment(order)
            day = world.today + timedelta(days=days)
            Order.objects.filter(pk=order.pk).update(expected_on=day)
    world.receive()
    told = titles(world.operator)
    assert told == ["2 livraisons à réceptionner", "2 livraisons attendues"]


def test_a_claim_is_on_the_home_page_of_who_must_act(world):
    warehouse = make_person("LPO", on=make_body("la_poste"))
    complaint = Complaint("damaged", "Trois cartons sont arrivés ouverts.")
    claim = open_claim(
        by=world.operator, order=world.order, complaint=complaint, token=uuid.uuid4()
    )
    assert titles(warehouse) == ["Une réclamation attend une réponse"]
    message = Message("Un nouvel envoi part demain.", uuid.uuid4())
    write_message(by=warehouse, claim=claim, message=message, is_answer=True)
    assert titles(warehouse) == []
    assert "Réponse à votre réclamation" in titles(world.operator)[-1]


def test_the_cards_open(world):
    client = logged_in(world.operator)
    assert client.get("/").status_code == 200
    for card in following_cards(world.operator):
        assert client.get(card.url).status_code == 200


def test_carriers_known_at_the_start_stay_as_somebody_changed_them():
    assert load_carriers() == 3
    cell = make_person("NAT", domain="distrilog")
    describe_carrier(by=cell, name="colissimo", tracking="https://suivi.example/{number}")
    assert load_carriers() == 0
    assert Carrier.objects.get(name="Colissimo").tracking == "https://suivi.example/{number}"


@pytest.mark.parametrize(
    "tracking", ["http://suivi.example/{number}", "javascript:alert({number})", "https://x.example"]
)
def test_a_link_that_is_not_safe_is_refused_by_the_service_and_by_the_database(tracking):
    cell = make_person("NAT", domain="distrilog")
    with pytest.raises(CarrierError):
        describe_carrier(by=cell, name="X", tracking=tracking)
    with pytest.raises(IntegrityError), transaction.atomic():
        Carrier.objects.create(name="X", tracking=tracking)


def test_the_page_of_carriers_is_the_national_cell_s():
    address = reverse("orders:carriers")
    cell = logged_in(make_person("NAT", domain="distrilog"))
    sent = {"nom": "Transports du Val", "suivi": "https://suivi.example/{number}"}
    assert "Transports du Val" in text_of(cell.post(address, sent, follow=True))
    refused = cell.post(address, {"nom": "Autre", "suivi": "ici"})
    assert refused.status_code == 422
    assert 'value="ici"' in text_of(refused)
    assert logged_in(make_person("LPO", on=make_body("la_poste"))).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_the_carrier_s_report_after_the_reception_leaves_the_order_delivered(world):
    world.receive()
    assert state_of(world.reread()) == Order.State.DELIVERED
