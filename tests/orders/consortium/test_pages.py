"""The pages of what is paid: catalogue, basket, review."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order, SupplyAgreement
from orders.services.paid_orders import basket_of
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_product, make_stock, make_tension
from tests.orders.pages import filled, logged_in, text_of
from tests.orders.paid_builders import consortium, make_buyer, make_sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(shop):
    return logged_in(shop.operator)


PAGE = "/distrilog/consortium/"


def read(buyer):
    """What the review page sends back."""
    page = buyer.get(reverse("orders:paid_review"))
    sent = filled(page.context["form"], contact_phone="02 38 00 00 00")
    return sent | {"shown": page.context["shown"]}


def line(shop):
    return reverse("orders:paid_line", args=[shop.masks.pk])


def test_from_the_catalogue_to_the_order_sent(shop, buyer):
    answer = buyer.get(PAGE)
    assert_sound_html(answer)
    assert "6,40 €" in text_of(answer)
    assert "7,68 €" in text_of(answer)
    buyer.post(line(shop), {"packs": "10"})
    assert "1 ligne, 76,80 € TTC" in text_of(buyer.get(PAGE))
    review = buyer.get(reverse("orders:paid_review"))
    assert_sound_html(review)
    assert "Commande à titre onéreux : 76,80 € TTC" in text_of(review)
    assert f'name="shown" value="{shop.masks.pk}:10:6.40:20.00"' in text_of(review)
    form = review.context["form"]
    sent = filled(form, contact_phone="02 38 00 00 00") | {"shown": review.context["shown"]}
    answer = buyer.post(reverse("orders:paid_review"), sent, follow=True)
    assert_sound_html(answer)
    order = Order.objects.get(state="submitted")
    assert f"Commande {order.number}" in text_of(answer)
    again = buyer.post(reverse("orders:paid_review"), sent, follow=True)
    assert f"Commande {order.number}" in text_of(again)
    assert Order.objects.count() == 1


def test_the_first_order_asks_who_orders_and_the_basket_waits(shop):
    colleague = make_person("OCE", on=shop.buyer.establishment)
    shop.put(by=colleague)
    client = logged_in(colleague)
    review = reverse("orders:paid_review")
    for answer in (client.get(review), client.post(review, {})):
        assert answer.status_code == 302
        assert answer["Location"] == f"{reverse('orders:registration')}?suite={review}"
    page = client.get(answer["Location"])
    assert "Avant votre première commande" in text_of(page)
    typed = filled(page.context["form"], civility="mme", phone="02 38 00 00 00", status="private")
    then = client.post(reverse("orders:registration"), typed | {"suite": review}, follow=True)
    assert "Relire et transmettre" in text_of(then)
    assert then.context["form"]["contact_phone"].value() == "02 38 00 00 00"
    assert basket_of(colleague, shop.buyer).lines.get().quantity == 500


def test_a_wrong_quantity_stays_beside_its_product_with_the_reason(shop, buyer):
    answer = buyer.post(line(shop), {"packs": "21"})
    assert answer.status_code == 422
    assert "Il n’en reste que 20" in text_of(answer)
    answer = buyer.post(line(shop), {"packs": "dix"})
    assert answer.status_code == 422
    assert "n’est pas un nombre entier" in text_of(answer)
    forged = reverse("orders:paid_line", args=[make_product().pk])
    assert buyer.post(forged, {"packs": "1"}).status_code == 404


def test_what_was_typed_stays_when_the_review_is_refused(shop, buyer):
    shop.put()
    sent = read(buyer) | {"siret": "123", "town": "BLOIS"}
    answer = buyer.post(reverse("orders:paid_review"), sent)
    assert_sound_html(answer)
    assert answer.status_code == 422
    assert "n’est pas un SIRET" in text_of(answer)
    assert 'value="BLOIS"' in text_of(answer)


def test_another_total_than_the_one_read_is_shown_before_it_is_sent(shop, buyer):
    shop.put()
    sent = read(buyer)
    shop.put(5)
    answer = buyer.post(reverse("orders:paid_review"), sent)
    assert answer.status_code == 409
    assert "il vaut maintenant 38,40 € TTC" in text_of(answer)
    sent["shown"] = answer.context["shown"]
    assert buyer.post(reverse("orders:paid_review"), sent).status_code == 302


def test_out_of_the_agreement_the_catalogue_is_hidden_and_the_page_says_why(shop, buyer):
    yesterday = timezone.localdate() - timedelta(days=1)
    SupplyAgreement.objects.update(ends_on=yesterday)
    text = text_of(buyer.get(PAGE))
    assert "Masques chirurgicaux" not in text
    assert "a pris fin le" in text


def test_in_tension_a_product_is_shown_without_a_field(shop, buyer):
    make_tension()
    answer = buyer.get(PAGE)
    assert "uniquement sur stock de l’État" in text_of(answer)
    assert 'name="packs"' not in text_of(answer)


def test_a_tension_declared_on_an_open_basket_is_told_and_the_basket_can_be_emptied(shop, buyer):
    shop.put()
    sent = read(buyer)
    make_tension()
    review = reverse("orders:paid_review")
    assert "uniquement sur stock de l’État" in text_of(buyer.get(review))
    refused = buyer.post(review, sent)
    assert refused.status_code == 422
    assert "uniquement sur stock de l’État" in text_of(refused)
    assert "uniquement sur stock de l’État" in text_of(buyer.get(PAGE))
    assert buyer.post(line(shop), {"packs": "0"}).status_code == 302
    assert not basket_of(shop.operator, shop.buyer).lines.exists()


def test_nothing_typed_of_what_is_not_in_the_basket_is_told(shop, buyer):
    answer = buyer.post(line(shop), {"packs": ""})
    assert answer.status_code == 422
    assert "Dites combien de colis" in text_of(answer)
    assert basket_of(shop.operator, shop.buyer) is None


def test_who_only_reads_sees_prices_and_no_field(shop):
    for code, on in (("ARL", None), ("NAT", None), ("APE", shop.buyer.establishment)):
        domain = "distrilog" if code != "APE" else None
        answer = logged_in(make_person(code, on=on, domain=domain)).get(PAGE)
        assert "6,40 €" in text_of(answer)
        assert 'name="packs"' not in text_of(answer)


def test_the_order_of_another_place_is_nowhere(shop):
    shop.put()
    order = shop.send()
    stranger = logged_in(make_person("OCE", on=make_buyer().establishment))
    assert stranger.get(reverse("orders:paid_sent", args=[order.pk])).status_code == 404


def test_the_catalogue_is_read_in_a_constant_number_of_queries(
    shop, buyer, django_assert_max_num_queries
):
    for _ in range(15):
        make_stock(make_sold(), holder=consortium())
    buyer.get(PAGE)
    with django_assert_max_num_queries(22):
        buyer.get(PAGE)


def test_a_basket_of_somebody_else_cannot_be_sent_by_its_token(shop, buyer):
    colleague = make_person("OCE", on=shop.buyer.establishment)
    shop.put(by=colleague)
    token = basket_of(colleague, shop.buyer).token
    shop.put()
    sent = read(buyer) | {"token": token}
    assert buyer.post(reverse("orders:paid_review"), sent).status_code == 422
    assert not Order.objects.filter(state="submitted").exists()
