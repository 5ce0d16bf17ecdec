"""The four layouts are read for what they hold, whatever the name, the packing and the encoding."""

import gzip
from datetime import date

import pytest

from common.identifiers import make_finess
from establishments.finess.classic import read_classic, split_fields
from establishments.finess.modern import read_modern
from establishments.finess.nomenclature import Nomenclature
from establishments.finess.opening import Layout, open_finess
from establishments.finess.records import (
    EntityRecord,
    FinessFileError,
    PositionRecord,
    Remark,
    SiteRecord,
)
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


@pytest.fixture
def read(territories):
    def run(path):
        nomenclature = Nomenclature.load()
        with open_finess(path) as file:
            if file.layout is Layout.JSON:
                return list(read_modern(file, nomenclature))
            return list(read_classic(file.lines(), nomenclature))

    return run


def reasons(records):
    return [one.reason for one in records if isinstance(one, Remark)]


def test_a_classic_line_becomes_a_site(read, tmp_path):
    line = site_line(
        FIRST, ENTITY, rs="CH D’ORLÉANS", numvoie="14", typvoie="AV", voie="DE L HOPITAL",
        compvoie="B", telephone="0238514444", siret="26450001200014", codesph="1",
        commune="234", dateouv="1979-02-13",
    )  # fmt: skip
    (site,) = read(write(tmp_path / "a.txt", line))
    assert isinstance(site, SiteRecord)
    assert (site.finess, site.entity_finess, site.line) == (FIRST, ENTITY, 2)
    assert site.address == "14 B AV DE L HOPITAL"
    assert (site.postal_code, site.town) == ("45000", "ORLEANS")
    assert (site.department_id, site.commune_code) == ("45", "45234")
    assert site.opened_on == date(1979, 2, 13)


def test_the_older_files_have_thirty_one_fields(read, tmp_path):
    line = site_line(FIRST, ENTITY).removesuffix(";")
    assert isinstance(read(write(tmp_path / "a.csv", line))[0], SiteRecord)


def test_the_lines_of_coordinates_place_the_sites(read, tmp_path):
    coordinates = f"geolocalisation;{FIRST};648237;6862271;1,IGN,LAMBERT_93;2020-12-01"
    records = read(write(tmp_path / "a.csv", site_line(FIRST, ENTITY), coordinates))
    assert [type(one) for one in records] == [SiteRecord, PositionRecord]
    assert records[1] == (FIRST, 48.85839, 2.2945)


@pytest.mark.parametrize("values", ["a;b;c", "618000.1", "nan;inf;1,BAN", "1e400;1e400;", ";;"])
def test_a_position_that_cannot_be_read_is_left_out(read, tmp_path, values):
    line = f"geolocalisation;{FIRST};{values};2020-12-01"
    records = read(write(tmp_path / "a.csv", site_line(FIRST, ENTITY), line))
    assert [type(one) for one in records] == [SiteRecord]


def test_entities_have_another_order_of_address(read, tmp_path):
    line = entity_line(ENTITY, numvoie="3", typvoie="R", voie="NEUVE", compvoie="T")
    (entity,) = read(write(tmp_path / "a.csv", line))
    assert isinstance(entity, EntityRecord)
    assert (entity.address, entity.legal_status_id) == ("3 T R NEUVE", "13")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("packed", [False, True])
def test_accents_survive_every_encoding(read, tmp_path, encoding, packed):
    lines = [site_line(FIRST, ENTITY, rs="HÔTEL DIEU"), site_line(SECOND, ENTITY, rs="PÉDIATRIE")]
    path = write(tmp_path / "a.csv", *lines, encoding=encoding)
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert [one.name for one in read(path)] == ["HÔTEL DIEU", "PÉDIATRIE"]


def test_a_line_of_another_encoding_is_refused_rather_than_garbled(read, tmp_path):
    path = write(tmp_path / "a.csv", site_line(FIRST, ENTITY, rs="HÔTEL DIEU"))
    garbled = site_line(SECOND, ENTITY, rs="PÉDIATRIE").encode("iso-8859-1")
    path.write_bytes(path.read_bytes() + garbled + b"\n")
    assert reasons(read(path)) == ["des caractères ne sont pas lisibles en UTF-8"]


def test_doubled_quotes_are_one_and_an_open_quote_spoils_no_other_line(read, tmp_path):
    assert split_fields('a;"LIEU DE VIE ""X""";b') == ["a", 'LIEU DE VIE "X"', "b"]
    broken = site_line(FIRST, ENTITY, rs='"LES LILAS')
    records = read(write(tmp_path / "a.csv", broken, site_line(SECOND, ENTITY)))
    assert [type(one) for one in records] == [Remark, SiteRecord]


@pytest.mark.parametrize(
    ("finess", "fields", "department"),
    [
        ("970400016", {"departement": "9D", "ligneacheminement": "97802 ST DENIS CEDEX"}, "974"),
        ("970100012", {"departement": "9A", "ligneacheminement": "97150 ST MARTIN"}, "971"),
        ("980500003", {"departement": "9F", "ligneacheminement": "97600 MAMOUDZOU"}, "976"),
    ],
)
def test_the_number_says_the_department_before_the_postal_code(
    read, tmp_path, finess, fields, department
):
    line = site_line(make_finess(finess[:8]), ENTITY, **fields)
    assert read(write(tmp_path / "a.csv", line))[0].department_id == department


