"""Machines show a token of their entity; those who may make one are few."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken
from accounts.services.tokens import TokenError, create_token, revoke_token, token_shown
from journal.models import Entry
from tests.builders import (
    make_body,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
SCOPES = ["account.exists"]
FORM = {"label": "portail", "scopes": SCOPES, "life": "180"}


def make_token(person, label="portail", life=timedelta(days=90)):
    return create_token(person.active_profile.entity, SCOPES, by=person, label=label, life=life)


def test_a_token_is_shown_once_and_kept_as_a_digest(client_for, site):
    client = client_for("APE", on=site)
    page = client.post(reverse("plage:tokens"), FORM)
    assert_sound_html(page)
    value = re.search(r"jst_[\w-]{43}", page.text).group()
    token = ApiToken.objects.get()
    assert value not in (token.digest, str(vars(token)))
    assert token_shown(value) == token
    assert value not in client.get(reverse("plage:tokens")).text
    entry = Entry.objects.get(verb="account.token_created")
    assert value not in str(vars(entry))
    assert entry.finess == site.finess


@pytest.mark.parametrize("code", ["LPO", "CSM", "TEC"])
def test_an_operator_of_the_country_makes_tokens_of_its_own_body(client_for, code):
    client = client_for(code)
    assert client.post(reverse("plage:tokens"), FORM).status_code == 200
    assert ApiToken.objects.get().body == client.user.active_profile.body
    assert "Jetons d’API" in client.get(reverse("plage:tokens")).text


@pytest.mark.parametrize("code", ["GF", "OIE", "ARA", "ARL", "NAT", "SUP", "AUD"])
def test_nobody_else_makes_any(client_for, code):
    client = client_for(code)
    assert client.post(reverse("plage:tokens"), FORM).status_code == 403
    assert not ApiToken.objects.exists()


def test_the_technical_administration_makes_the_token_of_an_agency(client_for):
    client, agency = client_for("TEC"), make_body("ars", region=make_region())
    asked = FORM | {"body": agency.pk, "scopes": ["pui.snapshots"]}
    page = client.post(reverse("plage:tokens"), asked)
    assert "Nouveau jeton" in page.text
    assert ApiToken.objects.get().body == agency
    assert str(agency) in client.get(reverse("plage:tokens")).text


@pytest.mark.parametrize("code", ["LPO", "APE"])
def test_nobody_else_chooses_for_whom(client_for, code):
    client, agency = client_for(code), make_body("ars", region=make_region())
    assert 'name="body"' not in client.get(reverse("plage:tokens")).text
    client.post(reverse("plage:tokens"), FORM | {"body": agency.pk})
    assert ApiToken.objects.get().body != agency
    with pytest.raises(TokenError, match="ne vous permet pas"):
        create_token(agency, SCOPES, by=client.user, label="x", life=timedelta(days=1))


def test_the_technical_administration_makes_none_for_a_pharmacy(site):
    person = make_person("TEC")
    with pytest.raises(TokenError, match="ne vous permet pas"):
        create_token(site, SCOPES, by=person, label="x", life=timedelta(days=1))


@pytest.mark.parametrize(
    ("code", "useless"),
    [("APE", "pui.snapshots"), ("LPO", "pui.transmit"), ("TEC", "pui.transmit")],
)
def test_what_is_of_no_use_to_an_entity_is_neither_offered_nor_made(client_for, code, useless):
    client = client_for(code)
    assert useless not in client.get(reverse("plage:tokens")).text
    entity = client.user.active_profile.entity
    with pytest.raises(TokenError, match="un usage, parmi ceux"):
        create_token(entity, [useless], by=client.user, label="x", life=timedelta(days=1))


def test_a_token_is_of_the_entity_of_the_profile_in_use(site):
    person = make_person("APE", on=site)
    with pytest.raises(TokenError, match="ne vous permet pas"):
        create_token(make_establishment(), SCOPES, by=person, label="x", life=timedelta(days=1))


def test_the_same_form_sent_twice_makes_one_token(client_for, site):
    client = client_for("APE", on=site)
    client.post(reverse("plage:tokens"), FORM)
    page = client.post(reverse("plage:tokens"), FORM)
    assert "porte déjà le nom" in page.text
    assert ApiToken.objects.count() == 1


def test_a_forged_form_makes_nothing(client_for, site):
    client = client_for("APE", on=site)
    for changed in ({"scopes": ["everything"]}, {"life": "9999"}, {"label": " "}):
        client.post(reverse("plage:tokens"), FORM | changed)
    assert not ApiToken.objects.exists()


def test_a_revoked_token_is_refused_at_once(client_for, site):
    client = client_for("APE", on=site)
    token, value = make_token(client.user)
    url = reverse("plage:token_revoke", args=[token.pk])
    assert_sound_html(client.get(url))
    client.post(url)
    assert token_shown(value) is None
    assert Entry.objects.filter(verb="account.token_revoked").exists()
    with pytest.raises(TokenError, match="déjà révoqué"):
        revoke_token(token, by=client.user)


def test_a_token_of_elsewhere_does_not_exist(client_for, site):
    token, _ = make_token(make_person("APE"))
    client = client_for("APE", on=site)
    url = reverse("plage:token_revoke", args=[token.pk])
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    operator = client_for("CSM")
    assert operator.post(url).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_the_administrator_of_an_entity_sees_the_tokens_of_its_sites(client_for):
    entity = make_legal_entity()
    make_token(make_person("APE", on=make_establishment(entity)), label="site nord")
    page = client_for("APE", on=entity).get(reverse("plage:tokens"))
    assert "site nord" in page.text


def test_a_new_token_comes_with_a_command_to_try_for_each_of_its_uses(client_for, site):
    client = client_for("APE", on=site)
    page = client.post(reverse("plage:tokens"), FORM | {"scopes": ["pui.transmit", "pui.stocks"]})
    commands = [command for _use, command in page.context["examples"]]
    assert "http://testserver/api/v1/transmissions" in commands[0]
    assert site.finess in commands[0]
    assert "Idempotency-Key" in commands[0]
    assert "http://testserver/api/v1/stocks" in commands[1]
    assert_sound_html(page)
    shown = client.get(reverse("plage:tokens")).text
    assert "Transmettre les stocks des pharmacies de l’entité, lire les derniers" in shown


def test_an_expired_token_is_refused(site):
    token, value = make_token(make_person("APE", on=site))
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert token_shown(value) is None


def test_the_list_costs_the_same_for_two_tokens_as_for_thirty(
    client_for, site, django_assert_max_num_queries
):
    client = client_for("APE", on=site)
    for number in range(30):
        make_token(client.user, label=f"machine {number}")
    with django_assert_max_num_queries(9):
        assert_sound_html(client.get(reverse("plage:tokens")))
