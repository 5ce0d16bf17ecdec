"""The quotas of a week, as each role reads them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.weeks import current_week, shift
from orders.models import Allocation, Quota, QuotaExtra
from orders.quotas.cards import quota_cards
from tests.builders import make_person, make_region
from tests.orders.quotas.builders import make_place
from tests.orders.quotas.pages import client_of, read

pytestmark = pytest.mark.django_db
WEEK = current_week()


def test_an_operator_reads_its_own_quota_and_its_calculation(world):
    world.publish()
    operator = client_of(make_person("OCE", on=world.large.establishment))
    html = read(operator, "own_quota", world.product.item.code)
    assert "80 places × 15 masques chirurgicaux par place et par semaine = 1 200" in html
    assert reverse("support:question_theme", args=["contingentement"]) in html
    assert "Contingent exceptionnel" not in html


def test_an_operator_does_not_read_the_quota_of_another(world):
    world.publish()
    operator = client_of(make_person("OCE", on=world.large.establishment))
    read(operator, "quota", world.quota(world.small).pk, status=404)
    html = read(operator, "quota_list")
    assert str(world.large) in html
    assert str(world.small.finess) not in html.replace(" ", "")


def test_before_any_quota_an_operator_reads_that_it_is_no_refusal(world):
    operator = client_of(make_person("OCE", on=world.large.establishment))
    assert "Ce n’est pas un refus" in read(operator, "quota_list")


def test_an_ars_reads_its_region_its_pool_and_takes_the_file(world):
    world.publish(pool=2_000, pools_percent=10)
    agent = client_of(make_person("ARA", on=world.large.region))
    html = read(agent, "quota_list")
    assert "0/200" in html
    assert "EHPAD" in html or str(world.large) in html
    content = b"".join(agent.get(reverse("orders:quota_file", args=["csv"]))).decode("utf-8-sig")
    assert len(content.strip().splitlines()) == 4


def test_the_filters_keep_who_ordered_all(world):
    world.publish()
    Quota.objects.filter(beneficiary=world.small).update(used=100)
    agent = client_of(make_person("ARA", on=world.large.region))
    response = agent.get(reverse("orders:quota_list"), {"usage": "epuise"})
    assert [one.beneficiary for one in response.context["page"].object_list] == [world.small]
    response = agent.get(reverse("orders:quota_list"), {"recherche": world.middle.finess})
    assert [one.beneficiary for one in response.context["page"].object_list] == [world.middle]


def test_the_filters_find_who_may_order_nothing(world):
    unknown = make_place(None)
    world.publish()
    agent = client_of(make_person("ARA", on=world.large.region))
    response = agent.get(reverse("orders:quota_list"), {"usage": "zero"})
    assert [one.beneficiary for one in response.context["page"].object_list] == [unknown]


def test_the_list_takes_as_many_queries_whatever_its_rows(world):
    world.publish()
    agent = client_of(make_person("ARA", on=world.large.region))

    def queries():
        with CaptureQueriesContext(connection) as context:
            read(agent, "quota_list")
        return len(context)

    queries()
    first = queries()
    for size in (10, 20, 30):
        make_place(size)
    world.publish()
    assert queries() == first


def test_a_week_whose_quotas_are_not_made_yet_says_so(world, cell):
    world.publish()
    Allocation.objects.update(starts_on=shift(WEEK, -1))
    Quota.objects.update(week=shift(WEEK, -1))
    assert "en cours de calcul" in read(cell, "quota_list")
    assert "en cours de calcul" in read(cell, "allocations")


def test_an_extra_is_given_and_taken_back_on_the_page_of_the_quota(world, cell):
    world.publish(pool=2_150)
    quota = world.quota(world.small)
    url = reverse("orders:quota_extra", args=[quota.pk])
    assert cell.post(url, {"quantity": "30", "reason": "Foyer"}).status_code == 422
    assert cell.post(url, {"quantity": "100", "reason": "Foyer"}).status_code == 302
    html = read(cell, "quota", quota.pk)
    assert "à titre exceptionnel" in html
    extra = QuotaExtra.objects.get()
    cell.post(reverse("orders:quota_extra_withdrawn", args=[extra.pk]))
    quota.refresh_from_db()
    assert quota.granted == 100


def test_a_past_week_is_read_without_what_changes_it(world, cell):
    world.publish()
    Quota.objects.update(week=shift(WEEK, -1))
    quota = Quota.objects.first()
    assert "Accorder" not in read(cell, "quota", quota.pk)


def test_an_ars_reads_the_quotas_of_a_week_to_come_once_they_are_published(world):
    agent = client_of(make_person("ARA", on=world.large.region))
    later = shift(WEEK, 3)
    assert later.isoformat() not in read(agent, "quota_list")
    world.publish(starts_on=later)
    html = read(agent, "quota_list", semaine=later.isoformat())
    operator = client_of(make_person("OCE", on=world.large.establishment))
    assert later.isoformat() not in read(operator, "quota_list")
    assert f"Contingents de la semaine N°{later.isocalendar().week}" in html
    assert world.large.place.name in html


def test_who_reads_its_own_quotas_alone_finds_its_equipment_first(world):
    world.publish()
    html = read(client_of(make_person("OCE", on=world.large.establishment)), "quota_list")
    assert "<strong>" + str(world.large) in html
    assert ">Masques chirurgicaux</a>" in html
    assert "Bénéficiaire</th>" not in html
    agent = client_of(make_person("ARA", on=world.large.region))
    assert "Bénéficiaire</th>" in read(agent, "quota_list")


def test_the_home_page_tells_who_reads_quotas_those_just_published(world):
    far = make_region("93", "Provence")
    people = [
        make_person("OCE", on=world.large.establishment),
        make_person("ARA", on=world.large.region),
    ]
    others = [make_person("ARA", on=far), make_person("OCE")]
    assert [quota_cards(one) for one in people] == [[], []]
    published = world.publish()
    for one in people:
        (card,) = quota_cards(one)
        assert card.title == "Masques chirurgicaux\u00a0: nouveaux contingents"
    assert [quota_cards(one) for one in others] == [[], []]
    week_ago = timezone.now() - timedelta(days=8)
    Allocation.objects.filter(pk=published.pk).update(published_at=week_ago)
    assert quota_cards(people[0]) == []
