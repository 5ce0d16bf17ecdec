"""Each address says who may use it; everybody is played against all they may open, and refused."""

import logging
import re

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.grants import SITE
from accounts.routes import every_route
from epi_stocks.services.reference import load_epi_reference
from journal.models import Entry
from medications.services.reference import load_medication_reference
from tests.accounts.personas import PERSONAS, letters_of, reached
from tests.accounts.route_examples import EXAMPLES, OWN_GATES, Place
from tests.accounts.writes import written
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)

ROUTES = {route.name: route for route in every_route()}
OPEN = {  # what a visitor may open: every other address asks who they are
    "home", "health", "sitemap", "accessibility", "legal_notice", "personal_data", "cookies",
    "terms", "security_contact", "robots", "account_login", "account_logout", "account_inactive",
    "account_signup", "account_email_verification_sent", "account_confirm_login_code",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    "legacy_claim", "invitation", "invitation_accept", "access", "forgotten_identifier",
    "forgotten_identifier_done",
    "idp:oidc:authorization", "idp:oidc:configuration", "idp:oidc:jwks", "idp:oidc:logout",
    "way_in", "way_in_return", "socialaccount_login_cancelled", "socialaccount_login_error",
    "socialaccount_signup", "api:api-root", "api:openapi-json", "api:openapi-view",
    # the link of a mail: one stops receiving it without logging in
    "steering:digest_leave",
    # open data: sums by region, small ones masked, made to be read by anybody
    "open_data", "open_data_schema", "open_data_file", "open_data_package", "open_data_catalogue",
    "open_data_set", "open_data_set_schema", "api:datasets", "api:dataset", "api:dataset_schema",
    "steering:stats", "steering:stats_file", "steering:stats_schema",
    # the link of a mail that stops them
    "support:forum_unfollow",
    # whom to ask, and a way to ask for those who cannot enter
    "support:contact", "support:contact_new", "support:contact_who", "support:contact_follow",
    "support:contact_followed", "support:followed_screenshot",
    # how each figure of the platform is made
    "steering:indicators", "steering:indicator",
    # what everybody asks of Distrilog-Santé [003]: the address that guides print
    "orders:questions",
    # guides, questions and answers: those who cannot enter need them
    "support:hub", "support:guides", "support:guide", "support:guide_pdf", "support:questions",
    "support:question_theme", "support:question", "support:question_opinion",
}  # fmt: skip
# open, but this address says nothing without what a service or an application adds to it, or
# before a file is published
MUTE = {
    "idp:oidc:authorization": 400,
    "way_in_return": 404,
    "open_data_file": 404,
    "api:dataset": 404,
    "support:contact_followed": 404,
    "support:followed_screenshot": 404,
    "support:question": 404,
    "support:question_opinion": 405,
}
MACHINES = {name for name, route in ROUTES.items() if route.access and route.access.is_machine}
# pages of allauth for devices without a browser: whoever reads a code out can be fooled
LEFT_OUT = {"idp:oidc:device_code", "idp:oidc:device_authorization"}
METHODS = ["get", "post"]
FOUND = {200, 301, 302, 400, 405, 409, 413, 415, 422}


@pytest.fixture(autouse=True)
def no_file(settings, tmp_path):
    """Nothing is published: another test may have left files behind."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Thousands of refusals: their traces are not worth writing."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


def restricted(placed):
    """The addresses that some actions open, with or without a place in them."""
    return [
        route
        for name, route in ROUTES.items()
        if name in EXAMPLES and route.access.actions and EXAMPLES[name].placed is placed
    ]


def place_of(site):
    return Place(site.finess, site.legal_entity.finess)


@pytest.fixture
def world(db):
    """Own site, sister of the same entity, another of the region, one elsewhere, and nobody's."""
    load_epi_reference()
    load_medication_reference()
    region, other_region = make_region(), make_region("11", "Île-de-France")
    other_department = make_department("37", "Indre-et-Loire", region=region)
    entity = make_legal_entity()
    own, sister = make_establishment(entity), make_establishment(entity)
    near = make_establishment(department=other_department)
    far = make_establishment(department=make_department("75", "Paris", region=other_region))
    places = {"own": own, "sister": sister, "region": near, "elsewhere": far}
    return {
        "site": own,
        "entity": entity,
        "places": {name: place_of(site) for name, site in places.items()}
        | {"nobody": Place("990000009", "990000017", exists=False)},
    }


