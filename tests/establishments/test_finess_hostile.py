"""Whatever a file holds, it is read, refused line by line, or refused whole: never an accident."""

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from establishments.finess import opening
from establishments.finess.classic import ENTITY_FIELDS, SITE_FIELDS, read_classic
from establishments.finess.modern import read_modern
from establishments.finess.nomenclature import Nomenclature
from establishments.finess.opening import detect_layout, layout_of, open_finess
from establishments.finess.records import EntityRecord, FinessFileError, Remark, SiteRecord
from establishments.models import Establishment
from tests.establishments.files import (
    modern_entity,
    modern_site,
    number,
    site_line,
    write,
    write_json,
)

KNOWN = Nomenclature(
    categories=frozenset({"355"}),
    legal_statuses=frozenset({"13"}),
    prefixes={"45": "45", "9701": "971"},
    finess_codes={"45": "45", "9A": "971"},
    regions={"45": "24", "971": "01"},
)
cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["355", "450000015", "45", "13", "2020-01-01", "45000 ORLEANS", '"', "\x00"]),
)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | cells,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(cells, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(cells, min_size=30, max_size=33), st.sampled_from(["structureet", "structureej"]))
def test_any_line_is_a_record_or_a_refusal(fields, kind):
    line = ";".join([kind, *fields])
    for one in read_classic([(1, line)], KNOWN):
        assert isinstance(one, SiteRecord | EntityRecord | Remark)


@given(st.dictionaries(st.sampled_from(SITE_FIELDS), cells))
def test_a_line_spoilt_anywhere_is_a_record_or_a_refusal(changes):
    changes = {name: value.replace(";", ",") for name, value in changes.items()}
    line = site_line(number(11), number(10), **changes | {"structureet": "structureet"})
    records = list(read_classic([(1, line)], KNOWN))
    assert len([one for one in records if not isinstance(one, Remark) or one.is_refusal]) == 1


@given(values, values, values)
def test_any_json_is_read_or_refused(tmp_path_factory, first, second, third):
    site = modern_site(number(11)) | {"adresse": first, "contact": second, "etatObjet": third}
    entity = modern_entity(
        number(10), site, siren=first, dateCreation=second, statutJuridique=third
    )
    path = tmp_path_factory.mktemp("json") / "a.json"
    content = {"schemaVersion": "v1", "pmej": [entity, first, {"ege": second}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    with open_finess(path) as file, suppress(FinessFileError):  # NaN and the like are no JSON
        list(read_modern(file, KNOWN))


@given(st.binary(max_size=200))
def test_any_bytes_are_recognised_or_refused(content):
    for recognise in (detect_layout, layout_of):
        with suppress(FinessFileError):
            assert recognise(content) in opening.Layout


def test_what_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "LARGEST_UNPACKED", 200_000)
    path = write(tmp_path / "a.csv", *[site_line(number(11), number(10))] * 5000)
    path.write_bytes(gzip.compress(path.read_bytes()))
    with open_finess(path) as file, pytest.raises(FinessFileError, match="dépasse 4 Go"):
        list(file.lines())


def test_json_is_read_as_it_comes_and_never_held_whole(tmp_path):
    path = tmp_path / "a.json"
    whole = json.dumps(modern_entity(number(10), modern_site(number(11))))
    path.write_text('{"schemaVersion": "v1", "pmej": [' + f"{whole}, " * 500 + '{"cut', "utf-8")
    with open_finess(path) as file:
        records = read_modern(file, KNOWN)
        assert next(records).finess == number(10)
        with pytest.raises(FinessFileError):
            list(records)


def test_entities_have_twenty_three_fields_and_sites_thirty_two():
    assert (len(ENTITY_FIELDS), len(SITE_FIELDS)) == (23, 32)


def test_what_postgresql_cannot_hold_is_dropped(bring_in, tmp_path):
    bring_in(
        write(tmp_path / "a.csv", site_line(number(11), number(10), codesph="\0", voie="A\0B"))
    )
    assert Establishment.objects.get().address == "AB"
    site = modern_site(number(11), siret="\0")
    site["adresse"][0] |= {"cogCommune": "\ud800", "libelleVoie": "A\0C"}
    bring_in(write_json(tmp_path / "a.json", modern_entity(number(10), site)))
    assert Establishment.objects.get().address == "AC"
