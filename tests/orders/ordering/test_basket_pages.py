"""The review page: what is refused is told, nothing changes by itself, two clicks are one order."""

import pytest
from django.utils import timezone

from orders.models import DeliveryAddress, Order, Registration
from orders.services.drafts import draft_of
from orders.services.sending import Delivery
from tests.builders import make_establishment, make_person
from tests.orders.builders import make_address, make_beneficiary
from tests.orders.ordering.world import (
    basket,
    left,
    located,
    make_agency_world,
    order,
    registered,
    text_of,
    typed,
)

pytestmark = pytest.mark.django_db
URL = "/distrilog/panier/"


@pytest.fixture
def world(client):
    return located(client)


def test_an_empty_basket_leads_to_the_catalogue(client, world):
    assert "Votre panier est vide" in text_of(client.get(URL))


def test_the_review_tells_quota_packs_and_what_happens_next(client, world):
    order(world, {world.masks: 500})
    basket(world, {world.masks: 700})
    page = text_of(client.get(URL))
    assert "14 cartons" in page
    assert 'data-label="Autorisé">1\u202f200<' in page
    assert 'data-label="Déjà commandé">500<' in page
    assert 'data-label="Restera">0<' in page
    assert "Servie par l’entrepôt de La Poste." in page
    assert "Modifiable ou annulable" in page
    assert 'href="/distrilog/adresses/proposer/"' in page
    assert "Un double clic ne fait qu’une commande" in page


def test_transmitting_writes_the_order_and_shows_its_receipt(client, world):
    basket(world, {world.masks: 100})
    answer = client.post(URL, typed(world, {world.masks: "200"}), follow=True)
    sent = Order.objects.get(state="submitted")
    assert answer.redirect_chain[-1][0] == f"/distrilog/panier/transmise/{sent.pk}/"
    page = text_of(answer)
    assert f"Commande {sent.number}" in page
    assert "4 cartons" in page
    assert left(world.quota)[0] == 200
    assert "Votre panier est vide" in text_of(client.get(URL))


def test_two_clicks_are_one_order(client, world):
    basket(world, {world.masks: 100})
    data = typed(world, {world.masks: "100"})
    first, second = client.post(URL, data), client.post(URL, data)
    assert first.headers["Location"] == second.headers["Location"]
    assert (Order.objects.count(), left(world.quota)[0]) == (1, 100)


def test_a_page_kept_open_after_its_order_was_sent_says_so(client, world):
    basket(world, {world.masks: 100})
    data = typed(world, {world.masks: "100"})
    client.post(URL, data)
    again = text_of(client.post(URL, data, follow=True))
    assert "déjà transmis" not in again
    more = text_of(client.post(URL, data | {f"produit-{world.masks.pk}": "500"}, follow=True))
    assert "Ce panier était déjà transmis" in more
    assert (Order.objects.count(), left(world.quota)[0]) == (1, 100)


def test_what_does_not_hold_any_more_is_told_before_anything_is_sent(client, world):
    basket(world, {world.masks: 1_200})
    order(world, {world.masks: 500}, by=make_person("OCE", on=world.home.establishment))
    page = text_of(client.get(URL))
    assert "Reste 700, et non 1\u202f200" in page
    assert f'value="mettre-{world.masks.pk}-700"' in page
    assert "À corriger avant de transmettre." in page


def test_a_product_taken_off_the_catalogue_is_named_and_its_line_taken_off(client, world):
    basket(world, {world.masks: 100, world.gloves[0]: 100})
    world.masks.is_open = False
    world.masks.save()
    assert "Ce produit n’est plus au catalogue : retirez la ligne." in text_of(client.get(URL))
    lines = {world.masks: "100", world.gloves[0]: "100"}
    assert client.post(URL, typed(world, lines)).status_code == 409
    kept = client.post(URL, typed(world, lines, action="brouillon"), follow=True)
    assert "Le brouillon est gardé" in text_of(kept)
    client.post(URL, typed(world, lines, action=f"retirer-{world.masks.pk}"))
    lines = draft_of(world.operator, world.holder).lines
    assert lines.get().product == world.gloves[0]


