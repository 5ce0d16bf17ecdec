"""The lines that one follows, as a browser opens them."""

from datetime import date

import pytest

from journal.models import Entry
from tests.builders import make_department, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, planned
from tests.vaccines.corrections.acts import logged_in, report, rows_of
from tests.vaccines.corrections.pages import CORRECT, CREATE, LINES, text_of
from vaccines.models import Reception, SupplyLine

pytestmark = pytest.mark.django_db


def test_the_lines_of_the_region_are_counted_by_state_and_filtered(two, omedit):
    make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    make_line(two.second, pui=two.blois, recipient=two.bel_air)
    page = omedit.get(LINES)
    assert_sound_html(page)
    assert page.context["count"] == 3
    counts = {label: number for label, number, _, _ in page.context["states"]}
    assert (counts["Besoin saisi"], counts["Besoin en retard"], counts["En retard"]) == (
        "2", "1", "1",
    )  # fmt: skip
    for query, count in [
        ({"vague": two.second.pk}, 2),
        ({"etat": "besoin-saisi"}, 2),
        ({"departement": "41"}, 1),
        ({"recherche": "tilleuls"}, 2),
        ({"recherche": "PUI de Blois"}, 1),
        ({"flux": "B"}, 0),
        ({"retard": "on"}, 1),
        ({"etat": "supprimee"}, 0),
    ]:
        answer = omedit.get(LINES, query)
        assert_sound_html(answer)
        assert answer.context["count"] == count, query


def test_each_follows_their_own_territory(two):
    make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    for user, count in [(two.cell, 3), (two.other_agent, 1), (two.gf, 2)]:
        assert logged_in(user).get(LINES).context["count"] == count


def test_the_country_follows_one_region_of_pharmacies(two):
    make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    client = logged_in(two.cell)
    for region, count in (("24", 2), ("84", 1), ("99", 3)):
        answer = client.get(LINES, {"region": region})
        assert_sound_html(answer)
        assert answer.context["count"] == count, region
    assert logged_in(two.agent).get(LINES, {"region": "84"}).context["count"] == 2


def test_who_only_reads_has_no_box_to_tick(two):
    page = logged_in(make_person("ARL", domain="dispostock")).get(LINES)
    assert_sound_html(page)
    assert 'name="geste"' not in page.content.decode()
    assert 'type="checkbox" id="ligne' not in page.content.decode()


def test_the_file_is_what_is_on_screen(two, omedit):
    for kind in ("csv", "xlsx"):
        answer = omedit.get(f"{LINES}telecharger/{kind}/", {"vague": two.second.pk})
        assert answer.status_code == 200
        if kind == "csv":
            (row,) = rows_of(answer)
            assert (row["2es injections"], row["État"]) == ("72", "Besoin saisi")
        else:
            b"".join(answer.streaming_content)
    assert Entry.objects.filter(verb="vaccines.lines_exported").count() == 2
    assert omedit.get(f"{LINES}telecharger/pdf/").status_code == 404


def test_the_list_takes_as_many_queries_for_one_as_for_many(two, client, count_queries):
    client.force_login(two.omedit)
    few = count_queries(LINES)
    for number in range(8):
        place = make_establishment(name=f"EHPAD {number}")
        make_line(two.first, pui=make_pui(f"PUI {number}"), recipient=place)
    assert count_queries(LINES) == few


def test_a_line_shows_its_five_parts_its_reports_and_its_history(two, omedit):
    planned(two.one, 66, two.first.delivers_on, by=two.cell)
    Reception.objects.create(
        line=two.one, doses=66, received_on=date(2021, 1, 19), lot="EX123", told_by=two.gf
    )
    SupplyLine.objects.filter(pk=two.one.pk).update(vaccinated=72)
    report(two, line=two.one)
    page = omedit.get(f"{LINES}{two.one.pk}/")
    assert_sound_html(page)
    text = text_of(page)
    for said in ("flux A", "66 doses, lot EX123", "72", "Ligne mal affectée", "Ligne créée"):
        assert said in text
    assert "66 doses le 19/01/2021" in text
    later = text_of(omedit.get(f"{LINES}{two.two.pk}/"))
    assert "la livraison du 19/01/2021" in later
    assert "72 personnes vaccinées" in later


def test_out_of_reach_a_line_does_not_exist(two):
    for user, status in [(two.other_agent, 404), (two.gf, 200), (make_person("OIE"), 403)]:
        assert logged_in(user).get(f"{LINES}{two.one.pk}/").status_code == status
    stranger = logged_in(two.other_agent)
    asked = {"geste": "deplacer", "ligne": [two.one.pk]}
    assert stranger.get(CORRECT, asked).status_code == 404
    assert stranger.post(CORRECT, asked).status_code == 404
    assert logged_in(two.gf).post(CORRECT, asked).status_code == 403
    assert logged_in(two.gf).post(CREATE, {}).status_code == 403


def test_a_department_without_its_name_breaks_nothing(two, omedit):
    make_department("18", "Cher")
    assert omedit.get(LINES, {"departement": "99"}).status_code == 200
