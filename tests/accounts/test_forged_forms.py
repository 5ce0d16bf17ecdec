"""Every form of the accounts, forged: fields of the rows, hidden values, numbers of others."""

import logging
from datetime import timedelta
from random import Random

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from accounts.models import (
    AccessRequest,
    ApiToken,
    Domain,
    Habilitation,
    Invitation,
    LegacyCode,
    Profile,
    Role,
    User,
)
from accounts.services.invitations import Right, invite
from accounts.services.legacy import issue_legacy_code
from accounts.services.profiles import suspend_profile
from accounts.services.proposals import propose
from accounts.services.requests import ask_habilitations, ask_profile
from accounts.services.tokens import create_token
from establishments.models import AdministrativeBody
from tests.accounts.route_examples import EXAMPLES, NOBODY, Place
from tests.accounts.writes import written
from tests.builders import (
    grant,
    make_body,
    make_department,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.rights import APE, INVENTORY, READER

pytestmark = pytest.mark.django_db

OURS = ("api", "idp", "plage", "profiles")  # and the names without a prefix
ROUTES = sorted(name for name in EXAMPLES if ":" not in name or name.split(":")[0] in OURS)
DEEDS = ("suspendre", "rouvrir", "terminer")
JUNK = ["", "\x00", "-1", "0", "²", "9" * 40, "é" * 300, "[]", "{}", "2026-02-30", "a\r\nBcc: x@y"]
FIRST_PASSWORD = "Un-autre-mot-2026!"
TRIED = 4  # addresses of one name for each role
# whose number an address holds, by the beginning of its name; the first that fits
KINDS = {
    "profiles:ask_body": AdministrativeBody,
    "plage:invitation_body_form": AdministrativeBody,
    "profiles:request": AccessRequest,
    "profiles:cancel": AccessRequest,
    "profiles:remind": AccessRequest,
    "profiles:": Profile,
    "plage:request": AccessRequest,
    "plage:invitation": Invitation,
    "plage:token": ApiToken,
    "mfa_": Authenticator,
}


@pytest.fixture(autouse=True)
def quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Hundreds of refusals: their traces are not worth writing."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


@pytest.fixture
def others():
    """People elsewhere, with something of each kind that a form could reach."""
    region = make_region("11", "Île-de-France")
    site = make_establishment(department=make_department("75", "Paris", region=region))
    ape, agent = make_person("APE", on=site), make_person("ARA", on=region)
    cell, auditor = make_person("NAT"), make_person("AUD")
    asker, stopped = make_user(), make_person("GF", on=site)
    suspend_profile(stopped.profiles.get(), by=ape, reason="Congé.")
    ask_profile(asker, site, [INVENTORY])
    ask_profile(make_user(), site, [APE])
    ask_habilitations(ape.profiles.get(), [INVENTORY], by=ape)
    propose(auditor, make_body("ars", region=region), [READER], by=cell)
    invite("invitee@ch.example", site, [Right(*INVENTORY)], by=ape)
    invite("agent@ars.example", make_body("ars", region=region), [Right(*APE)], by=cell)
    create_token(site, ["account.exists"], by=ape, label="Portail", life=timedelta(days=90))
    issue_legacy_code(site, by=agent)
    for person in (ape, agent, cell):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
        UserSession.objects.create(
            user=person, ip="127.0.0.1", user_agent="essai", session_key=f"session{person.pk}"
        )
    numbers = {kind: kind.objects.values_list("pk", flat=True) for kind in KINDS.values()}
    return {
        "site": site,
        "region": region,
        "people": [ape, agent, cell, auditor, asker, stopped],
        "numbers": {kind: sorted(found) for kind, found in numbers.items()},
    }


def attacker_of(role):
    """Somebody of another region, with the role and nothing else."""
    if role == "deputy":
        person = make_user()
        profile = make_profile(person, make_establishment())
        grant(profile, Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR, ends_on="2100-01-01")
        return person
    return make_person(role)


def state_of(attacker):
    """All that is not the attacker's to change, and what they hold themselves."""
    theirs = Q(profile__user=attacker)
    named = User.objects.filter(pk=attacker.pk)
    own = Habilitation.objects.filter(theirs, state="active", profile__state="active")
    return {
        "people": sorted(User.objects.exclude(pk=attacker.pk).values_list()),
        "profiles": sorted(Profile.objects.exclude(user=attacker).values_list(), key=str),
        "rights": sorted(Habilitation.objects.exclude(theirs).values_list(), key=str),
        "requests": sorted(AccessRequest.objects.exclude(theirs).values_list(), key=str),
        "invitations": sorted(Invitation.objects.values_list(), key=str),
        "tokens": sorted(ApiToken.objects.exclude(created_by=attacker).values_list(), key=str),
        "codes": sorted(LegacyCode.objects.values_list(), key=str),
        "factors": sorted(Authenticator.objects.exclude(user=attacker).values_list("pk", "type")),
        "addresses": sorted(EmailAddress.objects.exclude(user=attacker).values_list()),
        "sessions": sorted(UserSession.objects.exclude(user=attacker).values_list("session_key")),
        "own rights": sorted(own.values_list("pk", "domain", "role", "ends_on")),
        "own account": named.values_list("email", "is_staff", "is_superuser", "public_id").get(),
    }


def addresses_of(name, others, chance):
    """The address with the arguments of somebody else, a few of them."""
    site = others["site"]
    arguments = EXAMPLES[name].args(Place(site.finess, site.legal_entity.finess))
    if NOBODY in arguments:
        found = [one for person in others["people"] for one in about(person, len(arguments))]
    elif arguments == [0]:
        kind = next(kind for start, kind in KINDS.items() if name.startswith(start))
        found = [[number] for number in others["numbers"][kind]]
    else:
        found = [arguments]
    kept = chance.sample(found, min(len(found), TRIED))
    return [reverse(name, args=one) for one in kept]


def about(person, length):
    """The arguments of the pages about a person: themselves, a profile or a right, a deed."""
    profiles = person.profiles.values_list("pk", flat=True)
    rights = Habilitation.objects.filter(profile__user=person).values_list("pk", flat=True)
    match length:
        case 1:
            return [[person.public_id]]
        case 2:
            return [[person.public_id, number] for number in {*profiles, *rights}]
    return [[person.public_id, number, deed] for number in profiles for deed in DEEDS]


TYPED = {
    "reason": "Parce que.",
    "first_name": "Autre",
    "last_name": "Personne",
    "starts_on": "2026-01-01",
    "ends_on": "2099-01-01",
    "legal_kinds": "public",
    "label": "machine",
    "scopes": ["account.exists", "openid"],
    "life": "90",
    "code": "ABCD-EFGH-JKMN",
    "password": FIRST_PASSWORD,
    "oldpassword": FIRST_PASSWORD,
    "password1": FIRST_PASSWORD,
    "password2": FIRST_PASSWORD,
    "understood": "on",
}


def forged(others, chance):
    """A plausible answer to any form, about somebody else and their place."""
    victim, site = chance.choice(others["people"]), others["site"]
    profile = victim.profiles.first()
    requests = [str(pk) for pk in AccessRequest.objects.values_list("pk", flat=True)]
    chosen = {
        "profile": profile.pk if profile else "",
        "remplace": profile.pk if profile else "1",
        "user": victim.pk,
        "public_id": victim.public_id,
        "session": UserSession.objects.values_list("pk", flat=True).first() or "1",
        "account": "1",
        "demande": requests,
        "relue": requests,
        "structure": make_body("ars", region=others["region"]).pk,
        "finess": site.finess,
        "personne": chance.choice([victim.email, victim.username]),
        "person": victim.username,
        "login": victim.email,
        "identifier": f"ES-{site.finess}",
        "content": signing.dumps([[2, {"finess": site.finess}]], salt="another"),
        "request": signing.dumps({"asked": "", "person": victim.pk, "at": 0}),
        "next": "//evil.example/",
        "step": chance.choice(["envoyer", "relire", "1"]),
        "decision": chance.choice(["accepter", "refuser"]),
        "action": chance.choice(["grant", "action_add", "action_remove", "resend", "change"]),
        "rights": ["epi_stock:inventory_operator", "administration:administrator"],
    }
    fields = ("state", "outcome", "level", "closed_at", "first_by", "asked_by", "accepted_by")
    chosen |= TYPED | dict.fromkeys(fields, "active")
    chosen |= dict.fromkeys(("is_staff", "is_superuser", "is_active", "is_automatic"), "on")
    chosen |= dict.fromkeys(chance.sample(["give", "renew", "leave"], 1), "1")
    return chosen


def mangled(data, chance):
    """The same with a third of the values that no form sends."""
    spoiled = chance.sample(sorted(data), len(data) // 3)
    return data | {name: chance.choice(JUNK) for name in spoiled}


@pytest.mark.parametrize("role", ["USR", "OIE", "deputy", "ARA", "SUP"])
def test_forged_forms_change_nothing_of_others_and_give_nothing(others, role):
    attacker, chance, faults = attacker_of(role), Random(role), []  # noqa: S311 - the same each time
    before, cookies = state_of(attacker), cookies_of(attacker)
    # the assistance lifts a lost second factor for anybody: that is what it is for
    for name in sorted(set(ROUTES) - ({"plage:person_factor"} if role == "SUP" else set())):
        with transaction.atomic():
            so_far = written()
            faults += faults_of(name, cookies, others, chance)
            after = state_of(attacker) if written() > so_far else before
            faults += [f"{name}: {what}" for what in before if before[what] != after[what]]
            transaction.set_rollback(True)
    assert faults == []


def cookies_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies


def faults_of(name, cookies, others, chance):
    """Post to each address what no form of ours says; tell the errors and the ways out."""
    client = Client(raise_request_exception=False)
    client.cookies.load(cookies)
    data = forged(others, chance)
    addresses = addresses_of(name, others, chance)
    sent = [(one, data) for one in addresses] + [(addresses[0], mangled(data, chance))]
    for address, fields in sent:
        answer = client.post(address, fields)
        if answer.status_code >= 500:
            yield f"{address}: {answer.status_code}"
        if "evil.example" in answer.get("Location", ""):
            yield f"{address}: leads elsewhere"
