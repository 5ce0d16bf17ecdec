"""Before a required second factor no address opens and nothing is written, whatever the method."""

import logging
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.middleware import WITHOUT_FACTOR
from accounts.routes import every_route
from tests.accounts.route_examples import EXAMPLES, Place
from tests.accounts.test_required_factor import log_in, protect
from tests.accounts.writes import written
from tests.builders import make_person

pytestmark = pytest.mark.django_db
ROUTES = {route.name: route for route in every_route() if route.access}
MACHINES = {name for name, route in ROUTES.items() if route.access.is_machine}
NEW = "Un-nouveau-mot-2026!"


@pytest.fixture(autouse=True)
def required(settings, caplog):
    settings.SECOND_FACTOR = "roles"
    caplog.set_level(logging.CRITICAL, logger="django.request")


def test_no_address_opens_nor_writes_before_it_whatever_the_method():
    person = make_person("APE")
    site = person.active_profile.entity
    client = log_in(person)
    place = Place(site.finess, site.legal_entity.finess)
    faults = []
    for name in sorted(set(ROUTES) & set(EXAMPLES) - WITHOUT_FACTOR):
        url = reverse(name, args=EXAMPLES[name].args(place))
        for method in ("get", "post"):
            with transaction.atomic():
                before = written()
                response = getattr(client, method)(url)
                wrote = written() - before
                transaction.set_rollback(True)
            if wrote or not is_held(name, response):
                faults.append(f"{method} {name}: {response.status_code}, {wrote} rows")
    assert faults == []


def is_held(name, response):
    """Sent to the page of the second factor, or asked for the token of a machine."""
    if name in MACHINES and response.status_code in (400, 401, 405):
        return True
    return response.status_code == 302 and response["Location"] == reverse("mfa_index")


def test_a_forgotten_password_chosen_again_does_not_spare_the_second_factor():
    person = make_person("ARA")
    protect(person)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"http://testserver(/comptes/mot-de-passe/\S+/)", mail.outbox[-1].body)[1]
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    answer = client.post(reverse("account_login"), {"login": person.email, "password": NEW})
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
