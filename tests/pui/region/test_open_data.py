"""« Données ouvertes »: each due day once, when it is closed; files that are ready for anybody."""

import gzip
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client

from journal.models import Entry
from medications.models import Priority, Product
from pui.models import OpenStock, Publication, Transmission
from pui.open_data import files
from pui.open_data.files import path_of, read_manifest, schema
from pui.services import open_data
from pui.services.open_data import publish_open_data
from tests.builders import make_department, make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_followed, make_product, make_pui, make_reference
from tests.pui.region.conftest import NOW
from tests.pui.table_schema import read_table

pytestmark = pytest.mark.django_db
HUB = "/donnees/"
PAGE = f"{HUB}stocks-pui/"
FILE = f"{HUB}stocks-pui.csv"
CLOSED = date(2020, 11, 13)  # the one after, Friday 20, is open until Friday 27


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def nation(world):
    """Three regions declared the closed due day: two of them of six entities, one of two."""
    bretagne = make_department("35", "Ille-et-Vilaine", make_region("53", "Bretagne"))
    counts = {"45": 6, "69": 7, "35": 2}
    for department in (make_department(), world.lyon.establishment.department, bretagne):
        for rank in range(counts[department.code]):
            site = make_establishment(department=department)
            pui = make_pui(f"PUI {department.code} {rank}", on=site)
            world.declare(pui, {world.cis: (10 + rank, 2)}, back=2)
    return world


def rows(client=None, address=FILE):
    found, faults = read_table(body(client or Client(), address), schema())
    assert faults == []
    return {(row["liste"], row["ucd_reference"], row["region"]): row for row in found}