def client_of(world, code, domain, kind, level):
    on = world[level] if level else None
    client = Client(raise_request_exception=True)
    client.force_login(make_person(code, on=on, domain=domain))
    return client


def answer(client, method, name, place):
    """Open the address, and forget what it may have written."""
    example = EXAMPLES[name]
    url = reverse(name, args=example.args(place))
    with transaction.atomic():
        before = written()
        response = client.get(url) if method == "get" else client.post(url, example.data)
        if response.streaming:
            b"".join(response)  # a file is read to its end, which closes it
        response.wrote = written() - before
        transaction.set_rollback(True)
    return response


def test_every_address_declares_who_may_use_it():
    assert [route.address for route in ROUTES.values() if route.access is None] == []


def test_every_address_has_an_example():
    assert set(ROUTES) == set(EXAMPLES)


def test_the_open_addresses_are_those_of_the_list():
    assert {name for name, route in ROUTES.items() if route.access.is_public} == OPEN


def test_every_page_of_allauth_has_one_address_and_it_is_french():
    library = {route.name for route in every_route(get_resolver("allauth.urls"))} - {"None"}
    prefixes = ("account_", "mfa_", "usersessions_", "socialaccount_")
    ours = {name: route.address for name, route in ROUTES.items() if name.startswith(prefixes)}
    assert set(ours) == library
    addresses = [route.address for route in every_route() if route.name in library]
    assert len(addresses) == len(library)
    assert all(address.startswith("/comptes/") for address in addresses)
    english = re.compile("login|logout|signup|password|email|2fa|reauthenticate|generate|keys")
    assert not [address for address in addresses if english.search(address)]


def test_every_address_of_the_provider_is_ours_and_french_but_those_left_out():
    library = {f"idp:{route.name}" for route in every_route(get_resolver("allauth.idp.urls"))}
    ours = {name: one.address for name, one in ROUTES.items() if name.startswith("idp:")}
    assert set(ours) == library - LEFT_OUT
    assert all(address.startswith("/identite/") for address in ours.values())
    english = re.compile("authorize|logout|token|userinfo|revoke|identity|api")
    assert not [address for address in ours.values() if english.search(address)]


def test_the_page_of_addresses_is_up_to_date():
    call_command("access", check=True)


def test_a_visitor_is_asked_who_they_are_everywhere_but_there(world):
    faults = []
    for name in set(ROUTES) & set(EXAMPLES):
        for place in world["places"].values() if EXAMPLES[name].placed else [None]:
            url = reverse(name, args=EXAMPLES[name].args(place))
            for method in ["get"] if name in OPEN else ["get", "post"]:
                response = getattr(Client(), method)(url)
                if not is_expected(name, response):
                    faults.append(f"{method} {name}: {response.status_code}")
    assert faults == []


def is_expected(name, response):
    """A page opens, or asks who one is; a program is told that its token or its secret lacks."""
    if name in MACHINES:
        return response.status_code in (400, 401, 405)
    if name in MUTE:
        return response.status_code == MUTE[name]
    return opens(response) if name in OPEN else asks(response)


def asks(response):
    """Sent to the login page, which leads back."""
    wanted = f"{reverse('account_login')}?next="
    return response.status_code == 302 and response["Location"].startswith(wanted)


def opens(response):
    return response.status_code < 400 and not asks(response)


@pytest.mark.parametrize("code", ["USR", "OIE"])
def test_an_account_opens_what_is_for_every_account(world, code):
    user = make_person(code, on=world["site"] if code != "USR" else None)
    statuses = {}
    for name, route in ROUTES.items():
        if name not in EXAMPLES or route.access.actions or name in {"account_logout", *MACHINES}:
            continue
        client = Client()
        client.force_login(user)
        for place in world["places"].values() if EXAMPLES[name].placed else [None]:
            response = answer(client, "get", name, place)
            wanted = {404} if place and not place.exists else FOUND | {404}
            if response.status_code not in wanted:
                statuses[name] = response.status_code
    assert statuses == {}


