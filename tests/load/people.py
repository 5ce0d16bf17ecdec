"""Who opens the platform in a load run, made once in the base of national size; told as JSON.

    python -m tests.load.people prepare FILE

Thousands of accounts that share one password, hashed once as a real one is: each login costs what
it costs. Agencies and the national cell have the second factor that their role requires.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import ApiToken, Domain, Profile, Role, User  # noqa: E402
from accounts.services.tokens import digest_of  # noqa: E402
from common.weeks import current_week  # noqa: E402
from establishments.models import AdministrativeBody, Region  # noqa: E402
from medications.calendar import calendar_of  # noqa: E402
from medications.models import MonitoredList, Monitoring  # noqa: E402
from orders.models import Beneficiary  # noqa: E402
from orders.services.finess_addresses import finess_address  # noqa: E402
from pui.models import LatestStock, Pui  # noqa: E402
from pui.urls.lists import StockAddress  # noqa: E402
from tests.load.scarcity import scarce_product  # noqa: E402

PASSWORD, SECRET = "Charge-nationale-2026!", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TYPISTS, BUYERS, PHARMACISTS, MACHINES = 3_000, 3_000, 400, 60
OTHERS = MonitoredList.Slug.OTHERS
Kind = AdministrativeBody.Kind

# the base is kept: a hash of before a change of its cost would be made again at the login
PEOPLE = """
INSERT INTO accounts_user (password, is_superuser, username, first_name, last_name, is_staff,
       is_active, date_joined, email, phone, public_id)
SELECT %(password)s, false, %(prefix)s || n, 'Camille', 'Charge ' || n, false, true, now(),
       %(prefix)s || n || '@charge.example', '02 00 00 02 10', gen_random_uuid()
  FROM generate_series(1, %(count)s) n
    ON CONFLICT (username) DO UPDATE SET password = EXCLUDED.password
"""
ADDRESSES = """
INSERT INTO account_emailaddress (email, verified, "primary", user_id)
SELECT email, true, true, id FROM accounts_user person
 WHERE email LIKE '%%@charge.example'
   AND NOT EXISTS (SELECT FROM account_emailaddress known WHERE known.user_id = person.id)
"""
# the n-th person of a kind works at the n-th of the places given
PROFILES = """
WITH made AS (
    INSERT INTO accounts_profile (user_id, {column}, state, email, phone, address, requested_at,
           reason)
    SELECT person.id, place.id, 'active', '', '', '', now(), ''
      FROM unnest(%(places)s::bigint[]) WITH ORDINALITY AS place (id, n)
      JOIN accounts_user person ON person.username = %(prefix)s || place.n
        ON CONFLICT DO NOTHING
    RETURNING id
)
INSERT INTO accounts_habilitation (profile_id, domain, role, legal_kinds, fields_of_care, state,
       requested_at, reason, is_automatic)
SELECT id, %(domain)s, %(role)s, '{{}}', '{{}}', 'active', now(), '', false FROM made
"""
REGISTERED = """
INSERT INTO orders_registration (profile_id, civility, first_name, last_name, email, phone, status,
       told_at)
SELECT profile.id, 'mme', person.first_name, person.last_name, person.email, '02 00 00 02 10',
       'private', now()
  FROM accounts_profile profile JOIN accounts_user person ON person.id = profile.user_id
 WHERE person.username LIKE 'charge.acheteur.%%'
    ON CONFLICT DO NOTHING
"""
LOCATED = """
UPDATE establishments_establishment SET address = '12 rue des Acacias', postal_code = '45000'
 WHERE id = ANY(%(places)s) AND address = ''
"""
ENTITIES = """
SELECT entity.id, array_agg(site.finess ORDER BY site.finess)
  FROM establishments_legalentity entity
  JOIN establishments_establishment site ON site.legal_entity_id = entity.id
 WHERE entity.finess LIKE '9L%%' AND site.finess LIKE '9S%%'
 GROUP BY entity.id, entity.finess ORDER BY entity.finess LIMIT %(most)s