@pytest.mark.parametrize("seen", ["2020-13-45T00:00:00", "2020-01-01T00:00:00", "hier", ""])
def test_a_forged_hour_of_the_page_is_that_of_nobody(client, world, seen):
    basket(world, {world.masks: 100})
    order(world, {world.masks: 1_150})
    answer = client.post(URL, typed(world, {world.masks: "100"}, vue=seen))
    assert answer.status_code == 409
    assert "Reste 50, et non 100" in text_of(answer)


def test_without_a_warehouse_the_basket_says_so(client, world):
    basket(world, {world.masks: 100})
    world.stock.holder.kind = "spf"
    world.stock.holder.save()
    page = text_of(client.get(URL, follow=True))
    assert "Aucun entrepôt n’est déclaré" in page


def test_a_quota_taken_meanwhile_names_the_order_and_offers_the_rest(client, world):
    basket(world, {world.masks: 1_200, world.gloves[0]: 200})
    data = typed(world, {world.masks: "1200", world.gloves[0]: "200"})
    taken = order(world, {world.masks: 500}, by=make_person("OCE", on=world.home.establishment))
    answer = client.post(URL, data)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Reste 700, et non 1\u202f200" in page.replace("\u00a0", " ")
    assert taken.number in page
    assert f'value="mettre-{world.masks.pk}-700"' in page
    assert 'value="1200"' in page
    assert "Rien n’est transmis ni changé." in page
    assert left(world.quota)[0] == 500
    client.post(URL, data | {"action": f"mettre-{world.masks.pk}-700"})
    draft = draft_of(world.operator, world.holder)
    assert dict(draft.lines.values_list("product", "quantity")) == {
        world.masks.pk: 700,
        world.gloves[0].pk: 200,
    }
    assert client.post(URL, data | {f"produit-{world.masks.pk}": "700"}).status_code == 302


def test_a_line_is_taken_off_and_the_others_keep_what_was_typed(client, world):
    basket(world, {world.masks: 100, world.gloves[0]: 100})
    lines = {world.masks: "150", world.gloves[0]: "100"}
    client.post(URL, typed(world, lines, action=f"retirer-{world.gloves[0].pk}"))
    draft = draft_of(world.operator, world.holder)
    assert list(draft.lines.values_list("product", "quantity")) == [(world.masks.pk, 150)]


def test_a_draft_is_kept_without_sending(client, world):
    basket(world, {world.masks: 100})
    client.post(URL, typed(world, {world.masks: "250"}, action="brouillon", contact="Luc"))
    draft = draft_of(world.operator, world.holder)
    assert (draft.lines.get().quantity, draft.contact_name, left(world.quota)[0]) == (250, "Luc", 0)
    assert 'value="Luc"' in text_of(client.get(URL))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("adresse", "", "Choisissez une adresse"),
        ("contact", "", "personne à joindre"),
        ("telephone", " ", "personne à joindre"),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_stays(client, world, field, value, told):
    basket(world, {world.masks: 100})
    answer = client.post(URL, typed(world, {world.masks: "150"}, **{field: value}))
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert 'value="150"' in text_of(answer)
    assert left(world.quota)[0] == 0


def test_a_broken_pack_is_told_on_its_line(client, world):
    basket(world, {world.masks: 100})
    answer = client.post(URL, typed(world, {world.masks: "120"}))
    assert answer.status_code == 422
    assert "tapez 100 ou 150" in text_of(answer)


def test_an_address_that_waits_is_shown_and_cannot_be_used(client, world):
    basket(world, {world.masks: 100})
    waiting = make_address(
        world.home, site=None, label="Magasin central", state=DeliveryAddress.State.PROPOSED
    )
    page = text_of(client.get(URL))
    assert "Magasin central" in page
    assert "ne peut pas encore servir" in page
    answer = client.post(URL, typed(world, {world.masks: "100"}, adresse=waiting.pk))
    assert answer.status_code == 422
    assert "Cette adresse ne peut pas servir" in text_of(answer)


def test_the_address_of_somebody_else_is_refused(client, world):
    basket(world, {world.masks: 100})
    elsewhere = make_address(make_beneficiary(make_establishment(siret="9" * 14)))
    answer = client.post(URL, typed(world, {world.masks: "100"}, adresse=elsewhere.pk))
    assert answer.status_code == 422


