"""The snapshot of each morning: whole, once, of one's own territory, as its dictionary says."""

import json
import re
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings as project
from django.db import connection, transaction
from django.test import Client

from accounts.models import ApiToken
from accounts.services.tokens import digest_of
from journal.models import Entry
from pui.feeds import files
from pui.feeds.columns import SNAPSHOT
from pui.feeds.lines import followed_products, open_pharmacies
from pui.feeds.snapshots import folder_of, root, schema, text_of
from pui.models import Pui, SnapshotPart
from pui.open_data.columns import OPEN_STOCKS
from pui.services import snapshots
from pui.services.snapshots import forget_old_snapshots, make_snapshot, snapshot_is_due
from pui.views import snapshots as views
from tests.builders import make_body, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.pui.region.conftest import NOW
from tests.pui.table_schema import read_table

pytestmark = pytest.mark.django_db
PAGE = "/dispostock/region/releves/"
FILE = f"{PAGE}2020-11-24.csv"
API = "/api/v1/releves"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def declared(world):
    world.declare(world.orleans, {world.cis: (Decimal("84.5"), 4), world.mida: (None, 2)})
    world.declare(world.bourges, {world.cis: (0, 0)}, back=3)
    world.declare(world.lyon, {world.cis: (900, 10)})
    return world


def rows_of(response):
    data = response.getvalue() if response.streaming else response.content
    rows, faults = read_table(data, schema())
    assert faults == []
    return rows


def token_of(body, scopes=("pui.snapshots",)):
    value = f"jst_{body.pk}"
    ApiToken.objects.create(
        label="tableaux", digest=digest_of(value), scopes=list(scopes), body=body
    )
    return {"Authorization": f"Bearer {value}"}


def test_a_line_tells_the_pharmacy_the_product_and_its_last_stock(declared, national):
    assert make_snapshot(NOW) == 4
    rows = rows_of(national.get(FILE))
    line = next(row for row in rows if row["finess_et"] == declared.orleans.establishment.finess)
    assert line["finess_ej"] == declared.orleans.establishment.legal_entity.finess
    assert (line["region"], line["departement"]) == ("24", "45")
    assert (line["code"], line["dci"]) == (declared.cis.code, "CISATRACURIUM")
    assert line["ucd13"] == declared.cis.ucd13
    assert line["priorite"] == 1
    assert (line["stock"], line["conso_jour"]) == (Decimal("84.5"), 4)
    assert (line["couverture_jours"], line["classe"]) == (Decimal("21.1"), "suffisante")
    assert (line["echeance"], line["a_jour"]) == (date(2020, 11, 20), True)
    assert line["transmis_le"] == NOW
    assert line["date_releve"] == date(2020, 11, 24)


def test_blank_is_not_zero_and_old_is_not_fresh(declared, national):
    make_snapshot(NOW)
    rows = {(row["pui"], row["code"]): row for row in rows_of(national.get(FILE))}
    blank = rows["PUI de Orléans", declared.mida.code]
    assert (blank["stock"], blank["conso_jour"], blank["classe"]) == (None, 2, "inconnue")
    old = rows["PUI de Bourges", declared.cis.code]
    assert (old["stock"], old["a_jour"], old["classe"]) == (0, False, "sans_consommation")


def test_an_ars_reads_its_region_and_the_country_reads_all(declared, ars, national):
    make_snapshot(NOW)
    assert {row["region"] for row in rows_of(ars.get(FILE))} == {"24"}
    assert {row["region"] for row in rows_of(national.get(FILE))} == {"24", "84"}
    entry = Entry.objects.filter(verb="pui.snapshot_downloaded").order_by("pk").first()
    assert entry.details == {"rows": 3, "day": "2020-11-24"}


def test_what_no_ars_follows_is_read_by_the_country_alone(declared, ars, national):
    site = make_establishment(name="Hôpital de Sia")
    site.region = site.department = None
    site.save()
    declared.declare(make_pui("PUI de Sia", on=site), {declared.cis: (5, 1)})
    make_snapshot(NOW)
    assert "PUI de Sia" in {row["pui"] for row in rows_of(national.get(FILE))}
    assert "PUI de Sia" not in {row["pui"] for row in rows_of(ars.get(FILE))}


