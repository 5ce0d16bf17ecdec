"""The gate of each address, by itself: it asks what the address declares, then only is read.

With the rights of each role, also here, a refusal is proved everywhere without playing everybody
against every address: `test_routes.py` plays one of each kind through the whole service.
"""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import resolve, reverse

from accounts.grants import ROLE_CODES, SITE
from accounts.routes import every_route
from establishments.access import refusal
from establishments.perimeter import Action
from tests.accounts.personas import ROUTED, Kind, letters_of, reached
from tests.accounts.route_examples import EXAMPLES, OWN_GATES, Place
from tests.builders import (
    grant,
    make_body,
    make_department,
    make_establishment,
    make_profile,
    make_region,
    make_user,
)

SOMEWHERE = Place("990000009", "990000017")
GATED = {
    route.name: route.access.actions
    for route in every_route()
    if route.access and route.access.actions and route.name not in OWN_GATES
}


class Stranger:
    """Somebody who may do nothing, and remembers what was asked about them."""

    is_authenticated = True
    usable_profiles = ()

    def __init__(self):
        self.asked = []

    def may(self, action):
        self.asked.append(action)
        return False


def answer(rf, method, name):
    """What the view itself says: the sentence of its refusal, or a status; and what it asked."""
    address = reverse(name, args=EXAMPLES[name].args(SOMEWHERE))
    match, request = resolve(address), getattr(rf, method)(address)
    request.user = Stranger()
    try:
        told = match.func(request, *match.args, **match.kwargs).status_code
    except PermissionDenied as error:
        told = str(error)
    return told, request.user.asked


def test_each_address_asks_each_of_its_actions_and_refuses_before_it_reads_anything(rf):
    faults = []
    for name, actions in GATED.items():  # no test of this kind has a database: reading one fails
        refused, unknown = (refusal(actions[0]), [*actions]), (405, [])
        answers = [answer(rf, method, name) for method in ("get", "post")]
        if refused not in answers or not all(one in (refused, unknown) for one in answers):
            faults.append((name, answers))
    assert faults == []


def test_an_address_with_a_gate_of_its_own_declares_what_it_asks():
    assert {r.name for r in every_route() if r.name in OWN_GATES and r.access.actions} == OWN_GATES


def place_for(kind, level):
    if kind == SITE:
        site = make_establishment()
        return site if level == "site" else site.legal_entity
    if kind in (Kind.ARS, Kind.OMEDIT):
        return make_body(kind, region=make_region())
    if kind == Kind.DEPARTMENT_COUNCIL:
        return make_body(kind, department=make_department())
    return make_body(kind)


@pytest.mark.django_db
@pytest.mark.parametrize(("domain", "role", "kind"), ROLE_CODES)
def test_each_role_may_do_somewhere_what_the_matrix_says(domain, role, kind):
    code = ROLE_CODES[domain, role, kind]
    for level in ("site", "entity"):
        person = make_user()
        grant(make_profile(person, place_for(kind, level)), domain, role)
        expected = {action for action in Action if reached([action], code, domain, level)}
        expected |= {action for action in ROUTED if "F" in letters_of([action], code, domain)}
        assert {action for action in Action if person.may(action)} == expected
