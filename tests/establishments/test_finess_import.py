"""An import compares, tells, then writes all or nothing; twice the same file changes nothing."""

import gzip
import os
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from common.locks import Lock
from establishments.finess.importing import (
    TooManyClosuresError,
    import_files,
)
from establishments.finess.records import FinessFileError
from establishments.models import Establishment, LegalEntity, Position
from journal.models import Entry
from tests.builders import make_establishment
from tests.establishments.files import (
    entity_line,
    modern_entity,
    modern_site,
    number,
    site_line,
    write,
    write_json,
)

ENTITY, FIRST, SECOND = number(10), number(11), number(12)
SiteEvent = Establishment.pgh_event_models["insert"]
EntityEvent = LegalEntity.pgh_event_models["insert"]


@pytest.fixture
def two_sites(tmp_path):
    return write(
        tmp_path / "et.csv", site_line(FIRST, ENTITY, rs="HOTEL DIEU"), site_line(SECOND, ENTITY)
    )


def counts(report):
    return {verdict: count for verdict, count in report.site_totals.items() if count}


def test_a_dry_run_says_what_would_change_and_writes_nothing(bring_in, two_sites):
    report = bring_in(two_sites, apply=False)
    assert counts(report) == {"created": 2}
    assert report.sites["24"]["created"] == 2
    assert report.entity_totals["created"] == 1
    assert not Establishment.objects.exists()
    assert not Entry.objects.exists()


def test_an_import_creates_the_sites_and_their_entity_from_its_first_site(bring_in, two_sites):
    bring_in(two_sites)
    entity = LegalEntity.objects.get()
    assert (entity.finess, entity.name, entity.region_id) == (ENTITY, "HOTEL DIEU", "24")
    site = Establishment.objects.get(finess=FIRST)
    assert (site.legal_entity, site.category_id, site.region_id) == (entity, "355", "24")
    assert (site.town, site.is_main, site.is_fictitious) == ("ORLEANS", False, False)
    entry = Entry.objects.get()
    assert (entry.verb, entry.details["sites"]["created"]) == ("finess.imported", 2)


def test_the_coordinates_place_the_sites_and_a_file_without_them_keeps_them(
    bring_in, two_sites, tmp_path
):
    lines = [site_line(FIRST, ENTITY, rs="HOTEL DIEU"), site_line(SECOND, ENTITY)]

    def placed(x):
        line = f"geolocalisation;{FIRST};{x};6862271;1,IGN,LAMBERT_93;2020-12-01"
        return write(tmp_path / "geo.csv", *lines, line)

    bring_in(placed(648237), apply=False)
    assert not Position.objects.exists()
    bring_in(placed(648237))
    bring_in(two_sites)
    position = Position.objects.select_related("establishment").get()
    assert (position.establishment.finess, str(position)) == (FIRST, "48.85839, 2.29450")
    bring_in(placed(658237))
    assert Position.objects.get().longitude > position.longitude


def test_the_file_of_entities_completes_them_later(bring_in, two_sites, tmp_path):
    bring_in(two_sites)
    bring_in(write(tmp_path / "ej.csv", entity_line(ENTITY, rs="CHR ORLEANS", rslongue="CHR")))
    entity = LegalEntity.objects.get()
    assert (entity.name, entity.siren, entity.legal_status_id) == ("CHR ORLEANS", "264500012", "13")
    bring_in(two_sites)
    entity.refresh_from_db()
    assert entity.name == "CHR ORLEANS"


def test_the_same_file_twice_changes_nothing_and_writes_no_history(bring_in, two_sites, tmp_path):
    entities = write(tmp_path / "ej.csv", entity_line(ENTITY))
    bring_in(two_sites, entities)
    history = SiteEvent.objects.count(), EntityEvent.objects.count()
    assert history == (2, 1)
    report = bring_in(two_sites, entities)
    assert report.changes_nothing
    assert counts(report) == {"unchanged": 2}
    assert (SiteEvent.objects.count(), EntityEvent.objects.count()) == history


