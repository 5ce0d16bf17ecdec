"""The page of a pharmacy: what it shows, what it keeps, what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_wave, planned
from tests.vaccines.supply_pages import GTIN, PAGE, TODAY, logged_in, shown, text_of
from tests.vaccines.supply_pages import lines as _lines
from tests.vaccines.supply_pages import vaccine as _vaccine
from vaccines.corrections.places import place_of
from vaccines.corrections.planning import Target
from vaccines.models import Reception, SupplyLine
from vaccines.services.corrections import move_lines

pytestmark = pytest.mark.django_db
lines, vaccine = _lines, _vaccine


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