@pytest.mark.parametrize("persona", PERSONAS, ids=" ".join)
def test_each_role_opens_what_the_matrix_says_where_it_says(world, persona):
    client, faults = client_of(world, *persona), []
    for route, methods in played(restricted(placed=False), persona):
        letters = set(letters_of(route.access.actions, *persona[:2]))
        may = letters & set(EXAMPLES[route.name].letters)
        found = FOUND | {404} if EXAMPLES[route.name].rowless else FOUND
        wanted = found if may else {403}
        faults += faults_of(client, route, "", None, wanted, wanted, methods)
    for route, methods in played(restricted(placed=True), persona):
        inside = reach_of(persona, route.access.actions)
        acts = EXAMPLES[route.name].acts
        acting = reach_of(persona, [acts]) if acts else inside
        for target in targets(inside):
            place, read = world["places"][target], status_of(target, inside)
            post = {403} if read == FOUND and target not in acting else read
            faults += faults_of(client, route, target, place, read, post, methods)
    assert faults == []


def reach_of(persona, actions):
    code, domain, _, level = persona
    return reached(actions, code, domain, level)


def played(routes, persona):
    """All that the role may open; of what its gate shuts, one address for each set of actions.

    `test_gates.py` proves that all those of a set are shut alike: each role takes another one.
    """
    shut, turn = {}, PERSONAS.index(persona)
    for route in routes:
        if route.name in OWN_GATES or reach_of(persona, route.access.actions):
            yield route, METHODS
        else:
            shut.setdefault(route.access.actions, []).append(route)
    for alike in shut.values():
        yield alike[turn % len(alike)], [METHODS[turn // len(alike) % 2]]


def targets(inside):
    """All of them when some are in reach and some not; else the ones that could differ."""
    if not inside:
        return ["own", "nobody"]
    if "elsewhere" in inside:
        return ["elsewhere", "nobody"]
    return ["elsewhere", "nobody", "own", "sister", "region"]


def status_of(target, inside):
    if not inside:
        return {403}
    return FOUND if target in inside else {404}


def faults_of(client, route, target, place, read, post, methods):
    """What is wrong with the answers: a status, a refusal that wrote, or that says nothing."""
    for method in methods:
        wanted = (read if method == "get" else post) | {405}
        if wanted >= FOUND and EXAMPLES[route.name].refuses:
            wanted |= {403}
        response = answer(client, method, route.name, place)
        told = f"{method} {route.name} {target}: {response.status_code}"
        if response.status_code not in wanted:
            yield f"{told}, expected {sorted(wanted)}"
        if response.status_code in (403, 404) and response.wrote:
            yield f"{told}: refused, yet wrote {response.wrote} rows"
        if response.status_code == 403 and not told_why(response):
            yield f"{told}: refused without a sentence"


def told_why(response):
    """The sentence of a refusal: in the page, or in what a script reads."""
    return response.context["reason"] if response.context else response.content


def masked(response, place):
    """A page without what differs by nature: its number, its token, the address asked for."""
    text = response.text.replace(place.finess, "…").replace(place.entity_finess, "…")
    text = text.replace(response["X-Request-Id"], "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def test_out_of_reach_is_told_like_what_never_existed(world):
    faults = []
    far, nobody = world["places"]["elsewhere"], world["places"]["nobody"]
    people = (("ARA", "administration", "", ""), ("OIE", "epi_stock", "", "site"))
    for client in [client_of(world, *persona) for persona in people]:
        for route in restricted(placed=True):
            pages = [answer(client, "get", route.name, place) for place in (far, nobody)]
            if pages[0].status_code == 404 and masked(pages[0], far) != masked(pages[1], nobody):
                faults.append(route.name)
    assert faults == []


def test_a_refusal_is_recorded(world):
    client = client_of(world, "GF", "dispostock", SITE, "site")
    client.get(reverse("legacy_codes"))
    entry = Entry.objects.get(verb="account.access_denied")
    assert entry.target == f"GET {reverse('legacy_codes')}"
    assert "ne vous permet pas de" in entry.details["reason"]