def test_wallis_is_placed_by_its_department_field(read, tmp_path):
    line = site_line(make_finess("98090001"), ENTITY, departement="9J", commune="611")
    (site,) = read(write(tmp_path / "a.csv", line))
    assert (site.department_id, site.commune_code) == ("986", "98611")


def test_an_overseas_commune_is_written_the_way_of_insee(read, tmp_path):
    line = site_line(make_finess("97010001"), ENTITY, departement="9A", commune="101")
    assert read(write(tmp_path / "a.csv", line))[0].commune_code == "97101"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"categetab": "9999"}, "catégorie « 9999 » inconnue"),
        ({"nofinesset": "450000119"}, "sa clé ne correspond pas"),
        ({"nofinesset": "45000011"}, "8 caractères"),
        ({"nofinessej": "450000119"}, "numéro FINESS de l’entité juridique « 450000119 »"),
        ({"rs": ""}, "raison sociale absente"),
        ({"voie": "RUE;DE TROP"}, "33 champs au lieu de 32"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number_and_reason(read, tmp_path, changes, reason):
    path = write(tmp_path / "a.csv", site_line(FIRST, ENTITY), site_line(SECOND, ENTITY, **changes))
    (refusal,) = (one for one in read(path) if isinstance(one, Remark))
    assert refusal.is_refusal
    assert refusal.line == 3
    assert reason in refusal.reason


def test_an_unknown_department_is_refused(read, tmp_path):
    line = site_line(
        make_finess("99000001"), ENTITY, departement="99", ligneacheminement="99999 AILLEURS"
    )
    assert reasons(read(write(tmp_path / "a.csv", line))) == ["département « 99 » inconnu"]


def test_a_corsican_key_is_remarked_upon_and_never_refused(read, tmp_path):
    site, remark = sorted(
        read(write(tmp_path / "a.csv", site_line("2A0000015", ENTITY, departement="2A"))),
        key=lambda one: isinstance(one, Remark),
    )
    assert site.department_id == "2A"
    assert not remark.is_refusal
    assert "corse" in remark.reason


@pytest.mark.parametrize("day", ["0787-01-01", "2021-13-01", "hier"])
def test_an_absurd_date_is_left_out_with_a_remark(read, tmp_path, day):
    records = read(write(tmp_path / "a.csv", site_line(FIRST, ENTITY, dateouv=day)))
    (site,) = (one for one in records if isinstance(one, SiteRecord))
    assert site.opened_on is None
    assert "date d’ouverture" in reasons(records)[0]


def test_json_carries_plain_texts_or_coded_objects(read, tmp_path):
    plain = modern_entity(ENTITY, modern_site(FIRST), statutJuridique="13")
    told = {"numFinessPm": number(20), "denominationPm": "CH", "statutJuridique": {"code": "13"}}
    site = modern_site(SECOND, category={"code": "355", "system": "urn:x"})
    site["informationsGeneralesEge"] = site.pop("informationsGeneralesEGE")
    coded = {"informationsGeneralesPmej": told, "etatObjet": {"code": "A"}, "ege": [site]}
    records = read(write_json(tmp_path / "a.json", plain, coded))
    assert [one.finess for one in records] == [ENTITY, FIRST, number(20), SECOND]
    assert {one.legal_status_id for one in records if isinstance(one, EntityRecord)} == {"13"}
    assert not any(one.is_closed for one in records)


def test_json_keeps_closed_objects_as_closed(read, tmp_path):
    site = modern_site(FIRST, state="I", dateFermeture="2020-06-30")
    _, closed = read(write_json(tmp_path / "a.json", modern_entity(ENTITY, site)))
    assert (closed.is_closed, closed.closed_on) == (True, date(2020, 6, 30))


def test_the_sites_of_a_refused_entity_are_refused_with_it(read, tmp_path):
    records = read(write_json(tmp_path / "a.json", modern_entity("450000109", modern_site(FIRST))))
    assert [one.finess for one in records] == ["450000109", FIRST]
    assert "son entité juridique « 450000109 » est refusée" in reasons(records)[1]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"FINESS;nom\n010000024;CH\n", b"<html><table>", b"PK\x03\x04", b"[1, 2]",
        "structureet;".encode("utf-16"), b"\x1f\x8b\x08broken",
    ],
)  # fmt: skip
def test_what_is_no_finess_file_is_refused_with_what_is_accepted(read, tmp_path, content):
    path = tmp_path / "finess.csv"
    path.write_bytes(content)
    with pytest.raises(FinessFileError):
        read(path)


def test_a_file_cut_short_is_refused(read, tmp_path):
    path = write_json(tmp_path / "a.json", modern_entity(ENTITY, modern_site(FIRST)))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FinessFileError, match="incomplet"):
        read(path)
    packed = gzip.compress(write(tmp_path / "a.csv", site_line(FIRST, ENTITY)).read_bytes())
    path.write_bytes(packed[:-10])
    with pytest.raises(FinessFileError, match="incomplet"):
        read(path)


def test_an_endless_line_is_refused_before_it_fills_the_memory(read, tmp_path):
    path = write(tmp_path / "a.csv", site_line(FIRST, ENTITY), "x" * 30_000)
    with pytest.raises(FinessFileError, match="trop longue"):
        read(path)
