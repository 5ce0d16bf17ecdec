"""Every form of the demonstration, forged: by those it is for, and by those of elsewhere.

Run by `make audit`; `tests/accounts/test_forged_forms.py` holds the accounts in `make test`.
"""

import re
from collections import Counter
from contextlib import suppress
from datetime import date
from functools import partial
from random import Random
from urllib.parse import quote, urlsplit
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from accounts.routes import every_route
from establishments.models import Establishment, LegalEntity, Region
from journal.models import Entry
from pui.models import ServedEstablishment
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


class Planted:
    """A client whose request does what none may."""

    def __init__(self, status, act):
        self.status, self.act = status, act

    def post(self, url, fields):
        self.act()
        return HttpResponse(status=self.status)


def nothing(row):
    """Answer without a word written."""


def change(row):
    type(row).objects.filter(pk=row.pk).update(starts_on=date(2020, 1, 1))


def remove(row):
    type(row).objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    ("status", "act", "seen"),
    [
        (200, nothing, None),
        (500, nothing, "failure"),
        (403, change, "refused, yet wrote"),
        (200, change, "pui_servedestablishment "),
        (200, remove, "pui_servedestablishment "),
    ],
)
def test_what_a_request_would_do_elsewhere_is_seen(country, elsewhere, status, act, seen):
    region = elsewhere[0]
    row = ServedEstablishment.objects.exclude(establishment__region=region)[0]
    client = Planted(status, partial(act, row))
    told = [what for _, what in tried(client, posts(country)[0], {}, region)]
    assert any(what.startswith(seen) for what in told) if seen else told == []
    assert ServedEstablishment.objects.filter(pk=row.pk).exists(), "undone"


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
    """Send it; tell a failure, a refusal that wrote, what changed or went in another region."""
    with transaction.atomic():
        since, before, counts = next_transaction(), written(), counts_by_table()
        answer = ended(client.post(form.url, fields))
        wrote, after = written() - before, counts_by_table()
        fresh = list(strange(rows_since(since, grown(counts, after, "written")), region))
        left = {model: set(pks_of(model)) for model in models_of(grown(counts, after, "removed"))}
        transaction.set_rollback(True)
    gone = (row for model, pks in left.items() for row in rows_but(model, pks))
    if answer.status_code >= 500:
        yield answer, "failure"
    elif wrote and answer.status_code in (403, 404):
        yield answer, f"refused, yet wrote {wrote}"
    elif wrote:
        yield from ((answer, what) for what in [*fresh, *strange(gone, region)])


def next_transaction():
    """Rows written from now on carry at least this number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]


def counts_by_table():
    """What this transaction wrote in each table, and what it removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd AS written, n_tup_del AS removed"
            " FROM pg_stat_xact_user_tables"
        )
        return {name: {"written": more, "removed": less} for name, more, less in cursor.fetchall()}


def grown(before, after, what):
    return {name for name, now in after.items() if now[what] > before.get(name, {}).get(what, 0)}


def models_of(tables):
    """Those of places, of these tables."""
    for model in apps.get_models():
        table = model._meta.db_table
        if table in tables and not table.startswith(OF_EVERYBODY) and model is not Entry:
            yield model


def rows_since(since, tables):
    for model in models_of(tables):
        number = f"{model._meta.db_table}.xmin::text::bigint"
        fresh = RawSQL(number, (), BigIntegerField())  # noqa: S611 - our own names
        yield from model._base_manager.alias(fresh=fresh).filter(fresh__gte=since)[:5]


def pks_of(model):
    return model._base_manager.values_list("pk", flat=True)


def rows_but(model, left):
    gone = {*pks_of(model)} - left
    return model._base_manager.filter(pk__in=[*gone][:5])


def strange(rows, region):
    """Those that are of places, none of them in the region."""
    for row in rows:
        regions = regions_of(row)
        if regions and region.pk not in regions:
            yield f"{row._meta.db_table} {row.pk} in {sorted(map(str, regions))}"


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
        with suppress(model.DoesNotExist):  # the history of what is removed names it still
            if model in PLACES:
                found.add(PLACES[model](getattr(row, field.name)))
            elif depth and not found and model._meta.app_label not in ("accounts", "auth"):
                found |= regions_of(getattr(row, field.name), depth - 1)
    return found