def test_only_what_changed_is_written(bring_in, two_sites, tmp_path):
    bring_in(two_sites)
    moved = write(
        tmp_path / "new.csv",
        site_line(FIRST, ENTITY, rs="HOTEL DIEU"),
        site_line(SECOND, ENTITY, ligneacheminement="45100 ORLEANS"),
    )
    assert counts(bring_in(moved)) == {"changed": 1, "unchanged": 1}
    assert Establishment.objects.get(finess=SECOND).postal_code == "45100"
    changes = SiteEvent.objects.filter(pgh_label="update").values_list("finess", flat=True)
    assert list(changes) == [SECOND]


def test_a_site_that_the_file_no_longer_names_is_closed_kept_then_reopened(
    bring_in, two_sites, tmp_path
):
    bring_in(two_sites)
    shorter = write(tmp_path / "short.csv", site_line(FIRST, ENTITY, rs="HOTEL DIEU"))
    assert counts(bring_in(shorter)) == {"closed": 1, "unchanged": 1}
    assert Establishment.objects.get(finess=SECOND).closed_on == date(2021, 1, 8)
    assert counts(bring_in(shorter)) == {"unchanged": 1}
    assert counts(bring_in(two_sites)) == {"reopened": 1, "unchanged": 1}
    assert Establishment.objects.get(finess=SECOND).is_open


def test_a_file_that_closes_too_much_is_refused_unless_allowed(bring_in, two_sites, tmp_path):
    bring_in(two_sites)
    shorter = write(tmp_path / "short.csv", site_line(FIRST, ENTITY, rs="AUTRE NOM"))
    with pytest.raises(TooManyClosuresError, match="1 établissements sur 2"):
        bring_in(shorter, allow_closures=False)
    assert Establishment.objects.get(finess=FIRST).name == "HOTEL DIEU"
    assert Establishment.objects.open().count() == 2


@pytest.mark.parametrize(("sites", "is_refused"), [(50, False), (49, True)])
def test_two_percent_is_the_limit(bring_in, tmp_path, sites, is_refused):
    lines = [site_line(number(rank), ENTITY) for rank in range(100, 100 + sites)]
    bring_in(write(tmp_path / "all.csv", *lines))
    report = bring_in(write(tmp_path / "less.csv", *lines[1:]), apply=False)
    assert report.closes_too_much is is_refused


def test_fictitious_places_are_never_closed_by_a_file(bring_in, two_sites):
    place = make_establishment()
    bring_in(two_sites)
    place.refresh_from_db()
    assert place.is_open


def test_a_refused_line_closes_nothing(bring_in, two_sites, tmp_path):
    bring_in(two_sites)
    wrong = write(
        tmp_path / "wrong.csv",
        site_line(FIRST, ENTITY, rs="HOTEL DIEU"),
        site_line(SECOND, ENTITY, categetab="9999"),
    )
    assert counts(bring_in(wrong)) == {"unchanged": 1, "refused": 1}
    assert Establishment.objects.get(finess=SECOND).is_open


def test_a_number_present_twice_is_refused_on_both_lines(bring_in, two_sites, tmp_path):
    twice = write(
        tmp_path / "twice.csv", *[site_line(FIRST, ENTITY)] * 2, site_line(SECOND, ENTITY)
    )
    assert counts(bring_in(twice)) == {"created": 1, "refused": 2}


def test_json_marks_closed_sites_and_keeps_what_it_does_not_carry(bring_in, tmp_path):
    bring_in(write(tmp_path / "et.csv", site_line(FIRST, ENTITY, codesph="1", codeape="8610Z")))
    site = modern_site(FIRST, state="I", dateFermeture="2020-06-30")
    path = write_json(tmp_path / "f.json", modern_entity(ENTITY, site, statutJuridique="13"))
    assert counts(bring_in(path)) == {"closed": 1}
    site = Establishment.objects.get()
    assert (site.closed_on, site.sph_code, site.ape_code) == (date(2020, 6, 30), "1", "8610Z")
    assert bring_in(path).changes_nothing


def test_an_open_site_whose_closing_is_planned_is_open_and_stays_unchanged(bring_in, tmp_path):
    site = modern_site(FIRST, dateFermeture="2030-12-31")
    path = write_json(tmp_path / "f.json", modern_entity(ENTITY, site))
    bring_in(path)
    assert Establishment.objects.get().is_open
    assert bring_in(path).changes_nothing


