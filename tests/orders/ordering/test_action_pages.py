"""The pages of what one does with an order sent."""

import pytest
from django.utils import timezone

from orders.models import Order
from orders.services.drafts import draft_of
from orders.services.ordering import version_of
from tests.builders import make_person
from tests.orders.ordering.world import basket, left, located, order, text_of, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    return located(client)


@pytest.fixture
def sent(world):
    return order(world, {world.masks: 300, world.gloves[0]: 200})


def url(sent, name):
    return f"/distrilog/commandes/{sent.pk}/{name}/"


def change(client, world, sent, lines, **fields):
    data = typed(world, lines, vue=version_of(sent))
    return client.post(url(sent, "modifier"), data | fields)


def test_an_order_is_changed_on_the_page_of_the_basket(client, world, sent):
    page = text_of(client.get(url(sent, "modifier")))
    assert 'data-label="Déjà commandé">0<' in page
    answer = change(client, world, sent, {world.masks: "500", world.gloves[0]: ""}, follow=True)
    assert answer.status_code == 302
    assert (left(world.quota)[0], left(world.gloves_quota)[0]) == (500, 0)


def test_what_a_colleague_wrote_meanwhile_stands_beside_what_was_typed(client, world, sent):
    data = typed(world, {world.masks: "500", world.gloves[0]: "200"}, vue=version_of(sent))
    change(client, world, sent, {world.masks: "100", world.gloves[0]: "200"})
    answer = client.post(url(sent, "modifier"), data)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Enregistré entre-temps : 100" in page
    assert 'value="500"' in page
    assert left(world.quota)[0] == 100
    sent.refresh_from_db()
    assert client.post(url(sent, "modifier"), data | {"vue": version_of(sent)}).status_code == 302


def test_too_much_is_refused_with_what_is_possible(client, world, sent):
    answer = change(client, world, sent, {world.masks: "1250", world.gloves[0]: "200"})
    assert answer.status_code == 409
    assert f'value="mettre-{world.masks.pk}-1200"' in text_of(answer)
    again = change(client, world, sent, {world.masks: "1250"}, action="actualiser")
    assert f'value="mettre-{world.masks.pk}-1200"' in text_of(again)
    answer = change(
        client, world, sent, {world.masks: "1250"}, action=f"mettre-{world.masks.pk}-1200"
    )
    assert 'value="1200"' in text_of(answer)
    assert left(world.quota)[0] == 300


def test_an_order_is_cancelled_after_being_asked(client, world, sent):
    assert "Toute la commande est annulée" in text_of(client.get(url(sent, "annuler")))
    assert left(world.quota)[0] == 300
    page = client.post(url(sent, "annuler"), {"motif": "Doublon"}, follow=True)
    assert "est annulée" in text_of(page)
    assert left(world.quota)[0] == 0


def test_once_its_file_is_written_one_asks_to_stop_it(client, world, sent):
    Order.objects.update(exported_at=timezone.now())
    assert client.get(url(sent, "modifier")).status_code == 302
    assert "Demander l’arrêt" in text_of(client.get(f"/distrilog/panier/transmise/{sent.pk}/"))
    assert client.post(url(sent, "arret"), {"motif": ""}).status_code == 422
    page = client.post(url(sent, "arret"), {"motif": "Commande frauduleuse"}, follow=True)
    assert "L’arrêt est demandé" in text_of(page)
    page = client.post(url(sent, "annuler"), {}, follow=True)
    assert "demander son arrêt" in text_of(page)
    assert left(world.quota)[0] == 300


def test_what_can_no_longer_be_done_is_not_asked(client, world, sent):
    assert "ne peut pas être demandé" in text_of(client.get(url(sent, "arret"), follow=True))
    Order.objects.update(exported_at=timezone.now())
    assert "ne peut plus être annulée" in text_of(client.get(url(sent, "annuler"), follow=True))
    client.post(url(sent, "arret"), {"motif": "Commande frauduleuse"})
    assert "ne peut pas être demandé" in text_of(client.get(url(sent, "arret"), follow=True))
    assert "Demander l’arrêt" not in text_of(client.get(f"/distrilog/panier/transmise/{sent.pk}/"))
    assert "Arrêt demandé le" in text_of(client.get(f"/distrilog/commandes/{sent.pk}/"))


def test_a_reason_too_long_is_told_and_nothing_is_cancelled(client, world, sent):
    answer = client.post(url(sent, "annuler"), {"motif": "x" * 301})
    assert answer.status_code == 422
    assert left(world.quota)[0] == 300


def test_an_order_is_taken_again_beside_what_the_basket_already_has(client, world, sent):
    basket(world, {world.gloves[1]: 900})
    page = text_of(client.post(url(sent, "recommander"), follow=True))
    assert "100 au lieu de 200" in page
    kept = dict(draft_of(world.operator, world.holder).lines.values_list("product", "quantity"))
    assert (kept[world.gloves[0].pk], kept[world.gloves[1].pk]) == (100, 900)


def test_an_order_is_taken_again_bounded_by_what_is_left(client, world, sent):
    order(world, {world.masks: 800})
    page = text_of(client.post(url(sent, "recommander"), follow=True))
    assert "100 au lieu de 300" in page
    draft = draft_of(world.operator, world.holder)
    assert dict(draft.lines.values_list("product", "quantity")) == {
        world.masks.pk: 100,
        world.gloves[0].pk: 200,
    }


def test_nothing_left_to_take_again_is_told(client, world, sent):
    for counter in (world.quota, world.gloves_quota):
        counter.refresh_from_db()
        counter.granted = counter.used
        counter.save()
    page = text_of(client.post(url(sent, "recommander"), follow=True))
    assert "Rien de cette commande ne peut être recommandé" in page
    assert draft_of(world.operator, world.holder) is None


@pytest.mark.parametrize("name", ["modifier", "annuler", "arret", "recommander"])
def test_who_only_reads_it_does_nothing_with_it(client, world, sent, name):
    for code, status in (("APE", 403), ("ARA", 403), ("OCE", 404)):
        on = world.home.establishment if code == "APE" else None
        client.force_login(make_person(code, on=on))
        assert client.post(url(sent, name)).status_code == status
    sent.refresh_from_db()
    assert sent.state == "submitted"
