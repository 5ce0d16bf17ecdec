"""What a person answers of the lines that wait: kept, refused, or asked about again."""

import pytest

from medications.models import Presentation
from pui.models import StockLine, Transmission
from pui.services.transmitting import (
    ChangedMeanwhileError,
    Choice,
    TransmittingError,
)
from pui.transfer.preview import preview_of
from pui.transfer.shapes import Answer
from tests.builders import make_person
from tests.pui.builders import make_transmission
from tests.pui.transfer.conftest import NOW, stocks

pytestmark = pytest.mark.django_db
State = Transmission.State


def test_a_chosen_product_is_stored_in_place_of_the_unknown_code(send, say, send_all, propofol):
    row = say(send("9999104;PROPOFOL;240;60"), line2=Choice(Answer.CHOSEN, propofol.pk))
    send_all(row)
    assert stocks() == {"9999014": 240}


def test_boxes_are_stored_as_units(send, say, send_all, propofol):
    Presentation.objects.create(cip13="3400999990011", product=propofol, units=10)
    row = say(send("3400999990011;;12;2"), line2=Choice(Answer.CHOSEN, propofol.pk))
    send_all(row)
    assert StockLine.objects.values_list("stock", "daily").get() == (120, 20)


def test_a_line_left_out_is_not_stored(send, say, send_all, propofol, midazolam):
    row = send("9999014;;240;60", "9999201;MIDAZOLAM;1;1")
    send_all(say(row, line3=Choice(Answer.SKIP)))
    assert stocks() == {"9999014": 240}


def test_a_product_chosen_far_from_its_last_declaration_is_asked_about_again(
    send, say, gf, pui, due_days, propofol
):
    make_transmission(pui, {propofol: (24, 6)}, by=gf, due_on=due_days[0], now=NOW)
    row = say(send("9999104;PROPOFOL;240;6"), line2=Choice(Answer.CHOSEN, propofol.pk))
    change = preview_of(row).changes[0]
    assert (change.gaps, change.is_reassigned, change.line.waits) == (["stock × 10"], True, True)
    taken_back = say(row, line2=Choice(None))
    assert preview_of(taken_back).unknown[0].line.product_id is None
    exact = say(
        say(taken_back, line2=Choice(Answer.CHOSEN, propofol.pk)), line2=Choice(Answer.EXACT)
    )
    assert preview_of(exact).declared == 1


def test_two_lines_never_take_the_same_product(send, say, propofol):
    row = send("9999104;PROPOFOL;240;60", "9999041;PROPOFOL;1;1")
    chosen = Choice(Answer.CHOSEN, propofol.pk)
    with pytest.raises(TransmittingError, match="déjà celui de la ligne 2"):
        say(row, line2=chosen, line3=chosen)
    row.refresh_from_db()
    assert preview_of(row).waiting == 2


@pytest.mark.parametrize(
    "choice", [Choice(Answer.EXACT), Choice(Answer.CHOSEN, 999_999), Choice(Answer.CHOSEN)]
)
def test_an_answer_that_a_line_does_not_wait_for_is_refused(send, say, propofol, choice):
    with pytest.raises(TransmittingError):
        say(send("9999104;PROPOFOL;240;60"), line2=choice)


def test_a_page_shown_before_the_answers_of_somebody_else_is_shown_again(
    send, say, send_all, pui, propofol
):
    other = make_person("GF", on=pui.establishment)
    row = send("9999104;PROPOFOL;240;60")
    seen = row.report["version"]
    say(row, by=other, line2=Choice(Answer.CHOSEN, propofol.pk))
    with pytest.raises(ChangedMeanwhileError, match=str(other)):
        say(row, version=seen, line2=Choice(Answer.SKIP))
    with pytest.raises(ChangedMeanwhileError, match="Rien n’a été enregistré"):
        send_all(row, version=seen)
    assert stocks() == {}
