"""One truth: a page opens exactly when every condition that the access doctor tells is met.

Each case goes through the real gate: the login form, the second factor, the choice of a profile,
the application's own page. The doctor is asked apart, about the same person and place.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from accounts.doctor import Case, Facts, Person
from accounts.doctor.diagnosis import conditions_of
from accounts.models import Domain, Habilitation, Profile, Role, User
from common.weeks import current_week
from config.access.applications import application_named
from epi_stocks.services.reference import load_epi_reference
from establishments.models import BeneficiaryCategory
from tests.builders import (
    PASSWORD,
    grant,
    make_body,
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_profile,
    make_region,
    make_user,
)
from tests.codes import totp_code
from tests.orders.builders import serve

pytestmark = pytest.mark.django_db
Right = tuple[Domain, Role]
LONG_AGO = timedelta(days=60)


@dataclass(frozen=True)
class Door:
    """An application: what opens it, from where, and its page; ``is_open`` reads the answer."""

    key: str
    right: Right
    other: Right
    near: str
    far: str
    address: Callable[[dict], str]
    is_open: Callable[[object, dict], bool] = lambda response, world: True
    is_placed: bool = True
    sums_up: bool = False


def grid_address(world):
    return reverse("epi_stocks:inventory", args=[world["site"].finess, current_week()])


def orders_there(response, world):
    """The start page is for whoever has to do with orders: it says for which place one orders."""
    start = response.context["start"]
    return start.may_order and start.place == world["site"]


DOORS = {
    "inventaire-epi": Door(
        "inventaire-epi",
        (Domain.EPI_STOCK, Role.INVENTORY_OPERATOR),
        (Domain.ADMINISTRATION, Role.ADMINISTRATOR),  # reads the grid, fills none
        near="sister",
        far="elsewhere",
        address=grid_address,
        is_open=lambda response, world: response.context["grid"].may_write,
        sums_up=True,
    ),
    "suivi-epi": Door(
        "suivi-epi",
        (Domain.EPI_STOCK, Role.READER),
        (Domain.DISPOSTOCK, Role.READER),
        near="ars",
        far="other_ars",
        address=lambda world: reverse("epi_stocks:visu_establishment", args=[world["site"].finess]),
    ),
    "administrer": Door(
        "administrer",
        (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR),
        (Domain.DISPOSTOCK, Role.DECLARANT),
        near="site",
        far="",
        address=lambda world: reverse("plage:requests"),
        is_placed=False,
    ),
    "commander": Door(
        "commander",
        (Domain.DISTRILOG, Role.ORDER_OPERATOR),
        (Domain.ADMINISTRATION, Role.ADMINISTRATOR),  # reads the quotas, orders nothing
        near="site",
        far="elsewhere",
        address=lambda world: reverse("orders:start"),
        is_open=orders_there,
    ),
}
CLOSED_AT = {"inventaire-epi", "commander"}  # a site that closes shuts these


@dataclass(frozen=True)
class Facets:
    """What may be right or wrong of somebody, each apart."""

    is_active: bool = True
    is_confirmed: bool = True
    where: str = "near"
    state: str = "active"
    right_state: str = "active"
    starts: int | None = None
    ends: int | None = None
    is_right_role: bool = True
    other_profiles: int = 0
    chosen: str = "right"  # or « other », or nothing
    has_factor: bool = True
    closed: int | None = None  # days ago


@pytest.fixture
def world(settings, caplog):
    """A site, its sister of the same entity, one elsewhere, the ARS of each region."""
    caplog.set_level(logging.CRITICAL)
    settings.SECOND_FACTOR = "everyone"
    settings.SECOND_FACTOR_BY_EMAIL = False
    load_epi_reference()
    region, other = make_region(), make_region("11", "Île-de-France")
    for one in (region, other):
        serve(one)
    BeneficiaryCategory.objects.create(category=make_category(), starts_on="2020-03-01")
    entity = make_legal_entity()
    return {
        "site": make_establishment(entity),
        "sister": make_establishment(entity),
        "entity": entity,
        "elsewhere": make_establishment(department=make_department("75", "Paris", region=other)),
        "ars": make_body("ars", region=region),
        "other_ars": make_body("ars", region=other),
    }


def somebody(world, door, facets):
    """The person of these facets, the profile that counts, and those beside it."""
    user = make_user()
    User.objects.filter(pk=user.pk).update(is_active=facets.is_active)
    user.emailaddress_set.update(verified=facets.is_confirmed)
    if facets.has_factor:
        user.secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, user.secret)
    profile, today = None, timezone.localdate()
    if name := {"near": door.near, "far": door.far}.get(facets.where, facets.where):
        profile = make_profile(user, world[name], state=facets.state)
        dates = {"starts_on": facets.starts, "ends_on": facets.ends}
        grant(
            profile,
            *(door.right if facets.is_right_role else door.other),
            state=facets.right_state,
            **{k: today + timedelta(days=days) for k, days in dates.items() if days is not None},
        )
    for _ in range(facets.other_profiles):
        other = make_profile(user, make_establishment())
        grant(other, Domain.DISTRILOG, Role.ORDER_OPERATOR)
    if facets.closed is not None:
        world["site"].closed_on = today - timedelta(days=facets.closed)
        world["site"].save()
    return user, profile


def log_in(user):
    """As a person does: the password, then the code; refused on the way, nobody is logged in."""
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    if answer.status_code == 302 and answer["Location"] == reverse("mfa_authenticate"):
        code = totp_code(user.secret)
        client.post(reverse("mfa_authenticate"), {"code": code})
    return client


def chosen_profile(user, profile, facets):
    others = Profile.objects.filter(user=user).exclude(pk=profile.pk if profile else None)
    return {"right": profile, "other": others.first()}.get(facets.chosen)


def gate_opens(world, door, user, chosen):
    client = log_in(user)
    if chosen:
        client.post(reverse("profiles:use"), {"profile": chosen.pk})
    response = client.get(door.address(world))
    return response.status_code == 200 and door.is_open(response, world)


def unmet(world, door, user, chosen):
    """What the doctor says is missing, read afresh."""
    person = User.objects.get(pk=user.pk)
    person.chosen_profile_id = chosen.pk if chosen else None
    place = world["site"] if door.is_placed else None
    case = Case(Person(person), application_named(door.key), place, Facts([world["site"]]))
    return [one.key for one in conditions_of(case) if not one.is_met]


def both(world, door, facets):
    """Whether the gate opens, and what the doctor misses; nothing is left behind."""
    former = world["site"].closed_on
    with transaction.atomic():
        user, profile = somebody(world, door, facets)
        chosen = chosen_profile(user, profile, facets)
        found = gate_opens(world, door, user, chosen), unmet(world, door, user, chosen)
        transaction.set_rollback(True)
    world["site"].closed_on = former
    return found


WRONG = {
    "account": {"is_active": False},
    "address": {"is_confirmed": False},
    "profile": {"where": "far"},
    "state": {"state": "suspended"},
    "right": {"right_state": "pending"},
    "use": {"other_profiles": 1, "chosen": "other"},
    "factor": {"has_factor": False},
    "place-0": {"closed": 60},
}


def wrongs_of(door):
    """What can be wrong at this door: a page without place is not shut by it, nor by the sum."""
    known = set(WRONG)
    if door.sums_up:
        known -= {"use"}
    if door.key not in CLOSED_AT:
        known -= {"place-0"}
    return sorted(known)


@pytest.mark.parametrize(
    ("key", "at_once"),
    [("inventaire-epi", 6), ("suivi-epi", 2), ("administrer", 3), ("commander", 2)],
)
def test_whatever_is_wrong_the_gate_opens_exactly_when_all_is_green(world, key, at_once):
    door = DOORS[key]
    faults = []
    names = wrongs_of(door)
    for picks in product([False, True], repeat=len(names)):
        wrong = [name for name, is_wrong in zip(names, picks, strict=True) if is_wrong]
        if len(wrong) > at_once:
            continue
        facets = {k: v for name in wrong for k, v in WRONG[name].items()}
        opens, missing = both(world, door, Facets(**facets))
        is_told = set(wrong) <= set(missing) or len(wrong) > 1  # the rest may hide behind it
        if not (opens == (not missing) == (not wrong) and is_told):
            faults.append((wrong, opens, missing))
    assert faults == []


EDGES = [
    *(Facets(starts=day) for day in (-1, 0, 1)),
    *(Facets(ends=day) for day in (-1, 0, 1)),
    *(Facets(state=state) for state in Profile.State.values),
    *(Facets(right_state=state) for state in Habilitation.State.values),
    *(Facets(closed=day) for day in range(-1, 8)),  # the Monday of the week is one of them
]


@pytest.mark.parametrize("key", sorted(CLOSED_AT))
def test_the_gate_and_the_doctor_agree_to_the_day_and_on_every_state(world, key):
    faults = []
    for facets in EDGES:
        opens, missing = both(world, DOORS[key], facets)
        if opens != (not missing):
            faults.append((facets, opens, missing))
    assert faults == []


days = st.sampled_from([None, -1, 0, 1])
facets = st.builds(
    Facets,
    where=st.sampled_from(["near", "far"]),
    state=st.sampled_from(Profile.State.values),
    right_state=st.sampled_from(["pending", "active", "active", "refused", "revoked"]),
    starts=days,
    ends=days,
    is_right_role=st.sampled_from([True, True, False]),
    other_profiles=st.integers(0, 2),
    chosen=st.sampled_from(["right", "other", "nothing"]),
    has_factor=st.sampled_from([True, True, False]),
    closed=st.sampled_from([None, -3, 0, 6, 7, 60]),
)


@given(door=st.sampled_from(list(DOORS.values())), facets=facets)
@limits(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_states_dates_and_choices_all_say_the_same_at_the_gate_and_to_the_doctor(
    world, door, facets
):
    opens, missing = both(world, door, facets)
    assert opens == (not missing), (facets, missing)
