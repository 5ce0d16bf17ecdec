"""What is kept of a declaration between its reading and its confirmation."""

import json
from datetime import date
from decimal import Decimal

from pui.transfer.shapes import Answer, Before, Kind, Line, Proposal, Remark


def test_a_line_kept_as_json_comes_back_the_same():
    line = Line(
        8,
        "9999104",
        "PROPOFOL",
        None,
        Decimal("240.50"),
        None,
        Kind.UNKNOWN,
        [Remark("UCD", "9999104", "code inconnu", "7 chiffres")],
        [Proposal(3, "9999014", "PROPOFOL 10 mg/ml", "deux chiffres intervertis")],
        Before(date(2020, 11, 13), Decimal(12), None),
        Answer.CHOSEN,
        3,
    )
    assert Line.from_json(json.loads(json.dumps(line.as_json()))) == line


def test_nothing_is_stored_of_a_line_that_waits_or_was_refused_or_left_out():
    waiting = Line(1, "9999104", product_id=3, kind=Kind.CHANGE)
    assert (waiting.waits, waiting.declared_id) == (True, None)
    waiting.answer = Answer.EXACT
    assert (waiting.waits, waiting.declared_id) == (False, 3)
    waiting.answer = Answer.SKIP
    assert waiting.declared_id is None
    assert Line(2, "x", product_id=3, kind=Kind.REFUSED).declared_id is None


def test_a_chosen_product_stands_for_an_unknown_code():
    line = Line(1, "9999104", kind=Kind.UNKNOWN, answer=Answer.CHOSEN, chosen_id=7)
    assert line.declared_id == 7
