"""The list of orders and the page of one: who sees which, what is late, what comes next."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from establishments.models import Establishment
from orders.following import filters
from orders.models import Carrier, Order, OrderStep
from tests.builders import (
    make_body,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_beneficiary, make_order, make_shipment
from tests.orders.following.pages import logged_in, text_of

pytestmark = pytest.mark.django_db
LIST = "/distrilog/commandes/"


def page(order):
    return reverse("orders:order", args=[order.pk])


def listed(client, **query):
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return {one.number for one in answer.context["page"].object_list}


@pytest.fixture
def far():
    """An order of another region."""
    department = make_department("35", "Ille-et-Vilaine", region=make_region("53", "Bretagne"))
    place = make_establishment(department=department, name="EHPAD des Ajoncs")
    return make_order(make_beneficiary(place), expected_on=timezone.localdate())


def test_the_page_tells_where_it_stands_what_comes_next_and_how_to_follow_it(world):
    Carrier.objects.create(name="COLISSIMO", tracking="https://suivi.example/?n={number}")
    Order.objects.filter(pk=world.order.pk).update(expected_on=world.today)
    OrderStep.objects.create(
        order=world.order, text="Confirmée en entier", at=timezone.now(), author="La Poste"
    )
    answer = logged_in(world.operator).get(page(world.order))
    assert_sound_html(answer)
    text = text_of(answer)
    assert "Étape 4 sur 6" in text
    assert "livraison, prévue le" in " ".join(text.split())
    assert "https://suivi.example/?n=6A001" in text
    assert "Confirmée en entier" in text
    assert f"Expédition {world.shipment.number}, Colissimo" in text
    assert f"?expedition={world.shipment.pk}" in text


def test_a_link_never_leaves_https_nor_carries_more_than_the_number():
    carrier = Carrier(name="X", tracking="https://suivi.example/?n={number}")
    assert carrier.link_to("6A 1&x=2") == "https://suivi.example/?n=6A%201%26x%3D2"


def test_who_sees_an_order_and_who_does_not(world, far):
    region, place = world.order.region, world.place.establishment
    inside = [
        make_person("OCE", on=place),
        make_person("APE", on=place),
        make_person("APE", on=place.legal_entity),
        make_person("ARA", on=region),
        make_person("NAT", domain="distrilog"),
        make_person("LPO", on=make_body("la_poste")),
    ]
    for person in inside:
        client = logged_in(person)
        assert client.get(page(world.order)).status_code == 200
        assert world.order.number in listed(client)
    outside = [
        make_person("OCE", on=make_establishment()),
        make_person("OCE", on=place.legal_entity),
        make_person("ARA", on=far.region),
        make_person("SPF", on=make_body("spf"), domain="distrilog"),
    ]
    for person in outside:
        client = logged_in(person)
        assert client.get(page(world.order)).status_code == 404
        assert world.order.number not in listed(client)
    for code in ("CSM", "GF", "USR"):
        assert logged_in(make_person(code)).get(page(world.order)).status_code == 403


def test_a_warehouse_sees_an_order_once_its_file_is_written(world):
    waiting = make_order(world.place, [(world.masks.product, 50)])
    client = logged_in(make_person("LPO", on=make_body("la_poste")))
    assert client.get(page(waiting)).status_code == 404
    assert waiting.number not in listed(client)


def test_a_warehouse_reads_what_it_delivers_by_and_no_other_name(world):
    Order.objects.filter(pk=world.order.pk).update(
        contact_name="Accueil du rez-de-chaussée", contact_phone="02 00 00 00 00"
    )
    OrderStep.objects.create(
        order=world.order,
        text="Commande transmise.",
        at=timezone.now(),
        by=world.operator,
        author=str(world.operator),
    )
    world.receive((350, 50, ""))
    client = logged_in(make_person("LPO", on=make_body("la_poste")))
    for address in (page(world.order), reverse("orders:order_slip", args=[world.order.pk])):
        answer = client.get(address)
        assert_sound_html(answer)
        text = text_of(answer)
        assert "Accueil du rez-de-chaussée" in text
        assert str(world.operator) not in text
        assert "contingent" not in text
        assert "Ouvrir une réclamation" not in text


def test_drafts_are_on_no_list_and_have_no_such_page(world):
    draft = make_order(world.place, state="draft", number="", submitted_at=None)
    client = logged_in(world.operator)
    assert "" not in listed(client)
    assert client.get(page(draft)).status_code == 404


def test_late_is_told_on_both_pages_and_filtered(world, far):
    Order.objects.filter(pk=world.order.pk).update(expected_on=world.today - timedelta(days=2))
    cell = logged_in(make_person("NAT", domain="distrilog"))
    assert listed(cell, retard="on") == {world.order.number}
    assert "en retard de 2 jours" in text_of(cell.get(LIST))
    assert "En retard" in text_of(cell.get(page(world.order)))
    world.receive()
    assert listed(cell, retard="on") == set()


def test_filters_find_by_state_item_week_warehouse_department_and_words(world, far):
    cell = logged_in(make_person("NAT", domain="distrilog"))
    own = {world.order.number}
    place = world.place.establishment
    assert listed(cell, etat="shipped") == own
    assert listed(cell, etat="a-receptionner") == own
    assert listed(cell, etat="en-cours") == own | {far.number}
    assert listed(cell, equipement=4) == own
    assert listed(cell, departement=place.department_id) == own
    assert listed(cell, recherche=place.finess) == own
    assert listed(cell, recherche="Ajoncs") == {far.number}
    assert listed(cell, recherche=world.order.number) == own
    assert listed(cell, recherche=world.order.number[-6:]) == own
    assert listed(cell, semaine=far.week.isoformat()) == own | {far.number}
    assert listed(cell, entrepot=far.operator_id) == own | {far.number}
    assert listed(cell, recherche="C-1999") == set()
    assert listed(cell, etat="n’importe", semaine="hier", departement="²") == own | {far.number}


def test_a_word_that_more_places_hold_than_are_sent_back_leaves_no_order_out(
    world, far, monkeypatch
):
    monkeypatch.setattr(filters, "MOST_PLACES", 1)
    cell = logged_in(make_person("NAT", domain="distrilog"))
    Establishment.objects.update(name="Hôpital de Test")
    assert listed(cell, recherche="test") == {world.order.number, far.number}


def test_an_agency_reads_the_orders_of_its_pool(world):
    region = world.order.region
    pool = make_order(world.place, kind="pool")
    agency = make_body("ars", region=region)
    Order.objects.filter(pk=pool.pk).update(beneficiary=None, agency=agency)
    client = logged_in(make_person("ARA", on=region))
    assert pool.number in listed(client)
    assert "pot commun régional" in text_of(client.get(page(pool)))


def test_the_entity_reads_what_it_ordered_under_its_own_number():
    entity = make_legal_entity()
    order = make_order(make_beneficiary(entity))
    assert order.number in listed(logged_in(make_person("OCE", on=entity)))


def test_the_list_takes_as_many_statements_whatever_its_length(world):
    client = logged_in(make_person("NAT", domain="distrilog"))
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(12):
        place = make_beneficiary()
        order = make_order(place, [(world.masks.product, 50), (world.gloves.product, 50)])
        make_shipment(order)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_the_page_of_an_order_takes_as_many_statements_whatever_it_holds(world):
    client = logged_in(world.operator)
    world.receive((100, 0, "later"), 200)
    client.get(page(world.order))
    with CaptureQueriesContext(connection) as few:
        client.get(page(world.order))
    world.receive((100, 0, "later"), None)
    world.receive(200, None)
    with CaptureQueriesContext(connection) as many:
        client.get(page(world.order))
    assert len(many) == len(few)


def test_the_file_says_what_the_list_says(world, far):
    client = logged_in(make_person("NAT", domain="distrilog"))
    answer = client.get(reverse("orders:orders_file", args=["csv"]), {"etat": "shipped"})
    content = b"".join(answer).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content), delimiter=";")
    assert (row["Commande"], row["Commandé"], row["Reçu"]) == (world.order.number, "600", "")
    assert row["FINESS"] == world.place.finess
    answer = client.get(reverse("orders:orders_file", args=["xlsx"]))
    assert b"".join(answer)[:2] == b"PK"
    assert client.get(reverse("orders:orders_file", args=["pdf"])).status_code == 404


def test_delivered_is_not_received_and_the_list_tells_them_apart(world):
    Order.objects.update(state="delivered")
    client = logged_in(world.operator)
    assert "à réceptionner</span>" in text_of(client.get(LIST))
    assert listed(client, etat="a-receptionner") == {world.order.number}
    world.receive()
    assert f"réceptionnée le {world.today:%d/%m/%Y}" in text_of(client.get(LIST))
    assert listed(client, etat="a-receptionner") == set()
