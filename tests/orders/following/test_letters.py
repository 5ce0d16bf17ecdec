"""What a place is written about its orders, and to whom."""

import pytest
from django.utils import timezone

from orders.following import letters
from orders.logistics.shapes import Confirmation, Line, StopAnswer
from orders.models import Order, OrderLine, Shipment
from orders.services.departures import announce_shipment
from orders.services.shipping import answer_stop, confirm
from tests.builders import make_person
from tests.orders.builders import make_shipment
from tests.orders.following.pages import logged_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """What would leave: (subject, text, address)."""
    found = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: found.append(words))
    return found


@pytest.fixture
def order(world):
    """Exported, and not confirmed yet; nothing counted, so that nothing is given back."""
    return world.masks_alone(exported_at=timezone.now())


@pytest.fixture(autouse=True)
def _no_counter(monkeypatch):
    monkeypatch.setattr("orders.services.shipping.give_back", lambda *given, **more: None)


def say(order, units, reason=""):
    line = OrderLine.objects.select_related("product").get(order=order)
    lines = [Line(produit=line.product.code, quantite=units)]
    confirm(
        order,
        Confirmation.model_construct(
            type="confirmation", commande=order.number, le=timezone.now(), lignes=lines,
            motif=reason,
        ),
    )  # fmt: skip


def answer(order, *, stopped, reason=""):
    order.stop_asked_at = order.stop_asked_at or timezone.now()
    order.save()
    answer_stop(
        order,
        StopAnswer.model_construct(
            type="arret", commande=order.number, le=timezone.now(), arretee=stopped, motif=reason
        ),
    )


def test_served_in_full_nothing_is_written(world, order, sent):
    say(order, 100)
    assert sent == []


def test_served_in_part_the_place_is_told_what_and_why(world, order, sent):
    say(order, 50, "Rupture partielle")
    [(subject, text, address)] = sent
    assert address == order.created_by.email
    assert subject.endswith(f"{order.number}\u00a0: servie en partie")
    assert "50 sur 100" in text
    assert "Rupture partielle" in text
    assert "rendu à votre contingent" in text
    assert f"/commandes/{order.pk}/" in text


def test_refused_the_subject_says_so(world, order, sent):
    say(order, 0, "Produit retiré")
    [(subject, text, _)] = sent
    assert subject.endswith("refusée par l’entrepôt")
    assert "Produit retiré" in text


@pytest.mark.parametrize(
    ("stopped", "sentence", "shown"),
    [
        (True, "Rien ne vous sera livré", "a pu l’arrêter"),
        (False, "La livraison continue", "Trop tard, répond"),
    ],
)
def test_the_answer_to_a_stop_is_written_and_stands_on_the_page(
    world, order, sent, stopped, sentence, shown
):
    client = logged_in(world.operator)
    Order.objects.filter(pk=order.pk).update(stop_asked_at=timezone.now())
    page = f"/distrilog/commandes/{order.pk}/"
    waiting = text_of(client.get(page))
    assert "Arrêt demandé le" in waiting
    assert "n’a pas encore répondu" in waiting
    assert "Demander l’arrêt" not in waiting
    answer(world.reread(), stopped=stopped, reason="Colis remis")
    [(subject, text, _)] = sent
    assert "réponse à votre demande d’arrêt" in subject
    assert sentence in text
    assert "Colis remis" in text
    assert shown in text_of(client.get(page))


def test_what_the_national_cell_pushed_is_told_to_those_who_order_for_the_place(world, sent):
    cell = make_person("NAT", domain="distrilog")
    colleague = make_person("OCE", on=world.place.establishment)
    Order.objects.update(kind=Order.Kind.PUSHED, created_by=cell)
    announce_shipment(Shipment.objects.get())
    assert {address for _, _, address in sent} == {world.operator.email, colleague.email}


def test_a_profile_with_an_address_of_its_own_reads_there(world, sent):
    profile = world.operator.active_profile
    profile.email, profile.email_verified_at = "commandes@ehpad.example", timezone.now()
    profile.save()
    order = world.masks_alone(by=world.operator, profile=profile)
    announce_shipment(make_shipment(order))
    assert [address for _, _, address in sent] == ["commandes@ehpad.example"]
