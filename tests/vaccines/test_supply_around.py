"""What stands around the lines of a pharmacy: whom to call, reports, filters, pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.home import Kind
from pui.models import ServedEstablishment
from tests.builders import make_body, make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.vaccines.builders import make_line, make_wave, planned
from tests.vaccines.supply_pages import PAGE, TODAY, logged_in, text_of
from tests.vaccines.supply_pages import lines as _lines
from tests.vaccines.supply_pages import vaccine as _vaccine
from vaccines import home
from vaccines.models import LineReport, Reception, SupplyLine
from vaccines.needs.filters import in_state
from vaccines.states import State, state_of

pytestmark = pytest.mark.django_db
lines, vaccine = _lines, _vaccine


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


def test_a_question_is_a_request_for_assistance_on_its_own_subject(gf, pui, tilleuls, lines):
    address = f"{reverse('vaccines:question')}?pui={pui.pk}&destinataire={tilleuls.pk}"
    wanted = f"sujet=vaccins&pui={pui.pk}&destinataire={tilleuls.pk}&de="
    assert wanted in logged_in(gf).get(address)["Location"]


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