def test_a_closed_pharmacy_and_a_product_no_longer_followed_are_not_there(declared, national):
    Pui.objects.filter(pk=declared.bourges.pk).update(closed_on="2020-11-22")
    declared.mida.monitorings.update(ends_on="2020-11-22")
    make_snapshot(NOW)
    found = {(row["pui"], row["code"]) for row in rows_of(national.get(FILE))}
    assert found == {
        ("PUI de Orléans", declared.cis.code),
        ("PUI de Lyon", declared.cis.code),
    }


def test_a_region_without_a_line_has_a_file_of_its_own_all_the_same(world, ars):
    make_snapshot(NOW)
    assert rows_of(ars.get(FILE)) == []


def test_text_that_begins_like_a_formula_stays_text(world, national):
    Pui.objects.filter(pk=world.orleans.pk).update(label="=1+1")
    world.declare(world.orleans, {world.cis: (5, 1)})
    make_snapshot(NOW)
    assert [row["pui"] for row in rows_of(national.get(FILE))] == ["'=1+1"]


def test_it_is_made_once_a_day(declared):
    assert make_snapshot(NOW) == 4
    declared.declare(declared.bourges, {declared.mida: (1, 1)})
    assert make_snapshot(NOW + timedelta(hours=3)) is None
    assert Entry.objects.filter(verb="pui.snapshot_made").count() == 1


def test_it_is_due_from_five_in_the_morning_until_it_is_made(world):
    assert not snapshot_is_due(NOW.replace(hour=4, minute=59))
    assert snapshot_is_due(NOW.replace(hour=5))
    assert snapshot_is_due(NOW.replace(hour=21)), "the worker was away"
    make_snapshot(NOW)
    assert not snapshot_is_due(NOW)
    assert snapshot_is_due(NOW + timedelta(days=1))


def test_a_worker_killed_in_the_middle_leaves_nothing_that_is_read(declared, ars, monkeypatch):
    def killed(path, lines):
        if path.name.startswith("24"):
            raise SystemExit
        return files.write_lines(path, lines)

    monkeypatch.setattr(snapshots, "write_lines", killed)
    with pytest.raises(SystemExit):
        make_snapshot(NOW)
    assert not folder_of(NOW.date()).exists()
    assert ars.get(FILE).status_code == 404
    monkeypatch.undo()


def test_what_a_killed_worker_left_is_written_again(declared, national, settings, tmp_path):
    left = root() / ".2020-11-24-abc"
    left.mkdir(parents=True)
    half = folder_of(NOW.date())
    half.mkdir()
    (half / "24.csv.gz").write_bytes(b"half")
    assert make_snapshot(NOW) == 4
    assert not left.exists()
    assert len(rows_of(national.get(FILE))) == 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one(declared, settings):
    made = []

    def other_worker():
        made.append(make_snapshot(NOW))
        connection.close()

    with transaction.atomic():
        assert make_snapshot(NOW) == 4
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join()
    assert made == [None]
    assert SnapshotPart.objects.filter(region_code="24").count() == 1