"""


def execute(statement: str, **parameters: object) -> list:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def make(kind: str, places: list[int], column: str, domain: Domain, role: Role) -> list[str]:
    """One person for each place; their identifiers, in that order."""
    prefix = f"charge.{kind}."
    execute(PEOPLE, prefix=prefix, count=len(places), password=make_password(PASSWORD))
    execute(PROFILES.format(column=column), prefix=prefix, places=places, domain=domain, role=role)
    return [f"{prefix}{rank}" for rank in range(1, len(places) + 1)]


def typists() -> list[dict]:
    found = execute(ENTITIES, most=TYPISTS)
    names = make(
        "inventaire", [row[0] for row in found], "legal_entity_id", Domain.EPI_STOCK,
        Role.INVENTORY_OPERATOR,
    )  # fmt: skip
    return [{"login": name, "sites": row[1]} for name, row in zip(names, found, strict=True)]


def buyers() -> list[dict]:
    rows = Beneficiary.objects.filter(
        is_listed=True, establishment__finess__startswith="9S", platform=None
    ).select_related("establishment", "region")
    found = [one for one in rows.order_by("establishment__finess")[: 4 * BUYERS : 4]]
    places = [one.establishment_id for one in found]
    execute(LOCATED, places=places)
    names = make("acheteur", places, "establishment_id", Domain.DISTRILOG, Role.ORDER_OPERATOR)
    execute(REGISTERED)
    told = []
    for name, one in zip(names, found, strict=True):
        one.establishment.refresh_from_db(fields=["address", "postal_code"])
        address = finess_address(one)
        if address is not None:
            told.append({"login": name, "beneficiary": one.pk, "address": address.pk})
    return told


def followed() -> dict[int, str]:
    rows = Monitoring.objects.filter(monitored_list=OTHERS, ends_on=None)
    return dict(rows.values_list("product_id", "product__code"))


def stocks(puis: list[int]) -> dict[int, list]:
    """What each declared last of the products followed: code, stock, daily consumption."""
    codes = followed()
    found: dict[int, list] = {pk: [] for pk in puis}
    rows = LatestStock.objects.filter(pui__in=puis, product__in=codes, stock__isnull=False)
    for pui, product, stock, daily in rows.values_list("pui", "product", "stock", "daily"):
        found[pui].append([codes[product], float(stock), float(daily or 0)])
    return found


def pharmacies() -> tuple[list[dict], list[dict]]:
    """Those whose people come, and those whose software does."""
    rows = list(
        Pui.objects.filter(establishment__finess__startswith="9S", closed_on=None)
        .order_by("pk")
        .values_list("pk", "establishment_id")[: PHARMACISTS + MACHINES]
    )
    lines = stocks([pk for pk, _ in rows])
    people, machines = rows[:PHARMACISTS], rows[PHARMACISTS:]
    names = make(
        "pharmacie", [place for _, place in people], "establishment_id", Domain.DISPOSTOCK,
        Role.DECLARANT,
    )  # fmt: skip
    told = [
        {"login": name, "pui": pk, "lines": lines[pk]}
        for name, (pk, _) in zip(names, people, strict=True)
    ]
    return told, [
        {"token": token("pui.transmit", f"pui-{pk}", establishment_id=place), "pui": pk,
         "lines": lines[pk]}
        for pk, place in machines
    ]  # fmt: skip


def token(scope: str, name: str, **owner: object) -> str:
    value = f"jst_charge_{name}"
    ApiToken.objects.get_or_create(
        digest=digest_of(value),
        defaults={"label": f"charge {name}", "scopes": [scope], **owner},
    )
    return value


def readers() -> list[dict]:
    """Three in each agency, twelve in the national cell, each with a second factor."""
    agencies = list(
        AdministrativeBody.objects.filter(
            kind=Kind.ARS, region__in=Region.objects.filter(establishment__isnull=False)
        )
        .order_by("region")
        .distinct()
    )
    national = AdministrativeBody.objects.get(kind=Kind.NATIONAL)
    places = [("région", one) for one in agencies for _ in range(3)]
    given = {"région": (Domain.ADMINISTRATION, Role.ADMINISTRATOR)}
    names = make("agence", [one.pk for _, one in places], "body_id", *given["région"])
    cells = make("cellule", [national.pk] * 12, "body_id", Domain.EPI_STOCK, Role.NATIONAL_CELL)
    for name in cells:
        profile = Profile.objects.get(user__username=name)
        for domain in Domain:
            profile.habilitations.get_or_create(
                domain=domain, role=Role.NATIONAL_CELL, defaults={"state": "active"}
            )
    for user in User.objects.filter(username__in=[*names, *cells]):
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            TOTP.activate(user, SECRET)
    told = [{"login": name, "place": "région"} for name in names]
    for rank, name in enumerate(cells):  # among the first, however few people come
        told.insert(5 * rank + 1, {"login": name, "place": "pays"})
    return told


def warehouses() -> list[dict]:
    post = AdministrativeBody.objects.get(kind=Kind.LA_POSTE)
    return [{"token": token("logistics.files", "entrepot", body=post)}]


@transaction.atomic
def prepare() -> dict:
    """Add what is missing; twice is once."""
    told = {"typists": typists(), "buyers": buyers(), "readers": readers()}
    told["pharmacists"], told["machines"] = pharmacies()
    told["warehouses"] = warehouses() * 20
    execute(ADDRESSES)
    due_on = calendar_of(MonitoredList.objects.get(pk=OTHERS)).expected(timezone.now()).due_on
    return told | {
        "password": PASSWORD,
        "totp": SECRET,
        "week": current_week().isoformat(),
        "list": OTHERS,
        "list_path": f"/dispostock/{StockAddress().to_url(OTHERS)}/",
        "due_on": due_on.isoformat(),
        "scarce": scarce_product(),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(prepare(), ensure_ascii=False))
