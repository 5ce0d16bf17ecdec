"""What the tests of the real-time view share: who looks, and the page as a person reads it."""

from django.urls import reverse

from common.weeks import current_week
from tests.builders import make_person, make_region

WEEK = current_week()
FFP2 = 2
GLOVES = 4
VISU = reverse("epi_stocks:visu")


def national(client):
    """A person of the national cell, for the EPI domain."""
    client.force_login(make_person("NAT", domain="epi_stock"))
    return client


def reader(client):
    """A reader of the first region's ARS, for the EPI domain."""
    client.force_login(make_person("ARL", domain="epi_stock", on=make_region()))
    return client


def text(response) -> str:
    """The page as a person reads it: plain spaces."""
    return (
        response.content.decode()
        .replace("\u202f", " ")
        .replace("\u00a0", " ")
        .replace("&nbsp;", " ")
    )
