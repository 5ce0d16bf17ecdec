"""The pages of waves, for SPF, the national cell and a pivot hospital; others are refused."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common.tabular import read_whole_table
from journal.models import Entry
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.vaccines.builders import make_line, make_wave, planned
from tests.vaccines.wave_pages import content_of, logged_in, text_of, typed
from tests.vaccines.wave_world import serve
from tests.vaccines.wave_world import world as _world
from vaccines.models import SupplyLine, Wave
from vaccines.waves.cards import delivery_cards

world = _world
WAVES, NEW = "/dispostock/vaccins/covid/vagues/", "/dispostock/vaccins/covid/vagues/nouvelle/"


@pytest.fixture
def spf(world):
    return logged_in(world.spf)


@pytest.fixture
def wave(world):
    made = make_wave(world.day(), vaccine=world.vaccine)
    for place in world.places[:5]:
        make_line(made, pui=world.first, recipient=place, first_doses=7, second_doses=0)
    make_line(made, pui=world.second, recipient=world.places[5], pivot=world.second)
    return made


def test_spf_reads_the_lines_then_creates_them_once(world, spf):
    alone = make_establishment(name="USLD Seule")
    numbers = "\n".join(one.finess for one in [*world.places, alone])
    shown = spf.post(NEW, typed(world, liste=numbers))
    assert_sound_html(shown)
    assert "6 lignes à créer" in text_of(shown)
    assert "USLD Seule n’a pas de PUI" in text_of(shown)
    assert not Wave.objects.exists()
    content = content_of(shown)
    made = spf.post(NEW, {"content": content}, follow=True)
    assert "6 lignes créées" in text_of(made)
    again = spf.post(NEW, {"content": content}, follow=True)
    assert "déjà créées" in text_of(again)
    assert SupplyLine.objects.count() == 6


def test_by_file_by_category_and_what_is_missing_is_said(world, spf):
    sent = SimpleUploadedFile("v.csv", f"FINESS\n{world.places[0].finess}\n".encode())
    assert "1 ligne à créer" in text_of(spf.post(NEW, typed(world, fichier=sent)))
    assert "6 lignes" in text_of(spf.post(NEW, typed(world, categories=["500"])))
    nothing = spf.post(NEW, typed(world))
    assert nothing.status_code == 422
    assert "Choisissez une manière" in text_of(nothing)
    wrong = SimpleUploadedFile("v.csv", b"%PDF-1.4")
    assert spf.post(NEW, typed(world, fichier=wrong)).status_code == 422


def test_the_name_of_another_wave_is_refused_before_any_preview(world, spf):
    make_wave(world.day(30), vaccine=world.vaccine, label="Vague 1")
    answer = spf.post(NEW, typed(world, categories=["500"], label=" Vague  1 "))
    assert answer.status_code == 422
    assert "donnez un autre nom" in text_of(answer)


def test_a_forged_preview_is_not_believed(world, spf):
    answer = spf.post(NEW, {"content": "forged"}, follow=True)
    assert "a expiré" in text_of(answer)
    assert not Wave.objects.exists()


def test_a_preview_out_of_date_is_shown_anew(world, spf):
    content = content_of(spf.post(NEW, typed(world, categories=["500"])))
    world.places[0].serving_puis.update(ends_on="2021-01-01")
    answer = spf.post(NEW, {"content": content})
    assert answer.status_code == 409
    assert "5 lignes à créer" in text_of(answer)


def test_each_sees_the_waves_that_are_theirs(world, wave, spf):
    page = text_of(spf.get(WAVES))
    assert "5 sur 5" in page
    assert "Créer une vague" in page
    assert "0 sur 6" in text_of(logged_in(world.national).get(WAVES))
    pivot = logged_in(make_person("GF", on=world.second.establishment))
    page = text_of(pivot.get(WAVES))
    assert "0 sur 1" in page
    assert "Créer une vague" not in page
    other = logged_in(make_person("GF", on=world.first.establishment))
    assert other.get(WAVES).status_code == 404
    assert other.get(reverse("vaccines:wave", args=[wave.pk])).status_code == 404
    assert logged_in(make_person("ARA")).get(WAVES).status_code == 403


def test_spf_writes_a_page_and_keeps_what_was_typed_when_it_is_refused(world, wave, spf):
    url = reverse("vaccines:wave", args=[wave.pk])
    page = spf.get(url)
    assert_sound_html(page)
    line, other = wave.lines.filter(flow="A").order_by("pk")[:2]
    sent = {
        f"seen-{line.pk}": "|||",
        f"expected_on-{line.pk}": "2021-02-09",
        f"planned_doses-{line.pk}": "7",
    }
    wrong = spf.post(url, sent | {f"expected_on-{line.pk}": ""})
    assert wrong.status_code == 409
    assert f'id="planned_doses-{line.pk}" value="7"' in wrong.text
    assert "donnez la date prévue" in text_of(wrong)
    spf.post(url, sent | {f"planned_doses-{line.pk}": "sept"})
    done = spf.post(url, sent, follow=True)
    assert "1 livraison enregistrée" in text_of(done)
    line.refresh_from_db()
    other.refresh_from_db()
    assert (line.planned_doses, other.planned_doses) == (7, None)


def test_the_national_cell_looks_and_does_not_write(world, wave):
    client = logged_in(world.national)
    url = reverse("vaccines:wave", args=[wave.pk])
    assert 'name="planned_doses' not in client.get(url).text
    line = wave.lines.first()
    answer = client.post(url, {f"seen-{line.pk}": "|||", f"planned_doses-{line.pk}": "7"})
    assert answer.status_code == 403
    assert client.get(reverse("vaccines:wave_propose", args=[wave.pk])).status_code == 403


def test_the_proposal_is_read_then_written(world, wave, spf):
    url = reverse("vaccines:wave_propose", args=[wave.pk])
    shown = spf.get(url)
    assert_sound_html(shown)
    assert "35 doses, 10 flacons" in text_of(shown)
    assert not wave.lines.exclude(planned_doses=None).exists()
    spf.post(url, {"content": content_of(shown)})
    assert wave.lines.filter(planned_doses=7, expected_on=wave.delivers_on).count() == 5


def test_the_export_comes_back_as_a_plan(world, wave, spf):
    url = reverse("vaccines:wave_file", args=[wave.pk, "csv"])
    first = wave.lines.order_by("pui__sort_label", "pui_id", "recipient__sort_name", "pk").first()
    for lot in ("EX0001", "EX0001", "EX0002"):
        first.receptions.create(received_on=wave.delivers_on, doses=1, lot=lot, told_by=world.spf)
    data = b"".join(spf.get(url).streaming_content)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 5
    assert (rows[0]["Flacons"], rows[0]["Doses en plus"], rows[1]["Lots reçus"]) == ("2", "5", "")
    assert rows[0]["Lots reçus"] == "EX0001, EX0002"
    assert rows[0]["Courriel"] == "pui.orleans@sante.example"
    entry = Entry.objects.get(verb="vaccines.wave_exported")
    assert entry.details["rows"] == 5
    plan = reverse("vaccines:wave_plan", args=[wave.pk])
    same = spf.post(plan, {"fichier": SimpleUploadedFile("vague.csv", data)})
    assert "5 lignes sans changement" in text_of(same)
    finess = rows[0]["FINESS destinataire"]
    text = f"FINESS destinataire;Date prévue;Doses prévues\n{finess};2021-02-09;7"
    shown = spf.post(plan, {"fichier": SimpleUploadedFile("vague.csv", text.encode())})
    assert "1 livraison à écrire" in text_of(shown)
    spf.post(plan, {"content": content_of(shown)})
    assert wave.lines.filter(planned_doses=7).count() == 1
    book = b"".join(
        spf.get(reverse("vaccines:wave_file", args=[wave.pk, "xlsx"])).streaming_content
    )
    table = read_whole_table(io.BytesIO(book), columns=[])
    assert len(table) == 5


def test_a_vaccine_without_doses_per_vial_that_day_is_said_before_and_after(world, spf):
    world.vaccine.vials.all().delete()
    shown = spf.post(NEW, typed(world, categories=["500"]))
    assert_sound_html(shown)
    assert "Doses par flacon inconnues" in text_of(shown)
    made = spf.post(NEW, {"content": content_of(shown)}, follow=True)
    assert "6 lignes créées" in text_of(made)
    SupplyLine.objects.update(first_doses=7, second_doses=0)
    wave = Wave.objects.get()
    for name in ("vaccines:wave", "vaccines:wave_puis"):
        page = text_of(spf.get(reverse(name, args=[wave.pk])))
        assert "doses par flacon inconnues pour 6 lignes" in page
    propose = text_of(spf.get(reverse("vaccines:wave_propose", args=[wave.pk])))
    assert "flacons ne sont pas comptés" in propose


def test_the_proposal_may_be_for_another_day_with_the_vials_of_that_day(world, wave, spf):
    world.vaccine.vials.create(starts_on=world.day(20), doses=7)
    url = reverse("vaccines:wave_propose", args=[wave.pk])
    shown = spf.get(url, {"jour": f"{world.day(21):%Y-%m-%d}"})
    assert "35 doses, 5 flacons" in text_of(shown)
    spf.post(url, {"content": content_of(shown)})
    assert wave.lines.filter(expected_on=world.day(21)).count() == 5
    assert spf.get(url, {"jour": "hier"}).status_code == 200


def test_spf_knows_how_many_lines_pivot_hospitals_deliver(world, wave, spf):
    assert "et 1 en flux B" in text_of(spf.get(WAVES))
    page = text_of(spf.get(reverse("vaccines:wave", args=[wave.pk])))
    assert "1 autre ligne, du flux B, est livrée par un hôpital pivot" in page
    assert world.places[5].name not in page
    assert "en flux B" not in text_of(logged_in(world.national).get(WAVES))


def test_shipping_is_asked_of_what_is_planned_alone(world, wave, spf):
    planned_one, other = wave.lines.filter(flow="A").order_by("pk")[:2]
    planned(planned_one, 7, world.day())
    page = spf.get(reverse("vaccines:wave", args=[wave.pk])).text
    assert f'name="shipped_on-{planned_one.pk}"' in page
    assert f'name="shipped_on-{other.pk}"' not in page
    assert f'name="planned_doses-{other.pk}"' in page


def test_the_home_page_tells_who_delivers_what_waits(world, wave):
    late = wave.lines.filter(flow="A").first()
    planned(late, 7, timezone.localdate() - timedelta(days=1))
    to_do, overdue = delivery_cards(world.spf)
    assert "4 livraisons à prévoir" in to_do.title
    assert "1 livraison sans expédition" in overdue.title
    assert str(wave) in to_do.detail
    pivot = make_person("GF", on=world.second.establishment)
    assert delivery_cards(pivot) == []
    wave.lines.filter(flow="B").update(first_doses=6, second_doses=0)
    assert "1 livraison à prévoir" in delivery_cards(pivot)[0].title
    assert delivery_cards(world.national) == []


def test_by_pharmacy_and_filters(world, wave, spf):
    page = text_of(spf.get(reverse("vaccines:wave_puis", args=[wave.pk])))
    assert "PUI d’Orléans" in page
    assert "PUI de Blois" not in page
    url = reverse("vaccines:wave", args=[wave.pk])
    found = text_of(spf.get(url, {"recherche": world.places[1].finess}))
    assert world.places[1].name in found
    assert world.places[0].name not in found
    assert "Aucune ligne" in text_of(spf.get(url, {"etat": "recue"}))


def test_the_pages_take_the_same_queries_for_six_lines_or_fifty(client, count_queries, world, wave):
    client.force_login(world.spf)
    urls = [WAVES] + [
        reverse(name, args=[wave.pk])
        for name in ("vaccines:wave", "vaccines:wave_puis", "vaccines:wave_propose")
    ]
    few = [count_queries(url) for url in urls]
    for place in serve(world.first, 40):
        make_line(wave, pui=world.first, recipient=place, first_doses=4, second_doses=0)
    for _ in range(3):
        make_wave(world.day(), vaccine=world.vaccine)
    assert [count_queries(url) for url in urls] == few
