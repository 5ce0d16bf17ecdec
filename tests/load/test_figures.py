"""What the requests say, which goals fail the command, and the page that tells them."""

import json

import pytest

from tests.load.figures import Asked, figures_of, percentile, read_requests
from tests.load.goals import Goal, broken, none, quick_enough, reached
from tests.load.phases import Phase, Plan
from tests.load.report import machine, number, sentence, tell


def test_the_smallest_value_that_so_many_do_not_exceed():
    assert percentile([], 0.95) == 0
    assert percentile([7], 0.95) == 7
    assert percentile(range(1, 101), 0.95) == 95
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([1, 2], 1) == 2


def test_figures_by_name_with_each_error_once():
    rows = [Asked(n, "case", 10 + n, "") for n in range(10)]
    rows += [Asked(3, "panier", 90, "500 Erreur"), Asked(4, "panier", 80, "500 Erreur")]
    found = figures_of(rows, seconds=10)
    assert found["case"].rate == 1
    assert found["case"].longest == 19
    assert found["panier"].errors == ("500 Erreur",)
    assert figures_of([]) == {}


def test_requests_are_read_back_save_a_line_that_was_cut(tmp_path):
    path = tmp_path / "requests.tsv"
    whole = Asked(12.5, "liste\tEPI", 3.25, "500\nErreur")
    path.write_text(f"{whole.line()}\n{whole.line()[:9]}")
    assert list(read_requests(path)) == [Asked(12.5, "liste EPI", 3.25, "500 Erreur")]


def test_only_what_no_machine_excuses_fails_the_command():
    slow = quick_enough("une case", 40, 25, raw=8_000)
    assert not slow.is_held
    assert slow.ratio == 320  # raw upserts in that time
    assert broken([slow, none("erreurs", 0)]) == []
    assert [one.title for one in broken([none("erreurs", 1), slow])] == ["erreurs"]


def test_a_scarcity_that_nobody_met_proves_nothing():
    assert broken([reached("pénurie atteinte", 0)])
    assert not broken([reached("pénurie atteinte", 3)])


def test_a_goal_may_be_the_least():
    assert Goal("rapport", 0.13, 0.12, is_least=True).is_held
    assert not Goal("rapport", 0.11, 0.12, is_least=True).is_held


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.125, "0,125"),
        (12.34, "12,3"),
        (150.0, "150"),
        (9_270, "9\u202f270"),
        (5.0, "5"),
    ],
)
def test_numbers_as_written_in_french(value, text):
    assert number(value) == text


def phase(broken=None, told=None, error=""):
    rows = [Asked(n, "case <b>", 10.0 + n, error) for n in range(20)]
    plan = Plan("mi-charge", "cells", 4, 2, 20)
    return Phase(plan, rows, broken or {}, told or {}, (1.0, 2.0))


def test_the_first_requests_are_left_while_people_arrive():
    found = phase().of("case")
    assert found.count == 18  # two seconds for four people
    assert phase().of("panier") is None


def broken_laws(**fields):
    return [one.title for one in broken(phase(**fields).laws)]


def test_the_laws_of_a_phase_are_no_error_nothing_lost_and_something_done():
    assert broken_laws(told={"cell": 1}) == []
    assert broken_laws() == ["mi-charge : cases acquittées"]
    assert broken_laws(told={"cell": 1}, error="500 Erreur") == ["mi-charge : erreurs"]
    lost = {"cases acquittées, introuvables": 2}
    assert broken_laws(told={"cell": 1}, broken=lost) == [
        "mi-charge : cases acquittées, introuvables"
    ]


def test_the_page_is_whole_and_says_what_is_missed(tmp_path, capsys):
    goals = [none("erreurs", 0), quick_enough("une case", 40, 25, raw=8_000)]
    series = {"mémoire, web": [(n, 100.0 + n) for n in range(40)]}
    assert tell(tmp_path, goals, [phase()], {"base": "nationale"}, series) == 0
    page = (tmp_path / "report.html").read_text()
    assert "case &lt;b&gt;" in page
    assert page.count("<svg") > 2
    for outside in ("<script", "http://", "https://", "<link"):
        assert outside not in page.replace("http://www.w3.org", "")
    assert '<td class="non">NON</td>' in page
    told = json.loads((tmp_path / "report.json").read_text())
    assert [one["is_held"] for one in told["goals"]] == [True, False]
    assert told["goals"][1]["ratio"] == 320
    assert sentence(goals[1]) in capsys.readouterr().out


def test_a_broken_law_fails_the_command(tmp_path):
    assert tell(tmp_path, [none("vendues de trop", 50)], [phase()], {}) == 1


def test_the_report_names_the_machine():
    assert "cœurs" in machine()
