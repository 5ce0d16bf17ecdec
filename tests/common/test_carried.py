"""What a page carries to the next: read back once whole, refused when forged, foreign or old."""

import time

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage

from common.carried import KEPT_FOR, carried, carry, refused_file, refused_words

CONTENT = {"lignes": [[1, "450990189", None], [2, "", 0]]}


@pytest.fixture
def posted(rf):
    def make(**data):
        request = rf.post("/", data)
        request._messages = CookieStorage(request)
        return request

    return make


def test_what_was_carried_comes_back_as_it_was(posted):
    assert carried(posted(content=carry(CONTENT, "here")), "here") == CONTENT


@pytest.mark.parametrize(
    "sent", ["", "x", carry(CONTENT, "elsewhere"), carry(CONTENT, "here")[:-1]]
)
def test_nothing_forged_cut_or_of_another_page_is_read_and_the_person_is_told(posted, sent):
    request = posted(content=sent)
    assert carried(request, "here") is None
    assert "a expiré" in str(next(iter(get_messages(request))))


def test_a_preview_of_the_day_before_has_expired(posted, monkeypatch):
    yesterday = time.time() - KEPT_FOR - 1
    with monkeypatch.context() as then:
        then.setattr(time, "time", lambda: yesterday)
        old = carry(CONTENT, "here")
    assert carried(posted(content=old), "here") is None


def test_refused_cells_are_shown_in_part_and_taken_away_whole(posted):
    cells = [[line, "FINESS", "x", "faux", "neuf caractères"] for line in range(1, 251)]
    words = refused_words(cells)
    assert (words["count"], len(words["errors"])) == (250, 200)
    answer = refused_file(posted(report=words["report"]), back="home")
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    answer.close()
    assert len(lines) == 251
    assert lines[-1].startswith("250;FINESS;x")


def test_without_a_refused_cell_there_is_nothing_to_take_away(posted):
    assert refused_words([])["report"] == ""
    assert refused_file(posted(), back="home").status_code == 302
