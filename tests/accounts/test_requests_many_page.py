"""/plage/demandes/ensemble/: every line is read before one answer for those ticked."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRequest, Domain, Role
from accounts.services.decisions import decide
from accounts.services.requests import ask_habilitations, ask_profile
from tests.builders import (
    make_body,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.rights import DEPUTY, FILES, INVENTORY, READER

pytestmark = pytest.mark.django_db

PAGE = "/plage/demandes/ensemble/"


def log_in(user):
    client = Client()
    client.force_login(user)
    return client


def ask(on, *rights):
    return ask_profile(make_user(), on, rights or [INVENTORY])


def answer(client, requests, **data):
    numbers = [one.pk for one in requests]
    return client.post(PAGE, {"demande": numbers, **data}, follow=True)


def outcomes():
    return dict(AccessRequest.objects.values_list("pk", "outcome"))


def shown(response):
    return [one.line.request for one in response.context["lines"]]


def test_the_lines_ticked_are_shown_with_what_each_opens_and_nothing_is_decided(entity, ape):
    first, second, other = ask(entity), ask(entity, FILES), ask(entity)

    response = log_in(ape).get(PAGE, {"demande": [first.pk, second.pk]})

    assert shown(response) == [first, second]
    assert "e-Dispostock : Gestionnaire de fichiers" in response.text
    assert response.context["form"]["decision"].value() is None
    assert set(outcomes().values()) == {""}
    assert other.pk in outcomes()


def test_without_any_ticked_those_that_the_filters_show_are_read(entity, ape):
    ask(entity)
    files = ask(entity, FILES)
    assert shown(log_in(ape).get(PAGE, {"domaine": "dispostock"})) == [files]


def test_those_that_stay_ticked_are_accepted_and_the_others_wait(entity, ape):
    first, second, unticked = ask(entity), ask(entity), ask(entity)

    response = answer(log_in(ape), [first, second], decision="accepter")

    assert "2 demandes acceptées" in response.text
    assert outcomes() == {first.pk: "accepted", second.pk: "accepted", unticked.pk: ""}


def test_many_are_refused_with_one_reason(entity, ape):
    requests = [ask(entity), ask(entity)]
    response = answer(log_in(ape), requests, decision="refuser")
    assert response.status_code == 422
    assert set(outcomes().values()) == {""}

    answer(log_in(ape), requests, decision="refuser", reason="Service fermé.")

    assert set(AccessRequest.objects.values_list("reason", flat=True)) == {"Service fermé."}


def test_a_delegation_is_decided_by_itself(entity, ape):
    deputy, plain = ask(entity, DEPUTY), ask(entity)
    client = log_in(ape)

    response = client.get(PAGE)

    assert shown(response) == [plain]
    assert "Une délégation d’administration a une date de fin" in response.text
    assert answer(client, [deputy, plain], decision="accepter").status_code == 422
    assert set(outcomes().values()) == {""}


def test_what_somebody_decided_meanwhile_is_told(entity, ape):
    first, second = ask(entity), ask(entity)
    decide(first, by=make_person("APE", on=entity), accepted=False, reason="Non.")

    response = answer(log_in(ape), [first, second], decision="accepter")

    assert "1 demande cochée n’attend plus votre décision" in response.text
    assert outcomes() == {first.pk: "refused", second.pk: "accepted"}


def test_forged_numbers_decide_of_nothing(entity, ape):
    """Another place's, an APE's, one's own, closed, absurd: none of them moves."""
    elsewhere = ask(make_establishment())
    future = ask(entity, (Domain.ADMINISTRATION, Role.ADMINISTRATOR))
    own = ask_habilitations(make_profile(ape, entity), [INVENTORY], by=ape)
    regional = ask(make_body("ars", region=make_region()), READER)
    requests = [elsewhere, future, own, regional]
    client = log_in(ape)
    for decision in ({"decision": "accepter"}, {"decision": "refuser", "reason": "Non."}):
        answer(client, requests, **decision)
    for number in ("-1", "1e3", "99999999999999999999", "²", "", "1 OR 1=1"):
        client.post(PAGE, {"demande": number, "decision": "accepter"})
    assert set(outcomes().values()) == {""}


def test_nothing_ticked_or_no_answer_is_told(entity, ape):
    request = ask(entity)
    client = log_in(ape)
    response = client.post(PAGE, {"relue": request.pk, "decision": "accepter"})
    assert "Cochez au moins une demande" in response.text
    assert [one.is_ticked for one in response.context["lines"]] == [False]
    assert "Choisissez" in answer(client, [request]).text


def test_the_national_cell_gives_many_first_agreements(client):
    ars = make_body("ars", region=make_region())
    requests = [ask(ars, READER), ask(ars, READER)]
    response = answer(log_in(make_person("NAT")), requests, decision="accepter")
    assert "2 accords donnés" in response.text
    response = answer(log_in(make_person("NAT")), requests, decision="accepter")
    assert "2 demandes acceptées" in response.text


def test_two_hundred_are_decided_from_the_page(entity, ape):
    requests = [ask(entity) for _ in range(201)]
    client = log_in(ape)
    assert len(shown(client.get(PAGE))) == 200
    assert answer(client, requests, decision="accepter").status_code == 422
    assert answer(client, requests[:200], decision="accepter").status_code == 200
    assert AccessRequest.objects.filter(outcome="accepted").count() == 200
    assert reverse("plage:requests_many") == PAGE
