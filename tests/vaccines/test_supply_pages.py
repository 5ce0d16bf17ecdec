"""The page of a pharmacy: what it shows, what it keeps, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.home import Kind
from pui.models import ServedEstablishment
from tests.builders import make_body, make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned
from vaccines import home
from vaccines.corrections.places import place_of
from vaccines.corrections.planning import Target
from vaccines.models import LineReport, Reception, SupplyLine, SupplyQuestion
from vaccines.needs.filters import in_state
from vaccines.services.corrections import move_lines
from vaccines.states import State, state_of

pytestmark = pytest.mark.django_db
PAGE = "/dispostock/vaccins/covid/approvisionnement/"
GTIN = "03400930000120"
TODAY = timezone.localdate()


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def shown(answer):
    """What the forms of the page would send back untouched."""
    data = {}
    for block in answer.context["blocks"]:
        for row in block.rows:
            for form in (row.need_form, row.reception_form, row.vaccinated_form):
                for bound in form or ():
                    value = bound.value()
                    if value is not None and value is not False:
                        data[bound.html_name] = f"{value}"
    return data


@pytest.fixture
def vaccine():
    return make_vaccine(gtin=GTIN)


@pytest.fixture
def lines(pui, tilleuls, vaccine):
    """Les Tilleuls: received, then a need to type; Bel-Air: a reception to type."""
    first = make_line(
        make_wave(TODAY - timedelta(days=9), vaccine=vaccine), pui=pui, recipient=tilleuls
    )
    first.first_doses, first.second_doses, first.vaccinated = 66, 0, 72
    planned(first, 66, first.wave.delivers_on)
    Reception.objects.create(
        line=first, received_on=first.wave.delivers_on, doses=66, told_by=first.planned_by
    )
    SupplyLine.objects.filter(pk=first.pk).update(received_whole_at=timezone.now())
    second = make_line(
        make_wave(TODAY + timedelta(days=12), vaccine=vaccine), pui=pui, recipient=tilleuls
    )
    uslds = make_establishment(name="USLD Bel-Air")
    awaited = make_line(make_wave(TODAY, vaccine=vaccine), pui=pui, recipient=uslds)
    awaited.first_doses, awaited.second_doses = 40, 0
    planned(awaited, 40, TODAY)
    return first, second, awaited


def test_the_page_reads_the_example_newest_wave_on_top(gf, lines):
    first, second, _ = lines
    page = logged_in(gf).get(PAGE)
    assert_sound_html(page)
    text = text_of(page)
    assert "2 saisies à faire" in text
    assert "(EHPAD Les Tilleuls)" in text
    assert "72 personnes</strong> ont reçu leur 1re injection" in text
    assert text.index(f'ligne-{second.pk}"') < text.index(f'ligne-{first.pk}"')
    assert "2e livraison" in text
    form = page.context["blocks"][0].rows[0].need_form
    assert [form[name].value() for name in ("first", "second")] == [None, None]


def test_one_save_for_all_that_is_typed_on_the_page(gf, lines):
    _, second, awaited = lines
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "10",
        f"besoin-{second.pk}-second": "72",
        f"reception-{awaited.pk}-doses": "40",
        f"vaccines-{awaited.pk}-people": "41",
    }
    answer = client.post(PAGE, data, follow=True)
    assert_sound_html(answer)
    assert "3 saisies enregistrées" in text_of(answer)
    second.refresh_from_db()
    awaited.refresh_from_db()
    assert (second.doses, awaited.vaccinated) == (82, 41)
    assert awaited.received_whole_at is not None
    assert client.post(PAGE, shown(client.get(PAGE)), follow=True).context["messages"]
    assert "Rien n’a changé" in text_of(client.post(PAGE, shown(client.get(PAGE)), follow=True))


def test_what_is_refused_keeps_its_value_and_its_sentence_beside_what_is_saved(gf, lines):
    _, second, awaited = lines
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "10",
        f"besoin-{second.pk}-second": "soixante",
        f"reception-{awaited.pk}-doses": "35",
        f"reception-{awaited.pk}-is_last": "on",
        f"vaccines-{awaited.pk}-people": "38",
    }
    answer = client.post(PAGE, data)
    assert answer.status_code == 422
    assert_sound_html(answer)
    text = text_of(answer)
    assert 'value="soixante"' in text
    assert 'value="35"' in text
    assert "5 doses de moins que prévu : dites pourquoi" in text
    assert "1 saisie enregistrée" in text
    awaited.refresh_from_db()
    assert (awaited.vaccinated, awaited.receptions.count()) == (38, 0)


def test_blank_recalls_are_not_0_and_the_page_says_so(gf, lines):
    second = lines[1]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {f"besoin-{second.pk}-first": "4"}
    text = text_of(client.post(PAGE, data, follow=True))
    assert "Rappels vides : aucun ne sera commandé" in text
    assert "Total commandé : <strong>" not in text


def test_a_conflict_shows_both_values_and_is_settled_by_saving_again(gf, lines):
    second = lines[1]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "10",
        f"besoin-{second.pk}-second": "72",
    }
    SupplyLine.objects.filter(pk=second.pk).update(
        first_doses=12, second_doses=0, recalled=lines[0], need_at=timezone.now(), need_by=gf
    )
    refused = client.post(PAGE, data)
    assert "12 en 1res, 0 en rappels" in text_of(refused)
    client.post(PAGE, shown(refused))
    second.refresh_from_db()
    assert (second.first_doses, second.second_doses) == (10, 72)


def test_a_number_that_cannot_be_read_never_hides_what_a_colleague_wrote(gf, lines):
    """The refusal did not compare: sent again, the two values are read first."""
    second = lines[1]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "dix",
        f"besoin-{second.pk}-second": "72",
    }
    SupplyLine.objects.filter(pk=second.pk).update(
        first_doses=12, second_doses=0, recalled=lines[0], need_at=timezone.now(), need_by=gf
    )
    refused = client.post(PAGE, data)
    again = shown(refused) | {f"besoin-{second.pk}-first": "10"}
    told = client.post(PAGE, again)
    assert "12 en 1res, 0 en rappels" in text_of(told)
    second.refresh_from_db()
    assert second.first_doses == 12
    client.post(PAGE, shown(told))
    second.refresh_from_db()
    assert second.first_doses == 10


def test_people_told_by_a_colleague_meanwhile_are_read_then_replaced(gf, lines):
    awaited = lines[2]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {f"vaccines-{awaited.pk}-people": "38"}
    SupplyLine.objects.filter(pk=awaited.pk).update(vaccinated=39, vaccinated_by=gf)
    refused = client.post(PAGE, data)
    assert "39 personnes" in text_of(refused)
    client.post(PAGE, shown(refused))
    awaited.refresh_from_db()
    assert awaited.vaccinated == 38


def test_recalls_without_a_reason_are_told_when_the_people_come_after_them(gf, lines):
    first, second, _ = lines
    SupplyLine.objects.filter(pk=second.pk).update(first_doses=0, second_doses=66, recalled=first)
    page = logged_in(gf).get(PAGE)
    row = next(
        row for block in page.context["blocks"] for row in block.rows if row.line.pk == second.pk
    )
    assert (row.gap, row.is_gap_unexplained) == (-6, True)
    SupplyLine.objects.filter(pk=second.pk).update(comment="Six personnes sont parties.")
    page = logged_in(gf).get(PAGE)
    assert not page.context["blocks"][0].rows[0].is_gap_unexplained


def test_the_past_of_a_recipient_is_a_line_each(gf, pui, tilleuls, vaccine, lines):
    past = []
    for days in (30, 51, 72):
        day = TODAY - timedelta(days=days)
        line = planned(
            make_line(make_wave(day, vaccine=vaccine), pui=pui, recipient=tilleuls), 50, day
        )
        Reception.objects.create(line=line, received_on=day, doses=50, lot="A1", told_by=gf)
        past.append(line.pk)
    SupplyLine.objects.filter(pk__in=past).update(
        received_whole_at=timezone.now(), vaccinated=51, first_doses=50, second_doses=0
    )
    page = logged_in(gf).get(PAGE)
    assert_sound_html(page)
    block = page.context["blocks"][0]
    assert [row.line.pk for row in block.folded] == past
    assert "3 livraisons plus anciennes" in text_of(page)
    SupplyLine.objects.filter(pk=past[1]).update(vaccinated=None)
    block = logged_in(gf).get(PAGE).context["blocks"][0]
    assert past[1] in [row.line.pk for row in block.shown], "something is still to type"


def test_a_line_that_the_region_moved_says_from_where(gf, pui, lines, tilleuls):
    line = lines[1]
    agency = make_person("ARA", on=make_region())
    target = Target(make_establishment(name="EHPAD La Roseraie"), pui)
    move_lines(by=agency, seen={line.pk: place_of(line)}, target=target, reason="Erreur de liste")
    text = text_of(logged_in(gf).get(PAGE))
    assert f"le {TODAY:%d/%m} depuis EHPAD Les Tilleuls." in text
    assert "EHPAD La Roseraie" in text


def test_a_pivot_hospital_reads_its_own_lines_and_the_way_to_what_it_delivers(gf, pui, lines):
    waves = reverse("vaccines:waves")
    assert f'href="{waves}"' not in text_of(logged_in(gf).get(PAGE))
    make_line(lines[1].wave, pivot=pui, pui=make_pui("PUI voisine"))
    page = logged_in(gf).get(PAGE)
    assert_sound_html(page)
    assert f'href="{waves}"' in text_of(page)
    assert len(page.context["blocks"]) == 2
    assert f'href="{PAGE}"' in text_of(logged_in(gf).get(waves))


def test_what_is_typed_after_the_deadline_is_refused_but_kept_on_the_page(gf, lines):
    second = lines[1]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {f"besoin-{second.pk}-first": "123"}
    second.wave.needs_due_at = timezone.now()
    second.wave.save()
    text = text_of(client.post(PAGE, data))
    assert 'value="123"' in text
    assert "se saisissaient avant le" in text


def test_a_line_moved_meanwhile_is_told_and_the_rest_saved(gf, lines):
    _, second, awaited = lines
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "4",
        f"vaccines-{awaited.pk}-people": "40",
    }
    SupplyLine.objects.filter(pk=second.pk).update(pui=make_pui("PUI voisine"))
    text = text_of(client.post(PAGE, data, follow=True))
    assert "n’est plus de votre PUI" in text
    awaited.refresh_from_db()
    assert awaited.vaccinated == 40


def test_without_script_the_code_of_the_box_fills_lot_and_expiry(gf, lines):
    awaited = lines[2]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"reception-{awaited.pk}-scan": f"01{GTIN}17491231\x1d10AB12",
        f"reception-{awaited.pk}-doses": "40",
    }
    client.post(PAGE, data)
    part = awaited.receptions.get()
    assert (part.lot, f"{part.expires_on:%Y-%m-%d}", part.gtin) == ("AB12", "2049-12-31", GTIN)


def test_the_script_asks_what_a_code_says(gf, lines):
    url = reverse("vaccines:scan", args=[lines[2].pk])
    found = logged_in(gf).post(url, {"code": f"01{GTIN}1749123110AB12"}).json()
    assert (found["lot"], found["expires_on"], found["warning"]) == ("AB12", "31/12/2049", "")
    assert "mal lu" in logged_in(gf).post(url, {"code": "0103400930000121"}).json()["refused"]
    assert logged_in(make_person("GF")).post(url, {"code": "x"}).status_code == 404
    assert not Reception.objects.filter(line=lines[2]).exists()


def test_who_reads_without_writing_has_no_field(pui, lines):
    page = logged_in(make_person("APE", on=pui.establishment)).get(PAGE)
    assert_sound_html(page)
    assert "<textarea" not in text_of(page)
    assert "Enregistrer" not in text_of(page)
    assert "2 saisies attendues de la PUI" in text_of(page)


def test_a_pharmacy_without_line_reads_whom_to_call(gf, pui):
    for kind in ("ars", "omedit"):
        body = make_body(kind, region=make_region())
        body.mailbox = f"{kind}@cvl.example"
        body.save()
    page = logged_in(gf).get(PAGE)
    assert_sound_html(page)
    text = text_of(page)
    assert "Aucune ligne pour votre PUI" in text
    for told in ("ars@cvl.example", "omedit@cvl.example", "Signaler une ligne manquante"):
        assert told in text


def test_a_line_is_reported_and_followed_on_the_pages(gf, pui, tilleuls, lines):
    client, url = logged_in(gf), reverse("vaccines:report")
    ServedEstablishment.objects.create(pui=pui, establishment=tilleuls, starts_on=TODAY)
    page = client.get(url)
    assert_sound_html(page)
    assert f'<option value="{tilleuls.finess_text}">EHPAD Les Tilleuls' in page.content.decode()
    sent = {"pui": pui.pk, "kind": "missing", "recipient": "", "line": "", "comment": ""}
    assert client.post(url, sent).status_code == 422
    sent["recipient"] = tilleuls.finess_text
    assert "À traiter par votre région" in text_of(client.post(url, sent, follow=True))
    assert LineReport.objects.get().recipient == tilleuls
    assert "Vos signalements" in text_of(client.get(PAGE))


def test_a_question_is_prefilled_sent_and_numbered(gf, pui, tilleuls, lines):
    client, url = logged_in(gf), reverse("vaccines:question")
    page = client.get(f"{url}?destinataire={tilleuls.pk}")
    assert_sound_html(page)
    form = page.context["form"]
    assert form["finess"].value() == pui.establishment.finess_text
    assert form["town"].value() == "ORLÉANS"
    sent = {bound.html_name: bound.value() or "" for bound in form}
    sent |= {"text": "Où est la commande ?", "phone": "02 38 00 00 00", "pui": pui.pk}
    wrong = client.post(url, sent | {"finess": tilleuls.finess})
    assert f"est {pui.establishment.finess_text}" in wrong.content.decode()
    text = text_of(client.post(url, sent, follow=True))
    row = SupplyQuestion.objects.get()
    assert row.recipient == tilleuls
    assert text.count(row.number) >= 2


def test_a_correction_is_made_on_its_page(gf, lines):
    first = lines[0]
    client, url = logged_in(gf), reverse("vaccines:reception_correct", args=[first.pk])
    page = client.get(url)
    assert_sound_html(page)
    form = page.context["form"]
    sent = {bound.html_name: bound.value() or "" for part in (form, *form.parts) for bound in part}
    part = first.receptions.get()
    sent |= {f"partie-{part.pk}-doses": "60", "why": "", "is_whole": "on"}
    assert client.post(url, sent).status_code == 422
    client.post(url, sent | {"why": "Mal compté", "gap": "Un flacon cassé"})
    part.refresh_from_db()
    assert part.doses == 60
    assert logged_in(make_person("GF")).get(url).status_code == 404


def test_the_filters_say_of_many_lines_what_a_state_says_of_one(pui, lines, vaccine):
    now = timezone.now()
    late = make_line(make_wave(TODAY + timedelta(days=2), vaccine=vaccine), pui=pui)
    told = make_line(make_wave(TODAY + timedelta(days=20), vaccine=vaccine), pui=pui)
    removed = make_line(told.wave, pui=pui)
    shipped = planned(make_line(told.wave, pui=pui), 5, TODAY + timedelta(days=3))
    SupplyLine.objects.filter(pk=told.pk).update(first_doses=3, second_doses=0)
    SupplyLine.objects.filter(pk=removed.pk).update(removed_at=now, removal="other")
    later = planned(make_line(told.wave, pui=pui), 5, TODAY + timedelta(days=3))
    SupplyLine.objects.filter(pk=shipped.pk).update(shipped_on=TODAY)
    rows = list(SupplyLine.objects.select_related("wave"))
    found = {one.pk: state_of(one, now) for one in rows}
    assert set(found.values()) == set(State)
    for state in State:
        expected = {pk for pk, value in found.items() if value is state}
        asked = SupplyLine.objects.filter(in_state(state.value, now))
        assert set(asked.values_list("pk", flat=True)) == expected, state
    assert {late.pk, later.pk} <= set(found)


def test_the_filters_keep_the_delivery_to_recall_below(gf, lines, tilleuls):
    first, second, _ = lines
    SupplyLine.objects.filter(pk=second.pk).update(recalled=first)
    page = logged_in(gf).get(PAGE, {"etat": "a-saisir", "destinataire": str(tilleuls.pk)})
    rows = [row.line.pk for block in page.context["blocks"] for row in block.rows]
    assert rows == [second.pk, first.pk]
    nothing = logged_in(gf).get(PAGE, {"etat": "supprimee"})
    assert "Aucune ligne ne correspond" in text_of(nothing)


def queries_of(client):
    with CaptureQueriesContext(connection) as found:
        assert client.get(PAGE).status_code == 200
    return len(found)


def test_more_lines_cost_no_more_queries(gf, pui, lines, vaccine):
    client = logged_in(gf)
    client.get(PAGE)
    before = queries_of(client)
    wave, past = lines[1].wave, lines[0].wave
    for _ in range(5):
        recipient = make_establishment()
        line = planned(make_line(past, pui=pui, recipient=recipient), 5, past.delivers_on)
        Reception.objects.create(line=line, received_on=TODAY, doses=5, told_by=gf)
        make_line(wave, pui=pui, recipient=recipient)
    assert queries_of(client) == before


def test_pages_of_ten_recipients(gf, pui, lines):
    for _ in range(12):
        make_line(lines[1].wave, pui=pui, recipient=make_establishment())
    client = logged_in(gf)
    assert len(client.get(PAGE).context["blocks"]) == 10
    assert len(client.get(f"{PAGE}?page=2").context["blocks"]) == 4


def test_the_home_page_tells_what_is_to_type(gf, pui, lines):
    cards = home.cards(gf)
    assert [card.kind for card in cards] == [Kind.TO_DO]
    assert "2 saisies" in cards[0].title
    lines[1].wave.needs_due_at = timezone.now()
    lines[1].wave.save()
    assert [card.kind for card in home.cards(gf)] == [Kind.LATE, Kind.TO_DO]
    assert home.cards(make_person("APE", on=pui.establishment)) == []
