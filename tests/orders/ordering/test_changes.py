"""Until its file is written an order changes or goes; afterwards one asks to stop it."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from journal.models import Entry
from orders.models import Movement, ServedRegion, Tension
from orders.services.errors import OrderingError
from orders.services.ordering import ask_stop, cancel, change, version_of
from orders.services.refusals import ChangedOrderError, RefusedLinesError
from orders.services.sending import Delivery
from tests.builders import make_person
from tests.orders.builders import make_address
from tests.orders.ordering.world import left, make_world, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def sent(world):
    return order(world, {world.masks: 300, world.gloves[0]: 200})


def change_to(world, sent, lines, **fields):
    return change(
        by=fields.pop("by", world.operator),
        order=sent,
        lines={one.pk: units for one, units in lines.items()},
        delivery=fields.pop("delivery", world.delivery),
        seen=fields.pop("seen", version_of(sent)),
        **fields,
    )


def export(sent):
    sent.exported_at = timezone.now()
    sent.save()


def test_a_change_takes_and_gives_back_the_difference(world, sent):
    changed = change_to(world, sent, {world.masks: 500, world.gloves[1]: 100})
    assert (left(world.quota)[0], left(world.gloves_quota)[0]) == (500, 100)
    assert left(world.stock) == (99_500, 500)
    assert dict(changed.lines.values_list("product", "quantity")) == {
        world.masks.pk: 500,
        world.gloves[1].pk: 100,
    }
    causes = set(sent.movements.values_list("cause", flat=True))
    assert causes == {Movement.Cause.ORDERED, Movement.Cause.CHANGED}
    assert [one.text for one in sent.steps.all()][1] == "Commande modifiée."
    assert Entry.objects.get(verb="orders.order_changed").details["before"] == {
        str(world.masks): 300,
        str(world.gloves[0]): 200,
    }


def test_a_change_never_passes_the_quota_and_counts_what_the_order_already_has(world, sent):
    change_to(world, sent, {world.masks: 1_000})
    sent.refresh_from_db()
    with pytest.raises(RefusedLinesError) as caught:
        change_to(world, sent, {world.masks: 1_050})
    assert caught.value.lines[world.masks.pk].possible == 1_000
    assert left(world.quota)[0] == 1_000


def test_what_is_not_asked_more_needs_no_tension_any_more(world, sent):
    Tension.objects.all().delete()
    change_to(world, sent, {world.masks: 250, world.gloves[0]: 200})
    assert left(world.quota)[0] == 250
    sent.refresh_from_db()
    with pytest.raises(RefusedLinesError, match="plus en tension"):
        change_to(world, sent, {world.masks: 300})


def test_once_its_week_is_over_an_order_takes_no_more_of_its_quota(world, sent):
    later = timezone.now() + timedelta(weeks=1)
    swapped = {world.masks: 250, world.gloves[1]: 200}
    change_to(world, sent, swapped, now=later)
    assert (left(world.quota)[0], left(world.gloves_quota)[0]) == (250, 200)
    sent.refresh_from_db()
    with pytest.raises(RefusedLinesError, match="peut baisser, pas augmenter") as caught:
        change_to(world, sent, {world.masks: 300, world.gloves[1]: 200}, now=later)
    assert caught.value.lines[world.masks.pk].possible == 250
    assert left(world.quota)[0] == 250


def test_who_may_order_no_more_may_only_give_back(world, sent):
    ServedRegion.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    change_to(world, sent, {world.masks: 200, world.gloves[0]: 200})
    assert left(world.quota)[0] == 200
    sent.refresh_from_db()
    with pytest.raises(OrderingError, match="n’est pas servie"):
        change_to(world, sent, {world.masks: 250, world.gloves[0]: 200})


def test_a_change_shown_before_another_is_refused(world, sent):
    seen = version_of(sent)
    change_to(world, sent, {world.masks: 100})
    with pytest.raises(ChangedOrderError):
        change_to(world, sent, {world.masks: 200}, seen=seen)
    assert left(world.quota)[0] == 100


def test_the_address_and_the_contact_change_too(world, sent):
    other = make_address(world.home, site=None, label="Quai nord")
    changed = change_to(world, sent, {world.masks: 300}, delivery=Delivery(other, "Luc", "02"))
    assert (changed.delivery["label"], changed.contact_name) == ("Quai nord", "Luc")


def test_an_order_without_lines_is_cancelled_rather_than_changed(world, sent):
    with pytest.raises(OrderingError, match="annulez plutôt"):
        change_to(world, sent, {})


def test_a_cancelled_order_gives_everything_back_once(world, sent):
    change_to(world, sent, {world.masks: 500, world.gloves[0]: 100})
    for _ in range(2):
        assert cancel(by=world.operator, order=sent, reason="Erreur").state == "cancelled"
    assert (left(world.quota)[0], left(world.gloves_quota)[0]) == (0, 0)
    assert left(world.stock) == (100_000, 0)
    assert sent.movements.aggregate(units=Sum("quantity"))["units"] == 0
    assert Entry.objects.filter(verb="orders.order_cancelled").count() == 1
    assert sent.steps.last().text == "Commande annulée\u00a0: Erreur"


def test_an_order_whose_file_is_written_is_neither_changed_nor_cancelled(world, sent):
    export(sent)
    with pytest.raises(OrderingError, match="demander son arrêt"):
        cancel(by=world.operator, order=sent)
    with pytest.raises(OrderingError, match="demander son arrêt"):
        change_to(world, sent, {world.masks: 50})
    assert left(world.quota)[0] == 300


def test_its_stop_is_asked_once_with_a_reason(world, sent):
    with pytest.raises(OrderingError, match="annulez-la"):
        ask_stop(by=world.operator, order=sent, reason="Fraude")
    export(sent)
    with pytest.raises(OrderingError, match="Dites pourquoi"):
        ask_stop(by=world.operator, order=sent, reason=" ")
    for _ in range(2):
        stopped = ask_stop(by=world.operator, order=sent, reason="Commande frauduleuse")
    assert stopped.stop_asked_at
    assert Entry.objects.filter(verb="orders.stop_asked").count() == 1
    assert left(world.quota)[0] == 300


def test_nothing_is_stopped_once_delivered(world, sent):
    export(sent)
    sent.state = "delivered"
    sent.save()
    with pytest.raises(OrderingError, match="livrée"):
        ask_stop(by=world.operator, order=sent, reason="Fraude")


def test_a_colleague_changes_too_and_nobody_else(world, sent):
    colleague = make_person("OCE", on=world.home.establishment)
    change_to(world, sent, {world.masks: 100}, by=colleague)
    for code in ("OCE", "ARA"):
        stranger = make_person(code, on=None if code == "OCE" else world.region)
        with pytest.raises(OrderingError, match="ne modifie pas cette commande"):
            cancel(by=stranger, order=sent)
