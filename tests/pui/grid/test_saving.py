"""Cells of the grid, saved as they are typed: what the script is answered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from common.cover import Level
from medications.models import Monitoring
from pui.models import DraftCell, StockLine
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_product, make_pui, make_transmission
from tests.pui.grid.pages import cell, fill, held, send, url

pytestmark = pytest.mark.django_db


def test_a_cell_is_saved_in_the_draft_and_nothing_is_declared(gf, pui, due_on, midazolam):
    answer = send(gf, pui, due_on, (cell(midazolam), "1 200,5"), (cell(midazolam, "daily"), "50"))
    assert answer.status_code == 200
    content = answer.json()
    assert content["cells"][cell(midazolam)]["value"] == "1\u202f200,5"
    assert content["rows"][str(midazolam.pk)]["days"] == "24\u00a0j"
    assert content["rows"][str(midazolam.pk)]["word"] == Level.SUFFICIENT.label
    assert held(pui, due_on, midazolam) == Decimal("1200.50")
    assert not StockLine.objects.exists()


def test_blank_is_not_zero(gf, pui, due_on, midazolam, propofol):
    fill(gf.user, pui, due_on, midazolam, stock=5)
    send(gf, pui, due_on, (cell(midazolam), "", "5"), (cell(propofol), "0"))
    assert held(pui, due_on, midazolam) is None
    assert held(pui, due_on, propofol) == 0


def test_a_refused_value_says_why_and_the_others_are_saved(gf, pui, due_on, midazolam, propofol):
    answer = send(gf, pui, due_on, (cell(midazolam), "1 2O0"), (cell(propofol), "7"))
    assert answer.status_code == 422
    told = answer.json()["cells"][cell(midazolam)]
    assert told["kind"] == "erreur"
    assert "la lettre O" in told["text"]
    assert "Rien n’est enregistré dans cette case." in told["text"]
    assert held(pui, due_on, propofol) == 7
    assert not DraftCell.objects.filter(product=midazolam).exists()


def test_of_two_people_on_a_cell_the_second_sees_both_values(gf, pui, due_on, midazolam, nadia):
    fill(nadia, pui, due_on, midazolam, stock=640)
    answer = send(gf, pui, due_on, (cell(midazolam), "700"))
    assert answer.status_code == 409
    told = answer.json()["cells"][cell(midazolam)]
    assert (told["choice"], told["value"]) == ("conflict", "640")
    assert "Nadia Benali a saisi 640" in told["text"]
    assert "vous 700. Valeur gardée\u00a0: 640." in told["text"]
    assert held(pui, due_on, midazolam) == 640
    assert send(gf, pui, due_on, (cell(midazolam), "700", "640")).status_code == 200
    row = DraftCell.objects.get(product=midazolam)
    assert (row.value, row.saved_by) == (700, gf.user)


def test_two_people_on_two_cells_lose_nothing(gf, pui, due_on, midazolam, propofol, nadia):
    fill(nadia, pui, due_on, midazolam, stock=640)
    assert send(gf, pui, due_on, (cell(propofol), "12")).status_code == 200
    assert (held(pui, due_on, midazolam), held(pui, due_on, propofol)) == (640, 12)


def test_what_was_declared_meanwhile_is_a_conflict_too(gf, pui, due_on, midazolam, nadia):
    make_transmission(pui, {midazolam: (300, 10)}, by=nadia, due_on=due_on)
    answer = send(gf, pui, due_on, (cell(midazolam), "700"))
    assert answer.status_code == 409
    assert answer.json()["cells"][cell(midazolam)]["value"] == "300"


def test_a_change_far_from_the_last_declaration_is_said_at_once(gf, pui, due_days, midazolam):
    make_transmission(pui, {midazolam: (420, 35)}, by=gf.user, due_on=due_days[0])
    answer = send(gf, pui, due_days[1], (cell(midazolam), "4200"), (cell(midazolam, "daily"), "35"))
    assert answer.json()["rows"][str(midazolam.pk)]["note"] == "à vérifier\u00a0: stock × 10"


def test_a_product_that_is_not_followed_has_no_cell(gf, pui, due_on, midazolam):
    Monitoring.objects.filter(product=midazolam).update(ends_on=due_on - timedelta(days=1))
    answer = send(gf, pui, due_on, (cell(midazolam), "5"))
    assert "n’est plus suivi" in answer.json()["cells"][cell(midazolam)]["text"]
    answer = send(gf, pui, due_on, (cell(make_product()), "5"))
    assert answer.status_code == 422
    assert not DraftCell.objects.exists()


def test_a_closed_due_day_is_not_typed_in(gf, pui, due_days, midazolam):
    closed = due_days[0] - timedelta(days=7)
    answer = send(gf, pui, closed, (cell(midazolam), "5"))
    assert answer.status_code == 403
    assert "votre ARS peut la rouvrir" in answer.json()["sentence"]
    assert not DraftCell.objects.exists()


def test_a_closed_pharmacy_is_not_typed_in(gf, pui, due_on, midazolam):
    type(pui).objects.update(closed_on=timezone.localdate() - timedelta(days=1))
    answer = send(gf, pui, due_on, (cell(midazolam), "5"))
    assert answer.status_code == 403
    assert "est fermée" in answer.json()["sentence"]


def test_a_script_without_session_is_told_so_and_not_sent_to_log_in(pui, due_on, midazolam):
    assert send(Client(), pui, due_on, (cell(midazolam), "5")).status_code == 401


def test_back_after_a_new_login_the_page_takes_a_fresh_token(gf, pui, due_on):
    answer = gf.get(url(pui, due_on, "grid_cells"), headers={"accept": "application/json"}).json()
    assert answer["person"] == str(gf.user.public_id)
    assert answer["token"]


def test_the_pharmacy_of_others_does_not_exist(gf, pui, due_on, midazolam):
    far = make_pui("PUI d’ailleurs", on=make_establishment())
    assert send(gf, far, due_on, (cell(midazolam), "5")).status_code == 404
    gone = type("Gone", (), {"pk": 0})
    assert send(gf, gone, due_on, (cell(midazolam), "5")).status_code == 404


def test_who_reads_without_declaring_is_refused(client_for, pui, due_on, midazolam):
    agency = client_for("ARL", on=None)
    assert send(agency, pui, due_on, (cell(midazolam), "5")).status_code in (403, 404)
    assert not DraftCell.objects.exists()


def test_a_day_when_nothing_is_due_does_not_exist(gf, pui, due_on, midazolam):
    day = due_on + timedelta(days=1)
    assert send(gf, pui, day, (cell(midazolam), "5")).status_code == 404
    assert gf.get(url(pui, day)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '{"cells": 3}',
        '{"cells": [{"cell": "1-stock", "value": 3, "seen": ""}]}',
        '{"cells": [{"cell": "1-other", "value": "3", "seen": ""}]}',
        '{"cells": [{"cell": "x-stock", "value": "3", "seen": ""}]}',
        '{"cells": [{"cell": "1-stock", "value": "3", "seen": "abc"}]}',
        '{"cells": [{"cell": "99999999999-stock", "value": "3", "seen": ""}]}',
        "[" * 5_000,
    ],
)
def test_a_forged_body_is_refused_and_saves_nothing(gf, pui, due_on, body):
    answer = gf.post(
        url(pui, due_on, "grid_cells"),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 400
    assert not DraftCell.objects.exists()


def test_the_cells_of_a_list_cost_the_same_whatever_their_number(
    gf, pui, due_on, midazolam, propofol, django_assert_max_num_queries
):
    with django_assert_max_num_queries(22):
        send(
            gf,
            pui,
            due_on,
            *[(cell(one, m), "5") for one in (midazolam, propofol) for m in ("stock", "daily")],
        )


def test_a_forged_profile_changes_nothing(gf, pui, due_on, midazolam):
    other = make_person("GF", on=pui.establishment)
    body = {"profile": str(other.active_profile.pk)}
    assert send(gf, pui, due_on, (cell(midazolam), "5"), **body).status_code == 200
    assert DraftCell.objects.get().saved_by == gf.user
