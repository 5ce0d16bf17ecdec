"""What an administrator does for a person: open, unlock, lift a factor, change; and may not."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.limits import LOGIN_FAILURES
from accounts.models import Domain, Habilitation, Profile, Role
from accounts.services.people import (
    Given,
    PersonError,
    account_named,
    locked_until,
    open_profile,
    refusal_to_help,
    remove_second_factor,
    unlock,
)
from accounts.services.profiles import (
    ProfileError,
    Span,
    activate_profile,
    change_habilitation,
    end_profile,
    grant_habilitation,
    reopen_profile,
    revoke_habilitation,
    suspend_profile,
)
from accounts.services.requests import ask_habilitations
from journal.models import Entry
from tests.builders import (
    grant,
    make_body,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
INVENTORY = Given(Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
State = Profile.State


@pytest.fixture
def ape(site):
    return make_person("APE", on=site)


@pytest.fixture
def ars(site):
    return make_person("ARA", on=site.region)


def national():
    return make_person("NAT", domain=Domain.ADMINISTRATION)


def today_plus(days):
    return timezone.localdate() + timedelta(days=days)


def lock(user):
    for _ in range(5):
        LOGIN_FAILURES.begin(f"account {user.pk}")


def test_an_existing_account_receives_a_profile_with_its_habilitations(site, ape):
    person = make_user()
    profile = open_profile(person, site, [INVENTORY], by=ape, reason="arrivée")
    assert profile.state == State.ACTIVE
    assert profile.habilitations.in_force().get().role == Role.INVENTORY_OPERATOR


def test_a_profile_and_its_habilitations_are_given_together_or_not_at_all(site, ape):
    person = make_user()
    with pytest.raises(ProfileError, match="ARS"):
        open_profile(
            person, site, [INVENTORY, Given(Domain.ADMINISTRATION, Role.ADMINISTRATOR)], by=ape
        )
    with pytest.raises(PersonError, match="au moins une habilitation"):
        open_profile(person, site, [], by=ape)
    assert not person.profiles.exists()


def test_an_unverified_address_receives_nothing(site, ape):
    person = make_user()
    person.emailaddress_set.update(verified=False)
    with pytest.raises(PersonError, match="recopier le code"):
        open_profile(person, site, [INVENTORY], by=ape)


def test_a_closed_establishment_receives_no_profile(ape, site):
    site.closed_on = timezone.localdate()
    site.save()
    with pytest.raises(ProfileError, match="est fermé depuis"):
        open_profile(make_user(), site, [INVENTORY], by=ape)


def test_an_account_is_found_by_what_is_typed_in_full_and_twenty_guesses_stop_it(ape):
    person = make_user(email="a.roche@ch.example")
    assert account_named(" A.Roche@ch.example ", by=ape) == person
    for _ in range(20):
        with pytest.raises(PersonError, match="Aucun compte"):
            account_named("inconnu@ch.example", by=ape)
    with pytest.raises(PersonError, match="Trop d’essais"):
        account_named("a.roche@ch.example", by=ape)


def test_an_ape_stops_neither_an_ape_nor_their_profile(site, ape, ars):
    other = make_person("APE", on=site).profiles.get()
    for change in (suspend_profile, end_profile):
        with pytest.raises(ProfileError, match="l’ARS le fait"):
            change(other, by=ape, reason="départ")
    with pytest.raises(ProfileError, match="l’ARS le fait"):
        revoke_habilitation(other.habilitations.get(), by=ape, reason="départ")
    assert suspend_profile(other, by=ars, reason="départ").state == State.SUSPENDED


def test_a_deputy_stops_no_principal_and_delegates_no_longer_than_themselves(site, ape):
    deputy = make_profile(make_user(), site)
    end = today_plus(10)
    grant(deputy, Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR, ends_on=end)
    with pytest.raises(ProfileError, match="l’ARS le fait"):
        suspend_profile(ape.profiles.get(), by=deputy.user, reason="départ")
    other = make_profile(make_user(), site)
    role = (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
    with pytest.raises(ProfileError, match="ne peut pas finir après"):
        grant_habilitation(other, *role, by=deputy.user, ends_on=today_plus(11))
    right = grant_habilitation(other, *role, by=deputy.user, ends_on=end)
    with pytest.raises(ProfileError, match="ne peut pas finir après"):
        change_habilitation(right, Span(ends_on=today_plus(30)), by=deputy.user)


def test_a_habilitation_changes_its_days_statuts_and_champs_and_the_journal_keeps_both(site, ape):
    profile = make_profile(make_user(), site)
    right = grant_habilitation(profile, Domain.DISPOSTOCK, Role.DECLARANT, by=ape)
    span = Span(None, today_plus(5), ["public"], ["mco", "had"])
    changed = change_habilitation(right, span, by=ape, reason="remplacement")
    assert (changed.legal_kinds, changed.fields_of_care) == (["public"], ["mco", "had"])
    details = Entry.objects.latest("pk").details
    assert details["after"]["fields_of_care"] == ["mco", "had"]
    assert details["reason"] == "remplacement"


def test_a_domain_has_its_own_statuts_and_champs(site, ape):
    profile = make_profile(make_user(), site)
    right = grant_habilitation(profile, Domain.DISPOSTOCK, Role.DECLARANT, by=ape)
    for wrong in (Span(fields_of_care=["medico_social"]), Span(legal_kinds=["autre"])):
        with pytest.raises(ProfileError, match="n’existent pas"):
            change_habilitation(right, wrong, by=ape)


def test_a_profile_that_was_only_asked_for_is_not_reopened(site, ape):
    asked = make_profile(make_user(), site, state=State.PENDING)
    with pytest.raises(ProfileError, match="rien n’a changé"):
        reopen_profile(asked, by=ape)


def test_a_regional_profile_is_suspended_by_one_and_ended_or_reopened_by_another():
    profile = make_person("ARA", on=make_region()).profiles.get()
    first, second = national(), national()
    with pytest.raises(ProfileError, match="suspendez-le d’abord"):
        end_profile(profile, by=first)
    suspend_profile(profile, by=first, reason="compte volé")
    for change in (end_profile, reopen_profile, activate_profile):
        with pytest.raises(ProfileError, match="une autre personne"):
            change(profile, by=first)
    right = profile.habilitations.get()
    with pytest.raises(ProfileError, match="une autre personne"):
        revoke_habilitation(right, by=first)
    assert reopen_profile(profile, by=second).state == State.ACTIVE


def test_an_ars_decides_of_no_colleague(ars, site):
    colleague = make_person("ARA", on=site.region).profiles.get()
    with pytest.raises(ProfileError, match="cellule nationale"):
        suspend_profile(colleague, by=ars, reason="départ")


def test_a_locked_account_is_unlocked_by_somebody_else(site, ape):
    person = make_person("OIE", on=site)
    with pytest.raises(PersonError, match="n’est pas bloqué"):
        unlock(person, by=ape)
    lock(person)
    assert locked_until(person)
    unlock(person, by=ape)
    assert locked_until(person) is None
    assert Entry.objects.latest("pk").verb == "account.unlocked"


def test_nobody_unlocks_themselves_nor_elsewhere(ape):
    lock(ape)
    with pytest.raises(PersonError, match="pour son propre compte"):
        unlock(ape, by=ape)
    other = make_person("OIE")
    lock(other)
    with pytest.raises(PersonError, match="ne suffit pas"):
        unlock(other, by=ape)
    unlock(other, by=make_person("SUP"))


def test_who_works_in_two_places_is_unlocked_by_either_but_keeps_their_factor(site, ape):
    person = make_person("OIE", on=site)
    make_person("GF", on=make_establishment(), user=person)
    assert refusal_to_help(person, ape, wholly=False) == ""
    assert "ne suffit pas" in refusal_to_help(person, ape, wholly=True)


def factor(user):
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


def test_a_lost_factor_is_lifted_with_its_reason_and_closes_the_sessions(site, ape):
    person = make_person("OIE", on=site)
    factor(person)
    with pytest.raises(PersonError, match="vérifié l’identité"):
        remove_second_factor(person, by=ape, reason=" ")
    remove_second_factor(person, by=ape, reason="rappelée au standard")
    assert not Authenticator.objects.filter(user=person).exists()
    assert Entry.objects.latest("pk").details["kinds"] == ["totp"]
    with pytest.raises(PersonError, match="pas de second facteur"):
        remove_second_factor(person, by=ape, reason="encore")


def test_an_account_that_reaches_further_is_not_weakened_from_here(site, ape, ars):
    """The account opens all its profiles: that of the country too."""
    person = make_person("OIE", on=site)
    factor(person)
    make_person("NAT", domain=Domain.EPI_STOCK, user=person)
    for weaker in (ape, ars):
        with pytest.raises(PersonError, match="ne suffit pas"):
            remove_second_factor(person, by=weaker, reason="perdu")
    assert "ne suffit pas" in refusal_to_help(person, ape, wholly=False)
    remove_second_factor(person, by=make_person("SUP"), reason="rappelée")


def test_an_ape_lifts_no_factor_of_an_ape(site, ape, ars):
    other = make_person("APE", on=site)
    factor(other)
    with pytest.raises(PersonError, match="ne suffit pas"):
        remove_second_factor(other, by=ape, reason="perdu")
    remove_second_factor(other, by=ars, reason="rappelée")


def test_ending_a_profile_closes_what_waits_on_it(site, ape):
    person = make_person("OIE", on=site)
    profile = person.profiles.get()
    request = ask_habilitations(profile, [(Domain.DISPOSTOCK, Role.DECLARANT)], by=person)
    end_profile(profile, by=ape, reason="départ")
    request.refresh_from_db()
    assert request.outcome == "cancelled"
    assert not Habilitation.objects.filter(profile=profile, state="pending").exists()


def test_a_suspended_profile_opens_nothing_at_the_next_click(site, ape):
    person = make_person("OIE", on=site)
    client = Client()
    client.force_login(person)
    assert client.get(reverse("epi_stocks:inventory_start")).status_code == 302
    suspend_profile(person.profiles.get(), by=ape, reason="congé")
    assert client.get(reverse("epi_stocks:inventory_start")).status_code == 403


def test_the_body_of_a_region_is_told_to_propose_what_it_wants(site):
    profile = make_profile(make_user(), make_body("ars", region=site.region))
    with pytest.raises(ProfileError, match="à deux personnes"):
        grant_habilitation(profile, Domain.ADMINISTRATION, Role.ADMINISTRATOR, by=national())
