"""A profile, an invitation and a token are of one entity each, whatever writes them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import ApiToken, Invitation, Profile
from tests.builders import make_establishment, make_user

pytestmark = pytest.mark.django_db
OTHERS = {
    Profile: lambda user: {"user": user},
    Invitation: lambda user: {"email": "i@ch.example", "level": "ars", "invited_by": user},
    ApiToken: lambda user: {"label": "portail", "scopes": ["account.exists"]},
}


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("model", OTHERS, ids=lambda model: model.__name__)
def test_neither_no_entity_nor_two_are_written(model, number):
    site = make_establishment()
    places = {"establishment": site, "legal_entity": site.legal_entity}
    row = model(**dict(list(places.items())[:number]), **OTHERS[model](make_user()))
    with pytest.raises(IntegrityError, match="has_exactly_one_entity"), transaction.atomic():
        row.save()
    with pytest.raises(ValidationError, match="porte sur une entité et une seule"):
        row.validate_constraints()
    row.legal_entity, row.establishment = None, site
    row.save()
    assert row.entity == site
