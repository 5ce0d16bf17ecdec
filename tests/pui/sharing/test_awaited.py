"""What a published share-out gives is told beside the stock until it is received, never in it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pui.medicine import Medicine
from pui.services.publishing import publish
from pui.services.receiving import Reception, confirm_reception
from pui.services.sharing import Opening, open_share_out
from pui.sharing.awaited import awaited_by
from tests.pui.builders import make_followed, make_product
from tests.pui.sharing.conftest import country as _country

pytestmark = pytest.mark.django_db
country = _country
TOLD = "en attente de réception"


@pytest.fixture
def client(country):
    client = Client()
    client.force_login(country.gf)
    return client


def state(client, **query):
    page = client.get(reverse("pui:state"), query)
    return page.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def row_of(client):
    answer = client.get(reverse("pui:state_file", args=["csv"]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    header = lines[0].split(";")
    return dict(zip(header, lines[1].split(";"), strict=False))


def test_until_the_reception_it_is_told_beside_the_stock_and_not_added(country, client):
    share_out = country.open(140)
    given = country.share(share_out, country.orleans).quantity
    assert TOLD not in state(client)
    publish(by=country.cell, share_out=share_out)
    for by in ("ucd", "reference", "dci"):
        assert f"{TOLD} : {given}" in state(client, par=by)
    product = reverse("pui:state_product", args=[country.orleans.pk, country.product.code])
    assert f"{given}" in client.get(product).text
    assert TOLD in client.get(product).text
    row = row_of(client)
    assert (row["Stock"], row["Répartition, en attente de réception"]) == ("20,00", str(given))
    share = country.share(share_out, country.orleans)
    asked = Reception(given, timezone.localdate())
    confirm_reception(by=country.gf, share=share, reception=asked)
    assert TOLD not in state(client)
    assert awaited_by([country.orleans.pk]) == []


def test_a_part_of_one_ucd_is_told_on_that_ucd_alone(country, client):
    twin = make_product("CISATRACURIUM, flacon", reference=country.product.reference)
    make_followed(twin)
    day = timezone.localdate() + timedelta(days=3)
    medicine = Medicine(country.product, country.product.reference, "ampoule")
    opening = Opening(medicine, 140, 1, day)
    share_out = open_share_out(by=country.cell, opening=opening)
    publish(by=country.cell, share_out=share_out)
    assert state(client).count(TOLD) == 1
    assert state(client, par="reference").count(TOLD) == 1
