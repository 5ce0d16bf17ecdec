"""The pages on which who ordered says what came, and puts it right."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.photos import HEAVIEST
from orders.models import Order, Photo, Reception, Shipment
from orders.services.receptions import MOST_PHOTOS, correct_reception
from tests.builders import make_body, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_order, make_shipment
from tests.orders.following.pages import logged_in, text_of, typed
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(world):
    return reverse("orders:reception", args=[world.order.pk])


@pytest.fixture
def client(world):
    return logged_in(world.operator)


def correction(reception):
    return reverse("orders:reception_correct", args=[reception.pk])


def seen(world):
    return f"{world.masks.pk}:400 {world.gloves.pk}:200"


def test_what_left_is_proposed_and_confirmed_in_one_go(world, client, page):
    answer = client.get(page, {"expedition": world.shipment.pk})
    assert_sound_html(answer)
    assert 'value="400"' in text_of(answer)
    answer = client.post(page, typed(world, vu=seen(world)), follow=True)
    assert "La réception est enregistrée." in text_of(answer)
    assert "Réceptionnée" in text_of(answer)
    assert world.masks.received == 400


def test_a_gap_without_a_reason_says_it_on_its_line_and_loses_nothing(world, client, page):
    answer = client.post(page, typed(world, ("390", "", ""), commentaire="Un carton ouvert"))
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Dites pourquoi ce nombre diffère" in text
    assert 'value="390"' in text
    assert "Un carton ouvert" in text
    assert not Reception.objects.exists()


@pytest.mark.parametrize(
    ("received", "sentence"),
    [("", "Tapez 0 si rien n’est arrivé."), ("1,234", "ambigu"), ("-3", "négative")],
)
def test_what_cannot_be_read_stays_in_its_field(world, client, page, received, sentence):
    answer = client.post(page, typed(world, (received, "", "")))
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_photo_is_kept_and_shown_to_who_reads_the_order(world, client, page):
    client.post(page, typed(world, ("350", "50", ""), photo=photo()))
    kept = Photo.objects.get()
    assert kept.reception == Reception.objects.get()
    answer = client.get(reverse("orders:photo", args=[kept.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert set(answer["Content-Security-Policy"].split("; ")) == {"default-src 'none'", "sandbox"}
    assert answer.content[:2] == b"\xff\xd8"
    text = text_of(client.get(reverse("orders:order", args=[world.order.pk])))
    assert reverse("orders:photo", args=[kept.pk]) in text
    assert "Ouvrir une réclamation" in text


def test_a_photo_is_not_there_for_those_who_do_not_read_the_order(world, client, page):
    client.post(page, typed(world, photo=photo()))
    address = reverse("orders:photo", args=[Photo.objects.get().pk])
    assert logged_in(make_person("OCE", on=make_establishment())).get(address).status_code == 404
    assert logged_in(make_person("CSM")).get(address).status_code == 404
    assert logged_in(make_person("LPO", on=make_body("la_poste"))).get(address).status_code == 200


def test_what_is_no_photo_is_refused_with_a_sentence_and_nothing_is_kept(world, client, page):
    hostile = photo(b"<svg onload=alert(1)>", "colis.jpg")
    answer = client.post(page, typed(world, photo=hostile))
    assert answer.status_code == 422
    assert "n’est pas une photo lisible" in text_of(answer)
    assert "choisissez-la de nouveau" in text_of(answer)
    assert not Reception.objects.exists()


def test_sent_twice_it_is_one_reception(world, client, page):
    sent = typed(world, jeton=str(uuid.uuid4()))
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code == 302
    assert Reception.objects.count() == 1


def test_a_colleague_received_a_part_meanwhile_the_form_comes_back_with_what_is_left(
    world, client, page
):
    world.receive((100, 0, "later"), 200)
    answer = client.post(page, typed(world, vu=seen(world)))
    assert answer.status_code == 409
    text = text_of(answer)
    assert "ont changé depuis l’affichage" in text
    assert f'value="{world.masks.pk}:300' in text
    assert world.masks.received == 100


def test_who_reads_without_ordering_is_refused_with_a_sentence(world, page):
    for code, on in (("ARA", world.order.region), ("ARA", world.order.region)):
        answer = logged_in(make_person(code, on=on)).get(page)
        assert answer.status_code == 403
        assert "Qui a commandé réceptionne" in text_of(answer)


def test_forged_numbers_do_not_exist(world, client, page):
    other = make_order()
    foreign = make_shipment(other)
    assert client.get(page, {"expedition": foreign.pk}).status_code == 404
    assert client.post(page, typed(world, expedition="9²")).status_code == 404
    stranger = logged_in(make_person("OCE", on=make_establishment()))
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, typed(world)).status_code == 404


def test_a_correction_shows_what_was_told_and_replaces_it(world, client):
    reception = world.receive((390, 0, "missing"))
    answer = client.get(correction(reception))
    assert_sound_html(answer)
    assert 'value="390"' in text_of(answer)
    sent = typed(world, vu="1", expedition="")
    assert client.post(correction(reception), sent).status_code == 302
    assert world.masks.received == 400


def test_corrected_meanwhile_both_figures_are_shown_and_pressed_again_it_is_taken(world, client):
    reception = world.receive()
    colleague = make_person("OCE", on=world.place.establishment)
    told = world.told((380, 20, ""))
    correct_reception(by=colleague, reception=reception, told=told, seen=1)
    answer = client.post(correction(reception), typed(world, ("370", "30", ""), vu="1"))
    assert answer.status_code == 409
    text = text_of(answer)
    assert f"Enregistré par {colleague} : 380 en bon état, 20 abîmées." in text
    assert 'value="370"' in text
    assert 'name="vu" value="2"' in text
    again = typed(world, ("370", "30", ""), vu="2")
    assert client.post(correction(reception), again).status_code == 302
    assert world.masks.received == 370


def test_after_seven_days_the_page_offers_no_correction(world, client):
    reception = world.receive()
    Reception.objects.update(told_at=timezone.now() - timedelta(days=8))
    text = text_of(client.get(reverse("orders:order", args=[world.order.pk])))
    assert "Corriger cette réception" not in text
    answer = client.post(correction(reception), typed(world, vu="1"))
    assert answer.status_code == 422
    assert "plus de sept jours" in text_of(answer)


def test_what_has_not_left_shows_nothing_to_receive(world, client):
    order = world.masks_alone()
    answer = client.get(reverse("orders:reception", args=[order.pk]))
    assert_sound_html(answer)
    assert "Il n’y a rien à réceptionner pour l’instant." in text_of(answer)


def test_the_day_proposed_is_that_of_the_carrier(world, client, page):
    given = timezone.now() - timedelta(days=3)
    Shipment.objects.update(delivered_at=given)
    answer = client.get(page, {"expedition": world.shipment.pk})
    assert f'value="{timezone.localdate(given):%Y-%m-%d}"' in text_of(answer)


def test_a_photo_too_heavy_loses_nothing_of_what_was_typed(world, client, page):
    heavy = photo(b"\xff\xd8" + b"\x00" * HEAVIEST)
    sent = typed(world, ("350", "50", ""), commentaire="Boîtes mouillées", photo=heavy)
    answer = client.post(page, sent)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "trop lourde" in text
    assert 'value="350"' in text
    assert "Boîtes mouillées" in text


def test_a_reception_keeps_four_photos_at_most(world, client, page):
    client.post(page, typed(world, photo=photo()))
    kept = Reception.objects.get()
    for version in range(1, MOST_PHOTOS):
        sent = typed(world, vu=str(version), expedition="", photo=photo())
        assert client.post(correction(kept), sent).status_code == 302
    refused = client.post(correction(kept), typed(world, vu="4", expedition="", photo=photo()))
    assert refused.status_code == 422
    assert "garde 4 photos au plus" in text_of(refused)
    assert kept.photos.count() == MOST_PHOTOS


def test_one_shipment_is_received_in_one_click_of_several_each_has_its_own(world, client):
    address = reverse("orders:order", args=[world.order.pk])
    links = client.get(address).content.decode().count("?expedition=")
    assert links == 1
    order = world.masks_alone()
    line = order.lines.get()
    for _ in range(2):
        make_shipment(order, [(line, 50)])
    text = text_of(client.get(reverse("orders:order", args=[order.pk])))
    assert text.count("?expedition=") == 2
    assert "l’expédition EXP-" in text


def test_the_photo_of_a_claim_is_shown_to_who_answers_it_alone(world):
    client = logged_in(world.operator)
    address = reverse("orders:claim_new", args=[world.order.pk])
    sent = {"motif": "damaged", "message": "Trois cartons ouverts.", "jeton": str(uuid.uuid4())}
    client.post(address, sent | {"photo": photo()})
    image = reverse("orders:photo", args=[Photo.objects.get().pk])
    supplier = make_person("CSM")
    assert logged_in(supplier).get(image).status_code == 404
    Order.objects.update(operator=supplier.active_profile.body, kind="paid")
    assert logged_in(supplier).get(image).status_code == 200
    assert logged_in(make_person("LPO", on=make_body("la_poste"))).get(image).status_code == 404


def test_the_photo_of_a_reception_is_not_for_who_answers_claims_alone(world, client, page):
    client.post(page, typed(world, photo=photo()))
    supplier = make_person("CSM")
    Order.objects.update(operator=supplier.active_profile.body, kind="paid")
    image = reverse("orders:photo", args=[Photo.objects.get().pk])
    assert logged_in(supplier).get(image).status_code == 404
