"""/plage/demandes/: what each person sees there, opens and answers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Domain, Habilitation, Profile, Role
from accounts.services.decisions import decide
from accounts.services.requests import ask_habilitations, ask_profile, transfer
from tests.builders import (
    grant,
    make_body,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.rights import APE, FILES, INVENTORY, READER

pytestmark = pytest.mark.django_db

LIST = "/plage/demandes/"
TICKED = "epi_stock:inventory_operator"


def log_in(user):
    client = Client()
    client.force_login(user)
    return client


def ask(on, *rights, days=0, **person):
    """A request made some days ago by somebody new."""
    request = ask_profile(make_user(**person), on, rights or [INVENTORY])
    AccessRequest.objects.filter(pk=request.pk).update(
        asked_at=timezone.now() - timedelta(days=days)
    )
    return request


def url_of(request):
    return reverse("plage:request", args=[request.pk])


def lines(response, name="table"):
    return [line.request for line in response.context[name].page.object_list.data]


def accept(client, request, **data):
    return client.post(url_of(request), {"decision": "accepter", "rights": [TICKED], **data})


def test_the_oldest_comes_first_and_is_open_beside_the_list(site, entity, ape):
    recent, old = ask(entity, days=1), ask(site, days=5)

    response = log_in(ape).get(LIST)

    assert lines(response) == [old, recent]
    assert response.context["panel"].line.request == old
    assert "5 jours" in response.text
    assert "Demandes à décider : 2" in response.text


def test_nothing_is_chosen_beforehand_and_what_was_asked_is_ticked(site, ape):
    request = ask(site)
    form = log_in(ape).get(url_of(request)).context["panel"].form
    assert form["decision"].value() is None
    assert form["rights"].value() == [TICKED]
    assert f"administration:{Role.ADMINISTRATOR}" not in dict(form.fields["rights"].choices)


def test_the_person_who_asks_is_one_click_away(site, ape):
    agent, national = make_person("ARA", on=site.region), make_person("NAT")
    regional = ask(make_body("ars", region=site.region), READER)
    for request, people in ((ask(site), (ape, agent)), (regional, (national,))):
        page = reverse("plage:person", args=[request.profile.user.public_id])
        for client in map(log_in, people):
            assert f'href="{page}"' in client.get(url_of(request)).text
            assert client.get(page).status_code == 200


def test_an_accepted_request_opens_the_profile_and_says_so(site, ape):
    request = ask(site)

    response = log_in(ape).post(
        url_of(request) + "?domaine=epi_stock",
        {"decision": "accepter", "rights": [TICKED], "ends_on": "2099-01-31"},
        follow=True,
    )

    assert response.redirect_chain == [(f"{LIST}?domaine=epi_stock", 302)]
    assert "est acceptée" in response.text
    right = Habilitation.objects.get(request=request)
    assert (right.state, f"{right.ends_on}") == ("active", "2099-01-31")


def test_a_refusal_without_reason_is_asked_again_and_what_was_typed_stays(site, ape):
    request = ask(site)
    client = log_in(ape)

    response = client.post(url_of(request), {"decision": "refuser", "ends_on": "2099-01-31"})

    assert response.status_code == 422
    assert "Indiquez le motif du refus" in response.text
    assert 'value="2099-01-31"' in response.text
    client.post(url_of(request), {"decision": "refuser", "reason": "Non."})
    assert AccessRequest.objects.get(pk=request.pk).reason == "Non."


def test_no_decision_no_right_ticked_no_end_for_a_deputy_are_each_told(site, ape):
    request = ask(site, (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR))
    client = log_in(ape)
    deputy = "administration:delegated_administrator"
    for data, words in [
        ({}, "Choisissez"),
        ({"decision": "accepter"}, "Cochez au moins une habilitation"),
        ({"decision": "accepter", "rights": [deputy]}, "a une date de fin"),
    ]:
        response = client.post(url_of(request), data)
        assert (response.status_code, words in response.text) == (422, True), words
    assert AccessRequest.objects.get(pk=request.pk).is_open


def test_somebody_who_decided_meanwhile_is_named_and_nothing_changes(site, entity, ape):
    request = ask(site)
    other = make_person("APE", on=entity)
    decide(request, by=other, accepted=False, reason="Non.")

    response = accept(log_in(ape), request)

    assert response.status_code == 409
    assert f"par {other}" in response.text
    assert AccessRequest.objects.get(pk=request.pk).outcome == "refused"


@pytest.mark.parametrize("code", ["USR", "GF", "OIE", "OCE", "ARL", "OMD", "SUP", "AUD", "NAL"])
def test_the_pages_are_refused_to_who_decides_of_nothing(code, site):
    request = ask(site)
    client = log_in(make_person(code, on=site if code in ("GF", "OIE", "OCE") else None))
    for url in (LIST, f"{LIST}ensemble/", url_of(request)):
        assert client.get(url).status_code == 403
    assert accept(client, request).status_code == 403
    assert AccessRequest.objects.get(pk=request.pk).is_open


def test_out_of_reach_a_request_does_not_exist(site):
    request = ask(site)
    far = make_region("11", "Île-de-France")
    people = [make_person("APE"), make_person("ARA", on=far), make_person("NAT")]
    for person in people:
        client = log_in(person)
        assert client.get(url_of(request)).status_code == 404
        assert accept(client, request).status_code == 404
        assert request not in lines(client.get(LIST))
    assert AccessRequest.objects.get(pk=request.pk).is_open


def test_those_that_others_decide_are_apart_with_who_decides(entity, ape):
    make_body("ars", region=make_region())
    future = ask(entity, APE)
    own = ask_habilitations(make_profile(ape, entity), [INVENTORY], by=ape)
    deputy = make_user(first_name="Marc", last_name="Lefèvre")
    grant(make_profile(deputy, entity), Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
    client = log_in(ape)

    response = client.get(LIST)

    assert lines(response) == []
    assert lines(response, "followed") == [future, own]
    assert "ars Centre-Val de Loire." in response.text
    assert "sa propre demande : Marc Lefèvre, ou l’ARS." in response.text
    for request in (future, own):
        assert client.get(url_of(request)).context["panel"].form is None
        assert accept(client, request).status_code == 403


def test_the_ars_steps_in_where_nobody_decides_or_did_not_in_time(entity, ape):
    make_profile(make_user(), entity)
    near, late, alone = ask(entity), ask(entity), ask(make_legal_entity())
    AccessRequest.objects.filter(pk=late.pk).update(escalated_at=timezone.now())
    client = log_in(make_person("ARA"))

    response = client.get(LIST)

    assert set(lines(response)) == {late, alone}
    assert lines(response, "followed") == [near]
    assert f"{ape}, ou l’ARS." in response.text
    assert accept(client, near).status_code == 302


def test_what_one_would_check_by_hand_is_told(entity, ape):
    make_profile(make_user(email="a@ch-brenne.example"), entity)
    inside = ask(entity, email="b@ch-brenne.example", days=4)
    outside = ask(entity, email="c@ailleurs.example", days=3)
    public = ask(entity, email="d@orange.fr", days=2)
    unverified = ask(entity, email="e@ch-brenne.example", days=1)
    unverified.profile.user.emailaddress_set.update(verified=False)
    facts = {
        line.request: line.facts[0].text
        for line in log_in(ape).get(LIST).context["table"].page.object_list.data
    }
    assert facts == {
        inside: "Adresse vérifiée, domaine de l’établissement",
        outside: "Adresse vérifiée, mais hors du domaine de l’établissement",
        public: "Adresse vérifiée, messagerie grand public",
        unverified: "Adresse non vérifiée",
    }


def test_a_change_of_employer_and_the_age_of_a_profile_are_told(site, entity, ape):
    moving, working = make_user(), make_user()
    former = make_profile(moving, make_establishment(name="CH de Montclair"))
    transfer(former, site, [INVENTORY], by=moving)
    ask_habilitations(make_profile(working, site), [FILES], by=working)

    text = log_in(ape).get(LIST).text

    assert "Change d’employeur : son profil sur CH de Montclair est terminé depuis le" in text
    assert "Profil actif depuis le" in text
    assert "1 habilitation de plus sur Hôpital de la Rive" in text


def test_a_deputy_alone_at_their_domain_is_not_compared_with_themself(entity):
    request = ask(entity, email="seul@ch-seul.example")
    Profile.objects.filter(pk=request.profile_id).update(state=Profile.State.ACTIVE)
    text = log_in(make_person("ARA")).get(url_of(request)).text
    assert "aucun autre profil ici" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"inventory", "files"}),
        ("domaine=dispostock", {"files"}),
        ("recherche=morea", {"inventory"}),
        ("recherche=rive", {"inventory"}),
        ("recherche=moreau+brenne", set()),
        ("etat=acceptees", {"accepted"}),
        ("etat=refusees", set()),
        ("etat=toutes", {"inventory", "files", "accepted"}),
        ("etat=nimporte", {"inventory", "files"}),
        ("entite=999999999", {"inventory", "files"}),
    ],
)
def test_the_filters_narrow_the_list(site, entity, ape, query, found):
    requests = {
        "inventory": ask(site, last_name="Moreau"),
        "files": ask(entity, FILES, last_name="Lambert"),
        "accepted": ask(site, last_name="Dupont"),
    }
    decide(requests["accepted"], by=ape, accepted=True)
    response = log_in(ape).get(f"{LIST}?{query}")
    assert set(lines(response)) == {requests[name] for name in found}


def test_the_list_of_entities_holds_those_in_reach_only(site, entity, ape):
    inside = ask(site)
    ask(make_legal_entity(name="Ailleurs"))
    client = log_in(ape)
    response = client.get(f"{LIST}?entite={site.finess}")
    assert lines(response) == [inside]
    assert "Ailleurs" not in response.text
    assert "Toutes (1)" in response.text


def test_the_pages_take_as_many_queries_for_thirty_as_for_two(
    site, entity, ape, count_queries, client
):
    make_body("ars", region=make_region())
    client.force_login(ape)
    urls = [LIST, f"{LIST}?etat=toutes", f"{LIST}ensemble/"]

    def grow(count):
        for _ in range(count):
            ask(make_establishment(entity))
            ask(entity, APE)
            decide(ask(site), by=ape, accepted=True)

    grow(2)
    few = [count_queries(url) for url in urls]
    grow(28)
    many = [count_queries(url) for url in urls]
    assert all(more <= less for less, more in zip(few, many, strict=True)), (few, many)
    assert all(count <= most for count, most in zip(many, (19, 10, 11), strict=True)), many


def test_a_form_is_taken_under_the_profile_it_was_shown_under(site, entity, ape):
    request = ask(site)
    other = make_profile(ape, make_legal_entity())
    shown = ape.profiles.get(legal_entity=entity)
    client = log_in(ape)
    client.post(reverse("profiles:use"), {"profile": other.pk})
    assert accept(client, request).status_code == 403
    assert accept(client, request, profile=shown.pk).status_code == 302
