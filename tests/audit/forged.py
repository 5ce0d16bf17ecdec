"""Every form of the demonstration, forged: by those it is for, and by those of elsewhere.

Run by `make audit`; `tests/accounts/test_forged_forms.py` holds the accounts in `make test`.
"""

import re
from collections import Counter
from random import Random
from urllib.parse import quote, urlsplit
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL
from django.test import Client
from django.urls import resolve, reverse

from accounts.routes import every_route
from establishments.models import Establishment, LegalEntity, Region
from journal.models import Entry
from tests.accounts.route_examples import NOBODY
from tests.accounts.writes import written
from tests.audit.crawl import PAGE, client_of, ended, mangled, with_junk
from tests.builders import make_establishment, make_person

PUBLIC = {one.name for one in every_route() if one.access and one.access.is_public}
# what is of everybody wherever they are: they ask, they answer, they say what they prefer
OF_EVERYBODY = (
    "accounts_",
    "account_",
    "support_",
    "steering_",
    "usersessions_",
    "django_",
    "auth_",
)
ATTACKERS = ("APE", "OIE", "OCE", "GF", "ARA")
ELSEWHERE = "94"  # Corse: nobody of those whose forms are forged is there


def none_of(faults):
    """Told at once: what follows takes minutes."""
    print("\n".join(sorted(faults)), flush=True)
    return not faults


def posts(forms):
    return [form for form in forms if form.method == "post"]


def told(form, answer):
    return f"{form.person} POST {form.url} ({form.name}): {answer.status_code}"


def test_there_is_something_to_forge(country):
    names = {form.name for form in posts(country)}
    print(f"\n{len(country)} formulaires, {len(posts(country))} écrivent, {len(names)} adresses")
    assert len(names) > 120


def test_no_value_gives_a_failure_to_those_whom_the_form_is_for(country):
    chance, faults, sent = Random("within"), set(), 0
    for form in posts(country):
        client = client_of(form.person)
        for fields in [form.fields, *(mangled(form.fields, chance) for _ in range(4))]:
            with transaction.atomic():
                answer = ended(client.post(form.url, fields))
                transaction.set_rollback(True)
            sent += 1
            if answer.status_code >= 500:
                faults.add(f"{told(form, answer)} {culprit(form, fields)}")
    print(f"\n{sent} envois")
    assert none_of(faults)


def culprit(form, fields):
    """What was not as the form had it."""
    return {
        name: str(value)[:40] for name, value in fields.items() if form.fields.get(name) != value
    }


def test_no_parameter_gives_a_failure(country):
    chance, faults = Random("read"), set()
    for form in country:
        client = client_of(form.person)
        names = form.fields if form.method == "get" else {}
        path, data = with_junk(form.url, chance)
        for _ in range(3):
            data |= {name: chance.choice([*map(str, data.values()), "\x00", "²"]) for name in names}
            with transaction.atomic():
                answer = ended(client.get(path, data))
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                faults.add(f"{form.person} GET {path} ({form.name}) {data}: {answer.status_code}")
    assert none_of(faults)


def test_without_its_token_no_form_is_taken(country):
    faults, seen = [], set()
    for form in posts(country):
        if form.name in seen:
            continue
        seen.add(form.name)
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(client_of(form.person).user)
        fields = {name: one for name, one in form.fields.items() if name != "csrfmiddlewaretoken"}
        with transaction.atomic():
            before = written()
            answer = ended(client.post(form.url, fields))
            wrote = written() - before
            transaction.set_rollback(True)
        if answer.status_code != 403 or wrote:
            faults.append(f"{told(form, answer)}, {wrote} rows")
    assert none_of(faults)


def test_a_visitor_writes_nothing(country):
    faults = []
    for form in {form.url: form for form in posts(country)}.values():
        with transaction.atomic():
            before = written()
            client = Client(raise_request_exception=False)
            answer = ended(client.post(form.url, form.fields))
            wrote = written() - before
            transaction.set_rollback(True)
        public = form.name in PUBLIC
        if answer.status_code >= 500 or (wrote and not public):
            faults.append(f"{told(form, answer)}, {wrote} rows")
    assert none_of(faults)


@pytest.fixture
def elsewhere(country):
    region = Region.objects.get(code=ELSEWHERE)
    site = Establishment.objects.filter(region=region).first()
    return region, site or make_establishment(department=region.departments.first())


