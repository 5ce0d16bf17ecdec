"""An exceptional extra: off the reserve, with a reason, taken back when it is not used."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from common.weeks import current_week, shift
from journal.models import Entry
from orders.models import Allocation, Quota, QuotaExtra
from orders.services.extras import give_extra, withdraw_extra
from orders.services.quota_errors import AllocationError
from tests.builders import make_person
from tests.locks import before_another

pytestmark = pytest.mark.django_db
REASON = "Foyer de cas depuis samedi"


@pytest.fixture
def published(world):
    found = world.publish(pool=2_150)
    found.refresh_from_db()
    assert found.reserve == 300
    return found


def give(world, units=100, to=None, **more):
    quota = world.quota(to or world.small)
    return give_extra(**{"by": world.first, "quota": quota, "quantity": units, "reason": REASON}
                      | more)  # fmt: skip


def reserve():
    return Allocation.objects.get().reserve


def test_an_extra_raises_the_quota_and_lowers_the_reserve(world, published):
    give(world)
    assert (world.quota(world.small).granted, reserve()) == (200, 200)
    assert Entry.objects.get(verb="orders.quota_extra_given").details["reason"] == REASON


@pytest.mark.parametrize(
    ("units", "more", "sentence"),
    [
        (350, {}, "n’a plus que 300"),
        (30, {}, "nombre entier de colis de 50"),
        (0, {}, "nombre entier de colis"),
        (50, {"reason": "  "}, "Dites pourquoi"),
    ],
)
def test_what_cannot_be_given_is_refused_and_nothing_moves(world, published, units, more, sentence):
    with pytest.raises(AllocationError, match=sentence):
        give(world, units, **more)
    assert (world.quota(world.small).granted, reserve()) == (100, 300)


@pytest.mark.parametrize("code", ["ARA", "OCE", "NAL"])
def test_only_the_national_cell_gives(world, published, code):
    by = make_person(code, domain="distrilog" if code == "NAL" else None)
    with pytest.raises(AllocationError, match="cellule nationale"):
        give(world, by=by)


def test_alone_one_gives_no_more_than_the_quota_again_or_twenty_packs(world, published):
    Allocation.objects.update(reserve=100_000)
    give(world, 600)
    with pytest.raises(AllocationError, match="seule accorde au plus 1\u202f000"):
        give(world, 450)
    give(world, 400)
    with pytest.raises(AllocationError, match="une autre la publie"):
        give(world, 1_250, to=world.large)
    give(world, 1_200, to=world.large)


def test_the_extra_of_a_past_week_is_neither_given_nor_taken_back(world, published):
    extra = give(world)
    Quota.objects.update(week=shift(current_week(), -1))
    for act in (lambda: give(world), lambda: withdraw_extra(by=world.first, extra=extra)):
        with pytest.raises(AllocationError, match="semaine de ce contingent est passée"):
            act()


def test_what_was_taken_back_may_be_given_again(world, published):
    Allocation.objects.update(reserve=100_000)
    withdraw_extra(by=world.first, extra=give(world, 1_000))
    give(world, 1_000)


def test_what_is_not_used_goes_back_to_the_reserve(world, published):
    extra = give(world, 100)
    Quota.objects.filter(beneficiary=world.small).update(used=150)
    assert withdraw_extra(by=world.second, extra=extra) == 50
    extra.refresh_from_db()
    assert (world.quota(world.small).granted, reserve(), extra.standing) == (150, 250, 50)
    with pytest.raises(AllocationError, match="déjà été repris"):
        withdraw_extra(by=world.second, extra=extra)


def test_an_extra_all_used_is_not_taken_back(world, published):
    extra = give(world, 100)
    Quota.objects.filter(beneficiary=world.small).update(used=200)
    with pytest.raises(AllocationError, match="Tout est déjà commandé"):
        withdraw_extra(by=world.first, extra=extra)


def test_an_extra_stands_when_the_week_is_published_again(world, published):
    give(world, 100)
    world.publish(pool=2_150)
    assert world.quota(world.small).granted == 200
    assert world.quota(world.small).allocation.reserve == 200


def test_the_beneficiary_and_its_ars_are_told(world, published):
    extra = give(world)
    job = ProcrastinateJob.objects.get(task_name="orders.tasks.quotas.announce_quota_extra")
    assert job.args == {"extra": extra.pk, "is_back": False}


@pytest.mark.django_db(transaction=True)
def test_two_extras_at_once_never_exceed_the_reserve(world, published):
    other = lambda: give(world, 200, to=world.middle)  # noqa: E731
    with before_another(other, refused=(AllocationError,)) as refusals:
        give(world, 200, to=world.small)
    assert len(refusals) == 1
    assert (reserve(), QuotaExtra.objects.count()) == (100, 1)