def test_json_without_address_keeps_the_known_one(bring_in, tmp_path):
    bring_in(write(tmp_path / "ej.csv", entity_line(ENTITY, voie="RUE NEUVE", telephone="0238")))
    bring_in(write_json(tmp_path / "f.json", modern_entity(ENTITY, modern_site(FIRST))))
    entity = LegalEntity.objects.get()
    assert (entity.address, entity.town, entity.phone) == ("RUE NEUVE", "ORLEANS", "0238")


def test_an_entity_stays_open_as_long_as_one_of_its_sites_does(bring_in, two_sites, tmp_path):
    other = number(30)
    bring_in(two_sites, write(tmp_path / "ej.csv", entity_line(ENTITY), entity_line(other)))
    bring_in(write(tmp_path / "less.csv", entity_line(number(31))))
    assert LegalEntity.objects.get(finess=ENTITY).is_open
    assert not LegalEntity.objects.get(finess=other).is_open


def test_an_open_site_reopens_its_entity(bring_in, two_sites):
    bring_in(two_sites)
    LegalEntity.objects.update(closed_on=date(2020, 1, 1))
    bring_in(two_sites)
    assert LegalEntity.objects.get().is_open


def test_a_text_too_long_is_cut_with_a_remark(bring_in, tmp_path):
    assert bring_in(write(tmp_path / "a.csv", site_line(FIRST, ENTITY, rs="A" * 300))).remarks == 1
    assert Establishment.objects.get().name == "A" * 200


def test_a_broken_file_among_others_stops_them_all(bring_in, two_sites, tmp_path):
    broken = tmp_path / "broken.csv"
    broken.write_text("finess;etalab\nautre;chose\n")
    with pytest.raises(FinessFileError):
        bring_in(two_sites, broken)
    assert not Establishment.objects.exists()


def test_what_stops_the_writing_leaves_nothing(bring_in, two_sites):
    def stop(report, staging):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bring_in(two_sites, inspect=stop)
    assert not Establishment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_import_writes_at_a_time(bring_in, two_sites):
    waiting = []

    def look(report, staging):
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [Lock.FINESS_IMPORT])
            waiting.append(cursor.fetchone()[0])
        other.close()

    bring_in(two_sites, inspect=look)
    assert waiting == [False]


def test_the_command_tries_unless_told_to_apply(territories, two_sites):
    out = StringIO()
    call_command("import_finess", two_sites, stdout=out)
    assert "Centre-Val de Loire : 2 créés" in out.getvalue()
    assert "Essai : rien n’est écrit" in out.getvalue()
    assert not Establishment.objects.exists()
    call_command("import_finess", two_sites, apply=True, stdout=out)
    assert Establishment.objects.count() == 2


def test_the_command_reports_every_refused_line(territories, tmp_path):
    lines = [site_line(FIRST, ENTITY), site_line(SECOND, ENTITY, categetab="9999")]
    errors = StringIO()
    call_command(
        "import_finess", write(tmp_path / "a.csv", *lines), stdout=StringIO(), stderr=errors
    )
    assert f"ligne 3, {SECOND} : refusé, catégorie « 9999 » inconnue" in errors.getvalue()


def test_the_command_says_why_a_file_is_refused(territories, tmp_path):
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("import_finess", tmp_path / "absent.csv")
    with pytest.raises(CommandError, match="pas une extraction FINESS"):
        call_command("import_finess", Path(__file__))


@pytest.mark.skipif("REFERENCE_DATA" not in os.environ, reason="REFERENCE_DATA n’est pas défini")
def test_the_national_file_imports_and_its_regions_count_what_it_holds(territories):
    path = Path(os.environ["REFERENCE_DATA"]) / "finess" / "finess_et_2021-01-08.csv.gz"
    report = import_files({path.name: path}, apply=True)
    assert counts(report) == {"created": 95_333}
    held = Counter(Establishment.objects.values_list("department__finess_code", flat=True))
    assert held == departments_of(path)
    regions = Counter(Establishment.objects.values_list("region_id", flat=True))
    assert {code: told["created"] for code, told in report.sites.items()} == regions
    assert import_files({path.name: path}, apply=True).changes_nothing


def departments_of(path):
    """Count the lines by department with no code of ours."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        fields = (line.split(";") for line in file if line.startswith("structureet;"))
        return Counter(row[13] for row in fields)