@pytest.mark.parametrize("code", ["USR", *ATTACKERS])
def test_the_forms_of_others_change_nothing_of_theirs(country, elsewhere, code):
    region, site = elsewhere
    person = make_person(code, on=None if code == "USR" else region if code == "ARA" else site)
    chance, faults, sent = Random(code), [], 0
    client = Client(raise_request_exception=False)
    client.force_login(person)
    cookies = client.cookies
    for form in {form.url: form for form in posts(country)}.values():
        client = Client(raise_request_exception=False)
        client.cookies.load(cookies)
        for fields in (form.fields, mangled(form.fields, chance)):
            sent += 1
            faults += [
                f"{told(form, answer)}: {what}"
                for answer, what in tried(client, form, fields, region)
            ]
    print(f"\n{code}: {sent} envois")
    assert none_of(faults)


def of_nobody(url):
    """The same address with the numbers of nothing; none when it holds no number."""
    match = resolve(urlsplit(url).path)
    if not any(isinstance(one, int | UUID) for one in match.kwargs.values()):
        return None
    numbers = {int: 2_147_483_646, UUID: UUID(NOBODY)}
    names = {name: numbers.get(type(one), one) for name, one in match.kwargs.items()}
    return reverse(match.view_name, kwargs=names)


def masked(response, url):
    text = response.text.replace(response["X-Request-Id"], "…")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return text.replace(url, "…").replace(quote(url, safe=""), "…").replace(quote(url), "…")


@pytest.mark.parametrize("code", ["OIE", "GF", "OCE", "ARA"])
def test_what_is_of_others_is_told_like_what_never_existed(country, elsewhere, code):
    region, site = elsewhere
    client = Client(raise_request_exception=False)
    client.force_login(make_person(code, on=region if code == "ARA" else site))
    statuses, faults = Counter(), []
    pages = {urlsplit(form.url).path: form for form in country if form.method == PAGE}
    for url, form in pages.items():
        nobody = of_nobody(url)
        if not nobody:
            continue
        with transaction.atomic():
            answers = ended(client.get(url)), ended(client.get(nobody))
            transaction.set_rollback(True)
        statuses[answers[0].status_code] += 1
        if answers[0].status_code == 404 and masked(answers[0], url) != masked(answers[1], nobody):
            faults.append(f"{url} ({form.name}): another 404")
        if answers[0].status_code >= 500 or answers[1].status_code >= 500:
            faults.append(f"{url} ({form.name}): failure")
    print(f"\n{code}: {dict(statuses)}")
    assert none_of(faults)
    assert statuses[404] > 20


def tried(client, form, fields, region):
    """Send it; tell a failure, a refusal that wrote, and what changed in another region."""
    with transaction.atomic():
        since, before, counts = next_transaction(), written(), counts_by_table()
        answer = ended(client.post(form.url, fields))
        wrote = written() - before
        if answer.status_code >= 500:
            yield answer, "failure"
        elif wrote and answer.status_code in (403, 404):
            yield answer, f"refused, yet wrote {wrote}"
        elif wrote:
            changed = {
                table for table, count in counts_by_table().items() if count != counts.get(table, 0)
            }
            yield from ((answer, what) for what in strange(changed, since, region))
        transaction.set_rollback(True)


def next_transaction():
    """Rows written from now on carry at least this number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]


def counts_by_table():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


def strange(tables, since, region):
    """The rows just written that are of places, none of them in the region."""
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in tables or table.startswith(OF_EVERYBODY) or model is Entry:
            continue
        fresh = RawSQL(f"{table}.xmin::text::bigint", (), BigIntegerField())  # noqa: S611 - our own names
        written_rows = model._base_manager.alias(fresh=fresh).filter(fresh__gte=since)
        for row in written_rows[:5]:
            regions = regions_of(row)
            if regions and region.pk not in regions:
                yield f"{table} {row.pk} in {sorted(map(str, regions))}"


PLACES = {
    Region: lambda one: one.pk,
    Establishment: lambda one: one.region_id,
    LegalEntity: lambda one: one.region_id,
}


def regions_of(row, depth=2):
    """The regions of the places that the row names, or that what it belongs to names."""
    found = set()
    for field in row._meta.concrete_fields:
        model = field.related_model
        if not model or getattr(row, field.attname) is None:
            continue
        if model in PLACES:
            found.add(PLACES[model](getattr(row, field.name)))
        elif depth and not found and model._meta.app_label not in ("accounts", "auth"):
            found |= regions_of(getattr(row, field.name), depth - 1)
    return found
