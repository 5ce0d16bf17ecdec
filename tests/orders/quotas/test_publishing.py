"""Two people publish; the quotas of the week follow; what was ordered stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from common.weeks import current_week, shift
from journal.models import Entry
from orders.models import Allocation, Doctrine, Quota, RegionalPool
from orders.quotas import returns
from orders.quotas.checks import totals_of
from orders.services.allocations import change_draft, duplicate, version_of
from orders.services.publishing import end, propose, publish, send_back
from orders.services.quota_errors import AllocationError, ChangedMeanwhileError
from tests.builders import make_person
from tests.locks import before_another
from tests.orders.builders import make_doctrine
from tests.orders.quotas.builders import make_place, settings_of

pytestmark = pytest.mark.django_db
WEEK = current_week()


def granted(world):
    return [world.quota(one, week=WEEK).granted for one in (world.large, world.middle, world.small)]


def test_a_second_person_publishes_and_the_quotas_of_the_week_are_there(world):
    published = world.publish()
    assert published.state == Allocation.State.PUBLISHED
    assert granted(world) == [1_200, 550, 100]
    assert set(Allocation.objects.in_force(WEEK)) == {published}


def test_who_proposed_does_not_publish(world):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    with pytest.raises(AllocationError, match="une autre personne"):
        publish(by=world.first, proposal=draft)
    assert not Quota.objects.exists()


def test_the_database_too_wants_another_person(world):
    published = world.publish()
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=published.pk).update(published_by=world.first)


@pytest.mark.parametrize("code", ["NAL", "ARA", "OCE"])
def test_nobody_else_publishes(world, code):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    domain = "distrilog" if code == "NAL" else None
    with pytest.raises(AllocationError, match="cellule nationale"):
        publish(by=make_person(code, domain=domain), proposal=draft)


def test_a_draft_changed_since_it_was_read_is_not_proposed(world):
    draft = world.draft()
    seen = version_of(draft)
    change_draft(by=world.second, draft=draft, settings=settings_of(draft, pool=900), seen=seen)
    with pytest.raises(ChangedMeanwhileError):
        propose(by=world.first, draft=draft, seen=seen)


def test_a_proposal_does_not_change_and_may_be_sent_back(world):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    with pytest.raises(AllocationError, match="ne change plus"):
        change_draft(
            by=world.second, draft=draft, settings=settings_of(draft), seen=version_of(draft)
        )
    send_back(by=world.second, proposal=draft, reason="Pots communs trop petits")
    draft.refresh_from_db()
    assert (draft.state, draft.proposed_by) == (Allocation.State.DRAFT, None)


def test_who_sends_back_the_proposal_of_another_says_why_and_it_is_mailed(world, monkeypatch):
    sent = []
    monkeypatch.setattr(returns, "write_to", lambda to, **words: sent.append((to, words)))
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    with pytest.raises(AllocationError, match="Dites pourquoi"):
        send_back(by=world.second, proposal=draft, reason="  ")
    send_back(by=world.second, proposal=draft, reason="Pots communs trop petits")
    ((to, words),) = sent
    assert to == [world.first.email]
    assert "Pots communs trop petits" in words["lines"][0]


def test_who_proposed_takes_it_back_without_a_reason_or_a_mail(world, monkeypatch):
    monkeypatch.setattr(returns, "write_to", lambda *args, **words: pytest.fail("mailed"))
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    assert send_back(by=world.first, proposal=draft).state == Allocation.State.DRAFT


def test_a_proposal_sent_back_and_proposed_again_is_read_again_before_it_is_published(world):
    draft = world.draft()
    seen = version_of(propose(by=world.first, draft=draft, seen=version_of(draft)))
    again = send_back(by=world.first, proposal=draft)
    again = change_draft(by=world.first, draft=again, settings=settings_of(again, pool=900),
                         seen=version_of(again))  # fmt: skip
    propose(by=world.first, draft=again, seen=version_of(again))
    with pytest.raises(ChangedMeanwhileError):
        publish(by=world.second, proposal=draft, seen=seen)
    assert not Quota.objects.exists()


def test_what_was_ordered_and_given_counts_in_what_the_stock_must_hold(world):
    """1 850 fit; with 1 200 that one has already and the shares of the others, they do not."""
    world.publish()
    Quota.objects.filter(beneficiary=world.large).update(used=1_200)
    world.product.stocks.update(available=300)
    draft = world.draft(pool=1_300)
    assert totals_of(draft).kept > 0
    with pytest.raises(AllocationError, match="déjà commandés ou exceptionnels"):
        propose(by=world.first, draft=draft, seen=version_of(draft))
    world.product.stocks.update(available=600)
    propose(by=world.first, draft=draft, seen=version_of(draft))


def test_a_draft_does_not_use_a_doctrine_that_begins_after_it(world):
    later = make_doctrine(label="Hiver", starts_on=shift(WEEK, 3))
    draft = world.draft()
    with pytest.raises(AllocationError, match="«\u00a0Hiver\u00a0» s’applique à partir du"):
        change_draft(by=world.first, draft=draft, settings=settings_of(draft, doctrine=later),
                     seen=version_of(draft))  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"pool": 20_000_000, "pools_percent": 50}, "dépassent le stock"),
        ({"pool": 100, "floor_packs": 0}, "à 0 alors qu"),
        ({"pool": 100}, "à 0 alors qu"),  # the floors themselves do not fit
        ({"pool": 0}, "Aucune quantité"),
        ({"starts_on": shift(WEEK, -1)}, "est passée"),
        ({"doctrine_on": shift(WEEK, 3)}, "ne s’applique qu’à partir du"),
    ],
)
def test_what_would_be_wrong_forbids_to_propose(world, fields, sentence):
    if day := fields.pop("doctrine_on", None):
        Doctrine.objects.update(starts_on=day)
    draft = world.draft(**fields)
    with pytest.raises(AllocationError, match=sentence):
        propose(by=world.first, draft=draft, seen=version_of(draft))


def test_the_checks_are_made_again_when_it_is_published(world):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    world.product.stocks.update(available=1_000)
    with pytest.raises(AllocationError, match="dépassent le stock"):
        publish(by=world.second, proposal=draft)


def test_pools_of_the_regions_are_written_with_the_quotas(world):
    world.publish(pool=2_000, pools_percent=10)
    pool = RegionalPool.objects.get(week=WEEK)
    assert (pool.region, pool.granted) == (world.large.region, 200)
    assert sum(granted(world)) + 200 <= 2_000


def test_published_again_in_the_week_a_quota_never_goes_under_what_was_ordered(world):
    first = world.publish()
    Quota.objects.filter(beneficiary=world.large).update(used=900)
    second = world.publish(pool=600)
    first.refresh_from_db()
    assert granted(world)[0] == 900
    assert world.quota(world.large).allocation == second
    assert first.state == Allocation.State.REPLACED
    assert Quota.objects.filter(week=WEEK).count() == 3


def test_who_is_left_out_of_the_new_share_out_keeps_what_was_ordered(world):
    world.publish()
    Quota.objects.filter(beneficiary=world.large).update(used=100)
    type(world.large).objects.filter(pk=world.large.pk).update(is_listed=False)
    world.publish()
    assert granted(world)[0] == 100


def test_the_reserve_counts_what_stays_above_the_calculation(world):
    world.publish()
    Quota.objects.filter(beneficiary=world.large).update(used=1_200)
    second = world.publish(pool=1_300)
    second.refresh_from_db()
    whole = sum(granted(world))
    assert second.reserve == max(0, 1_300 - whole)


def test_the_reserve_is_no_more_than_what_the_stock_has_left(world):
    world.product.stocks.update(available=3_000)
    published = world.publish(pool=10_000)
    published.refresh_from_db()
    assert published.reserve == 3_000 - 1_850


def test_published_for_a_later_week_nothing_changes_before_it(world):
    now = world.publish()
    later = world.publish(starts_on=shift(WEEK, 2), pool=1_000)
    assert granted(world)[0] == 1_200
    assert Allocation.objects.in_force(WEEK).get() == now
    assert Allocation.objects.in_force(shift(WEEK, 2)).get() == later
    assert Quota.objects.filter(week=shift(WEEK, 2)).count() == 3


def test_an_ended_share_out_is_in_force_until_its_last_week(world):
    published = world.publish()
    end(by=world.first, allocation=published, last_week=shift(WEEK, 1))
    assert Allocation.objects.in_force(shift(WEEK, 1)).exists()
    assert not Allocation.objects.in_force(shift(WEEK, 2)).exists()


def test_an_ended_share_out_does_not_wake_the_one_before(world):
    world.publish()
    later = world.publish(starts_on=shift(WEEK, 1))
    end(by=world.first, allocation=later, last_week=shift(WEEK, 1))
    assert not Allocation.objects.in_force(shift(WEEK, 2)).exists()


def test_the_copy_of_a_share_out_is_a_draft_of_its_own(world):
    published = world.publish()
    published.adjustments.create(beneficiary=world.small, factor=2, reason="Foyer actif")
    copy = duplicate(by=world.second, source=published)
    assert copy.state == Allocation.State.DRAFT
    assert copy.adjustments.get().pk != published.adjustments.get().pk
    assert copy.shares.get(beneficiary=world.small).granted_packs == 3


def test_a_publication_is_journaled_and_queues_the_letters_of_the_ars(world):
    published = world.publish()
    entry = Entry.objects.get(verb="orders.allocation_published")
    assert entry.details["beneficiaries"] == 3
    job = ProcrastinateJob.objects.get(task_name="orders.tasks.quotas.announce_allocation")
    assert job.args == {"allocation": published.pk}


@pytest.mark.django_db(transaction=True)
def test_two_people_who_publish_at_once_publish_once(world):
    draft = world.draft()
    propose(by=world.first, draft=draft, seen=version_of(draft))
    third = make_person("NAT", domain="distrilog")
    again = lambda: publish(by=third, proposal=draft)  # noqa: E731
    with before_another(again, refused=(AllocationError,)) as refusals:
        publish(by=world.second, proposal=draft)
    assert len(refusals) == 1
    assert Entry.objects.filter(verb="orders.allocation_published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_order_and_a_publication_at_once_never_leave_more_used_than_granted(world):
    world.publish()
    draft = world.draft(pool=600)
    propose(by=world.first, draft=draft, seen=version_of(draft))
    with before_another(lambda: publish(by=world.second, proposal=draft)):
        quota = world.quota(world.large)
        assert Quota.objects.take(quota_id=quota.pk, quantity=1_200)
    quota = world.quota(world.large)
    assert (quota.granted, quota.used, quota.allocation) == (1_200, 1_200, draft)


def test_a_new_place_joins_at_the_next_publication(world):
    world.publish()
    new = make_place(10, opened_on=WEEK - timedelta(days=1))
    world.publish()
    assert world.quota(new).granted == 150