def body(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.getvalue()


def test_a_closed_due_day_is_summed_by_region_and_the_file_validates(nation):
    assert publish_open_data(NOW) == 1
    found = rows()
    line = found["autres", "CISATRACURIUM 10 mg", "84"]
    assert line["echeance"] == CLOSED
    assert (line["secret"], line["pui_declarantes"]) == (False, 7)
    assert (line["stock"], line["conso_jour"]) == (91, 14)
    assert line["couverture_jours"] == Decimal("6.5")
    country = found["autres", "CISATRACURIUM 10 mg", "FR"]
    assert (country["echelle"], country["region_nom"]) == ("pays", "France entière")
    assert country["pui_declarantes"] == 15
    assert line["publie_le"] == NOW.date()


def test_a_small_region_is_masked_with_another_that_would_tell_it(nation):
    publish_open_data(NOW)
    masked = {key[2]: row for key, row in rows().items() if row["secret"]}
    assert set(masked) == {"53", "24"}
    for row in masked.values():
        figures = ("pui_declarantes", "stock", "conso_jour", "couverture_jours")
        assert [row[name] for name in figures] == [None] * 4
    assert Entry.objects.get(verb="pui.open_data_published").details["masked"] == 2


def test_what_is_still_open_is_not_told(nation):
    world = nation
    for number in range(6):
        site = make_establishment()
        world.declare(make_pui(f"PUI {number}", on=site), {world.cis: (5, 1)}, back=1)
    publish_open_data(NOW)
    assert set(Publication.objects.values_list("due_on", flat=True)) == {CLOSED}
    publish_open_data(NOW + timedelta(days=4))
    assert Publication.objects.filter(due_on=date(2020, 11, 20)).exists()


def test_a_correction_made_after_changes_nothing_that_is_published(nation):
    publish_open_data(NOW)
    before = body(Client(), FILE)
    Transmission.objects.filter(due_on=CLOSED).update(
        state=Transmission.State.ABANDONED, confirmed_at=None
    )
    assert publish_open_data(NOW + timedelta(days=1)) == 0
    assert body(Client(), FILE) == before


def test_who_did_not_tell_both_stock_and_consumption_does_not_count(nation):
    world = nation
    for number in range(5):
        pui = make_pui(f"PUI sans CMJ {number}", on=make_establishment())
        world.declare(pui, {world.cis: (1000, None)}, back=2)
    publish_open_data(NOW)
    assert rows()["autres", "CISATRACURIUM 10 mg", "FR"]["pui_declarantes"] == 15


def test_what_mapui_told_does_not_count_beside_the_ucds(nation):
    """Of one pharmacy the same due day: its UCDs, not the whole that they are."""
    world = nation
    virtual = make_product(
        "CISATRACURIUM, virtuel",
        reference=world.cis.reference,
        kind=Product.Kind.VIRTUAL,
        code="MV-1",
    )
    for number in range(6):
        pui = make_pui(f"PUI maPUI {number}", on=make_establishment())
        lines = {world.cis: (1, 1), virtual: (500, 50)} if number else {virtual: (500, 50)}
        world.declare(pui, lines, back=2)
    publish_open_data(NOW)
    country = rows()["autres", "CISATRACURIUM 10 mg", "FR"]
    assert country["pui_declarantes"] == 21
    assert country["stock"] == 75 + 91 + 21 + 5 + 500


def test_the_ucds_of_one_reference_are_one_line(nation):
    world = nation
    other = make_product(
        "CISATRACURIUM 10 mg, flacon",
        reference=make_reference("CISATRACURIUM", "10 mg"),
        unit="flacon",
    )
    make_followed(other, priority=Priority.NORMAL)
    pui = make_pui("PUI de deux", on=make_establishment())
    world.declare(pui, {world.cis: (1, 1), other: (2, 1)}, back=2)
    publish_open_data(NOW)
    country = rows()["autres", "CISATRACURIUM 10 mg", "FR"]
    assert (country["pui_declarantes"], country["stock"]) == (16, 75 + 91 + 21 + 3)
    assert country["unite"] == "unité"


def test_each_year_has_its_file_and_the_last_due_day_its_own(nation):
    publish_open_data(NOW)
    names = [one["name"] for one in read_manifest()["files"]]
    assert names == ["stocks-pui", "stocks-pui-2020"]
    assert rows(address=f"{HUB}stocks-pui-2020.csv") == rows()
    assert Client().get(f"{HUB}stocks-pui-2019.csv").status_code == 404


def test_a_worker_killed_before_the_files_writes_them_on_its_return(nation, monkeypatch):
    def killed(now):
        raise SystemExit

    monkeypatch.setattr(open_data, "write_files", killed)
    with pytest.raises(SystemExit):
        publish_open_data(NOW)
    assert Client().get(FILE).status_code == 404
    monkeypatch.undo()
    assert publish_open_data(NOW) == 0
    assert rows()


def test_a_worker_killed_while_writing_a_file_leaves_the_former(nation, monkeypatch):
    publish_open_data(NOW)
    before = body(Client(), FILE)

    def killed(publications):
        yield "half a line"
        raise SystemExit

    monkeypatch.setattr(files, "lines_of", killed)
    with pytest.raises(SystemExit):
        files.write_files(NOW)
    assert body(Client(), FILE) == before


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_publish_once(nation):
    made = []

    def other_worker():
        made.append(publish_open_data(NOW))
        connection.close()

    with transaction.atomic():
        assert publish_open_data(NOW) == 1
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join()
    assert made == [0]
    assert Publication.objects.count() == 1


def test_a_visitor_costs_no_query(nation, django_assert_num_queries):
    publish_open_data(NOW)
    client = Client()
    for address in (PAGE, FILE, f"{HUB}schema.json"):
        with django_assert_num_queries(0):
            response = client.get(address)
            assert response.status_code == 200
            if response.streaming:
                response.getvalue()


def test_the_file_goes_as_it_is_to_who_reads_compressed_answers(nation):
    publish_open_data(NOW)
    packed = Client().get(FILE, headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    data = packed.getvalue()
    assert data == path_of("stocks-pui").read_bytes()
    assert gzip.decompress(data) == body(Client(), FILE)
    assert "Accept-Encoding" in packed["Vary"]
    assert packed["Access-Control-Allow-Origin"] == "*"
    assert "public" in packed["Cache-Control"]


def test_who_has_it_already_is_told_so(nation):
    publish_open_data(NOW)
    first = Client().get(FILE)
    first.getvalue()
    again = Client().get(FILE, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_the_page_says_what_is_masked_and_under_which_licence(nation):
    publish_open_data(NOW)
    page = Client().get(PAGE)
    assert_sound_html(page)
    text = page.text
    assert "Licence Ouverte 2.0" in text
    assert "moins de 5 entités juridiques" in text
    assert "CISATRACURIUM 10 mg" in text
    assert "stocks-pui-2020" in text


def test_nothing_published_yet_is_said(db):
    assert "Rien n’est encore publié" in Client().get(PAGE).text
    assert Client().get(FILE).status_code == 404


def test_one_who_is_logged_in_reads_the_same(nation):
    publish_open_data(NOW)
    client = Client()
    client.force_login(make_person("GF"))
    assert body(client, FILE) == body(Client(), FILE)


def test_a_masked_line_is_masked_whole_in_the_database(nation):
    publish_open_data(NOW)
    assert OpenStock.objects.filter(puis=None).count() == 2
    assert not OpenStock.objects.filter(puis=None).exclude(stock=None, daily=None).exists()
