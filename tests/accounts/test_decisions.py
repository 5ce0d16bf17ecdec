"""Who decides of a request, what the answer opens, and what is written of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import AccessRequest, Level, Profile
from accounts.services.decisions import DecidedMeanwhileError, DecisionError, decide
from accounts.services.errors import AccountError
from accounts.services.requests import ask_habilitations, ask_profile, cancel_request
from establishments.models import BeneficiaryCategory
from journal.models import Entry
from tests.builders import (
    grant,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.rights import APE, CELL, DEPUTY, FILES, INVENTORY, ORDERS

pytestmark = pytest.mark.django_db


def ask(on, *rights, user=None):
    return ask_profile(user or make_user(), on, rights or [INVENTORY])


def states(request):
    """Each right of the request with its state."""
    return {(one.domain, one.role): one.state for one in request.habilitations.all()}


def in_a_month():
    return timezone.localdate() + timedelta(days=30)


def assert_untouched(request):
    request = AccessRequest.objects.get(pk=request.pk)
    assert (request.is_open, request.first_by, request.decided_by) == (True, None, None)
    assert set(states(request).values()) == {"pending"}
    assert not Entry.objects.filter(verb__in=["account.request_accepted"]).exists()


def test_accepting_opens_the_profile_with_what_was_asked(site, ape):
    request = ask(site, INVENTORY, ORDERS)

    decide(request, by=ape, accepted=True)

    request = AccessRequest.objects.get(pk=request.pk)
    assert (request.outcome, request.decided_by) == ("accepted", ape)
    assert request.profile.state == Profile.State.ACTIVE
    assert states(request) == {INVENTORY: "active", ORDERS: "active"}
    assert len(request.profile.user.usable_profiles[0].rights) == 2


def test_a_decision_is_one_entry_of_the_journal_about_its_place(site, ape):
    request = ask(site, INVENTORY, ORDERS)

    decide(request, by=ape, accepted=True, rights=[INVENTORY], reason="un seul rôle suffit")

    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.by, entry.finess) == ("account.request_accepted", ape, site.finess)
    assert entry.details == {
        "granted": ["Opérateur d’inventaire EPI (EPI-Stocks)"],
        "refused": ["Opérateur commande EPI (Distrilog-Santé)"],
        "reason": "un seul rôle suffit",
    }


def test_what_is_not_ticked_is_refused_and_what_is_added_is_granted(site, ape):
    request = ask(site, INVENTORY, ORDERS)

    decide(request, by=ape, accepted=True, rights=[INVENTORY, FILES], ends_on=in_a_month())

    assert states(request) == {INVENTORY: "active", ORDERS: "refused", FILES: "active"}
    ends = request.habilitations.filter(state="active").values_list("ends_on", flat=True)
    assert set(ends) == {in_a_month()}


def test_refusing_says_why_and_opens_nothing(site, ape):
    request = ask(site)
    with pytest.raises(DecisionError, match="Indiquez le motif du refus"):
        decide(request, by=ape, accepted=False, reason="  ")
    assert_untouched(request)

    decide(request, by=ape, accepted=False, reason="Vous n’êtes pas de ce service.")

    request = AccessRequest.objects.get(pk=request.pk)
    assert (request.outcome, request.reason) == ("refused", "Vous n’êtes pas de ce service.")
    assert request.profile.state == Profile.State.REFUSED
    assert request.profile.reason == "Vous n’êtes pas de ce service."
    assert states(request) == {INVENTORY: "refused"}


def test_refusing_more_habilitations_leaves_the_profile_and_what_it_had(site, ape):
    user = make_user()
    profile = make_profile(user, site)
    held = grant(profile, *INVENTORY)
    request = ask_habilitations(profile, [ORDERS], by=user)

    decide(request, by=ape, accepted=False, reason="Non.")

    profile.refresh_from_db()
    held.refresh_from_db()
    assert (profile.state, profile.decided_by, held.state) == ("active", None, "active")
    assert states(request) == {ORDERS: "refused"}


def test_accepting_nothing_is_no_answer(site, ape):
    request = ask(site)
    with pytest.raises(DecisionError, match="Cochez au moins une habilitation"):
        decide(request, by=ape, accepted=True, rights=[])
    assert_untouched(request)


def test_what_the_person_holds_already_is_not_granted_twice(site, ape):
    user = make_user()
    profile = make_profile(user, site)
    grant(profile, *INVENTORY)
    grant(profile, *FILES, ends_on=timezone.localdate() - timedelta(days=1))
    request = ask_habilitations(profile, [ORDERS], by=user)

    decide(request, by=ape, accepted=True, rights=[INVENTORY, ORDERS, FILES])

    assert states(request) == {ORDERS: "active", FILES: "active"}
    assert profile.habilitations.in_force().count() == 3


def test_the_second_who_decides_is_told_who_was_first(site, entity, ape):
    request = ask(site)
    decide(request, by=ape, accepted=True)

    with pytest.raises(DecidedMeanwhileError, match=f"déjà été acceptée le .* par {ape}"):
        decide(request, by=make_person("APE", on=entity), accepted=False, reason="Non.")

    assert states(request) == {INVENTORY: "active"}


def test_a_request_cancelled_meanwhile_is_told(site, ape):
    request = ask(site)
    cancel_request(request, by=request.profile.user)
    with pytest.raises(DecidedMeanwhileError, match="annulée entre-temps"):
        decide(request, by=ape, accepted=True)


def test_nobody_decides_of_their_own_request(entity, ape):
    request = ask_habilitations(make_profile(ape, entity), [INVENTORY], by=ape)
    with pytest.raises(DecisionError, match="Personne ne décide de sa propre demande"):
        decide(request, by=ape, accepted=True)
    assert_untouched(request)


@pytest.mark.parametrize(
    "code", ["USR", "GF", "OIE", "OCE", "ARL", "OMD", "DEP", "NAT", "NAL", "SPF", "SUP", "AUD"]
)
def test_a_request_of_an_establishment_is_not_for(code, site):
    request = ask(site)
    on = {"GF": site, "OIE": site, "OCE": site}.get(code)
    with pytest.raises(DecisionError, match="ne vous permet pas de décider"):
        decide(request, by=make_person(code, on=on), accepted=True)
    assert_untouched(request)


def test_the_apes_and_the_ars_of_elsewhere_do_not_decide(site):
    request = ask(site)
    paris = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    strangers = [
        make_person("APE", on=make_legal_entity()),
        make_person("APE", on=make_establishment(site.legal_entity)),
        make_person("APE", on=make_establishment(department=paris)),
        make_person("ARA", on=paris.region),
    ]
    for stranger in strangers:
        with pytest.raises(DecisionError, match="ne vous permet pas"):
            decide(request, by=stranger, accepted=True)
    assert_untouched(request)


def test_an_ape_never_makes_an_ape_the_ars_does(site, ape):
    request = ask(site, APE, INVENTORY)
    assert request.level == Level.ARS
    with pytest.raises(DecisionError, match="administrateurs de l’ARS"):
        decide(request, by=ape, accepted=True)
    added = ask(site)
    with pytest.raises(DecisionError, match="ne se décide pas sous votre profil"):
        decide(added, by=ape, accepted=True, rights=[INVENTORY, APE])
    assert_untouched(added)

    decide(request, by=make_person("ARA"), accepted=True)

    assert states(request) == {APE: "active", INVENTORY: "active"}


def test_the_level_written_in_the_row_is_not_what_protects_an_ape(site, ape):
    request = ask(site, APE)
    AccessRequest.objects.filter(pk=request.pk).update(level=Level.ENTITY)
    with pytest.raises(DecisionError, match="ne se décide pas sous votre profil"):
        decide(request, by=ape, accepted=True)


def test_a_role_that_does_not_exist_there_is_never_granted(site, ape):
    request = ask(site)
    with pytest.raises(DecisionError, match="n’existe pas"):
        decide(request, by=ape, accepted=True, rights=[INVENTORY, CELL])
    assert_untouched(request)


def test_a_delegation_ends_and_not_after_that_of_who_gives_it(site, ape):
    request = ask(site, DEPUTY)
    with pytest.raises(AccountError, match="a une date de fin"):
        decide(request, by=ape, accepted=True)
    deputy = make_user()
    grant(make_profile(deputy, site), *DEPUTY, ends_on=in_a_month())
    with pytest.raises(AccountError, match="Votre propre délégation finit le"):
        decide(request, by=deputy, accepted=True, ends_on=in_a_month() + timedelta(days=1))
    assert_untouched(request)

    decide(request, by=deputy, accepted=True, ends_on=in_a_month())

    assert request.habilitations.get().ends_on == in_a_month()


def test_an_end_that_has_passed_is_refused(site, ape):
    request = ask(site)
    with pytest.raises(DecisionError, match="La date de fin est passée"):
        decide(request, by=ape, accepted=True, ends_on=timezone.localdate() - timedelta(days=1))


def test_a_closed_account_or_a_suspended_profile_is_not_opened(site, ape):
    request = ask(site)
    user = request.profile.user
    user.is_active = False
    user.save()
    with pytest.raises(DecisionError, match="est fermé"):
        decide(request, by=ape, accepted=True)
    other = make_user()
    profile = make_profile(other, site)
    more = ask_habilitations(profile, [ORDERS], by=other)
    Profile.objects.filter(pk=profile.pk).update(state=Profile.State.SUSPENDED)
    with pytest.raises(DecisionError, match="suspendu"):
        decide(more, by=ape, accepted=True)

    decide(more, by=ape, accepted=False, reason="Profil suspendu.")

    profile.refresh_from_db()
    assert profile.state == Profile.State.SUSPENDED


def test_the_ape_of_a_beneficiary_orders_as_soon_as_accepted(site):
    BeneficiaryCategory.objects.create(category=site.category, starts_on=date(2020, 3, 1))
    request = ask(site, APE)

    decide(request, by=make_person("ARA"), accepted=True)

    automatic = request.profile.habilitations.get(is_automatic=True)
    assert (automatic.domain, automatic.role) == ORDERS
