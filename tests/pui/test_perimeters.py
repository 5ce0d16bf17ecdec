"""Each role of the matrix at the rows of pharmacies: its own, a sister's, near, far, nobody's.

``tests/accounts/test_routes.py`` opens the same addresses with a number that nobody bears.
"""

import logging

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.routes import every_route
from establishments.perimeter import Action
from medications.calendar import calendar_of
from pui.models import OnboardingLine, OnboardingList, ServedEstablishment
from tests.accounts.personas import PERSONAS, letters_of, reached
from tests.accounts.writes import written
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.pui.builders import LONG_AGO, make_followed, make_list, make_pui, make_transmission

pytestmark = pytest.mark.django_db
GATES = {route.name: route.access.actions for route in every_route() if route.access}
SHUT, FOUND, UNKNOWN = {403}, {200, 302, 409, 422}, {404}
NOBODY = "00000000-0000-4000-8000-000000000000"
READ, WRITE, MEDICINES = Action.PUI_READ, Action.PUI_WRITE, Action.MED_READ
# what reaches the row, then what sees it without being allowed to act: refused, not unknown
ROWS = {
    "pui:detail": ("pui", READ, None),
    "pui:sheet": ("pui", READ, None),
    "pui:history": ("pui", READ, None),
    "pui:edit": ("pui", WRITE, READ),
    "pui:close": ("pui", WRITE, READ),
    "pui:served": ("pui", WRITE, READ),
    "pui:served_end": ("served", WRITE, READ),
    "pui:transmission_template": ("of_list", Action.MED_WRITE, None),
    "pui:transmission_reopen": ("of_list", Action.MED_REOPEN, None),
    "pui:transmission_detail": ("sent", MEDICINES, None),
    "pui:transmission_file": ("sent_file", MEDICINES, None),
    "pui:transmission_differences": ("sent", MEDICINES, None),
    "pui:state_product": ("product", MEDICINES, None),
    "pui:grid": ("grid", Action.MED_WRITE, None),
    "pui:onboarding_line": ("line", Action.ONB_READ, None),
    "pui:onboarding_letter": ("line", Action.ONB_WRITE, Action.ONB_READ),
}
# what a POST needs, where the page takes one
POSTS = {
    "pui:edit": WRITE,
    "pui:close": WRITE,
    "pui:served": WRITE,
    "pui:served_end": WRITE,
    "pui:transmission_reopen": Action.MED_REOPEN,
    "pui:grid": Action.MED_WRITE,
    "pui:onboarding_line": Action.ONB_WRITE,
    "pui:onboarding_letter": Action.ONB_WRITE,
}


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture
def world(db):
    """By target, the arguments of each kind of address."""
    make_list()
    product = make_followed()
    region, paris = make_region(), make_region("11", "Île-de-France")
    entity = make_legal_entity()
    sites = {
        "own": make_establishment(entity),
        "sister": make_establishment(entity),
        "region": make_establishment(department=make_department("37", "Tours", region=region)),
        "elsewhere": make_establishment(department=make_department("75", "Paris", region=paris)),
    }
    maker = make_person("GF", on=sites["own"])
    lists = {
        one: OnboardingList.objects.create(region=one, made_by=maker) for one in (region, paris)
    }
    rows = {name: args_of(site, product, lists[site.region]) for name, site in sites.items()}
    nobody = {"pui": [0], "served": [0, 0], "of_list": ["autres", 0], "line": [0]}
    nobody |= {"sent": ["autres", NOBODY], "sent_file": ["autres", NOBODY, "csv"]}
    nobody |= {"product": [0, product.code], "grid": ["autres", 0, rows["own"]["grid"][2]]}
    return {"site": sites["own"], "entity": entity, "rows": rows | {"nobody": nobody}}


def args_of(site, product, onboarding):
    pui = make_pui(on=site)
    due_on = calendar_of("autres").open_periods(timezone.localtime())[-1].due_on
    by = make_person("GF", on=site)
    sent = make_transmission(pui, {product: (9, 1)}, by=by, due_on=due_on)
    served = ServedEstablishment.objects.create(
        pui=pui, establishment=make_establishment(site.legal_entity), starts_on=LONG_AGO
    )
    line = OnboardingLine.objects.create(
        onboarding=onboarding,
        legal_entity=site.legal_entity,
        establishment=site,
        sources=["arhgos"],
    )
    return {
        "pui": [pui.pk],
        "served": [pui.pk, served.pk],
        "of_list": ["autres", pui.pk],
        "sent": ["autres", sent.number],
        "sent_file": ["autres", sent.number, "csv"],
        "product": [pui.pk, product.code],
        "grid": ["autres", pui.pk, f"{due_on:%Y-%m-%d}"],
        "line": [line.pk],
    }


def wanted(name, method, target, persona):
    """The matrix alone says it."""
    code, domain, _, level = persona
    _, acts, sees = ROWS[name]
    if method == "post":
        acts, sees = POSTS[name], sees or acts
    if not any(letters_of(GATES[name], code, domain)):
        return SHUT
    inside = reached([acts], code, domain, level)
    if target in inside:
        return FOUND
    if not inside:
        return SHUT | UNKNOWN  # the gate of a page of several lists is wider than its row
    return SHUT if sees and target in reached([sees], code, domain, level) else UNKNOWN


@pytest.mark.parametrize("persona", PERSONAS, ids=" ".join)
def test_each_role_reaches_the_rows_that_the_matrix_says_and_no_other(world, persona):
    code, domain, _, level = persona
    client, faults = Client(), []
    client.force_login(make_person(code, on=world[level] if level else None, domain=domain))
    for name, (kind, _, _) in ROWS.items():
        for method in ["get", "post"] if name in POSTS else ["get"]:
            for target, args in world["rows"].items():
                expected = wanted(name, method, target, persona)
                status, wrote = answer(client, method, reverse(name, args=args[kind]))
                if status not in expected or (wrote and expected != FOUND):
                    told = f"{method} {name} {target}: {status}, wrote {wrote}"
                    faults.append(f"{told}, expected {sorted(expected)}")
                if expected == SHUT:
                    break  # its gate does not look at the row
    assert faults == []


def answer(client, method, address):
    """The status and how many rows were written, before all of it is forgotten."""
    with transaction.atomic():
        before = written()
        response = getattr(client, method)(address)
        if response.streaming:
            b"".join(response)  # a file is read to its end, which closes it
        wrote = written() - before
        transaction.set_rollback(True)
    return response.status_code, wrote
