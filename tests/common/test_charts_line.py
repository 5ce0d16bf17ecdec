import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.charts.geometry import Box
from common.charts.line_chart import line_chart
from common.charts.scale import graduation_text, graduations
from common.charts.text import text_width
from common.charts.values import Point

SVG = "{http://www.w3.org/2000/svg}"
THRESHOLDS = [(21, "seuil d’alerte, 21 jours"), (7, "critique, 7 jours")]


def make_points(*values):
    return [
        Point(f"{rank + 1:02}/09", value, "" if value is None else f"{value}".replace(".", ","))
        for rank, value in enumerate(values)
    ]


def drawings(*values, **options):
    """The large drawing, then the one for phones."""
    drawn = line_chart("courbe", "De 30 à 12 jours", make_points(*values), **options)
    root = ElementTree.fromstring(  # noqa: S314 our own drawing
        f'<p xmlns="http://www.w3.org/2000/svg">{drawn}</p>'
    )
    return root.findall(f"{SVG}svg")


def texts(svg, css_class=None):
    found = svg.iter(f"{SVG}text")
    return [text.text for text in found if css_class is None or text.get("class") == css_class]


def test_one_drawing_for_each_width_says_the_same_sentence():
    large, phone = drawings(30, 12)
    for svg in (large, phone):
        assert svg.get("role") == "img"
        assert svg.find(f"{SVG}title").text == "De 30 à 12 jours"
        assert svg.find(f"{SVG}title").get("id") == svg.get("aria-labelledby")
    assert large.get("aria-labelledby") != phone.get("aria-labelledby")
    assert phone.get("viewBox").split()[2] == "360"
    assert "app-graphe--large" in large.get("class")
    assert "app-graphe--etroit" in phone.get("class")


def test_closed_weeks_are_plain_and_the_current_one_dashed_with_a_hollow_point():
    large, _ = drawings(30, 25, 12, partial_last=True)
    plain, dashed = large.findall(f"{SVG}polyline")
    assert plain.get("class") == "app-ligne"
    assert "app-ligne--partiel" in dashed.get("class")
    assert plain.get("points").split()[-1] == dashed.get("points").split()[0]
    circles = [circle.get("class") for circle in large.iter(f"{SVG}circle")]
    assert circles == ["app-point", "app-point", "app-point--creux"]


def test_without_a_current_week_the_line_is_plain_to_its_end():
    large, _ = drawings(30, 25, 12)
    assert [line.get("class") for line in large.findall(f"{SVG}polyline")] == ["app-ligne"]


def test_a_week_said_partial_is_dashed_wherever_it_stands():
    points = [Point("01/09", 3, "3"), Point("08/09", 4, "4", is_partial=True)]
    assert "app-ligne--partiel" in line_chart("courbe", "Titre", points)


def test_an_unknown_week_breaks_the_line_and_is_never_drawn_as_zero():
    large, _ = drawings(30, 25, None, 20, 18)
    first, second = large.findall(f"{SVG}polyline")
    assert len(first.get("points").split()) == len(second.get("points").split()) == 2
    assert len(list(large.iter(f"{SVG}circle"))) == 4


def test_a_week_known_alone_is_still_a_point():
    large, _ = drawings(None, 8, None)
    assert large.findall(f"{SVG}polyline") == []
    assert len(list(large.iter(f"{SVG}circle"))) == 1


def test_the_first_the_last_and_the_lowest_values_are_written():
    large, phone = drawings(30, 25, 4, 20, 12)
    assert sorted(texts(large, "app-valeur")) == ["12", "30", "4"]
    assert sorted(texts(phone, "app-valeur")) == ["12", "30", "4"]


def test_a_value_first_and_lowest_is_written_once():
    large, _ = drawings(4, 25, 30)
    assert sorted(texts(large, "app-valeur")) == ["30", "4"]


def test_the_lowest_value_is_not_written_again_when_an_end_is_as_low():
    for svg in drawings(0, 0, 0, 1, 1):
        assert sorted(texts(svg, "app-valeur")) == ["0", "1"]


def test_thresholds_are_named_even_above_every_value():
    large, phone = drawings(2, 3, thresholds=THRESHOLDS)
    for svg in (large, phone):
        assert {text for _, text in THRESHOLDS} <= set(texts(svg))
        assert len(svg.findall(f"{SVG}path[@class='app-seuil']")) == 2


@pytest.mark.parametrize("values", [(), (None, None)])
def test_no_value_at_all_is_said(values):
    large, _ = drawings(*values, thresholds=THRESHOLDS, partial_last=True)
    assert "Aucune donnée sur la période" in texts(large)
    assert "seuil d’alerte, 21 jours" not in texts(large)


def test_the_last_week_is_always_named():
    for svg in drawings(*range(12)):
        assert "12/09" in texts(svg)


def test_hostile_words_stay_text_and_the_security_policy_holds():
    hostile = '"><script>alert(1)</script>'
    drawn = line_chart("courbe", hostile, [Point(hostile, 3, hostile)], thresholds=[(7, hostile)])
    assert "<script" not in drawn
    assert not re.search(r"\s(style|on\w+)=", drawn)
    identifiers = re.findall(r'\bid="([^"]*)"', drawn)
    assert len(identifiers) == len(set(identifiers))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1e6)), max_size=14), st.booleans())
def test_any_series_stays_inside_its_drawing(values, partial_last):
    for svg in drawings(*values, thresholds=THRESHOLDS, partial_last=partial_last):
        _, _, width, height = map(float, svg.get("viewBox").split())
        for circle in svg.iter(f"{SVG}circle"):
            assert 0 <= float(circle.get("cx")) <= width
            assert 0 <= float(circle.get("cy")) <= height


def test_days_with_thresholds_in_weeks_are_graduated_in_weeks():
    assert graduations(29.4, [21, 7]) == [0, 7, 14, 21, 28, 35]


@given(st.floats(0, 1e9))
def test_graduations_start_at_zero_are_even_and_reach_the_value(highest):
    marks = graduations(highest)
    assert marks[0] == 0
    assert marks[-1] >= highest * 0.999
    assert len(marks) <= 7
    gaps = [after - before for before, after in pairwise(marks)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps))


def test_a_graduation_is_written_in_french():
    assert graduation_text(2.5) == "2,5"
    assert graduation_text(12000.0) == "12\u202f000"


def boxes(svg, css_class):
    """Where each text of a class stands, roughly."""
    for text in svg.iter(f"{SVG}text"):
        if text.get("class") == css_class and text.get("text-anchor") == "middle":
            half, x, y = text_width(text.text, 14.0) / 2, float(text.get("x")), float(text.get("y"))
            yield text.text, Box(x - half, y - 11, x + half, y + 3)


@pytest.mark.parametrize(
    "values", [(2, 30, 31, 30, 29, 30), (30, 25, 1, 20, 22, 24), (30, 31, 30, 29, 1, 0)]
)
def test_a_value_near_the_foot_never_stands_on_the_date_of_its_week(values):
    for svg in drawings(*values):
        weeks = list(boxes(svg, ""))
        for value, box in boxes(svg, "app-valeur"):
            assert not [week for week, there in weeks if box.overlaps(there)], value


@pytest.mark.parametrize("highest", [0, 1, 2, 3, 7, 40])
def test_what_is_counted_has_no_graduation_between_two_whole_numbers(highest):
    found = graduations(highest, is_whole=True)
    assert all(value == int(value) for value in found)
    assert found[-1] >= max(highest, 1)
