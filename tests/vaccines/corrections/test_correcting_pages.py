"""Lines corrected from their pages: chosen, read, done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from tests.html_rules import assert_sound_html
from tests.vaccines.builders import make_line
from tests.vaccines.corrections.acts import logged_in, seen
from tests.vaccines.corrections.pages import CORRECT, CREATE, LINES, done, moving, text_of
from vaccines.corrections.places import place_of
from vaccines.models import SupplyLine, Wave

pytestmark = pytest.mark.django_db


def test_two_lines_are_moved_once_read(two, omedit):
    asked = {"geste": "deplacer", "ligne": [two.one.pk, two.two.pk]}
    page = omedit.get(CORRECT, asked)
    assert_sound_html(page)
    assert "Déplacer 2 lignes" in text_of(page)
    read = omedit.post(CORRECT, moving(two, two.one, two.two, destinataire="bel air"))
    assert_sound_html(read)
    assert "PUI de Blois" in text_of(read)
    two.one.refresh_from_db()
    assert two.one.recipient == two.tilleuls, "read is not done"
    after = omedit.post(CORRECT, done(read), follow=True)
    assert "2 lignes déplacées." in text_of(after)
    two.two.refresh_from_db()
    assert (two.two.recipient, two.two.pui, two.two.recalled) == (two.bel_air, two.blois, two.one)


def test_sent_twice_a_correction_is_done_once(two, omedit):
    read = omedit.post(CORRECT, moving(two, two.two, pui="PUI de Blois"))
    sent = done(read)
    omedit.post(CORRECT, sent)
    again = omedit.post(CORRECT, sent)
    assert again.status_code == 422
    assert "a changé" in text_of(again)
    assert Entry.objects.filter(verb="vaccines.line_moved").count() == 1


def test_what_cannot_move_says_why_and_the_rest_moves(two, omedit):
    other = make_line(two.first, pui=two.blois, recipient=two.bel_air)
    read = omedit.post(CORRECT, moving(two, two.one, other, pui="PUI Saint-Aubin"))
    assert_sound_html(read)
    assert "est déjà à cette place" in text_of(read)
    omedit.post(CORRECT, done(read))
    other.refresh_from_db()
    assert other.pui == two.saint_aubin


def test_words_that_several_places_answer_become_a_list(two, omedit):
    several = omedit.post(CORRECT, moving(two, two.two, destinataire="ehpad"))
    assert_sound_html(several)
    assert several.status_code == 422
    chosen = f"{two.roseraie.name}, {two.roseraie.town} ({two.roseraie.finess_text})"
    assert f'<option value="{chosen}">' in several.content.decode()
    read = omedit.post(CORRECT, moving(two, two.two, destinataire=chosen))
    assert "rappel d’aucune livraison" in text_of(read)
    read = omedit.post(CORRECT, moving(two, two.two, destinataire=two.roseraie.finess))
    assert "rappel d’aucune livraison" in text_of(read)
    for wrong in ({"destinataire": "zzz introuvable"}, {}, {"destinataire": two.lyonnais.finess}):
        assert omedit.post(CORRECT, moving(two, two.two, **wrong)).status_code == 422


def test_lines_are_taken_away_then_put_back(two, omedit):
    asked = {"geste": "supprimer", "ligne": [two.two.pk], "cause": "officine", "motif": ""}
    assert_sound_html(omedit.get(CORRECT, asked))
    bare = omedit.post(CORRECT, asked | {"cause": "other"})
    assert bare.status_code == 422
    read = omedit.post(CORRECT, asked)
    assert_sound_html(read)
    omedit.post(CORRECT, done(read))
    two.two.refresh_from_db()
    assert two.two.removal == "officine"
    gone = omedit.get(LINES, {"etat": "supprimee"})
    assert gone.context["count"] == 1
    assert_sound_html(omedit.get(f"{LINES}{two.two.pk}/"))
    back = {"geste": "remettre", "ligne": [two.two.pk], "motif": "Par erreur"}
    assert_sound_html(omedit.get(CORRECT, back))
    read = omedit.post(CORRECT, back)
    assert_sound_html(read)
    omedit.post(CORRECT, done(read))
    two.two.refresh_from_db()
    assert two.two.removed_at is None


def test_nothing_ticked_says_so(two, omedit):
    answer = omedit.get(CORRECT, {"geste": "deplacer"}, follow=True)
    assert "Cochez d’abord" in text_of(answer)
    assert omedit.get(CORRECT, {"geste": "vendre"}).status_code == 404


def test_the_pharmacy_read_in_the_preview_is_the_one_that_gets_the_line(two, omedit):
    SupplyLine.objects.filter(pk=two.two.pk).update(second_doses=0)
    read = omedit.post(CORRECT, moving(two, two.two, destinataire=two.bel_air.finess))
    two.bel_air.serving_puis.update(pui=two.saint_aubin)
    omedit.post(CORRECT, done(read))
    two.two.refresh_from_db()
    assert (two.two.recipient, two.two.pui) == (two.bel_air, two.blois)


def test_all_the_lines_of_a_list_are_corrected_at_once(two, omedit):
    """Those of the filters, and no other; forged, the list stays that of one's region."""
    make_line(two.first, pui=two.blois, recipient=two.bel_air)
    make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    page = omedit.get(LINES, {"recherche": "tilleuls"})
    assert 'name="liste" value="recherche=tilleuls"' in page.content.decode()
    asked = {"geste": "deplacer", "toutes": "oui", "liste": "recherche=tilleuls"}
    assert omedit.get(CORRECT, asked).context["lines"] == [two.one, two.two]
    assert len(omedit.get(CORRECT, asked | {"liste": ""}).context["lines"]) == 3


def test_too_many_at_once_are_refused_not_forgotten(two, omedit, monkeypatch):
    monkeypatch.setattr("vaccines.views.correcting.MOST_AT_ONCE", 1)
    asked = {"geste": "deplacer", "ligne": [two.one.pk, two.two.pk]}
    assert "de 1 à 1 lignes" in text_of(omedit.get(CORRECT, asked, follow=True))


def test_a_place_forged_in_the_form_is_refused(two, omedit):
    read = omedit.post(CORRECT, moving(two, two.two, pui="PUI de Blois"))
    for forged in ("", "x", "1-2-3-4", f"{place_of(two.two)}9"):
        sent = done(read) | {"vu": [f"{two.two.pk}:{forged}"]}
        assert omedit.post(CORRECT, sent).status_code == 422
    far = make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    (number, place), *_ = seen(far).items()
    assert omedit.post(CORRECT, done(read) | {"vu": [f"{number}:{place}"]}).status_code == 422


@pytest.mark.parametrize(("days", "is_late"), [(-1, True), (1, False)])
def test_who_creates_a_line_past_the_deadline_reads_who_can_move_it(country, days, is_late):
    Wave.objects.filter(pk=country.first.pk).update(
        needs_due_at=timezone.now() + timedelta(days=days)
    )
    sent = {
        "vague": country.first.pk,
        "destinataire": country.tilleuls.finess,
        "provenance": "A",
        "motif": "Ligne oubliée",
    }
    page = logged_in(country.omedit).post(CREATE, sent, follow=True)
    assert "Ligne créée pour EHPAD Les Tilleuls" in text_of(page)
    assert ("la PUI ne peut plus saisir le sien" in text_of(page)) is is_late
