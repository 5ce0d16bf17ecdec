"""How a machine sends and reads."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import strategies as st

from accounts.models import ApiToken
from accounts.services.tokens import create_token, digest_of
from tests.builders import (
    make_department,
    make_person,
    make_region,
)
from tests.pui.builders import (
    make_transmission,
)

URL = "/api/v1/transmissions"


STOCKS = "/api/v1/stocks"


SCOPES = ["pui.transmit", "pui.stocks"]


def token_of(person, scopes=SCOPES):
    """The value of a token of the entity of this person."""
    entity = person.active_profile.entity
    label = f"logiciel {ApiToken.objects.count()}"
    return create_token(entity, scopes, by=person, label=label, life=timedelta(days=1))[1]


def token_of_body(body):
    value = f"jst_{body.pk}"
    ApiToken.objects.create(label="tableaux", digest=digest_of(value), scopes=SCOPES, body=body)
    return value


def headers(value, key):
    found = {"Idempotency-Key": key} if key else {}
    return found | ({"Authorization": f"Bearer {value}"} if value else {})


def send(value, place, /, *lines, key="envoi-0001", **more):
    body = {"pui": {"finess": place.establishment.finess}, "lignes": list(lines)} | more
    return Client().post(URL, body, content_type="application/json", headers=headers(value, key))


def line(product, stock=420, cmj=35):
    return {"ucd": product.code, "stock": stock, "cmj": cmj}


ODD = st.one_of(
    st.none(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(["1 200", "3,5"])
)


def read(value, **query):
    return Client().get(STOCKS, query, headers=headers(value, ""))


def declared(pui, *products, due_on):
    person = make_person("GF", on=pui.establishment)
    make_transmission(pui, {one: (10, 2) for one in products}, by=person, due_on=due_on)


def elsewhere():
    from_far = make_region("11", "Île-de-France")
    return make_department("75", "Paris", region=from_far)


def queries(value):
    with CaptureQueriesContext(connection) as found:
        assert read(value).status_code == 200
    return len(found)
