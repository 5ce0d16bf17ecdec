"""The pages of delivery addresses, as each person meets them."""

import pytest
from django.test import Client
from django.urls import reverse

from orders.addresses.cards import address_cards
from orders.models import DeliveryAddress
from orders.services.addresses import Terms, set_terms, validate
from orders.services.finess_addresses import finess_address
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_order

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("orders:addresses"), reverse("orders:address_new")
State = DeliveryAddress.State
TYPED = {
    "lieu": "Plateforme du groupement",
    "rue": "ZA du Clos, bâtiment 4",
    "code_postal": "45 160",
    "commune": "OLIVET",
    "motif": "La réserve est pleine",
    "consignes": "Quai 2",
    "contact": "",
    "telephone": "",
}


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(address):
    return reverse("orders:address", args=[address.pk])


def test_the_list_holds_the_address_of_finess_and_offers_another(world):
    answer = logged_in(world.orders).get(LIST)
    assert_sound_html(answer)
    text = answer.content.decode()
    assert "12 rue des Acacias" in text
    assert "Adresse de FINESS" in text
    assert NEW in text


def test_one_proposes_and_another_finds_it_at_home_then_decides(world):
    answer = logged_in(world.orders).post(NEW, TYPED, follow=True)
    assert_sound_html(answer)
    address = DeliveryAddress.objects.get(state=State.PROPOSED)
    assert address.postal_code == "45160"
    assert "Vous l’avez proposée" in answer.content.decode()
    assert address_cards(world.orders) == []
    (card,) = address_cards(world.head)
    assert card.url == page_of(address)
    head = logged_in(world.head)
    assert_sound_html(head.get(card.url))
    assert "Plateforme du groupement" in head.get(LIST).content.decode()
    answer = head.post(card.url, {"action": "valider"}, follow=True)
    assert_sound_html(answer)
    assert "L’adresse est validée" in answer.content.decode()
    assert address_cards(world.head) == []


def test_a_double_click_proposes_once(world):
    client = logged_in(world.orders)
    first, second = client.post(NEW, TYPED), client.post(NEW, TYPED)
    assert first.url == second.url
    assert DeliveryAddress.objects.count() == 1


def test_what_was_typed_stays_when_it_is_refused(world):
    answer = logged_in(world.orders).post(NEW, TYPED | {"code_postal": "4516"})
    assert answer.status_code == 422
    assert "5 chiffres" in answer.content.decode()
    assert "ZA du Clos" in answer.content.decode()


def test_a_refusal_without_words_is_asked_for_them(world):
    address = world.propose()
    answer = logged_in(world.head).post(page_of(address), {"action": "refuser", "reponse": ""})
    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.content.decode()


def test_who_comes_second_reads_the_decision(world):
    address = world.propose()
    validate(by=world.ars, address=address)
    answer = logged_in(world.head).post(page_of(address), {"action": "valider"})
    assert answer.status_code == 409
    assert f"déjà validée par {world.ars}" in answer.content.decode()


def test_who_proposed_is_not_offered_to_validate_nor_may(world):
    address = world.propose(by=world.ars)
    client = logged_in(world.ars)
    assert "Valider l’adresse" not in client.get(page_of(address)).content.decode()
    assert client.post(page_of(address), {"action": "valider"}).status_code == 422
    address.refresh_from_db()
    assert address.state == State.PROPOSED


def test_terms_that_somebody_else_changed_are_shown(world):
    address = finess_address(world.home)
    client = logged_in(world.orders)
    sent = {"action": "consignes", "consignes": "Quai 3", "vues": Terms().version}
    set_terms(by=world.orders, address=address, terms=Terms("Quai 1"), seen=Terms().version)
    answer = client.post(page_of(address), sent)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Quai 1" in text
    assert 'value="Quai 3"' in text
    kept = sent | {"vues": Terms("Quai 1").version}
    assert client.post(page_of(address), kept).status_code == 302
    address.refresh_from_db()
    assert address.terms == "Quai 3"


def test_the_ars_sees_its_own_and_those_that_wait_in_its_region(world):
    world.propose()
    text = logged_in(world.ars).get(LIST).content.decode()
    assert "À valider par vous" in text
    assert "Où l’ARS fait livrer son pot commun" in text


def test_an_address_retires(world):
    address = world.propose()
    answer = logged_in(world.orders).post(page_of(address), {"action": "retirer"}, follow=True)
    assert "L’adresse est retirée" in answer.content.decode()
    assert_sound_html(logged_in(world.orders).get(LIST))


@pytest.mark.parametrize("action", ["valider", "refuser", "retirer", "consignes"])
def test_outside_the_perimeter_an_address_does_not_exist(world, action):
    address = world.propose()
    client = logged_in(world.elsewhere)
    assert client.get(page_of(address)).status_code == 404
    assert client.post(page_of(address), {"action": action}).status_code == 404
    assert client.get(f"{LIST}?beneficiaire={world.home.pk}").status_code == 404


def test_where_one_may_order_now_comes_first(world):
    world.propose(label="Une plateforme")
    validated = world.propose(label="Plateforme validée", lines="Autre rue")
    validate(by=world.head, address=validated)
    rows = logged_in(world.orders).get(LIST).context["live"]
    assert [one.state for one in rows] == ["validated", "validated", "proposed"]
    assert rows[0].site == world.home.establishment


def test_before_retiring_one_reads_how_many_orders_go_there(world):
    address = world.propose()
    client = logged_in(world.orders)
    assert "Aucune commande en cours" in client.get(page_of(address)).content.decode()
    for state in ("submitted", "shipped", "delivered", "cancelled"):
        make_order(world.home, address=address, state=state)
    assert "2 commandes en cours" in client.get(page_of(address)).content.decode()


def test_the_ars_finds_the_places_of_its_region_only_by_their_page(world):
    answer = logged_in(world.ars).get(LIST)
    assert list(answer.context["holders"]) == []
    answer = logged_in(world.ars).get(f"{LIST}?beneficiaire={world.home.pk}")
    assert answer.context["holder"] == world.home
    assert "Proposer une adresse" in answer.content.decode()


def test_an_administrator_reads_and_decides_but_does_not_propose(world):
    client = logged_in(world.head)
    assert "Proposer une adresse" not in client.get(LIST).content.decode()
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, TYPED).status_code == 403
    assert not DeliveryAddress.objects.filter(site=None).exists()


@pytest.mark.parametrize("field", ["lieu", "rue", "commune", "motif", "consignes"])
def test_what_is_too_long_or_nothing_is_refused_in_its_field(world, field):
    client = logged_in(world.orders)
    answer = client.post(NEW, TYPED | {field: "x" * 400})
    assert answer.status_code == 422
    assert_sound_html(answer)
    if field != "consignes":
        assert client.post(NEW, TYPED | {field: "  "}).status_code == 422


def test_an_action_that_does_not_exist_is_not_found(world):
    answer = logged_in(world.head).post(page_of(world.propose()), {"action": "autre"})
    assert answer.status_code == 404


def test_the_list_asks_as_many_questions_whatever_it_holds(world, count_queries, client):
    client.force_login(world.ars)
    world.propose(label="A")
    count_queries(LIST)
    before = count_queries(LIST)
    for number in range(5):
        world.propose(lines=f"{number} rue du Port")
    assert count_queries(LIST) == before