def test_those_older_than_the_setting_go(declared, settings, django_capture_on_commit_callbacks):
    settings.SNAPSHOT_DAYS = 10
    make_snapshot(NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old_snapshots(NOW + timedelta(days=10)) == 0
        assert forget_old_snapshots(NOW + timedelta(days=11)) == 1
    assert not folder_of(NOW.date()).exists()
    assert not SnapshotPart.objects.exists()


def test_the_lines_cost_one_statement_a_region_whatever_their_number(
    declared, django_assert_num_queries
):
    day = NOW.date()
    products = followed_products(NOW)
    puis = {one.pk: "x" for one in open_pharmacies(day)}
    with django_assert_num_queries(1):
        assert len(list(snapshots.lines_of(puis, products, day))) == 4


def test_a_machine_of_the_ars_lists_and_reads_the_days_of_its_region(declared):
    make_snapshot(NOW)
    headers = token_of(make_body("ars", region=declared.orleans.establishment.region))
    (told,) = Client().get(API, headers=headers).json()
    assert (told["jour"], told["lignes"]) == ("2020-11-24", 3)
    by_day = Client().get(told["adresse"], headers=headers)
    latest = Client().get(f"{API}/dernier", headers=headers)
    assert {row["region"] for row in rows_of(by_day)} == {"24"}
    assert len(rows_of(latest)) == 3
    assert latest["Content-Disposition"].endswith('"releve-stocks-pui-2020-11-24-24.csv"')
    assert Entry.objects.filter(verb="pui.snapshot_read").count() == 2
    assert Client().get(f"{API}/schema.json", headers=headers).json() == schema()


def test_a_machine_of_the_country_reads_all_and_one_of_a_hospital_nothing(declared):
    make_snapshot(NOW)
    country = token_of(make_body("national"))
    assert len(rows_of(Client().get(f"{API}/dernier", headers=country))) == 4
    value = "jst_hospital"
    ApiToken.objects.create(
        label="logiciel",
        digest=digest_of(value),
        scopes=["pui.snapshots"],
        establishment=declared.orleans.establishment,
    )
    headers = {"Authorization": f"Bearer {value}"}
    assert Client().get(API, headers=headers).json() == []
    assert Client().get(f"{API}/2020-11-24", headers=headers).status_code == 404


def test_a_token_for_another_use_is_refused(declared):
    make_snapshot(NOW)
    headers = token_of(
        make_body("ars", region=declared.orleans.establishment.region), ["pui.stocks"]
    )
    for address in (API, f"{API}/dernier"):
        assert Client().get(address, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "day", ["2020-11-23", "2020-13-01", "hier", "2020-11-24T00:00", "20201124"]
)
def test_a_day_without_snapshot_does_not_exist(declared, day):
    make_snapshot(NOW)
    headers = token_of(make_body("national"))
    assert Client().get(f"{API}/{day}", headers=headers).status_code == 404


def test_a_file_that_was_lost_is_not_found(declared, ars):
    make_snapshot(NOW)
    (folder_of(NOW.date()) / "24.csv.gz").unlink()
    assert ars.get(FILE).status_code == 404


def test_what_is_sent_is_closed_even_when_the_headers_alone_are_read(declared, ars, monkeypatch):
    opened = []
    monkeypatch.setattr(views, "text_of", lambda parts: opened.append(text_of(parts)) or opened[0])
    make_snapshot(NOW)
    response = ars.head(FILE)
    assert response.status_code == 200
    response.close()
    assert all(file.closed for file in opened[0].files)


def test_the_schema_stands_beside_the_files_and_on_its_page(declared, ars):
    make_snapshot(NOW)
    kept = json.loads((folder_of(NOW.date()) / "schema.json").read_text())
    assert kept == schema() == ars.get(f"{PAGE}schema.json").json()
    assert {one["type"] for one in kept["fields"]} <= {
        "string", "integer", "number", "date", "datetime", "boolean",
    }  # fmt: skip


def test_the_guide_has_the_dictionary_of_each_file():
    guide = (project.BASE_DIR / "docs/flux.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z0-9_]+)` \| ([^|]+) \| (oui|non) \| ([^|]+) \|$", guide, re.M)
    assert told == [
        (one.name, one.type_name, "oui" if one.is_required else "non", one.description)
        for dictionary in (SNAPSHOT, OPEN_STOCKS)
        for one in dictionary.fields
    ]


def test_the_page_takes_as_many_queries_for_one_day_as_for_ten(client, count_queries, declared):
    client.force_login(make_person("ARA"))
    make_snapshot(NOW)
    page = client.get(PAGE)
    assert "24/11/2020" in page.text
    assert_sound_html(page)
    with_one = count_queries(PAGE)
    for back in range(1, 10):
        make_snapshot(NOW - timedelta(days=back))
    assert count_queries(PAGE) == with_one
