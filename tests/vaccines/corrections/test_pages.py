"""The pages of those who follow and correct, as a browser opens them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from tests.builders import make_department, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, planned
from tests.vaccines.corrections.acts import logged_in, report, rows_of, seen
from vaccines.corrections.places import place_of
from vaccines.models import LineReport, Reception, SupplyLine, Wave

pytestmark = pytest.mark.django_db
LINES = "/dispostock/vaccins/covid/approvisionnement/lignes/"
CORRECT, CREATE = f"{LINES}corriger/", f"{LINES}creer/"
ROOT = "/dispostock/vaccins/covid/approvisionnement/"


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


@pytest.fixture
def omedit(two):
    return logged_in(two.omedit)


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


def moving(two, *lines, **typed):
    asked = {"geste": "deplacer", "ligne": [line.pk for line in lines], "motif": "Mauvais EHPAD"}
    return asked | {"destinataire": "", "pui": ""} | typed


def done(page, **more):
    """What the page read sends back."""
    context = page.context
    sent = {"geste": context["act"], "etape": "faire"} | dict(context["hidden"])
    sent["ligne"] = [number for number, _ in context["seen"]]
    sent["vu"] = [f"{number}:{place}" for number, place in context["seen"]]
    return sent | more


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


def test_a_place_forged_in_the_form_is_refused(two, omedit):
    read = omedit.post(CORRECT, moving(two, two.two, pui="PUI de Blois"))
    for forged in ("", "x", "1-2-3-4", f"{place_of(two.two)}9"):
        sent = done(read) | {"vu": [f"{two.two.pk}:{forged}"]}
        assert omedit.post(CORRECT, sent).status_code == 422
    far = make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    (number, place), *_ = seen(far).items()
    assert omedit.post(CORRECT, done(read) | {"vu": [f"{number}:{place}"]}).status_code == 422


def test_a_department_without_its_name_breaks_nothing(two, omedit):
    make_department("18", "Cher")
    assert omedit.get(LINES, {"departement": "99"}).status_code == 200


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
