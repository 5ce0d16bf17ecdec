"""What accounts put on the home page: the step that is missing comes before everything else."""

import pytest
from django.urls import reverse

from accounts.home import cards
from accounts.models import Profile, User
from common.home import Kind
from config.home import cards as every_card
from tests.builders import PASSWORD, make_establishment, make_person, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    """Two inventories to fill, and no profile chosen."""
    return make_person("OIE", on=make_establishment(), user=make_person("OIE"))


def test_choosing_a_profile_comes_before_what_is_late(person):
    (card,) = cards(person)
    assert card.kind is Kind.FIRST
    assert Kind.FIRST.rank < Kind.LATE.rank
    assert every_card(person)[0] == card


def test_the_home_page_shows_that_step_at_the_top(client, person):
    client.force_login(person)
    page = client.get("/").text
    tasks = page[page.index("app-taches") :]
    assert tasks.index("D’abord") < tasks.index("Choisissez le profil")
    assert tasks.count("D’abord") == 1


def test_who_has_a_profile_in_use_is_asked_nothing():
    assert cards(make_person("OIE")) == []


def test_who_has_no_profile_is_led_to_what_is_missing():
    (card,) = cards(make_user())
    assert card.kind is Kind.FIRST
    assert card.action_label == "Demander un profil"


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (Profile.State.PENDING, "Suivre ma demande"),
        (Profile.State.SUSPENDED, "Voir mes profils"),
        (Profile.State.ENDED, "Demander un profil"),
    ],
)
def test_who_has_no_profile_in_force_is_told_the_next_step(state, label):
    person = make_person("OIE")
    person.profiles.update(state=state)
    (card,) = cards(User.objects.get(pk=person.pk))
    assert card.action_label == label


@pytest.mark.parametrize("profiles", [0, 1, 2])
def test_logging_in_shows_the_page_and_no_message_beside(client, profiles):
    person = make_user()
    for _ in range(profiles):
        make_person("OIE", user=person)
    answer = client.post(
        reverse("account_login"), {"login": person.email, "password": PASSWORD}, follow=True
    )
    assert answer.wsgi_request.user == person
    assert list(answer.context["messages"]) == []
    assert "réussie" not in answer.text
