"""An order is sent: what it checks, what it takes, what it tells."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone

from common.weeks import PARIS, current_week, shift
from journal.models import Entry
from orders.models import (
    DeliveryAddress,
    Movement,
    Order,
    OrderingRule,
    ServedRegion,
    Source,
    Tension,
)
from orders.services.errors import OrderingError
from orders.services.refusals import RefusedLinesError
from orders.services.sending import Delivery
from tests.builders import make_body, make_department, make_establishment, make_person, make_region
from tests.orders.builders import (
    Kind,
    make_address,
    make_beneficiary,
    make_product,
    make_quota,
    make_stock,
)
from tests.orders.ordering.world import basket, left, make_world, order

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2020, 11, 17, 10, 0, tzinfo=PARIS)


@pytest.fixture
def world():
    return make_world()


def refused(world, lines, **fields):
    with pytest.raises(RefusedLinesError) as caught:
        order(world, lines, **fields)
    assert not Order.objects.exclude(state="draft").exists()
    return {one.label: (one.text, one.possible) for one in caught.value.lines.values()}


def why(world, lines=None, **fields):
    with pytest.raises(OrderingError) as caught:
        order(world, lines or {world.masks: 100}, **fields)
    assert not Order.objects.exists()
    assert (left(world.quota)[0], Movement.objects.count()) == (0, 0)
    return str(caught.value)


def test_an_order_is_written_with_what_it_took_and_who_serves_it(world):
    sent = order(world, {world.masks: 300, world.gloves[0]: 200, world.gloves[1]: 100})
    assert sent.number == f"C-{timezone.localdate():%Y}-{sent.pk:06d}"
    assert (sent.state, sent.region, sent.week) == ("submitted", world.region, current_week())
    assert sent.operator == make_body(Kind.LA_POSTE)
    assert left(world.quota) == (300, 1_000)
    assert left(world.gloves_quota) == (300, 1_000)
    assert left(world.stock) == (99_700, 300)
    assert sent.movements.aggregate(units=Sum("quantity"))["units"] == 1_200
    assert "La Poste" in sent.steps.get().text
    entry = Entry.objects.get(verb="orders.order_sent")
    assert (entry.target, entry.finess) == (sent.number, world.home.finess)
    assert entry.details["lines"][str(world.masks)] == 300


def test_the_delivery_is_kept_as_it_was_when_the_order_was_sent(world):
    sent = order(world, {world.masks: 50})
    DeliveryAddress.objects.update(lines="ailleurs")
    sent.refresh_from_db()
    assert sent.delivery["lines"] == "12 rue des Acacias"
    assert (sent.contact_name, sent.contact_phone) == ("Hélène Vasseur", "02 00 00 02 10")


def test_a_draft_becomes_the_order_with_its_own_lines(world):
    draft = basket(world, {world.masks: 100, world.gloves[0]: 100})
    sent = order(world, {world.masks: 150}, token=draft.token)
    assert sent.pk == draft.pk
    assert list(sent.lines.values_list("product", "quantity")) == [(world.masks.pk, 150)]
    assert left(world.gloves_quota)[0] == 0


def test_the_same_token_again_is_the_same_order(world):
    token = uuid4()
    first = order(world, {world.masks: 100}, token=token)
    again = order(world, {world.masks: 700}, token=token)
    assert (again.pk, Order.objects.count(), left(world.quota)[0]) == (first.pk, 1, 100)
    assert first.steps.count() == 1


def test_the_token_of_another_beneficiary_is_another_order(world):
    token = uuid4()
    order(world, {world.masks: 100}, token=token)
    other = make_world()
    assert order(other, {other.masks: 100}, token=token).beneficiary == other.home


def test_the_draft_of_a_colleague_is_theirs(world):
    colleague = make_person("OCE", on=world.home.establishment)
    draft = basket(world, {world.masks: 100}, by=colleague)
    with pytest.raises(OrderingError, match="autre personne"):
        order(world, {world.masks: 100}, token=draft.token)


def test_more_than_what_is_left_names_who_took_it_and_offers_the_rest(world):
    luc = make_person("OCE", on=world.home.establishment)
    luc.first_name, luc.last_name = "Luc", "Morin"
    luc.save()
    draft = basket(world, {world.masks: 900})
    taken = order(world, {world.masks: 200}, by=luc)
    at = timezone.localtime(taken.movements.first().at)
    with pytest.raises(RefusedLinesError) as caught:
        order(world, {world.masks: 900}, token=draft.token, since=draft.saved_at)
    line = caught.value.lines[world.masks.pk]
    assert line.possible == 800
    assert line.text == (
        f"Reste 800, et non 900\u00a0: Luc Morin a commandé 200 à {at.hour}\u00a0h\u00a0{at:%M} "
        f"({taken.number})."
    )
    draft.refresh_from_db()
    assert (draft.state, left(world.quota)[0]) == ("draft", 200)
    assert draft.lines.get().quantity == 900


def test_who_took_before_the_basket_was_made_is_not_named(world):
    order(world, {world.masks: 200})
    text, possible = refused_after(world, {world.masks: 900}, timezone.now())
    assert (text, possible) == ("Reste 800, et non 900.", 800)


def refused_after(world, lines, since):
    with pytest.raises(RefusedLinesError) as caught:
        order(world, lines, since=since)
    line = next(iter(caught.value.lines.values()))
    return line.text, line.possible


def test_sizes_count_on_one_quota_and_each_is_offered_what_the_others_leave(world):
    small, medium = world.gloves
    found = refused(world, {small: 700, medium: 500})
    assert {possible for _, possible in found.values()} == {500, 300}
    assert all("Reste 1\u202f000, et non 1\u202f200." in text for text, _ in found.values())


def test_a_quota_that_is_no_whole_pack_offers_whole_packs(world):
    quota = make_quota(world.home, make_product_in_tension(world).item, granted=130)
    product = quota.item.products.get()
    make_stock(product)
    assert refused(world, {product: 150}) == {str(product): ("Reste 130, et non 150.", 100)}


def make_product_in_tension(world):
    item = world.masks.item.__class__.objects.exclude(
        pk__in=[world.masks.item_id, world.gloves[0].item_id]
    ).first()
    Tension.objects.create(item=item, starts_on=timezone.localdate(), declared_by=world.operator)
    return make_product(item)


def test_a_broken_pack_is_refused_and_the_pack_below_is_offered(world):
    text, possible = refused(world, {world.masks: 120})[str(world.masks)]
    assert ("Par 50 seulement" in text, possible) == (True, 100)


def test_a_stock_that_runs_out_is_said_without_naming_others(world):
    world.stock.available = 120
    world.stock.save()
    text, possible = refused(world, {world.masks: 300})[str(world.masks)]
    assert (text, possible) == ("L’entrepôt qui vous sert n’en a plus que 120, et non 300.", 100)
    world.stock.available = 0
    world.stock.save()
    assert refused(world, {world.masks: 300})[str(world.masks)][0].endswith("n’en a plus.")


def test_all_the_lines_that_do_not_hold_are_told_at_once(world):
    assert len(refused(world, {world.masks: 1_050, world.gloves[0]: 1_100})) == 2


def test_an_equipment_that_is_not_in_tension_here_is_not_ordered(world):
    Tension.objects.filter(item=world.masks.item).update(region=make_region("99", "Ailleurs"))
    assert "n’est plus en tension" in refused(world, {world.masks: 100})[str(world.masks)][0]


def test_last_week_s_quota_serves_nothing_this_week(world):
    world.quota.week = shift(current_week(), -1)
    world.quota.save()
    assert "Aucun contingent" in refused(world, {world.masks: 100})[str(world.masks)][0]


def test_a_product_taken_off_the_catalogue_is_refused(world):
    world.masks.is_open = False
    world.masks.save()
    assert "plus au catalogue" in refused(world, {world.masks: 100})[str(world.masks)][0]


def test_what_the_consortium_sells_is_not_ordered_on_a_quota(world):
    sold = make_product(source=Source.CONSORTIUM)
    make_stock(sold)
    assert "plus au catalogue" in refused(world, {sold: 50})[str(sold)][0]


def test_only_an_order_operator_of_the_beneficiary_orders(world):
    for person in (
        make_person("OIE", on=world.home.establishment),
        make_person("OCE", on=make_establishment()),
        make_person("ARA", on=world.region),
        make_person("NAT", domain="distrilog"),
    ):
        assert "ne commande pas pour" in why(world, by=person)


def test_a_place_off_the_list_or_a_region_not_served_orders_no_more(world):
    world.home.is_listed = False
    world.home.save()
    assert "ne fait plus partie des bénéficiaires" in why(world)
    world.home.is_listed = True
    world.home.save()
    ServedRegion.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert "n’est pas servie" in why(world)


def test_an_address_must_be_the_beneficiary_s_own_and_validated(world):
    def to(address):
        return Delivery(address, "Hélène Vasseur", "02 00 00 02 10")

    assert "Choisissez une adresse" in why(world, delivery=to(None))
    elsewhere = make_address(make_beneficiary(make_establishment(department=make_department())))
    assert "pas une des vôtres" in why(world, delivery=to(elsewhere))
    proposed = make_address(world.home, site=None, state=DeliveryAddress.State.PROPOSED)
    assert "pas validée" in why(world, delivery=to(proposed))


def test_somebody_must_answer_at_the_delivery(world):
    assert "personne à joindre" in why(world, delivery=Delivery(world.address, " ", "02"))


def test_an_empty_basket_is_not_sent(world):
    with pytest.raises(OrderingError, match="panier est vide"):
        order(world, {})


def test_an_order_may_be_changed_until_the_hour_of_a_working_day(world):
    rule = OrderingRule(starts_on=date(2020, 1, 1))
    assert rule.closing(TUESDAY) == TUESDAY.replace(hour=18)
    assert rule.closing(TUESDAY.replace(hour=18)) == TUESDAY.replace(day=18, hour=18)
    friday_night = datetime(2020, 11, 20, 19, 0, tzinfo=PARIS)
    assert rule.closing(friday_night) == datetime(2020, 11, 23, 18, 0, tzinfo=PARIS)


def test_the_day_promised_counts_working_days_after_the_preparation(world):
    rule = OrderingRule(starts_on=date(2020, 1, 1), preparation_days=1)
    assert rule.expected(rule.closing(TUESDAY), 5) == date(2020, 11, 25)


def test_the_hour_is_data_that_begins_on_a_day(world):
    OrderingRule.objects.create(starts_on=date(2020, 1, 1), editable_until="12:00")
    OrderingRule.objects.create(starts_on=timezone.localdate(), editable_until="23:59")
    sent = order(world, {world.masks: 100})
    assert timezone.localtime(sent.editable_until).strftime("%H:%M") == "23:59"
    assert sent.expected_on > timezone.localdate()
