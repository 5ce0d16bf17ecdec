"""The first two national accounts of a deployment come from a command; nobody else's do."""

import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Domain, Habilitation, Profile, Role, User
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.models import Entry
from tests.builders import grant, make_body, make_person, make_profile, make_user

pytestmark = pytest.mark.django_db
FIRST, SECOND = "marie.dupont@sante.example", "paul.durand@sante.example"
NEW_PASSWORD = "une phrase que personne ne devine 47"


@pytest.fixture(autouse=True)
def cell():
    return make_body(AdministrativeBody.Kind.NATIONAL)


def create(*people, **options):
    call_command("first_administrators", *(people or (FIRST, SECOND)), **options)


def link_to(address):
    (found,) = [one for one in mail.outbox if one.to == [address]]
    return re.search(r"https?://testserver(/\S+)", found.body)[1]


def test_both_are_the_national_cell_in_every_domain():
    create()
    for address in (FIRST, SECOND):
        user = User.objects.get(email=address)
        assert {right.domain for right in user.active_profile.rights} == set(Domain)
        assert user.may(Action.REF_WRITE)
        assert user.may(Action.PROF_DECIDE_REG)


def test_each_receives_a_link_chooses_a_password_and_logs_in(client):
    create()
    assert not User.objects.get(email=FIRST).has_usable_password()
    form = client.get(link_to(FIRST), follow=True)
    posted = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(form.request["PATH_INFO"], posted)
    client.logout()
    answer = client.post(reverse("account_login"), {"login": FIRST, "password": NEW_PASSWORD})
    assert answer.wsgi_request.user.email == FIRST


def test_names_may_come_with_the_addresses():
    create(f"Marie Dupont Leroy <{FIRST}>", SECOND)
    marie, paul = User.objects.get(email=FIRST), User.objects.get(email=SECOND)
    assert (marie.first_name, marie.last_name) == ("Marie", "Dupont Leroy")
    assert paul.username == "paul.durand"


def test_the_journal_says_it():
    create()
    made = Entry.objects.filter(verb="account.national_account_created")
    assert {entry.target for entry in made} == {"marie.dupont", "paul.durand"}
    assert {entry.by for entry in made} == {None}
    assert Entry.objects.filter(verb="account.habilitation_granted").count() == 2 * len(Domain)


def test_asked_again_nothing_changes_and_the_link_goes_to_who_has_no_password_yet():
    create()
    chosen = User.objects.get(email=FIRST)
    chosen.set_password(NEW_PASSWORD)
    chosen.save()
    before = (Entry.objects.count(), Profile.objects.count(), Habilitation.objects.count())
    mail.outbox.clear()
    create(FIRST.upper(), SECOND)
    assert [one.to for one in mail.outbox] == [[SECOND]]
    assert (Entry.objects.count(), Profile.objects.count(), Habilitation.objects.count()) == before


@pytest.mark.parametrize("people", [(FIRST, "third@sante.example"), ("a@x.example", "b@x.example")])
def test_a_deployment_that_has_a_national_account_makes_no_other_so(people):
    create()
    with pytest.raises(CommandError, match="a déjà un compte national"):
        create(*people)
    assert User.objects.count() == 2
    assert len(mail.outbox) == 2


def test_a_suspended_national_account_still_counts(cell):
    profile = make_profile(make_user(), cell, state=Profile.State.SUSPENDED)
    grant(profile, Domain.EPI_STOCK, Role.NATIONAL_CELL)
    with pytest.raises(CommandError, match="a déjà un compte national"):
        create()


def test_a_national_reader_or_auditor_does_not_prevent_it():
    make_person("NAL")
    make_person("AUD")
    create()
    assert User.objects.get(email=SECOND).may(Action.REF_WRITE)


def test_somebody_who_has_an_account_keeps_it_and_its_password():
    person = make_user(email=FIRST)
    create()
    assert User.objects.get(email=FIRST) == person
    assert [one.to for one in mail.outbox] == [[SECOND]]


@pytest.mark.parametrize("fault", ["unverified", "disabled"])
def test_an_account_that_cannot_be_trusted_is_refused_and_nothing_is_made(fault):
    person = make_user(email=SECOND, is_active=fault != "disabled")
    person.emailaddress_set.update(verified=fault != "unverified")
    with pytest.raises(CommandError, match="désactivé ou dont l’adresse"):
        create()
    assert list(User.objects.all()) == [person]
    assert not Profile.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ((FIRST, FIRST.upper()), "deux adresses différentes"),
        ((FIRST, "personne"), "n’est pas une adresse"),
    ],
)
def test_two_people_are_needed_with_an_address_each(people, sentence):
    with pytest.raises(CommandError, match=sentence):
        create(*people)
    assert not User.objects.exists()


def test_the_reference_data_come_first(cell):
    cell.delete()
    with pytest.raises(CommandError, match="load_reference"):
        create()
