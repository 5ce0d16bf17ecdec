"""Which categories may order, between which dates: opened and closed from the page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from establishments.models import BeneficiaryCategory
from establishments.services.beneficiary_categories import (
    CategoryError,
    close_category,
    open_category,
)
from journal.models import Entry
from tests.builders import make_category, make_establishment, make_user
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
LIST = "establishments:beneficiary_categories"
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def category():
    BeneficiaryCategory.objects.all().delete()
    return make_category("355")


def spans():
    return list(BeneficiaryCategory.objects.values_list("starts_on", "ends_on"))


def test_a_category_opened_may_order_from_its_day_on(category, today):
    make_establishment(category=category)
    open_category(by=make_user(), category=category, starts_on=today + DAY)
    assert spans() == [(today + DAY, None)]
    entry = Entry.objects.get(verb="establishment.category_opened")
    assert entry.details["establishments"] == 1


def test_a_category_closed_keeps_its_past(category, today):
    BeneficiaryCategory.objects.create(category=category, starts_on=today - 10 * DAY)
    close_category(by=make_user(), category=category, from_day=today)
    assert spans() == [(today - 10 * DAY, today - DAY)]


def test_a_span_that_had_not_begun_is_taken_away(category, today):
    open_category(by=make_user(), category=category, starts_on=today + 5 * DAY)
    close_category(by=make_user(), category=category, from_day=today + 2 * DAY)
    assert spans() == []


def test_a_category_closed_then_opened_has_two_spans(category, today):
    BeneficiaryCategory.objects.create(category=category, starts_on=today - 10 * DAY)
    close_category(by=make_user(), category=category, from_day=today)
    open_category(by=make_user(), category=category, starts_on=today)
    assert sorted(spans(), key=str) == [(today - 10 * DAY, today - DAY), (today, None)]


def test_the_past_is_not_changed(category, today):
    with pytest.raises(CategoryError, match="aujourd’hui au plus tôt"):
        open_category(by=make_user(), category=category, starts_on=today - DAY)


@pytest.mark.parametrize("ahead", [-3, 3])
def test_a_category_is_not_opened_twice(category, today, ahead):
    BeneficiaryCategory.objects.create(category=category, starts_on=today + ahead * DAY)
    with pytest.raises(CategoryError, match="déjà"):
        open_category(by=make_user(), category=category, starts_on=today)


def test_what_is_not_open_cannot_close(category, today):
    with pytest.raises(CategoryError, match="n’est pas bénéficiaire"):
        close_category(by=make_user(), category=category, from_day=today)


def test_the_list_counts_the_open_establishments(client_for, category, today):
    make_establishment(category=category)
    make_establishment(category=category, closed_on=today - DAY)
    BeneficiaryCategory.objects.create(category=category, starts_on=today)
    response = client_for("NAT").get(reverse(LIST))
    assert_sound_html(response)
    (line,) = response.context["lines"]
    assert (line["count"], line["state"]) == (1, "en vigueur")


def test_opening_shows_what_it_changes_before_writing_it(client_for, category, today):
    make_establishment(category=category)
    client, address = client_for("NAT"), reverse("establishments:beneficiary_category_open")
    typed = {"category": category.pk, "starts_on": today.isoformat()}
    preview = client.post(address, typed).content.decode()
    assert "1 établissements" in preview or "1 établissement" in preview
    assert spans() == []
    client.post(address, typed | {"confirmer": "oui"})
    assert spans() == [(today, None)]


def test_closing_warns_of_who_can_no_longer_order(client_for, category, today):
    BeneficiaryCategory.objects.create(category=category, starts_on=today - DAY)
    client = client_for("NAT")
    address = reverse("establishments:beneficiary_category_close", args=[category.pk])
    typed = {"from_day": today.isoformat()}
    assert "ne pourr" in client.post(address, typed).content.decode()
    response = client.post(address, typed | {"confirmer": "oui"}, follow=True)
    assert response.redirect_chain
    assert spans() == [(today - DAY, today - DAY)]


def test_a_category_that_is_not_open_has_no_page_to_close_it(client_for, category):
    address = reverse("establishments:beneficiary_category_close", args=[category.pk])
    assert client_for("NAT").get(address).status_code == 404


@pytest.mark.parametrize("code", ["ARA", "TEC", "SUP", "GF"])
def test_only_the_national_cell_changes_it(client_for, code):
    assert client_for(code).get(reverse(LIST)).status_code == 403
