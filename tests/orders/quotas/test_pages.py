"""The pages where share-outs are prepared, proposed and published."""

import pytest
from django.urls import reverse

from common.weeks import current_week
from orders.models import Adjustment, Allocation, Quota
from orders.quotas.cards import quota_cards
from orders.services.allocations import change_draft, version_of
from orders.services.publishing import propose
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_doctrine
from tests.orders.quotas.builders import settings_of
from tests.orders.quotas.pages import client_of, read
from tests.steering.indicators.reading import told_beside

pytestmark = pytest.mark.django_db
WEEK = current_week()


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


def test_the_units_set_aside_for_the_regions_are_told_and_lead_to_what_they_are(world, cell):
    draft = world.draft(pool=20_000, pools_percent=5)
    set_aside = sum(draft.pools.values()) * draft.pack
    assert set_aside == 1_000
    page = cell.get(reverse("orders:allocation", args=[draft.pk]))
    assert told_beside(page, "pots-communs", "Pots communs des régions") == set_aside
    compared = read(cell, "allocation_compare", b=draft.pk)
    assert "1 000" in compared[compared.index("Pots communs des régions") :][:120]


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


def test_the_home_page_tells_the_second_person_what_waits(world):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    assert [one.title for one in quota_cards(world.first)] == []
    (card,) = quota_cards(world.second)
    assert "attend votre publication" in card.title


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
    make_doctrine(label="Hiver", starts_on=WEEK)
    Allocation.objects.update(floor_served=0)
    html = read(cell, "allocations")
    assert "Une autre doctrine s’applique, « Hiver »" in html
    assert "ne suffit plus au plancher" in html


def test_an_item_in_tension_without_share_out_is_marked(world, cell):
    html = read(cell, "allocations")
    assert html.index("Sans répartition") < html.index("en tension, personne ne peut commander")
    world.publish()
    assert "personne ne peut commander" not in read(cell, "allocations")
