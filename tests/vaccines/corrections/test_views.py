"""The views of those who follow: calendar, coverage, doses on hand, lots that expire; files."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from medications.models import Product
from pui.models import LatestStock
from tests.builders import make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, planned
from tests.vaccines.corrections.acts import logged_in, rows_of
from vaccines.models import Reception, SupplyLine, VialDoses

pytestmark = pytest.mark.django_db
ROOT = "/dispostock/vaccins/covid/approvisionnement/"


@pytest.fixture
def omedit(two):
    return logged_in(two.omedit)


def test_the_calendar_tells_each_day_and_its_file_each_pharmacy(two, omedit):
    planned(two.one, 66, date(2021, 1, 20))
    page = omedit.get(f"{ROOT}livraisons/", {"mois": "2021-01"})
    assert_sound_html(page)
    days = {day.on: day for week in page.context["grid"] for day in week if day.lines}
    assert {on: (day.lines, day.doses) for on, day in days.items()} == {date(2021, 1, 20): (1, 66)}
    announced = omedit.get(f"{ROOT}livraisons/", {"mois": "2021-02"})
    assert announced.context["total"] == 1, "the day of the wave, as long as nothing is written"
    for wrong in ("2021-13", "hier", "0000-01"):
        assert omedit.get(f"{ROOT}livraisons/", {"mois": wrong}).status_code == 200
    (row,) = rows_of(omedit.get(f"{ROOT}livraisons/telecharger/csv/", {"mois": "2021-01"}))
    assert (row["Date"], row["PUI"], row["Doses prévues"]) == (
        "2021-01-20",
        "PUI Saint-Aubin",
        "66",
    )


def test_the_coverage_compares_people_and_doses_by_department(two, omedit):
    SupplyLine.objects.filter(pk=two.one.pk).update(vaccinated=72)
    Reception.objects.create(line=two.one, doses=66, received_on=date(2021, 1, 19), told_by=two.gf)
    make_line(two.first, pui=two.blois, recipient=two.bel_air, first_doses=10, second_doses=0)
    for user in (two.omedit, two.cell):
        page = logged_in(user).get(f"{ROOT}couverture/", {"injection": "2"})
        assert_sound_html(page)
    rows = {
        row["Département"]: row for row in rows_of(omedit.get(f"{ROOT}couverture/telecharger/csv/"))
    }
    loiret = rows["Loiret (45)"]
    assert loiret["Doses commandées, 1res injections"] == "76"
    assert loiret["Doses reçues"] == "66"
    assert loiret["Couverture, 1res injections"] == "95 %".replace(" ", "\u00a0")
    assert loiret["Couverture, 2es injections"] == "100\u00a0%"
    assert rows["Loir-et-Cher (41)"]["Couverture, 2es injections"] == "–"


def test_the_country_reads_the_coverage_of_one_region_and_its_file_too(two):
    make_line(two.first, pui=two.lyon, recipient=two.lyonnais)
    cell, page = logged_in(two.cell), f"{ROOT}couverture/"
    for region, departments in (("", 2), ("24", 1), ("84", 1), ("99", 2)):
        answer = cell.get(page, {"region": region})
        assert_sound_html(answer)
        assert len(answer.context["lines"]) == departments, region
        file = cell.get(f"{page}telecharger/csv/", {"region": region})
        assert len(rows_of(file)) == departments
    own = logged_in(two.agent).get(page, {"region": "84"})
    assert "Choisir une région" not in own.content.decode()
    assert len(own.context["lines"]) == 1


@pytest.fixture
def vials(two):
    """Ten vials of six doses at Saint-Aubin, declared for the first delivery; none at Lyon."""
    for pui, stock in ((two.saint_aubin, 10), (two.lyon, 0)):
        LatestStock.objects.create(
            product=two.vaccine.product,
            pui=pui,
            stock=stock,
            daily=2,
            due_on=two.first.delivers_on,
            transmitted_at=timezone.now(),
        )
    return two


def test_doses_on_hand_are_the_vials_last_declared_at_the_doses_of_that_day(vials, omedit):
    VialDoses.objects.create(vaccine=vials.vaccine, starts_on=date(2021, 1, 20), doses=7)
    Product.objects.update(unit="flacon")
    page = omedit.get(f"{ROOT}doses/")
    assert_sound_html(page)
    (row,) = rows_of(omedit.get(f"{ROOT}doses/telecharger/csv/"))
    told = ("PUI", "Déclaré", "Unité déclarée", "Doses", "Jours de stock")
    assert [row[name] for name in told] == ["PUI Saint-Aubin", "10,00", "flacon", "60,00", "5,0"]
    assert page.context["held"].text == "60 doses dans 1\u00a0PUI"
    Product.objects.update(unit="dose")
    (row,) = rows_of(omedit.get(f"{ROOT}doses/telecharger/csv/"))
    assert row["Doses"] == "10,00"
    Product.objects.update(unit="flacon")
    VialDoses.objects.all().delete()
    page = omedit.get(f"{ROOT}doses/")
    assert page.context["held"].text == "Aucune dose déclarée", "nobody says what a vial gives"


def test_doses_on_hand_say_what_they_do_not_know(vials, omedit):
    """A declaration of 2021 is old; Blois received doses and declares nothing."""
    line = make_line(vials.first, pui=vials.blois, recipient=vials.bel_air)
    Reception.objects.create(line=line, doses=6, received_on=date(2021, 1, 19), told_by=vials.gf)
    held = omedit.get(f"{ROOT}doses/").context["held"]
    assert held.doubt.replace("\u00a0", " ") == (
        "1 déclaration de plus d’une semaine, 1 PUI ayant reçu des doses sans rien déclarer"
    )


def test_spf_follows_what_it_delivers_in_the_whole_country_and_corrects_nothing(vials):
    """Flow A of every region; the map is that of the country; stocks of those that it delivers."""
    two = vials
    pivot = make_line(two.first, pui=two.blois, recipient=two.bel_air, pivot=two.saint_aubin)
    make_line(two.first, pui=two.lyon, recipient=two.lyonnais, first_doses=6, second_doses=0)
    spf = logged_in(make_person("SPF", domain="dispostock"))
    lines = spf.get(ROOT)
    assert_sound_html(lines)
    assert lines.context["count"] == 3
    assert "/vagues/" in lines.content.decode(), "the way to its waves"
    assert spf.get(ROOT, {"departement": "69"}).context["count"] == 1
    assert spf.get(f"{ROOT}lignes/{pivot.pk}/").status_code == 404
    for page in ("livraisons/", "couverture/", "couverture/?injection=2", "doses/", "peremptions/"):
        assert_sound_html(spf.get(f"{ROOT}{page}"))
    for page in ("lignes", "livraisons", "couverture", "doses", "peremptions"):
        rows = rows_of(spf.get(f"{ROOT}{page}/telecharger/csv/", {"mois": "2021-01"}))
        assert rows or page == "peremptions"
    assert {row["PUI"] for row in rows_of(spf.get(f"{ROOT}doses/telecharger/csv/"))} == {
        "PUI Saint-Aubin",
        "PUI de Lyon",
    }
    for page in ("lignes/corriger/", "lignes/creer/", "signalements/"):
        assert spf.get(f"{ROOT}{page}").status_code == 403


def test_each_reader_has_each_view(vials):
    """A pharmacy, an agency that only reads, a recipient across the border of the region."""
    across = make_establishment(department=vials.lyonnais.department, name="EHPAD du bord")
    make_line(vials.first, pui=vials.blois, recipient=across, first_doses=6, second_doses=0)
    agent = make_person("ARL", on=vials.omedit.active_profile.body.region, domain="dispostock")
    for user in (vials.gf, agent, vials.agent, make_person("NAL", domain="dispostock")):
        for page in ("lignes", "livraisons", "couverture", "doses", "peremptions"):
            assert_sound_html(logged_in(user).get(f"{ROOT}{page}/"))


def test_the_file_of_lines_tells_the_vials_and_the_comment(two):
    spf = logged_in(make_person("SPF", domain="dispostock"))
    rows = rows_of(spf.get(f"{ROOT}lignes/telecharger/csv/"))
    told = {row["Vague"]: (row["Vaccin"], row["Flacons"], row["Commentaire"]) for row in rows}
    assert told["Vague 1"] == ("Vaccin ARNm", "11", "")
    assert told["Vague 2"] == ("Vaccin ARNm", "14", "Nous avons réussi à vacciner 72 personnes.")


def test_the_words_of_the_coverage_are_not_those_of_a_shortage(two, omedit):
    page = omedit.get(f"{ROOT}couverture/")
    words = [item.word for item in page.context["map"].legend]
    assert words == ["Faible", "Partielle", "Avancée", "Atteinte", "Sans donnée"], "blank is not 0"
    assert "Rupture" not in page.content.decode()


@pytest.mark.parametrize(
    "page", ["livraisons/?mois=2021-01", "couverture/", "doses/", "peremptions/"]
)
def test_a_view_takes_as_many_queries_for_one_as_for_many(vials, client, count_queries, page):
    client.force_login(vials.omedit)
    receive(vials.one, vials.gf)
    few = count_queries(f"{ROOT}{page}")
    for number in range(5):
        pui = make_pui(f"PUI {number}")
        place = make_establishment(name=f"EHPAD {number}")
        receive(make_line(vials.first, pui=pui, recipient=place), vials.gf)
        LatestStock.objects.create(
            product=vials.vaccine.product,
            pui=pui,
            stock=1,
            due_on=vials.first.delivers_on,
            transmitted_at=timezone.now(),
        )
    assert count_queries(f"{ROOT}{page}") == few


def receive(line, by):
    soon = timezone.localdate() + timedelta(days=9)
    Reception.objects.create(
        line=line, doses=6, received_on=date(2021, 1, 19), expires_on=soon, told_by=by
    )


def test_a_day_of_the_calendar_lists_its_deliveries(two, omedit):
    planned(two.one, 66, date(2021, 1, 20))
    make_line(two.first, pui=two.blois, recipient=two.bel_air)
    asked = {"mois": "2021-01", "jour": "2021-01-20"}
    page = omedit.get(f"{ROOT}livraisons/", asked)
    assert_sound_html(page)
    assert page.context["page"].paginator.count == 1
    assert [
        row["PUI"] for row in rows_of(omedit.get(f"{ROOT}livraisons/telecharger/csv/", asked))
    ] == ["PUI Saint-Aubin"]
    for wrong in ("2021-02-01", "hier"):
        page = omedit.get(f"{ROOT}livraisons/", {"mois": "2021-01", "jour": wrong})
        assert page.context["page"].paginator.count == 2
    assert "doses à confirmer" in page.content.decode(), "blank is not 0"


def test_lots_that_expire_within_thirty_days_are_listed(two, omedit):
    today = timezone.localdate()
    for lot, days in [("PRES", 30), ("LOIN", 31), ("PASSE", -2)]:
        Reception.objects.create(
            line=two.one,
            doses=10,
            received_on=today,
            lot=lot,
            expires_on=today + timedelta(days=days),
            told_by=two.gf,
        )
    page = omedit.get(f"{ROOT}peremptions/")
    assert_sound_html(page)
    rows = rows_of(omedit.get(f"{ROOT}peremptions/telecharger/csv/"))
    assert [row["Lot"] for row in rows] == ["PASSE", "PRES"]
