"""The pages of quotas, as each role finds them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.weeks import current_week, shift
from orders.models import Adjustment, Allocation, Quota, QuotaExtra
from orders.quotas.cards import quota_cards
from orders.services.allocations import change_draft, version_of
from orders.services.publishing import propose
from tests.builders import make_person, make_region
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_doctrine
from tests.orders.quotas.builders import make_place, settings_of
from tests.orders.quotas.pages import client_of, read

pytestmark = pytest.mark.django_db
WEEK = current_week()


@pytest.fixture
def cell(world):
    return client_of(world.first)


def fields(draft, **changes):
    names = ("pool", "pack", "floor_packs", "note")
    typed = {name: getattr(draft, name) for name in names}
    typed |= {"doctrine": draft.doctrine_id, "starts_on": draft.starts_on.isoformat()}
    typed |= {
        "pools_percent": "0",
        "reserve_percent": "0",
        "item_factor": "1",
        "seen": version_of(draft),
    }
    return typed | changes


def test_the_cell_finds_each_item_with_its_share_outs(world, cell):
    world.publish()
    draft = world.draft()
    html = read(cell, "allocations")
    assert f"Brouillon n° {draft.pk}" in html
    assert "Cette semaine : 1 850 répartis" in html


def test_a_draft_is_typed_computed_and_shown(world, cell):
    url = f"{reverse('orders:allocation_new')}?equipement={world.product.item_id}"
    assert_sound_html(cell.get(url))
    typed = fields(world.draft(), pool="1 000", region_24="1,25")
    response = cell.post(url, typed)
    draft = Allocation.objects.latest("pk")
    assert response.url == reverse("orders:allocation", args=[draft.pk])
    assert draft.pool == 1_000
    assert draft.region_factors.get().factor == 1.25
    assert "Part du besoin servie" in read(cell, "allocation", draft.pk)


def test_what_cannot_be_read_stays_in_the_form(world, cell):
    draft = world.draft()
    response = cell.post(reverse("orders:allocation", args=[draft.pk]), fields(draft, pool="1,234"))
    assert response.status_code == 422
    assert "1,234" in response.content.decode()
    draft.refresh_from_db()
    assert draft.pool == 100_000


def test_a_change_made_meanwhile_is_shown_and_loses_nothing(world, cell):
    draft = world.draft()
    typed = fields(draft, pool="70 000")
    change_draft(by=world.second, draft=draft, settings=settings_of(draft, pool=90_000),
                 seen=version_of(draft))  # fmt: skip
    url = reverse("orders:allocation", args=[draft.pk])
    response = cell.post(url, typed)
    html = response.content.decode().replace("\u202f", " ")
    assert response.status_code == 409
    assert "70 000" in html
    assert "90 000" in html
    again = typed | {"seen": response.context["form"].data["seen"]}
    assert cell.post(url, again).status_code == 302


def test_an_adjustment_is_found_by_its_number_and_removed(world, cell):
    draft = world.draft()
    url = reverse("orders:allocation_adjust", args=[draft.pk])
    number = world.small.finess
    assert cell.post(url, {"finess": number, "factor": "2", "reason": "Foyer"}).status_code == 302
    row = Adjustment.objects.get()
    assert draft.shares.get(beneficiary=world.small).granted_packs == 3
    refused = cell.post(url, {"finess": "990000009", "factor": "2", "reason": "Foyer"})
    assert refused.status_code == 422
    cell.post(reverse("orders:adjustment_removed", args=[row.pk]))
    assert not Adjustment.objects.exists()


def test_a_double_click_on_propose_proposes_once(world, cell):
    draft = world.draft()
    url = reverse("orders:allocation_act", args=[draft.pk, "proposer"])
    for _ in range(2):
        assert cell.post(url, {"seen": version_of(draft)}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == Allocation.State.PROPOSED


def test_who_proposed_reads_that_another_publishes_and_the_other_publishes(world, cell):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    assert "Vous l’avez proposée" in read(cell, "allocation", draft.pk)
    other = client_of(world.second)
    assert "Publier" in read(other, "allocation", draft.pk)
    url = reverse("orders:allocation_act", args=[draft.pk, "publier"])
    other.post(url, {"seen": version_of(draft)})
    draft.refresh_from_db()
    assert draft.state == Allocation.State.PUBLISHED


@pytest.mark.parametrize("verb", ["calculer", "dupliquer", "abandonner", "proposer"])
def test_each_decision_answers_on_the_page(world, cell, verb):
    draft = world.draft()
    url = reverse("orders:allocation_act", args=[draft.pk, verb])
    response = cell.post(url, {"seen": version_of(draft)}, follow=True)
    assert response.status_code == 200
    assert_sound_html(response)


def test_a_published_share_out_is_stopped_after_this_week(world, cell):
    published = world.publish()
    cell.post(reverse("orders:allocation_act", args=[published.pk, "arreter"]))
    published.refresh_from_db()
    assert published.ends_on == WEEK


def test_an_operator_reads_its_own_quota_and_its_calculation(world):
    world.publish()
    operator = client_of(make_person("OCE", on=world.large.establishment))
    html = read(operator, "own_quota", world.product.item.code)
    assert "80 places × 15 masques chirurgicaux par place et par semaine = 1 200" in html
    for question in (
        "Comment sont calculées",
        "se réinitialise",
        "À quelle fréquence peut évoluer",
    ):
        assert question in html
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


@pytest.mark.parametrize("code", ["ARA", "OCE", "NAL"])
def test_only_the_cell_prepares(world, code):
    draft = world.draft()
    on = {"ARA": world.large.region, "OCE": world.large.establishment}.get(code)
    client = client_of(make_person(code, on=on, domain="distrilog" if code == "NAL" else None))
    assert client.get(reverse("orders:allocation", args=[draft.pk])).status_code == 403
    assert client.get(reverse("orders:allocation_compare"), {"b": draft.pk}).status_code == 403


def test_an_unknown_draft_or_verb_does_not_exist(world, cell):
    draft = world.draft()
    assert cell.get(reverse("orders:allocation", args=[0])).status_code == 404
    url = reverse("orders:allocation_act", args=[draft.pk, "detruire"])
    assert cell.post(url).status_code == 404


def test_a_past_week_is_read_without_what_changes_it(world, cell):
    world.publish()
    Quota.objects.update(week=shift(WEEK, -1))
    quota = Quota.objects.first()
    assert "Accorder" not in read(cell, "quota", quota.pk)


def test_the_home_page_tells_the_second_person_what_waits(world):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    assert [one.title for one in quota_cards(world.first)] == []
    (card,) = quota_cards(world.second)
    assert "attend votre publication" in card.title


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


def test_a_page_opened_before_it_was_proposed_says_that_it_changes_no_more(world, cell):
    draft = world.draft()
    typed = fields(draft)
    propose(by=world.second, draft=draft, seen=version_of(draft))
    for name, data in (
        ("allocation", typed),
        ("allocation_adjust", {"finess": world.small.finess, "factor": "2", "reason": "Foyer"}),
    ):
        answer = cell.post(reverse(f"orders:{name}", args=[draft.pk]), data, follow=True)
        assert "elle ne change plus" in answer.content.decode()
    assert not Adjustment.objects.exists()


def test_who_does_not_publish_writes_why_on_the_page(world, cell):
    draft = world.draft()
    propose(by=world.second, draft=draft, seen=version_of(draft))
    assert "Motif, si vous ne publiez pas" in read(cell, "allocation", draft.pk)
    url = reverse("orders:allocation_act", args=[draft.pk, "rendre"])
    answer = cell.post(url, {"reason": ""}, follow=True)
    assert "Dites pourquoi" in answer.content.decode()
    cell.post(url, {"reason": "Pots communs trop petits"})
    draft.refresh_from_db()
    assert draft.state == Allocation.State.DRAFT


def test_a_proposal_published_from_a_stale_page_is_read_again(world, cell):
    draft = world.draft()
    propose(by=world.second, draft=draft, seen=version_of(draft))
    url = reverse("orders:allocation_act", args=[draft.pk, "publier"])
    answer = cell.post(url, {"seen": "autre"}, follow=True)
    assert "vient de modifier cette répartition" in answer.content.decode()
    assert not Quota.objects.exists()


def test_the_cell_reads_what_a_week_lacks_and_that_another_doctrine_applies(world, cell):
    world.publish()
    assert "À savoir" not in read(cell, "allocations")
    world.product.stocks.update(available=700)
    assert "n’a plus que 700, et il reste 1 850 à commander" in read(cell, "allocations")
    make_doctrine(label="Hiver", starts_on=timezone.localdate())
    Allocation.objects.update(floor_served=0)
    html = read(cell, "allocations")
    assert "Une autre doctrine s’applique, « Hiver »" in html
    assert "ne suffit plus au plancher" in html


def test_who_reads_its_own_quotas_alone_finds_its_equipment_first(world):
    world.publish()
    html = read(client_of(make_person("OCE", on=world.large.establishment)), "quota_list")
    assert "<strong>" + str(world.large) in html
    assert ">Masques chirurgicaux</a>" in html
    assert "Bénéficiaire</th>" not in html
    agent = client_of(make_person("ARA", on=world.large.region))
    assert "Bénéficiaire</th>" in read(agent, "quota_list")


def test_an_item_in_tension_without_share_out_is_marked(world, cell):
    html = read(cell, "allocations")
    assert html.index("Sans répartition") < html.index("en tension, personne ne peut commander")
    world.publish()
    assert "personne ne peut commander" not in read(cell, "allocations")


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
