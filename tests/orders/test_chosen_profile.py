"""One person, two establishments: the profile in use decides of every page, never the other [003].

The original asked for one e-mail address for each FINESS number.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from common.numbers import format_integer
from orders.models import Claim, ReliefRequest, SupplyDifficulty
from tests.builders import (
    make_category,
    make_department,
    make_establishment,
    make_person,
    make_region,
    make_user,
)
from tests.orders.builders import (
    make_address,
    make_allocation,
    make_beneficiary,
    make_item,
    make_order,
    make_product,
    make_quota,
    make_stock,
    make_tension,
)
from tests.orders.pages import logged_in, text_of

pytestmark = pytest.mark.django_db
GRANTED = {"Alpha": 1_150, "Bêta": 2_250}
# page → what tells whose it is
PAGES = {
    "orders:start": "granted",
    "orders:catalogue": "granted",
    "orders:quota_list": "name",
    "orders:orders": "number",
    "orders:claims": "number",
    "orders:relief": "asked",
    "orders:difficulties": "trouble",
    "orders:addresses": "address",
    "orders:registration": "name",
}


def make_home(user, word, department, allocation):
    """An establishment of the person, with one of everything; the words that tell it is its own."""
    site = make_establishment(
        name=f"EHPAD {word}",
        department=department,
        category=make_category("500", "EHPAD"),
        siret="9" * 14,
    )
    make_person("OCE", on=site, user=user)
    home = make_beneficiary(site)
    make_quota(home, granted=GRANTED[word], allocation=allocation)
    order = make_order(home, [(make_product(), 50)], by=user, number=f"C-{word}")
    now = timezone.now()
    Claim.objects.create(
        order=order, kind=Claim.Kind.LATE, opened_by=user, opened_at=now, told_at=now
    )
    about = {"beneficiary": home, "item": make_item()}
    ReliefRequest.objects.create(
        site=site, quantity=GRANTED[word] + 7_000, reason="Cas groupés", asked_by=user, **about
    )
    SupplyDifficulty.objects.create(
        source=site.name,
        description=f"Rationnés à {word}",
        reported_on=timezone.localdate(),
        recorded_by=user,
        **about,
    )
    make_address(home, label=f"Quai {word}")
    return {
        "name": site.name,
        "granted": f"0/{format_integer(GRANTED[word])}",
        "number": order.number,
        "asked": format_integer(GRANTED[word] + 7_000),
        "trouble": f"Rationnés à {word}",
        "address": f"Quai {word}",
    }


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def marks(user):
    """By profile, in the order of their names."""
    make_stock(make_product())
    make_tension()
    allocation = make_allocation()
    rhone = make_department("69", "Rhône", make_region("84", "Auvergne-Rhône-Alpes"))
    homes = [
        make_home(user, word, department, allocation)
        for word, department in (("Alpha", make_department()), ("Bêta", rhone))
    ]
    user.forget_rights()
    return dict(zip(user.profiles.order_by("pk"), homes, strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_that_of_the_profile_in_use(user, marks, name):
    client = logged_in(user)
    for profile, own in marks.items():
        other = next(found for found in marks.values() if found is not own)
        client.post(reverse("profiles:use"), {"profile": profile.pk})
        text = text_of(client.get(reverse(name)))
        assert own[PAGES[name]] in text
        assert [mark for mark in other.values() if mark in text] == []


def test_what_is_of_the_other_profile_does_not_exist(user, marks):
    client = logged_in(user)
    first, second = marks
    client.post(reverse("profiles:use"), {"profile": first.pk})
    order = second.establishment.ordering_row.orders.get()
    quota = second.establishment.ordering_row.quotas.get()
    for name, pk in (
        ("orders:order", order.pk),
        ("orders:claim", order.claims.get().pk),
        ("orders:quota", quota.pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 404


def test_a_form_counts_for_the_profile_under_which_it_was_shown(user, marks):
    """Another window chose the other profile since."""
    client = logged_in(user)
    first, second = marks
    client.post(reverse("profiles:use"), {"profile": second.pk})
    client.post(
        reverse("orders:difficulty_new"),
        {
            "profile": first.pk,
            "equipement": make_item().pk,
            "description": "Plus un masque.",
            "reported_on": timezone.localdate().isoformat(),
        },
    )
    row = SupplyDifficulty.objects.get(description="Plus un masque.")
    assert row.beneficiary.place == first.establishment
