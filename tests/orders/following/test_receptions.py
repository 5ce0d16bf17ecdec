"""What came, told by who ordered: whole, in part, damaged, corrected, twice, by two people."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from orders.models import Order, OrderStep, Reception
from orders.services.reception_checks import CorrectedMeanwhileError, ReceptionError
from orders.services.receptions import CORRECTED_FOR, confirm_reception, correct_reception
from tests.builders import make_body, make_establishment, make_person, make_region
from tests.orders.builders import make_order, make_shipment

pytestmark = pytest.mark.django_db
State = Order.State


def test_all_received_the_order_is_delivered_its_lines_and_history_say_so(world):
    world.receive()
    order = world.reread()
    assert (order.state, world.masks.received, world.gloves.received) == ("delivered", 400, 200)
    assert order.received_at is not None
    step = OrderStep.objects.get(order=order)
    assert step.text.startswith(f"Expédition {world.shipment.number} réceptionnée")
    entry = Entry.objects.get(verb="orders.reception_confirmed")
    assert (entry.finess, entry.details["received"]) == (world.place.finess, 600)


def test_a_part_received_the_rest_stays_expected_then_completes(world):
    world.receive((150, 0, "later"), 200)
    assert world.reread().state == State.SHIPPED
    assert world.order.received_at is None
    world.receive(250, None)
    assert (world.reread().state, world.masks.received) == ("delivered", 400)


def test_what_is_missing_or_damaged_is_no_more_expected(world):
    world.receive((300, 50, "missing"), 200)
    assert (world.reread().state, world.masks.received) == ("delivered", 300)
    told = Reception.objects.get().lines.get(line=world.masks)
    assert (told.expected, told.difference, told.is_problem) == (400, -50, True)


def test_a_difference_without_a_reason_is_refused_and_keeps_nothing(world):
    with pytest.raises(ReceptionError, match="pourquoi") as refused:
        world.receive(399)
    assert refused.value.line == world.masks.pk
    assert not Reception.objects.exists()


@pytest.mark.parametrize(
    ("masks", "comment", "sentence"),
    [
        ((450, 0, "missing"), "", "plus que prévu"),
        ((300, 0, "surplus"), "", "moins que prévu"),
        ((300, 0, "other"), "", "dans le commentaire"),
        ((300, 0, "envie"), "", "n’existe pas"),
        ((40_000, 0, "surplus"), "", "dix fois"),
    ],
)
def test_a_reason_that_contradicts_the_figures_is_refused(world, masks, comment, sentence):
    with pytest.raises(ReceptionError, match=sentence):
        world.receive(masks, comment=comment)


@pytest.mark.parametrize("days", [1, -400])
def test_a_day_to_come_or_before_the_order_is_refused(world, days):
    with pytest.raises(ReceptionError):
        world.receive(day=timezone.localdate() + timedelta(days=days))


def test_sent_twice_it_is_received_once(world):
    token = uuid.uuid4()
    assert world.receive(token=token) == world.receive(token=token)
    assert (Reception.objects.count(), world.masks.received) == (1, 400)


def test_a_colleague_received_it_meanwhile_nothing_is_doubled(world):
    world.receive()
    with pytest.raises(ReceptionError):
        world.receive()
    assert world.masks.received == 400


def test_of_two_shipments_each_is_received_apart_and_the_last_delivers(world):
    order = make_order(world.place, [(world.masks.product, 100), (world.gloves.product, 60)])
    masks, gloves = order.lines.all()
    first = make_shipment(order, [(masks, 100)])
    world.order = order
    world.receive(100, None, shipment=first)
    assert world.reread().state == State.PARTLY_SHIPPED
    second = make_shipment(world.order, [(gloves, 60)])
    world.receive(None, 60, shipment=second)
    assert world.reread().state == State.DELIVERED


def test_the_whole_order_is_received_when_no_shipment_was_reported(world):
    world.masks_alone(state="confirmed", exported_at=timezone.now())
    world.receive((60, 0, "later"), shipment=None)
    assert world.reread().state == State.CONFIRMED
    world.receive(40, shipment=None)
    assert (world.reread().state, world.masks.received) == ("delivered", 100)


def test_an_order_that_did_not_leave_is_not_received(world):
    world.masks_alone()
    with pytest.raises(ReceptionError, match="pas partie"):
        world.receive(100, shipment=None)


def test_what_the_warehouse_will_not_serve_is_not_waited_for(world):
    order = world.masks_alone(state="confirmed", exported_at=timezone.now())
    order.lines.update(confirmed=50)
    world.receive(50, shipment=None)
    assert world.reread().state == State.DELIVERED


def test_a_correction_counts_again_and_takes_the_order_back_where_it_stood(world):
    reception = world.receive((300, 0, "missing"), 200)
    told = world.told((300, 0, "later"), 200)
    correct_reception(by=world.operator, reception=reception, told=told, seen=1)
    assert (world.reread().state, world.order.received_at) == ("shipped", None)
    correct_reception(by=world.operator, reception=reception, told=world.told(400), seen=2)
    assert (world.reread().state, world.masks.received) == ("delivered", 400)
    assert Entry.objects.filter(verb="orders.reception_corrected").count() == 2


def test_who_corrects_what_a_colleague_just_corrected_reads_it_first(world):
    reception = world.receive()
    colleague = make_person("OCE", on=world.place.establishment)
    told = world.told((390, 0, "missing"))
    correct_reception(by=colleague, reception=reception, told=told, seen=1)
    with pytest.raises(CorrectedMeanwhileError) as refused:
        correct_reception(by=world.operator, reception=reception, told=world.told(), seen=1)
    assert refused.value.reception.lines.get(line=world.masks).received == 390
    assert world.masks.received == 390


def test_after_seven_days_a_reception_is_corrected_no_more(world):
    reception = world.receive()
    later = timezone.now() + CORRECTED_FOR + timedelta(minutes=1)
    with pytest.raises(ReceptionError, match="sept jours"):
        correct_reception(
            by=world.operator, reception=reception, told=world.told(), seen=1, now=later
        )


def test_lines_of_another_order_are_refused(world):
    foreign = world.told(400)
    world.masks_alone(state="confirmed")
    with pytest.raises(ReceptionError, match="pas de cette commande"):
        confirm_reception(by=world.operator, order=world.order, told=foreign, token=uuid.uuid4())


def test_only_who_orders_for_the_place_receives(world):
    elsewhere = make_person("OCE", on=make_establishment())
    for stranger in (elsewhere, make_person("APE", on=world.place.establishment)):
        with pytest.raises(ReceptionError, match="Seul un opérateur"):
            world.receive(by=stranger)


def test_an_agency_receives_the_orders_of_its_pool_alone(world):
    region = world.order.region
    agent = make_person("ARA", on=region)
    with pytest.raises(ReceptionError, match="Seul un opérateur"):
        world.receive(by=agent)
    Order.objects.filter(pk=world.order.pk).update(
        beneficiary=None, agency=make_body("ars", region=region), kind="pool"
    )
    world.reread()
    assert world.receive(by=agent).order == world.order
    with pytest.raises(ReceptionError, match="Seul un opérateur"):
        world.receive(by=make_person("ARA", on=make_region("11", "Île-de-France")))


def test_a_reason_where_nothing_differs_is_refused_rather_than_forgotten(world):
    with pytest.raises(ReceptionError, match="aucun écart") as refused:
        world.receive((400, 0, "wrong"), 200)
    assert refused.value.line == world.masks.pk


def test_when_nothing_came_there_is_nothing_to_receive(world):
    with pytest.raises(ReceptionError, match="Rien n’est arrivé"):
        world.receive((0, 0, "later"), (0, 0, "later"))
    world.receive((0, 0, "later"), (0, 0, "missing"))
    assert (world.gloves.received, world.reread().state) == (0, State.SHIPPED)


def test_a_reception_told_by_mistake_is_put_back_to_nothing(world):
    reception = world.receive()
    nothing = world.told((0, 0, "later"), (0, 0, "later"))
    correct_reception(by=world.operator, reception=reception, told=nothing, seen=1)
    assert (world.reread().state, world.order.received_at) == (State.SHIPPED, None)
    world.receive()
    assert world.reread().state == State.DELIVERED


def test_it_cannot_come_before_it_left(world):
    Order.objects.update(submitted_at=timezone.now() - timedelta(days=9))
    left = timezone.now() - timedelta(days=2)
    world.shipment.shipped_at = left
    before = timezone.localdate(left) - timedelta(days=1)
    with pytest.raises(ReceptionError, match=f"est partie le {timezone.localdate(left):%d/%m/%Y}"):
        world.receive(day=before)
    world.receive(day=before + timedelta(days=1))


def test_a_very_old_day_is_taken_for_a_mistake(world):
    long_ago = timezone.now() - timedelta(days=200)
    Order.objects.update(submitted_at=long_ago)
    world.shipment.shipped_at = long_ago
    with pytest.raises(ReceptionError, match="plus de trois mois"):
        world.receive(day=timezone.localdate() - timedelta(days=93))
    world.receive(day=timezone.localdate() - timedelta(days=92))


def test_an_order_is_not_received_before_the_day_it_was_sent(world):
    world.masks_alone(state="confirmed", exported_at=timezone.now())
    with pytest.raises(ReceptionError, match="a été transmise le"):
        world.receive(100, shipment=None, day=timezone.localdate() - timedelta(days=1))
