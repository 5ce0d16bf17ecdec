"""What a warehouse says is taken once, applied, or held back with the reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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
from orders.services.settling import settle_all
from tests.builders import make_person
from tests.orders.logistics.world import (
    ask_stop,
    confirmation,
    departure,
    la_poste,
    line,
    make_catalogue,
    make_filed_order,
    make_sent_order,
    moment,
    quota_used,
    said,
    send,
    spf,
    stock_count,
    stock_of,
)

pytestmark = pytest.mark.django_db
State, Reported = Order.State, LogisticsReport.State


@pytest.fixture
def product():
    return make_catalogue()


@pytest.fixture
def order(product):
    return make_filed_order(product)


def state(order):
    order.refresh_from_db()
    return order.state


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


def test_a_departure_before_its_confirmation_waits_and_goes_through_by_itself(order, product):
    early = send(departure(order, 200))
    delivery = send(said("livraison", order, 5, expedition="E1"))
    assert (early.state, delivery.state) == (Reported.WAITING, Reported.WAITING)
    assert "confirmation" in early.reason
    assert "E1" in delivery.reason
    send(confirmation(order, 200))
    assert state(order) == State.DELIVERED
    assert not LogisticsReport.objects.held_back().exists()


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
    assert (quota_used(order), stock_of(product)) == (0, (10_000, 0))
    assert "annulée" in send(departure(order, 150)).reason


def test_a_stop_may_come_too_late(order, product):
    send(confirmation(order, 200))
    send(departure(order, 50))
    ask_stop(order)
    assert "déjà parties" in send(said("arret", order, 4, arretee=True)).reason
    send(said("arret", order, 5, arretee=False, motif="Camion parti"))
    assert (state(order), order.stop_answer) == (State.PARTLY_SHIPPED, "too_late")


def test_a_count_less_what_is_kept_is_what_is_free(order, product):
    send(stock_count(product, 700))
    assert stock_of(product) == (500, 200)


def test_a_count_that_lacks_what_is_kept_waits_for_the_departure(order, product):
    report = send(stock_count(product, 100, hours=6))
    assert (report.state, stock_of(product)) == (Reported.WAITING, (9_800, 200))
    assert "100 unités comptées" in report.reason
    send(confirmation(order, 200))
    send(departure(order, 200))
    report.refresh_from_db()
    assert (report.state, stock_of(product)) == (Reported.APPLIED, (100, 0))


def test_an_older_count_is_passed_over_and_a_departure_before_a_count_is_not_taken_twice(
    order, product
):
    send(stock_count(product, 700, hours=6))
    send(stock_count(product, 5_000, hours=5))
    assert stock_of(product) == (500, 200)
    send(confirmation(order, 200))
    send(departure(order, 200, hours=3))  # had left when the 700 were counted
    assert stock_of(product) == (700, 0)


def test_a_count_of_an_unknown_product_is_kept_aside():
    report = send({"type": "stock", "le": moment(), "lignes": [{"produit": "x", "quantite": 1}]})
    assert "catalogue" in report.reason


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


def test_an_order_is_expected_when_its_shipments_are_and_not_before_the_promise(order):
    day = timezone.localdate()
    Order.objects.filter(pk=order.pk).update(expected_on=day + timedelta(days=5))
    send(confirmation(order, 200))

    def leaves(units, number, days):
        due = (day + timedelta(days=days)).isoformat()
        assert send(departure(order, units, number, livraison_prevue=due)).applied_at
        order.refresh_from_db()
        return (order.expected_on - day).days

    assert leaves(100, "E1", 3) == 5  # the rest is still promised for then
    assert leaves(100, "E2", 4) == 4


@pytest.mark.parametrize("days", [-2, 200])
def test_a_delivery_before_the_departure_or_in_years_is_kept_aside(order, days):
    send(confirmation(order, 200))
    due = (timezone.localdate() + timedelta(days=days)).isoformat()
    report = send(departure(order, 200, livraison_prevue=due))
    assert (report.state, "avant le départ" in report.reason) == (Reported.QUARANTINED, True)


def test_a_report_of_before_the_file_or_of_the_future_tells_of_a_wrong_clock(order):
    early = send(said("preparation", order, -1))
    assert "daté d’avant le fichier" in early.reason
    late = confirmation(order, 200)
    late["le"] = (timezone.now() + timedelta(minutes=11)).isoformat()
    assert "avenir" in send(late).reason
    late["le"] = (timezone.now() + timedelta(minutes=9)).isoformat()
    assert send(late).state == Reported.APPLIED


def test_a_warehouse_that_lacks_units_for_good_slows_no_other_report(product):
    first, second = make_filed_order(product), make_filed_order(product)

    def statements(order):
        with CaptureQueriesContext(connection) as found:
            send(confirmation(order, 200))
        return len(found)

    send(stock_count(product, 100, hours=4))
    alone = statements(first)
    for hours in (4.1, 4.2, 4.3, 4.4):
        assert send(stock_count(product, 100, hours=hours)).state == Reported.WAITING
    assert statements(second) == alone


def test_counts_that_waited_pass_once_the_last_of_them_holds(order, product):
    for hours, units in ((6, 150), (7, 120), (8, 100)):
        send(stock_count(product, units, hours=hours))
    assert LogisticsReport.objects.held_back().count() == 3
    send(confirmation(order, 200))
    send(departure(order, 200))
    assert not LogisticsReport.objects.held_back().exists()
    assert stock_of(product) == (100, 0)


def test_what_a_killed_worker_left_waiting_is_tried_again(order):
    send(departure(order, 200))
    delivery = send(said("livraison", order, 5, expedition="E1"))
    order.lines.update(confirmed=200)
    assert settle_all() == 2
    delivery.refresh_from_db()
    assert (delivery.state, state(order)) == (Reported.APPLIED, State.DELIVERED)


def test_what_is_done_with_a_report_is_journaled(order):
    report = send(confirmation(order, 900))
    discard_report(report, by=make_person("LPO"), reason="Erreur")
    verbs = Entry.objects.filter(verb__startswith="orders.report").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["orders.report_received", "orders.report_discarded"]
