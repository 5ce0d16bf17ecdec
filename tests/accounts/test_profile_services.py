"""What may happen to profiles and habilitations, decided by whom, and what is written of it."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Domain, Habilitation, Profile, Role
from accounts.services.profiles import (
    ProfileError,
    activate_profile,
    create_profile,
    end_profile,
    grant_habilitation,
    revoke_habilitation,
    suspend_profile,
)
from establishments.perimeter import Action
from journal.models import Entry
from tests.builders import (
    make_body,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)

pytestmark = pytest.mark.django_db
State = Profile.State


@pytest.fixture
def ape(site):
    return make_person("APE", on=site)


@pytest.fixture
def profile(site, ape):
    return create_profile(make_user(), site, by=ape)


def give_inventory(profile, **fields):
    return grant_habilitation(profile, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR, **fields)


def last_entry():
    return Entry.objects.latest("pk")


def test_an_ape_ties_somebody_to_their_site_and_gives_a_role(site, ape, profile):
    right = give_inventory(profile, by=ape)
    person = profile.user
    assert (profile.state, right.state) == (State.ACTIVE, Habilitation.State.ACTIVE)
    assert profile.decided_by == right.decided_by == ape
    assert person.may(Action.EPI_WRITE)
    entry = last_entry()
    assert (entry.verb, entry.by, entry.finess) == (
        "account.habilitation_granted",
        ape,
        site.finess,
    )
    assert entry.details["habilitation"] == "Opérateur d’inventaire EPI (EPI-Stocks)"
    assert entry.profile == str(ape.active_profile)
    assert (entry.region_code, entry.department_code) == ("24", "45")


def test_somebody_has_one_living_profile_on_an_entity(site, ape, profile):
    with pytest.raises(ProfileError, match="a déjà un profil"):
        create_profile(profile.user, site, by=ape)
    end_profile(profile, by=ape)
    create_profile(profile.user, site, by=ape)


def test_an_ape_does_not_decide_elsewhere(ape):
    elsewhere = make_establishment()
    with pytest.raises(ProfileError, match="ne vous permet pas de décider"):
        create_profile(make_user(), elsewhere, by=ape)
    profile = create_profile(make_user(), elsewhere, by=None)
    for change in (suspend_profile, end_profile):
        with pytest.raises(ProfileError, match="ne vous permet pas de décider"):
            change(profile, by=ape, reason="départ")


def test_nobody_decides_on_their_own_profile(site, ape):
    own = Profile.objects.get(user=ape)
    for refused in (
        lambda: give_inventory(own, by=ape),
        lambda: suspend_profile(own, by=ape, reason="congé"),
        lambda: create_profile(ape, make_establishment(), by=ape),
    ):
        with pytest.raises(ProfileError, match="Personne ne décide de son propre profil"):
            refused()


def test_one_may_end_ones_own_profile(ape):
    assert end_profile(Profile.objects.get(user=ape), by=ape).state == State.ENDED
    assert not ape.usable_profiles


def test_only_the_ars_makes_an_ape(site, ape, profile):
    with pytest.raises(ProfileError, match="ne vous permet pas de décider"):
        grant_habilitation(profile, Domain.ADMINISTRATION, Role.ADMINISTRATOR, by=ape)
    grant_habilitation(
        profile, Domain.ADMINISTRATION, Role.ADMINISTRATOR, by=make_person("ARA", on=make_region())
    )
    assert profile.user.may(Action.ACC_INVITE)


def test_the_ars_of_another_region_decides_nothing_here(profile):
    other = make_region("11", "Île-de-France")
    make_department("75", "Paris", region=other)
    with pytest.raises(ProfileError, match="ne vous permet pas de décider"):
        suspend_profile(profile, by=make_person("ARA", on=other), reason="départ")


def test_a_regional_profile_is_not_decided_by_one_person_alone():
    national = make_person("NAT", domain=Domain.ADMINISTRATION)
    with pytest.raises(ProfileError, match="à deux personnes"):
        create_profile(make_user(), make_body("ars", region=make_region()), by=national)


def test_a_role_exists_for_some_entities_only(profile, ape):
    with pytest.raises(ProfileError, match="n’existe pas"):
        grant_habilitation(profile, Domain.EPI_STOCK, Role.READER, by=ape)


def test_a_role_is_given_once(profile, ape):
    give_inventory(profile, by=ape)
    with pytest.raises(ProfileError, match="déjà cette habilitation"):
        give_inventory(profile, by=ape)


def test_a_delegation_has_an_end_after_its_beginning(profile, ape):
    def delegate(**dates):
        delegated = (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
        return grant_habilitation(profile, *delegated, by=ape, **dates)

    today = timezone.localdate()
    with pytest.raises(ProfileError, match="une date de fin"):
        delegate()
    with pytest.raises(ProfileError, match="précède"):
        delegate(starts_on=today, ends_on=today - timedelta(days=1))
    delegate(starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=2))
    assert not profile.user.may(Action.ACC_INVITE)


def test_an_habilitation_ends_with_its_date(profile, ape):
    right = give_inventory(profile, by=ape, ends_on=timezone.localdate())
    assert profile.user.may(Action.EPI_WRITE)
    Habilitation.objects.filter(pk=right.pk).update(ends_on=date(2020, 1, 1))
    profile.user.forget_rights()
    assert not profile.user.may(Action.EPI_WRITE)


def test_a_profile_is_suspended_with_a_reason_then_opened_again(profile, ape):
    with pytest.raises(ProfileError, match="motif"):
        suspend_profile(profile, by=ape, reason=" ")
    suspended = suspend_profile(profile, by=ape, reason="congé")
    assert (suspended.state, suspended.reason) == (State.SUSPENDED, "congé")
    assert last_entry().details == {"before": "active", "reason": "congé"}
    assert activate_profile(suspended, by=ape).state == State.ACTIVE
    assert last_entry().verb == "account.profile_activated"


@pytest.mark.parametrize("state", [State.ENDED, State.REFUSED])
def test_a_profile_that_is_over_does_not_come_back(site, ape, state):
    profile = make_profile(make_user(), site, state=state)
    for change in (activate_profile, end_profile):
        with pytest.raises(ProfileError, match="rien n’a changé"):
            change(profile, by=ape)
    with pytest.raises(ProfileError):
        give_inventory(profile, by=ape)


def test_a_revoked_habilitation_is_revoked_once(profile, ape):
    right = give_inventory(profile, by=ape)
    revoked = revoke_habilitation(right, by=ape, reason="départ")
    assert revoked.state == Habilitation.State.REVOKED
    assert not profile.user.may(Action.EPI_WRITE)
    with pytest.raises(ProfileError, match="n’est plus en vigueur"):
        revoke_habilitation(right, by=ape)


def test_what_is_refused_writes_nothing(site, ape):
    before = Entry.objects.count()
    with pytest.raises(ProfileError):
        create_profile(make_user(), make_establishment(), by=ape)
    assert Entry.objects.count() == before


def test_what_is_rolled_back_leaves_no_entry(site, ape):
    before = Entry.objects.count()
    with transaction.atomic():
        create_profile(make_user(), site, by=ape)
        transaction.set_rollback(True)
    assert Entry.objects.count() == before


def test_an_ape_of_the_entity_decides_on_all_its_sites():
    entity = make_legal_entity()
    ape = make_person("APE", on=entity)
    profile = create_profile(make_user(), make_establishment(entity), by=ape)
    assert profile.state == State.ACTIVE
