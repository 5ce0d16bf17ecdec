"""Whoever reads the page with a pencil finds the published quota, whatever was published."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from establishments.models import BeneficiaryCategory
from orders.models import Adjustment, Basis, Doctrine, Movement, Quota, RegionFactor
from orders.quotas.explaining import explained
from orders.quotas.words import exact_text, percent_text
from orders.services.allocating import compute
from orders.services.counters import Taking, take
from orders.services.extras import give_extra, withdraw_extra
from orders.services.quota_weeks import write_week
from tests.builders import make_category, make_establishment, make_legal_entity
from tests.orders.builders import GLOVES, LONG_AGO, make_beneficiary, make_item, make_order
from tests.orders.quotas.builders import (
    make_doctrine_with,
    make_draft,
    make_place,
    make_rule,
    set_capacity,
)
from tests.orders.quotas.recomputing import (
    page_of,
    recomputed,
    recomputed_by_reading,
    visible_lines,
)

pytestmark = pytest.mark.django_db


def pages(quotas=None):
    found = explained(quotas if quotas is not None else Quota.objects.all())
    return {one.quota.beneficiary_id: page_of(one) for one in found.values()}


def assert_all_recompute():
    shown = pages()
    assert len(shown) == Quota.objects.count() > 0
    for quota in Quota.objects.all():
        page = shown[quota.beneficiary_id]
        assert recomputed(page) == (quota.granted, quota.granted)
        assert recomputed_by_reading(page) == (quota.granted, quota.granted)


def test_the_page_says_the_formula_as_people_say_it(world):
    world.publish()
    html = pages()[world.large.pk].replace("\u202f", " ")
    assert "80 places × 15 masques chirurgicaux par place et par semaine = 1 200" in html
    assert "Aucun pour votre région ni pour votre établissement." in html
    assert "FINESS au 02/11/2020" in html


def test_a_short_pool_shows_the_part_that_is_served(world):
    world.publish(pool=1_000)
    assert_all_recompute()
    html = pages()[world.small.pk]
    assert "ne couvre pas tous les besoins" in html
    assert "au moins" in html


def test_an_entity_shows_each_of_its_sites(world):
    entity = make_legal_entity()
    for size in (12, 33, None):
        site = make_establishment(entity, category=make_category("500"))
        set_capacity(site, size)
    site = make_establishment(entity, category=make_category("355"))
    make_beneficiary(make_establishment(category=make_category("355")))
    whole = make_beneficiary(entity)
    world.publish(pool=1_700)
    assert_all_recompute()
    html = pages()[whole.pk]
    assert "nombre de places inconnu" in html
    assert f"{site.name}, catégorie 355" in html


def test_factors_extras_and_what_was_ordered_recompute(world):
    draft = world.draft(pool=1_500, item_factor="0.90")
    RegionFactor.objects.create(allocation=draft, region=world.large.region, factor="1.25")
    Adjustment.objects.create(allocation=draft, beneficiary=world.small, factor="3", reason="Foyer")
    compute(draft)
    published = world.publish(draft)
    published.refresh_from_db()
    type(published).objects.filter(pk=published.pk).update(reserve=1_000)
    extra = give_extra(by=world.first, quota=world.quota(world.small), quantity=200, reason="Foyer")
    Quota.objects.filter(beneficiary=world.small).update(used=world.quota(world.small).granted - 50)
    withdraw_extra(by=world.first, extra=extra)
    assert_all_recompute()
    Quota.objects.filter(beneficiary=world.large).update(used=world.quota(world.large).granted)
    world.publish(pool=400)
    assert_all_recompute()
    assert "reste acquis" in pages()[world.large.pk]


def test_the_orders_of_the_week_are_named_net_of_what_they_gave_back(world):
    world.publish()
    order, quota = make_order(world.large), world.quota(world.large)
    take(Taking(quotas={quota.pk: 500}), order=order, cause=Movement.Cause.ORDERED, by=None)
    take(Taking(quotas={quota.pk: -200}), order=order, cause=Movement.Cause.ORDERED, by=None)
    (use,) = explained([quota])[quota.pk].uses
    assert (use.number, use.quantity) == (order.number, 300)


def test_many_quotas_take_as_many_queries_as_one(world):
    world.publish()
    quotas = list(Quota.objects.all())

    def queries(some):
        with CaptureQueriesContext(
            connection,
        ) as context:
            for one in explained(some).values():
                page_of(one)
        return len(context)

    assert queries(quotas[:1]) == queries(quotas) <= 7


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sizes=st.lists(st.lists(st.integers(0, 400), min_size=1, max_size=3), min_size=1, max_size=5),
    ratio=st.decimals("0.01", "30", places=2),
    factors=st.lists(st.decimals("0.05", "3", places=2), min_size=3, max_size=3),
    pool=st.integers(0, 60_000),
    pack=st.sampled_from([1, 25, 50, 300]),
    floor=st.integers(0, 3),
)
def test_every_page_recomputes(transactional, sizes, ratio, factors, pool, pack, floor):
    with transactional():
        doctrine = make_doctrine_with(c500=ratio)
        places = [entity_of(*one) if len(one) > 1 else make_place(one[0]) for one in sizes]
        draft = make_draft(doctrine=doctrine, pool=pool, pack=pack, floor_packs=floor,
                           item_factor=factors[0])  # fmt: skip
        RegionFactor.objects.create(allocation=draft, region=places[0].region, factor=factors[1])
        Adjustment.objects.create(
            allocation=draft, beneficiary=places[0], factor=factors[2], reason="Essai"
        )
        compute(draft)
        write_week(draft)
        assert_all_recompute()


def entity_of(*sizes):
    BeneficiaryCategory.objects.get_or_create(category=make_category("500"), starts_on=LONG_AGO)
    entity = make_legal_entity()
    for size in sizes:
        set_capacity(make_establishment(entity, category=make_category("500")), size)
    return make_beneficiary(entity)


def test_exact_decimals_are_shown_not_rounded():
    assert exact_text(Decimal("52.1250")) == "52,1250"
    assert percent_text(541_666) == "54,1666\u00a0%"
    assert percent_text(625_000) == "62,5\u00a0%"


def formula(beneficiary):
    return visible_lines(pages()[beneficiary.pk])[0]


def test_nouns_agree_with_their_numbers(world):
    make_rule(Doctrine.objects.get(), "355", 1, label="Hôpital", basis=Basis.BED)
    one = make_place(1, Basis.BED, category=make_category("355"))
    world.publish()
    assert formula(one).startswith("1 lit × 1 masque chirurgical par lit et par semaine = 1")


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"capacity": None}, "Nombre de places inconnu : 0"),
        ({"category": "355"}, "Catégorie hors de la doctrine : 0"),
        ({"category": "183"}, "La doctrine ne prévoit pas de masques chirurgicaux ici : 0"),
    ],
)
def test_who_gets_nothing_reads_why(world, place, sentence):
    group = make_rule(Doctrine.objects.get(), "183", 1, item=make_item(GLOVES), label="IME").group
    assert group.ratios.get().item_id == GLOVES
    code = place.pop("category", "500")
    home = make_place(**place, category=make_category(code))
    world.publish()
    assert formula(home) == sentence
    assert_all_recompute()


def test_who_left_the_share_out_reads_it_and_what_was_ordered_stays(world):
    world.publish()
    Quota.objects.filter(beneficiary=world.large).update(used=100)
    type(world.large).objects.filter(pk=world.large.pk).update(is_listed=False)
    world.publish()
    assert formula(world.large) == (
        "Pas de part dans cette répartition : 0 + 100 (déjà commandés) = 100"
    )
    assert_all_recompute()
