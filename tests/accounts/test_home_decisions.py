"""The home page of who decides: the requests that wait, and PLAGE in the menu."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.home import cards, figures, menu
from accounts.models import AccessRequest, User
from accounts.services.invitations import confirm_invitation, invite
from accounts.services.requests import ask_profile
from common.home import Kind
from tests.builders import make_body, make_legal_entity, make_person, make_region, make_user
from tests.rights import INVENTORY, READER

pytestmark = pytest.mark.django_db


def ask(on, right=INVENTORY, *, days):
    request = ask_profile(make_user(), on, [right])
    AccessRequest.objects.filter(pk=request.pk).update(
        asked_at=timezone.now() - timedelta(days=days)
    )
    return request


def at_another_click(user):
    """The account as the next request reads it."""
    return User.objects.get(pk=user.pk)


def labels(user):
    return [item.label for item in menu(user)]


def test_an_ape_is_told_how_many_wait_and_since_when():
    entity = make_legal_entity()
    ape = make_person("APE", on=entity)
    assert cards(ape) == []
    for days in (1, 5, 2):
        ask(entity, days=days)
    ask(make_legal_entity(), days=9)
    ape = at_another_click(ape)

    (card,) = cards(ape)

    assert (card.kind, card.title) == (Kind.DECIDE, "3 demandes de profil")
    assert card.detail == "La plus ancienne attend depuis 5 jours."
    assert (card.url, figures(ape)) == ("/plage/demandes/", [])
    assert "PLAGE" in labels(ape)


def test_the_ars_and_the_country_have_a_figure_besides():
    ara, nat = make_person("ARA"), make_person("NAT")
    ask(make_body("ars", region=make_region()), READER, days=3)
    ask(make_legal_entity(), days=0)
    assert [(one.label, one.value, one.detail) for one in figures(ara)] == [
        ("Établissements sans APE", "1", "sur 1")
    ]
    assert [(one.value, one.note) for one in figures(nat)] == [("1", "Elle attend depuis 3 jours.")]


def test_the_card_and_the_figure_ask_once_what_waits(django_assert_max_num_queries):
    nat = make_person("NAT")
    ask(make_body("ars", region=make_region()), READER, days=2)
    assert nat.usable_profiles
    with django_assert_max_num_queries(3):  # the invitations to confirm besides
        (card,), (figure,) = cards(nat), figures(nat)
    assert (card.title, figure.value) == ("1 demande de profil", "1")
    assert card.detail == figure.note


def test_one_of_your_own_entity_decided_by_its_ape_is_no_task_of_the_ars():
    entity = make_legal_entity()
    make_person("APE", on=entity)
    ask(entity, days=1)
    assert cards(make_person("ARA")) == []


def test_the_country_is_told_of_the_invitations_that_somebody_else_prepared():
    first, second = make_person("NAT"), make_person("NAT")
    ars = make_body("ars", region=make_region())
    invitation = invite("a.morel@ars.example", ars, [READER], by=first)
    assert cards(first) == cards(make_person("ARA", on=ars.region)) == []

    (card,) = cards(second)

    assert (card.kind, card.title) == (Kind.DECIDE, "1 invitation à confirmer")
    assert card.url == "/plage/invitations/?etat=to_confirm"
    confirm_invitation(invitation, by=second)
    assert cards(second) == []


@pytest.mark.parametrize("code", ["USR", "OIE", "ARL", "NAL"])
def test_who_decides_of_nothing_is_not_told(code, django_assert_num_queries):
    person = make_person(code)
    assert bool(person.usable_profiles) is (code != "USR")
    with django_assert_num_queries(1 if code == "USR" else 0):  # what their profiles wait for
        found = [card.kind for card in cards(person)], figures(person)
    assert Kind.DECIDE not in found[0]
    assert found[1] == []