def test_the_contact_of_the_last_order_is_proposed(client, world):
    order(world, {world.masks: 100}, delivery=Delivery(world.address, "Luc Petit", "02 11"))
    basket(world, {world.masks: 100})
    page = text_of(client.get(URL))
    assert 'value="Luc Petit"' in page
    assert 'value="02 11"' in page


def test_the_first_order_is_for_who_registered_and_their_number(client, world):
    basket(world, {world.masks: 100})
    page = text_of(client.get(URL))
    assert 'value="Hélène Vasseur"' in page
    assert 'value="02 00 00 02 10"' in page


def test_an_order_is_read_by_its_people_alone(client, world):
    sent = order(world, {world.masks: 100})
    url = f"/distrilog/panier/transmise/{sent.pk}/"
    assert client.get(url).status_code == 200
    client.force_login(make_person("APE", on=world.home.establishment))
    page = text_of(client.get(url))
    assert "Modifier" not in page
    client.force_login(make_person("OCE"))
    assert client.get(url).status_code == 404


def test_an_agency_delivers_an_establishment_of_its_region(client):
    world = make_agency_world()
    site = world.home.establishment
    site.address, site.postal_code, site.town = "12 rue des Acacias", "45000", "ORLÉANS"
    site.save()
    client.force_login(world.ara)
    registered(world.ara)
    basket_of_agency(client, world)
    page = text_of(client.get(URL, {"finess": site.finess}))
    assert "12 rue des Acacias" in page
    draft = Order.objects.get(state="draft")
    data = {
        f"produit-{world.masks.pk}": "100", "adresse": world.address.pk, "contact": "Luc",
        "telephone": "02", "jeton": draft.token, "finess": site.finess, "action": "transmettre",
    }  # fmt: skip
    assert client.post(URL, data).status_code == 302
    assert (left(world.pool)[0], left(world.quota)[0]) == (100, 0)


def test_an_agency_is_told_that_a_number_is_none_of_its_region(client):
    world = make_agency_world()
    client.force_login(world.ara)
    basket_of_agency(client, world)
    for number in ("370990715", "n’importe quoi", world.home.finess[:-1]):
        page = text_of(client.get(URL, {"finess": number}))
        assert "Aucune adresse de livraison à ce numéro dans votre région." in page
    assert "Aucune adresse de livraison à ce numéro" not in text_of(client.get(URL))


def basket_of_agency(client, world):
    data = {"equipement": world.masks.item_id, f"produit-{world.masks.pk}": "100"}
    client.post("/distrilog/catalogue/", data)


def test_a_warehouse_reads_where_to_deliver_and_not_who_ordered(client, world):
    sent = order(world, {world.masks: 100})
    Order.objects.update(exported_at=timezone.now())
    client.force_login(make_person("LPO", on=sent.operator))
    page = text_of(client.get(f"/distrilog/panier/transmise/{sent.pk}/"))
    assert "12 rue des Acacias" in page
    assert str(world.operator) not in page.replace(sent.contact_name, "")
    assert "Contingent" not in page


def test_the_review_costs_the_same_queries_for_one_line_or_many(client, world, count_queries):
    basket(world, {world.masks: 50})
    client.get(URL)
    few = count_queries(URL)
    basket(world, dict.fromkeys(world.gloves, 100))
    assert count_queries(URL) == few


def test_the_hour_shown_is_when_the_draft_was_kept(client, world):
    basket(world, {world.masks: 50})
    assert timezone.localdate().strftime("%d/%m/%Y") in text_of(client.get(URL))


def test_the_first_order_of_a_profile_asks_who_orders_and_keeps_the_basket(client, world):
    Registration.objects.all().delete()
    basket(world, {world.masks: 100})
    answer = client.post(URL, typed(world, {world.masks: "150"}))
    assert answer.headers["Location"] == f"/distrilog/inscription/?suite={URL}"
    assert draft_of(world.operator, world.holder).lines.get().quantity == 150
    assert left(world.quota)[0] == 0
