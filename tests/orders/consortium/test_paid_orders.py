"""What is paid is ordered out of tension alone, at the price that was read, within the stock."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.consortium.payers import payer_of
from orders.consortium.tariffs import Tariff
from orders.models import (
    Billing,
    DeliveryAddress,
    Movement,
    Order,
    OrderingRule,
    OrderStep,
    Product,
    SupplyAgreement,
    Tension,
)
from orders.services.errors import OrderingError
from orders.services.ordering import cancel
from orders.services.paid_orders import (
    BasketChangedError,
    MissingBillingError,
    basket_of,
)
from orders.services.products import set_price
from orders.services.sending import Delivery
from tests.builders import make_person, make_region
from tests.locks import before_another
from tests.orders.builders import make_address, make_item, make_product, make_stock, make_tension
from tests.orders.chorus_server import Chorus
from tests.orders.paid_builders import PUBLIC_SIRET, consortium, make_buyer, make_sold

pytestmark = pytest.mark.django_db
GLOVES = 4


def test_an_order_keeps_the_prices_of_its_day_and_reserves_the_stock(shop):
    shop.put(10)
    order = shop.send()
    assert (order.kind, order.state, order.operator) == ("paid", "submitted", consortium())
    assert order.number.startswith("C-")
    line = order.lines.get()
    assert (line.quantity, line.price, line.tax_rate) == (500, Decimal("6.40"), Decimal(20))
    assert (shop.left, shop.stock.reserved) == (500, 500)
    moved = Movement.objects.get(order=order)
    assert (moved.quantity, moved.stock, moved.quota) == (500, shop.stock, None)
    assert "76,80" in OrderStep.objects.get(order=order).text
    set_price(
        by=shop.supplier,
        product=shop.masks,
        tariff=Tariff(Decimal(9), Decimal(20)),
        starts_on=timezone.localdate(),
    )
    line.refresh_from_db()
    assert line.price == Decimal("6.40")


def test_each_line_keeps_its_own_tax_and_the_longest_delay_tells_the_day(shop):
    gowns = make_sold("8.00", tax_rate=Decimal("5.50"), delay_days=12)
    make_stock(gowns, available=1_000, holder=consortium())
    shop.put(1)
    shop.put(1, product=gowns)
    order = shop.send()
    rates = dict(order.lines.values_list("product", "tax_rate"))
    assert rates == {shop.masks.pk: Decimal(20), gowns.pk: Decimal("5.50")}
    rule = OrderingRule.on(timezone.localdate())
    assert order.expected_on == rule.expected(order.editable_until, 12)


def test_what_is_billed_is_kept_with_the_order(shop):
    shop.put()
    billing = shop.send().billing
    assert (billing.is_public, billing.siret) == (False, shop.buyer.establishment.siret)
    shop.put()
    assert payer_of(shop.buyer).name == billing.name


def test_twice_the_same_token_is_one_order(shop):
    token = shop.put().token
    first = shop.send()
    assert shop.send(token=token) == first
    assert (Order.objects.count(), shop.left, Billing.objects.count()) == (1, 500, 1)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_order(shop):
    token = shop.put().token
    with before_another(lambda: shop.send(token=token)):
        shop.send(token=token)
    assert (Order.objects.count(), shop.left) == (1, 500)


def test_in_tension_only_the_stock_of_the_state(shop):
    shop.put()
    make_tension(make_item(), shop.buyer.region)
    with pytest.raises(OrderingError, match="uniquement sur stock de l’État"):
        shop.send()
    with pytest.raises(OrderingError, match="uniquement sur stock de l’État"):
        shop.put(20)
    assert shop.left == 1_000


def test_a_tension_elsewhere_or_on_another_item_closes_nothing_here(shop):
    make_tension(make_item(), make_region("84", "Auvergne-Rhône-Alpes"))
    make_tension(make_item(GLOVES))
    shop.put()
    assert shop.send().number
    assert Tension.objects.count() == 2


def test_outside_the_agreement_nothing_is_ordered(shop):
    shop.put()
    today = timezone.localdate()
    SupplyAgreement.objects.update(ends_on=today - timedelta(days=1))
    with pytest.raises(OrderingError, match="a pris fin"):
        shop.send()
    with pytest.raises(OrderingError, match="a pris fin"):
        shop.put(20)


def test_who_read_another_price_is_told_which_and_reads_again(shop):
    shown = shop.shown(shop.put(10))
    set_price(
        by=shop.supplier,
        product=shop.masks,
        tariff=Tariff(Decimal(7), Decimal(20)),
        starts_on=timezone.localdate(),
    )
    with pytest.raises(BasketChangedError) as refusal:
        shop.send(shown=shown)
    assert "84,00\u00a0€ TTC" in str(refusal.value)
    assert f"{shop.masks}\u00a0: 10 colis à 7,00\u00a0€ HT" in str(refusal.value)
    assert shop.left == 1_000
    assert shop.send().lines.get().price == Decimal(7)


def test_another_price_that_changes_no_total_is_told_too(shop):
    """One goes up by what the other goes down: the total is the same, the basket is not."""
    gloves = make_sold("8.00")
    make_stock(gloves, available=1_000, holder=consortium())
    shop.put(10)
    shown = shop.shown(shop.put(10, product=gloves))
    for product, price in ((shop.masks, "7.40"), (gloves, "7.00")):
        Product.objects.filter(pk=product.pk).update(price=Decimal(price))
    with pytest.raises(BasketChangedError, match="172,80"):
        shop.send(shown=shown)


def test_what_was_read_cannot_be_left_out(shop):
    shop.put(10)
    with pytest.raises(BasketChangedError):
        shop.send(shown="")


def test_never_more_than_the_stock(shop):
    with pytest.raises(OrderingError, match="Il n’en reste que 20"):
        shop.put(21)
    shop.put(20)
    other = make_person("OCE", on=shop.buyer.establishment)
    shop.put(1, by=other)
    shop.send(by=other)
    with pytest.raises(OrderingError, match="Il n’en reste que 19"):
        shop.send()
    assert (shop.left, shop.stock.reserved) == (950, 50)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_packs_at_once_one_is_told(shop):
    other = make_person("OCE", on=shop.buyer.establishment)
    shop.put(20)
    shop.put(20, by=other)
    with before_another(lambda: shop.send(by=other), refused=OrderingError) as refusals:
        shop.send()
    assert len(refusals) == 1
    assert (shop.left, shop.stock.reserved) == (0, 1_000)
    assert Order.objects.filter(state="submitted").count() == 1


def test_it_is_delivered_to_an_address_of_the_buyer_that_is_validated_to_somebody(shop):
    shop.put()
    elsewhere = make_address(make_buyer())
    proposed = make_address(
        shop.buyer, site=None, label="Réserve", state=DeliveryAddress.State.PROPOSED
    )
    for address, name in ((None, "S."), (elsewhere, "S."), (proposed, "S."), (shop.address, " ")):
        with pytest.raises(OrderingError):
            shop.send(delivery=Delivery(address, name, "02 38 00 00 00"))
    assert (shop.left, Order.objects.get().state) == (1_000, "draft")


def test_a_paid_order_is_cancelled_and_gives_the_stock_back(shop):
    shop.put()
    order = shop.send()
    cancel(by=shop.operator, order=order)
    assert (shop.left, shop.stock.reserved) == (1_000, 0)


def test_the_basket_of_what_is_paid_is_apart_and_empties(shop):
    shop.put(10)
    assert shop.put(0).lines.count() == 0
    with pytest.raises(OrderingError, match="panier est vide"):
        shop.send()
    with pytest.raises(OrderingError, match="n’est plus vendu"):
        shop.put(1, product=make_product())
    closed = make_sold(is_open=False)
    with pytest.raises(OrderingError, match="n’est plus vendu"):
        shop.put(1, product=closed)


def test_only_who_orders_for_the_place_orders_for_it(shop):
    elsewhere = make_person("OCE", on=make_buyer().establishment)
    with pytest.raises(OrderingError, match="ne commande pas pour"):
        shop.put(by=elsewhere)
    token = shop.put().token
    with pytest.raises(OrderingError, match="ne commande pas pour"):
        shop.send(by=elsewhere, token=token)


def test_the_basket_of_a_colleague_is_not_mine(shop):
    token = shop.put().token
    colleague = make_person("OCE", on=shop.buyer.establishment)
    assert basket_of(colleague, shop.buyer) is None
    with pytest.raises(OrderingError, match="panier est vide"):
        shop.send(by=colleague, token=token)


def test_a_public_buyer_says_what_chorus_pro_wants_before_the_order_is_sent(public_shop, settings):
    chorus = Chorus().start()
    settings.CHORUS_PRO = chorus.settings
    chorus.structures[PUBLIC_SIRET] = ({"numeroEJDoitEtreRenseigne": True}, [])
    public_shop.put()
    with pytest.raises(MissingBillingError) as refusal:
        public_shop.send()
    assert refusal.value.fields.keys() == {"engagement"}
    assert public_shop.left == 1_000
    told = payer_of(public_shop.buyer)
    payer = type(told)(
        told.name, told.siret, told.lines, told.postal_code, told.town, engagement="EJ1"
    )
    billing = public_shop.send(payer=payer).billing
    assert (billing.is_public, billing.engagement) == (True, "EJ1")
    chorus.stop()
