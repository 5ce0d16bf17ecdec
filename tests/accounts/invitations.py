"""Steps that the tests of invitations share."""

from django.test import Client
from django.urls import reverse

from accounts.models import Domain, Role
from accounts.services.invitations import Right, invite, token_of
from tests.builders import PASSWORD

APE = Right(Domain.ADMINISTRATION, Role.ADMINISTRATOR)
GF = Right(Domain.DISPOSTOCK, Role.DECLARANT)
OPERATOR = Right(Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
CELL = Right(Domain.ADMINISTRATION, Role.NATIONAL_CELL)
ARS = Right(Domain.ADMINISTRATION, Role.ADMINISTRATOR)
ADDRESS = "julie.moreau@ch.example"
NEW_PERSON = {
    "first_name": "Julie",
    "last_name": "Moreau",
    "password1": PASSWORD,
    "password2": PASSWORD,
}
PAGE = "/invitation/"


def invited(entity, rights=(OPERATOR,), *, by, email=ADDRESS, **fields):
    return invite(email, entity, rights, by=by, **fields)


def follow(invitation, client=None):
    """A browser that opened the link of the mail."""
    client = client or Client()
    client.get(reverse("invitation_accept", args=[token_of(invitation)]))
    return client
