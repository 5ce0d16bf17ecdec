"""The catalogue: what is in tension, how much one may order, what to do when nothing is left."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Movement, OrderingRule, Stock, StockWatch, Tension
from orders.ordering import watches
from orders.services.drafts import draft_of
from orders.tasks.watches import tell_watches
from tests.builders import make_establishment, make_legal_entity, make_person, make_region
from tests.orders.builders import (
    make_beneficiary,
    make_item,
    make_product,
    make_quota,
    make_stock,
    make_tension,
)
from tests.orders.ordering.world import basket, left, make_agency_world, make_world, order, text_of

pytestmark = pytest.mark.django_db
URL = "/distrilog/catalogue/"


@pytest.fixture
def world(client):
    world = make_world(granted=1_200)
    client.force_login(world.operator)
    return world


def put(client, world, quantities, item=None):
    data = {f"produit-{one.pk}": units for one, units in quantities.items()}
    item = item or next(iter(quantities)).item
    return client.post(URL, data | {"equipement": item.pk})


def test_each_equipment_in_tension_tells_ordered_and_allowed(client, world):
    order(world, {world.masks: 300})
    basket(world, {world.masks: 900})
    page = text_of(client.get(URL))
    assert "EPI disponibles uniquement sur stock État" in page
    assert "300/1\u202f200 <span" in page
    assert "Reste 900 jusqu’au" in page
    assert "dont 900 dans votre panier" in page
    assert f"{world.home.finess[:2]} " in page
    assert "FINESS géographique" in page


def test_out_of_tension_everything_is_at_0_0_which_is_no_refusal(client, world):
    Tension.objects.all().delete()
    page = text_of(client.get(URL))
    assert "Aucun équipement n’est en tension" in page
    assert page.count("<span>0/0</span>") == 2
    assert "Ce n’est pas un refus" in page


def test_an_entity_is_told_why_its_own_number(client, world):
    entity = make_legal_entity(legal_status=None)
    make_beneficiary(entity)
    client.force_login(make_person("OCE", on=entity))
    assert "FINESS juridique" in text_of(client.get(URL))


def test_sizes_are_typed_in_one_form_under_one_quota(client, world):
    small, medium = world.gloves
    answer = put(client, world, {small: "700", medium: "300"})
    assert answer.headers["Location"] == f"{URL}#equipement-{small.item_id}"
    draft = draft_of(world.operator, world.holder)
    assert dict(draft.lines.values_list("product", "quantity")) == {small.pk: 700, medium.pk: 300}
    assert (left(world.gloves_quota)[0], Movement.objects.count()) == (0, 0)


def test_more_than_the_quota_over_all_sizes_is_refused_and_stays_typed(client, world):
    small, medium = world.gloves
    answer = put(client, world, {small: "700", medium: "600"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "En tout 1\u202f300, et il reste 1\u202f200 pour toutes les tailles." in page
    assert 'value="700"' in page
    assert 'value="600"' in page
    assert draft_of(world.operator, world.holder) is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("120", "tapez 100 ou 150"),
        ("1250", "Il reste 1\u202f200 : ce serait trop."),
        ("beaucoup", "lettres"),
    ],
)
def test_a_quantity_that_does_not_hold_is_told_in_its_place(client, world, typed, told):
    answer = put(client, world, {world.masks: typed})
    assert answer.status_code == 422
    assert told.replace("\u00a0", " ") in text_of(answer).replace("\u00a0", " ")
    assert f'value="{typed}"' in text_of(answer)


def test_blank_takes_off_the_basket(client, world):
    basket(world, {world.masks: 100})
    put(client, world, {world.masks: ""})
    assert not draft_of(world.operator, world.holder).lines.exists()


def test_an_equipment_no_longer_in_tension_is_told(client, world):
    Tension.objects.all().delete()
    answer = client.post(URL, {"equipement": world.masks.item_id}, follow=True)
    assert "n’est plus en tension" in text_of(answer)


def test_a_quota_used_up_shows_the_way_out(client, world):
    order(world, {world.masks: 1_200})
    page = text_of(client.get(URL))
    assert "Contingent épuisé" in page
    assert "Commande fermée jusqu’au" in page
    assert f"/distrilog/depannages/demander/?equipement={world.masks.item_id}" in page


def test_a_product_that_ran_out_is_waited_for_once(client, world):
    world.stock.available = 30
    world.stock.save()
    assert "Prévenez-moi" in text_of(client.get(URL))
    for _ in range(2):
        client.post(reverse("orders:watch_product"), {"produit": world.masks.pk})
    watch = StockWatch.objects.get()
    assert (watch.user, watch.product, watch.beneficiary) == (
        world.operator,
        world.masks,
        world.home,
    )
    assert "Vous serez prévenu" in text_of(client.get(URL))


def test_who_waits_is_told_once_when_a_whole_pack_is_back(client, world, monkeypatch):
    sent = []
    monkeypatch.setattr(watches, "queue_written", lambda *words: sent.append(words))
    world.stock.available = 0
    world.stock.save()
    client.post(reverse("orders:watch_product"), {"produit": world.masks.pk})
    for available, mails in ((49, 0), (50, 1), (500, 1)):
        Stock.objects.filter(pk=world.stock.pk).update(available=available)
        tell_watches(timestamp=0)
        assert len(sent) == mails
    subject, _, address = sent[0]
    assert str(world.masks) in subject
    assert address == world.operator.email


def test_more_than_the_warehouse_has_is_told_in_whole_packs(client, world):
    Stock.objects.filter(pk=world.stock.pk).update(available=120)
    order(world, {world.masks: 50})
    assert "L’entrepôt n’en a plus que 50." in text_of(put(client, world, {world.masks: "100"}))


def test_nobody_is_told_of_a_product_that_cannot_be_ordered_yet(client, world, monkeypatch):
    sent = []
    monkeypatch.setattr(watches, "queue_written", lambda *words: sent.append(words))
    client.post(reverse("orders:watch_product"), {"produit": world.masks.pk})
    world.masks.is_open = False
    world.masks.save()
    tell_watches(timestamp=0)
    world.masks.is_open = True
    world.masks.save()
    Tension.objects.update(region=make_region("99", "Ailleurs"))
    tell_watches(timestamp=0)
    assert sent == []
    Tension.objects.update(region=world.region)
    tell_watches(timestamp=0)
    assert len(sent) == 1


def test_what_is_waited_for_at_one_place_is_not_at_another(client, world):
    Stock.objects.update(available=0)
    client.post(reverse("orders:watch_product"), {"produit": world.masks.pk})
    assert "de son retour" in text_of(client.get(URL))
    other = make_beneficiary(make_establishment(siret="9" * 14))
    make_quota(other, world.masks.item)
    make_person("OCE", on=other.establishment, user=world.operator)
    chosen = world.operator.profiles.get(establishment=other.establishment)
    client.post(reverse("profiles:use"), {"profile": chosen.pk})
    assert "de son retour" not in text_of(client.get(URL))


@pytest.mark.parametrize(
    ("granted", "told"),
    [(0, "Aucune quantité n’est accordée cette semaine."), (30, "Reste 30, moins qu’un colis")],
)
def test_a_quota_without_a_whole_pack_offers_the_way_out_and_no_box(client, world, granted, told):
    type(world.quota).objects.filter(pk=world.quota.pk).update(granted=granted)
    page = text_of(client.get(URL))
    assert told in page
    assert f'name="produit-{world.masks.pk}"' not in page
    assert f"?equipement={world.masks.item_id}" in page


def test_an_equipment_without_a_product_says_so(client, world):
    world.masks.is_open = False
    world.masks.save()
    assert "Aucun produit n’est encore au catalogue" in text_of(client.get(URL))


def test_the_calculation_of_a_quota_is_on_its_shelf(client, world):
    assert text_of(client.get(URL)).count("Pourquoi ce contingent ?") == 2


def test_without_a_published_quota_the_page_says_so(client, world):
    world.quota.delete()
    page = text_of(client.get(URL))
    assert "Aucun contingent n’est publié cette semaine" in page


def test_who_only_reads_sees_the_quota_and_puts_nothing(client, world):
    client.force_login(make_person("APE", on=world.home.establishment))
    page = text_of(client.get(URL))
    assert "0/1\u202f200" in page
    assert "Ajouter" not in page
    assert put(client, world, {world.masks: "50"}).status_code == 403


def test_a_place_that_does_not_order_is_sent_to_the_reasons(client, world):
    client.force_login(make_person("OCE", on=make_establishment(siret="")))
    page = text_of(client.get(URL))
    assert "ne commande pas sur le stock de l’État" in page
    assert 'href="/acces/"' in page


def test_an_agency_sees_the_pool_of_its_region(client):
    world = make_agency_world(granted=5_000)
    client.force_login(world.ara)
    page = text_of(client.get(URL))
    assert "pot commun de" in page
    assert "0/5\u202f000" in page
    assert put(client, world, {world.masks: "150"}).status_code == 302
    client.force_login(make_person("ARL", on=make_region(), domain="distrilog"))
    assert "Vous consultez le" in text_of(client.get(URL))


def test_the_country_sees_what_is_in_tension_without_a_quota(client, world):
    client.force_login(make_person("NAT", domain="distrilog"))
    page = text_of(client.get(URL))
    assert "Vue nationale" in page
    assert str(world.masks.item) in page


def test_the_catalogue_of_a_nation_costs_the_same_queries(client, world, count_queries):
    few = count_queries(URL)
    for number in range(3):
        item = make_item(5 + number)
        make_tension(item)
        make_quota(world.home, item)
        for size in ("S", "M", "L"):
            make_stock(make_product(item, size=size))
    assert count_queries(URL) == few


def test_the_national_cell_sets_the_hour_of_a_day(client, world):
    client.force_login(make_person("NAT", domain="distrilog"))
    url, tomorrow = reverse("orders:ordering_rules"), timezone.localdate() + timedelta(days=1)
    typed = {"starts_on": tomorrow.isoformat(), "editable_until": "12:00", "preparation_days": "2"}
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    rule = OrderingRule.objects.get(starts_on=tomorrow)
    assert (rule.editable_until.hour, Decimal(rule.preparation_days)) == (12, 2)
    assert client.post(url, typed | {"editable_until": "midi"}).status_code == 422
    client.force_login(world.operator)
    assert client.get(url).status_code == 403
