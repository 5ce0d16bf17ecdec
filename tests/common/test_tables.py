"""A list is read a page at a time, whatever the address says."""

import pytest
from django.urls import reverse

from tests.builders import make_establishment

pytestmark = pytest.mark.django_db
LISTS = [
    "plage:people",
    "plage:requests",
    "plage:invitations",
    "plage:ape",
    "establishments:search",
]


@pytest.mark.parametrize("name", LISTS)
def test_how_long_a_page_is_cannot_be_asked(client_for, name):
    agent = client_for("ARA", on=make_establishment().region)
    length = agent.get(reverse(name)).context["table"].paginator.per_page
    page = agent.get(reverse(name), {"per_page": "100000"})
    assert page.context["table"].paginator.per_page == length


@pytest.mark.parametrize("number", ["0", "-1", "99", "²", "x", "", "9" * 5000])
def test_a_page_that_does_not_exist_is_another_one(client_for, number):
    agent = client_for("ARA", on=make_establishment().region)
    page = agent.get(reverse("plage:people"), {"page": number, "per_page": "9" * 400})
    assert page.status_code == 200
    assert page.context["table"].page.number == 1
