"""What a warehouse says is taken once, applied, or held back with the reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from orders.models import LogisticsReport, Order, OrderStep, Parcel
from orders.services.errors import OrderingError
from orders.services.reports import (
    KeyReusedError,
    NotHeldBackError,
    correct_report,
    discard_report,
    receive,
)
from tests.builders import make_person
from tests.orders.logistics.world import (
    ask_stop,
    confirmation,
    departure,
    la_poste,
    line,
    make_catalogue,
    make_sent_order,
    quota_used,
    said,
    send,
    spf,
    state,
    stock_of,
)

pytestmark = pytest.mark.django_db
State, Reported = Order.State, LogisticsReport.State


def test_an_order_goes_from_its_confirmation_to_its_delivery(order, product):
    assert send(confirmation(order, 200)).state == Reported.APPLIED
    assert state(order) == State.CONFIRMED
    send(said("preparation", order, 2))
    assert state(order) == State.PREPARING
    soon = timezone.localdate() + timedelta(days=2)
    send(departure(order, 200, colis=["P1", "P2"], livraison_prevue=soon.isoformat()))
    assert (state(order), stock_of(product)) == (State.SHIPPED, (9_800, 0))
    assert order.expected_on == soon
    send(said("suivi", order, 4, expedition="E1", colis="P1", etat="En cours de livraison"))
    assert Parcel.objects.get(number="P1").state == "En cours de livraison"
    send(said("livraison", order, 5, expedition="E1"))
    assert state(order) == State.DELIVERED
    assert OrderStep.objects.filter(order=order).count() == 6


def test_what_is_not_confirmed_goes_back_to_the_quota_and_to_the_stock(order, product):
    assert (quota_used(order), stock_of(product)) == (200, (9_800, 200))
    send(confirmation(order, 150, motif="Rupture partielle"))
    assert (quota_used(order), stock_of(product)) == (150, (9_850, 150))
    steps = OrderStep.objects.filter(order=order, text__contains="150 sur 200")
    assert steps.count() == 1


def test_nothing_confirmed_is_a_refusal_that_gives_all_back(order, product):
    send(confirmation(order, 0, motif="Produit retiré"))
    assert (state(order), order.reason) == (State.REFUSED, "Produit retiré")
    assert (quota_used(order), stock_of(product)) == (0, (10_000, 0))


def test_two_departures_then_two_deliveries(order):
    send(confirmation(order, 200))
    send(departure(order, 150))
    assert state(order) == State.PARTLY_SHIPPED
    send(departure(order, 50, "E2", hours=4))
    send(said("livraison", order, 6, expedition="E1"))
    assert state(order) == State.SHIPPED
    send(said("livraison", order, 7, expedition="E2"))
    assert state(order) == State.DELIVERED


def test_the_same_report_twice_counts_once_by_its_key_or_by_what_it_says(order, product):
    send(confirmation(order, 200))
    content = departure(order, 150)
    first, is_new = receive(content, operator=la_poste(), key="cle-depart")
    again, is_new_again = receive(content, operator=la_poste(), key="cle-depart")
    other, is_new_other = receive(dict(reversed(content.items())), operator=la_poste(), key="x2")
    assert first == again == other
    assert (is_new, is_new_again, is_new_other) == (True, False, False)
    assert stock_of(product) == (9_800, 50)


def test_a_key_of_an_applied_report_serves_no_other(order):
    send(confirmation(order, 200), key="cle-1")
    with pytest.raises(KeyReusedError):
        send(said("preparation", order, 2), key="cle-1")


def test_a_report_held_back_may_be_sent_again_corrected_under_its_key(order):
    assert send(departure(order, 900), key="cle-1").state == Reported.WAITING
    send(confirmation(order, 200))
    assert LogisticsReport.objects.get(key="cle-1").state == Reported.QUARANTINED
    assert send(departure(order, 100), key="cle-1").state == Reported.APPLIED
    assert LogisticsReport.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{'type': 'confir", "tronqué"),
        ("Expédié \ufffd", "UTF-8"),
        ({"type": "preparation", "commande": "C-1", "le": "2020", "x": {"y": {"z": [1]}}}, "x"),
        ({}, "vide"),
        ({"type": "inconnu"}, "nature connue"),
        ({"type": "preparation", "commande": "C-1"}, "« le » manque"),
        ({"type": "preparation", "commande": "C-9", "le": "2090-01-01T00:00:00Z"}, "avenir"),
        ({"type": "preparation", "commande": "C\x00", "le": "2026-01-01T00:00:00Z"}, "JSON"),
        ({"type": "preparation", "commande": "C-9", "le": "2026-01-01T00:00:00Z"}, "C-9"),
        ({"type": "preparation", "commande": ["C"], "le": "2026-01-01T00:00:00Z"}, "commande"),
    ],
)
def test_what_cannot_be_read_is_kept_aside_with_the_reason(content, reason):
    report = send(content)
    assert report.state == Reported.QUARANTINED
    assert reason in report.reason.replace("\u00a0", " ")


@pytest.mark.parametrize("units", ["12", 1.5, -1, True, None, 1_000_000_000])
def test_a_quantity_that_is_no_whole_number_is_kept_aside(order, units):
    report = send(confirmation(order, units))
    assert report.state == Reported.QUARANTINED
    assert "quantite" in report.reason


def test_impossible_quantities_are_kept_aside_and_change_nothing(order, product):
    assert "201 confirmées pour 200" in send(confirmation(order, 201)).reason
    send(confirmation(order, 200))
    assert "avec d’autres quantités" in send(confirmation(order, 100)).reason
    assert "il n’en reste que 200" in send(departure(order, 250)).reason
    other = send(departure(order, 1) | {"lignes": [line(make_catalogue(), 1)]})
    assert "n’est pas dans cette commande" in other.reason
    assert (state(order), stock_of(product)) == (State.CONFIRMED, (9_800, 200))


def test_a_confirmation_speaks_of_every_line(order, product):
    other = make_catalogue()
    order.lines.create(product=other, quantity=100)
    partial = confirmation(order, 100) | {"lignes": [line(product, 200)]}
    assert f"ne dit rien du produit {other.code}" in send(partial).reason
    assert state(order) == State.SUBMITTED


def test_nothing_is_delivered_before_it_left_nor_shipped_empty(order):
    send(confirmation(order, 200))
    assert "ne contient rien" in send(departure(order, 0)).reason
    send(departure(order, 200, hours=3))
    assert "avant d’être partie" in send(said("livraison", order, 2, expedition="E1")).reason
    assert "n’est pas de cette" in send(
        said("suivi", order, 4, expedition="E1", colis="P9", etat="En route")
    ).reason.replace("\u00a0", " ")
    assert "déjà dite autrement" in send(departure(order, 100, hours=4)).reason
    assert state(order) == State.SHIPPED


def test_a_refused_order_is_neither_prepared_nor_shipped(order):
    send(confirmation(order, 0))
    assert "refusée" in send(said("preparation", order, 2)).reason
    assert "refusée" in send(departure(order, 50)).reason


def test_what_will_never_leave_goes_back_and_the_order_ends(order, product):
    closing = confirmation(order, 150, hours=6, motif="Rupture") | {"type": "solde"}
    send(confirmation(order, 200))
    waiting = send(closing)
    assert (waiting.state, "pas encore dite" in waiting.reason) == (Reported.WAITING, True)
    send(departure(order, 150))
    assert (state(order), quota_used(order), stock_of(product)) == (State.SHIPPED, 150, (9_850, 0))
    send(said("livraison", order, 7, expedition="E1"))
    assert state(order) == State.DELIVERED
    assert "50 unités ne partiront pas" in OrderStep.objects.get(text__startswith="Soldée").text
    assert "à expédier" in send(departure(order, 50, "E2")).reason


def test_an_order_closed_before_anything_left_is_refused(order, product):
    send(confirmation(order, 200))
    send(confirmation(order, 0, hours=6, motif="Sinistre") | {"type": "solde"})
    assert (state(order), order.reason) == (State.REFUSED, "Sinistre")
    assert (quota_used(order), stock_of(product)) == (0, (10_000, 0))


def test_a_closing_says_no_less_than_what_left(order):
    send(confirmation(order, 200))
    send(departure(order, 150))
    told = send(confirmation(order, 100, hours=6) | {"type": "solde"})
    assert (told.state, "déjà parties" in told.reason) == (Reported.QUARANTINED, True)
    assert state(order) == State.PARTLY_SHIPPED


def test_the_order_of_another_warehouse_is_unknown(order):
    assert "aucun fichier" in send(confirmation(order, 200), operator=spf()).reason
    unfiled = make_sent_order()
    assert "aucun fichier" in send(confirmation(unfiled, 200)).reason


def test_a_stopped_order_is_cancelled_and_gives_all_back(order, product):
    send(confirmation(order, 150))
    assert "Personne" in send(said("arret", order, 1, arretee=True)).reason
    ask_stop(order)
    send(said("arret", order, 2, arretee=True))
    assert (state(order), order.stop_answer) == (State.CANCELLED, "stopped")
    assert "Réponse déjà reçue" in send(said("arret", order, 3, arretee=False)).reason
    assert (quota_used(order), stock_of(product)) == (0, (10_000, 0))
    assert "annulée" in send(departure(order, 150)).reason


def test_a_stop_may_come_too_late(order, product):
    send(confirmation(order, 200))
    send(departure(order, 50))
    ask_stop(order)
    assert "déjà parties" in send(said("arret", order, 4, arretee=True)).reason
    send(said("arret", order, 5, arretee=False, motif="Camion parti"))
    assert (state(order), order.stop_answer) == (State.PARTLY_SHIPPED, "too_late")


def test_somebody_corrects_or_discards_what_is_held_back(order):
    person = make_person("LPO")
    report = send(confirmation(order, 900))
    still = correct_report(report, by=person, content=confirmation(order, 300))
    assert still.state == Reported.QUARANTINED
    assert correct_report(report, by=person, content=confirmation(order, 200)).applied_at
    assert state(order) == State.CONFIRMED
    with pytest.raises(NotHeldBackError):
        discard_report(report, by=person, reason="trop tard")
    other = send(departure(order, 900))
    with pytest.raises(OrderingError, match="pourquoi"):
        discard_report(other, by=person, reason=" ")
    assert discard_report(other, by=person, reason="Saisie en double").state == Reported.DISCARDED


def test_the_first_words_of_a_corrected_report_are_kept(order):
    report = send(confirmation(order, 900))
    person = make_person("LPO")
    correct_report(report, by=person, content=confirmation(order, 300))
    done = correct_report(report, by=person, content=confirmation(order, 200))
    assert '"quantite": 900' in done.text
    assert done.content["lignes"][0]["quantite"] == 200
    again = send(departure(order, 900), key="cle-renvoi")
    again = send(departure(order, 100), key="cle-renvoi")
    assert (again.state, '"quantite": 900' in again.text) == (Reported.APPLIED, True)


def test_what_is_done_with_a_report_is_journaled(order):
    report = send(confirmation(order, 900))
    discard_report(report, by=make_person("LPO"), reason="Erreur")
    verbs = Entry.objects.filter(verb__startswith="orders.report").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["orders.report_received", "orders.report_discarded"]
