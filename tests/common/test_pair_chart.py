"""Two values a line: where they stand, what is drawn when one is missing or nothing changes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from common.charts.pair_chart import Pair, graduations_between, pair_chart


def drawn(*pairs):
    return str(pair_chart("essai", "Essai", pairs))


def test_a_line_has_a_hollow_circle_a_full_square_and_a_stroke_between():
    html = drawn(Pair("Corse", 9.1, 12.0, "A : 9,1", "B : 12,0"))
    (circle,) = re.findall(r'<circle class="app-point--creux" cx="([0-9.]+)"', html)
    (square,) = re.findall(r'<rect class="app-point" x="([0-9.]+)"', html)
    assert float(circle) < float(square)
    assert html.count("app-ecart") == 1
    assert "<title>A : 9,1</title>" in html


def test_what_does_not_change_has_no_stroke_and_what_is_unknown_no_mark():
    html = drawn(Pair("Corse", 9.0, 9.0, "", ""), Pair("Bretagne", None, 8.0, "", ""))
    assert "app-ecart" not in html
    assert html.count("<circle") == 1
    assert html.count('<rect class="app-point"') == 2


def test_names_are_escaped_and_no_line_at_all_is_drawn_too():
    assert "&lt;b&gt;" in drawn(Pair("<b>", 1.0, 2.0, "", ""))
    assert "<svg" in drawn()


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_the_graduations_hold_every_value_and_are_few(one, other):
    lowest, highest = sorted((one, other))
    marks = graduations_between(lowest, highest)
    assert marks == sorted(set(marks))
    assert marks[0] <= lowest + 1e-3
    assert marks[-1] >= highest - 1e-3
    assert 2 <= len(marks) <= 10
