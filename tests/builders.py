"""Test data in one call each; a test names only what matters to it."""

from itertools import count

from django.utils import timezone

from accounts.grants import ROLE_CODES, SITE
from accounts.models import Habilitation, Profile, User
from common.identifiers import make_finess
from epi_stocks.models import InventoryLine, WeeklyInventory
from establishments.models import (
    AdministrativeBody,
    Department,
    Establishment,
    EstablishmentCategory,
    LegalEntity,
    Region,
)

_numbers = count(1)
PASSWORD = "Dispostock-demo-2026!"


def make_region(code="24", name="Centre-Val de Loire", **fields):
    region, _ = Region.objects.get_or_create(code=code, defaults={"name": name, **fields})
    return region


def make_department(code="45", name="Loiret", region=None, **fields):
    defaults = {"finess_code": code[:2], "finess_prefix": f"{code[:2]}0", "name": name}
    defaults["region"] = region or make_region()
    department, _ = Department.objects.get_or_create(code=code, defaults=defaults | fields)
    return department


def make_category(code="355", label="Centre Hospitalier (C.H.)", **fields):
    category, _ = EstablishmentCategory.objects.get_or_create(
        code=code, defaults={"label": label, **fields}
    )
    return category


def make_legal_entity(department=None, **fields):
    department = department or make_department()
    number = next(_numbers)
    defaults = {
        "finess": make_finess(f"{department.finess_prefix[:2]}{number:06d}"),
        "name": f"CH de Test {number}",
        "department": department,
        "region": department.region,
        "is_fictitious": True,
    }
    return LegalEntity.objects.create(**defaults | fields)


def make_establishment(legal_entity=None, department=None, **fields):
    legal_entity = legal_entity or make_legal_entity(department)
    department = department or legal_entity.department
    number = next(_numbers)
    defaults = {
        "finess": make_finess(f"{department.finess_prefix[:2]}{number:06d}"),
        "name": f"Hôpital de Test {number}",
        "legal_entity": legal_entity,
        "category": fields.pop("category", None) or make_category(),
        "department": department,
        "region": department.region,
        "town": "ORLÉANS",
        "is_fictitious": True,
    }
    return Establishment.objects.create(**defaults | fields)


def make_body(kind, *, region=None, department=None):
    name = f"{kind} {region or department or ''}".strip()
    body, _ = AdministrativeBody.objects.get_or_create(
        kind=kind, region=region, department=department, defaults={"name": name}
    )
    return body


def make_user(**fields):
    number = next(_numbers)
    defaults = {
        "username": f"personne{number}",
        "email": f"personne{number}@ch.example",
        "first_name": "Camille",
        "last_name": f"Test{number}",
    }
    user = User(**defaults | fields)
    user.set_password(PASSWORD)
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def make_profile(user, entity, state=Profile.State.ACTIVE):
    field = {
        Establishment: "establishment",
        LegalEntity: "legal_entity",
        AdministrativeBody: "body",
    }[type(entity)]
    profile, _ = Profile.objects.get_or_create(
        user=user, **{field: entity}, defaults={"state": state}
    )
    return profile


def grant(profile, domain, role, state=Habilitation.State.ACTIVE, **fields):
    return Habilitation.objects.create(
        profile=profile, domain=domain, role=role, state=state, **fields
    )


def make_person(code, *, on=None, domain=None, user=None):
    """A person holding the role of the matrix ``code`` on an entity, region or department.

    ``USR`` holds nothing. ``on`` defaults to a new establishment, the first region or the country.
    """
    user = user or make_user()
    if code == "USR":
        return user
    found = [key for key, value in ROLE_CODES.items() if value == code]
    held_domain, role, kind = next(key for key in found if domain in (None, key[0]))
    grant(make_profile(user, _entity_for(kind, on)), held_domain, role)
    user.forget_rights()
    return user


def _entity_for(kind, on):
    if kind == SITE:
        return on or make_establishment()
    if kind in ("ars", "omedit"):
        return make_body(kind, region=on or make_region())
    if kind == "conseil_departemental":
        return make_body(kind, department=on or make_department())
    return make_body(kind)


def make_line(establishment, week, item_id=1, **fields):
    """A line as if typed: ``make_line(place, week, item_id=2, stock=10, daily=1)``."""
    defaults = {"saved_at": timezone.now()}
    line = InventoryLine.objects.create(
        establishment=establishment, week=week, item_id=item_id, **defaults | fields
    )
    WeeklyInventory.objects.get_or_create(
        week=week, establishment=establishment, defaults={"first_saved_at": line.saved_at}
    )
    return line
