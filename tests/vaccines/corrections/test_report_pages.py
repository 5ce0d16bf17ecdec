"""Reports beside the correction that closes them."""

import pytest

from tests.html_rules import assert_sound_html
from tests.vaccines.builders import make_line
from tests.vaccines.corrections.acts import logged_in, report
from tests.vaccines.corrections.pages import CORRECT, CREATE, LINES, ROOT, done, moving, text_of
from vaccines.models import LineReport, SupplyLine

pytestmark = pytest.mark.django_db


def test_a_missing_line_is_created_from_its_report_which_is_closed(two, omedit):
    row = report(two, LineReport.Kind.MISSING, wave=two.second, recipient=two.roseraie)
    inbox = omedit.get(f"{ROOT}signalements/")
    assert_sound_html(inbox)
    assert "Créer la ligne" in text_of(inbox)
    page = omedit.get(CREATE, {"signalement": row.pk})
    assert_sound_html(page)
    typed = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    sent = {name: value or "" for name, value in typed.items()} | {"signalement": row.pk}
    made = omedit.post(CREATE, sent)
    line = SupplyLine.objects.get(recipient=two.roseraie, wave=two.second)
    assert made.headers["Location"] == f"{LINES}{line.pk}/"
    row.refresh_from_db()
    assert (row.state, line.pui) == ("done", two.saint_aubin)


@pytest.mark.parametrize(
    ("kind", "act", "label"),
    [
        (LineReport.Kind.MISPLACED, "deplacer", "Déplacer la ligne"),
        (LineReport.Kind.OFFICINE, "supprimer", "Supprimer la ligne"),
    ],
)
def test_a_report_leads_to_the_correction_that_closes_it(two, omedit, kind, act, label):
    row = report(two, kind, line=two.two)
    inbox = omedit.get(f"{ROOT}signalements/")
    [(_, closing)] = inbox.context["reports"]
    assert (closing.label, f"geste={act}" in closing.address) == (label, True)
    beside = omedit.get(f"{LINES}{two.two.pk}/")
    assert_sound_html(beside)
    assert closing.address.replace("&", "&amp;") in beside.content.decode(), "beside its line too"
    assert f"signalements/{row.pk}/" in omedit.get(LINES).content.decode(), "and in the list"
    page = omedit.get(closing.address)
    assert_sound_html(page)
    assert "Signalé par PUI Saint-Aubin" in text_of(page)
    typed = {"cause": "officine", "pui": "PUI de Blois", "destinataire": "", "motif": "Signalé"}
    sent = {"geste": act, "ligne": [two.two.pk], "signalement": row.pk}
    read = omedit.post(CORRECT, sent | typed)
    assert_sound_html(read)
    omedit.post(CORRECT, done(read, signalement=row.pk))
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("done", two.omedit)
    assert row.answer.startswith(("Ligne déplacée\u00a0: ", "Ligne supprimée\u00a0: "))
    own = logged_in(two.gf).get(ROOT)
    assert row.answer in own.content.decode(), "the pharmacy reads it on its page"


def closing_of(client):
    page = client.get(f"{ROOT}signalements/")
    assert_sound_html(page)
    [(_, closing)] = page.context["reports"]
    return closing


def test_a_line_said_missing_that_another_pharmacy_has_is_moved(two, omedit):
    line = make_line(two.second, pui=two.blois, recipient=two.roseraie)
    row = report(two, LineReport.Kind.MISSING, wave=two.second, recipient=two.roseraie)
    closing = closing_of(omedit)
    assert (closing.label, "PUI de Blois" in closing.note) == ("Déplacer la ligne", True)
    page = omedit.get(closing.address)
    asked = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert asked["pui"].startswith("PUI Saint-Aubin, ")
    read = omedit.post(CORRECT, moving(two, line, signalement=row.pk) | asked)
    omedit.post(CORRECT, done(read, signalement=row.pk))
    line.refresh_from_db()
    row.refresh_from_db()
    assert (line.pui, row.state) == (two.saint_aubin, "done")


def test_a_line_said_missing_that_was_taken_away_is_put_back(two, omedit):
    line = make_line(
        two.second, pui=two.saint_aubin, recipient=two.roseraie,
        removed_at="2021-01-30T09:00Z", removal="officine",
    )  # fmt: skip
    report(two, LineReport.Kind.MISSING, wave=two.second, recipient=two.roseraie)
    closing = closing_of(omedit)
    assert (closing.label, f"ligne={line.pk}" in closing.address) == ("Remettre la ligne", True)


def test_a_report_whose_line_changed_meanwhile_says_so(two, omedit):
    report(two, line=two.two)
    SupplyLine.objects.filter(pk=two.two.pk).update(pui=two.blois)
    closing = closing_of(omedit)
    assert (closing.label, "Déplacée depuis" in closing.note) == ("Voir la ligne", True)
    SupplyLine.objects.filter(pk=two.two.pk).update(
        removed_at="2021-01-30T09:00Z", removal="officine"
    )
    assert "déjà supprimée" in closing_of(omedit).note
    LineReport.objects.update(line=None, kind="missing", recipient=two.tilleuls, wave=two.first)
    assert "a déjà cette ligne" in closing_of(omedit).note


def test_what_a_colleague_answered_meanwhile_stops_the_correction(two, omedit):
    row = report(two, line=two.two)
    read = omedit.post(CORRECT, moving(two, two.two, pui="PUI de Blois", signalement=row.pk))
    sent = done(read, signalement=row.pk)
    logged_in(two.agent).post(f"{ROOT}signalements/{row.pk}/", {"reponse": "Elle est juste"})
    answer = omedit.post(CORRECT, sent)
    assert answer.status_code == 422
    assert "Elle est juste" in text_of(answer)
    two.two.refresh_from_db()
    assert two.two.pui == two.saint_aubin
    missing = report(two, LineReport.Kind.MISSING, wave=two.second, recipient=two.roseraie)
    page = omedit.get(CREATE, {"signalement": missing.pk})
    typed = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    logged_in(two.agent).post(f"{ROOT}signalements/{missing.pk}/", {"reponse": "Déjà livrée"})
    answer = omedit.post(CREATE, typed | {"signalement": missing.pk})
    assert (answer.status_code, "Déjà livrée" in text_of(answer)) == (422, True)
    assert not SupplyLine.objects.filter(recipient=two.roseraie).exists()


def test_a_report_is_answered_in_words_without_correction(two, omedit):
    row = report(two)
    address = f"{ROOT}signalements/{row.pk}/"
    assert_sound_html(omedit.get(address))
    assert omedit.post(address, {"reponse": ""}).status_code == 422
    omedit.post(address, {"reponse": "Cette ligne est la bonne"})
    row.refresh_from_db()
    assert row.state == "dismissed"
    again = omedit.post(address, {"reponse": "Cette ligne est la bonne"})
    assert again.status_code == 422
    assert_sound_html(again)
    assert logged_in(two.other_agent).get(address).status_code == 404
    assert logged_in(two.gf).get(address).status_code == 403
    assert_sound_html(omedit.get(f"{ROOT}signalements/"))
