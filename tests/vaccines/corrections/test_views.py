"""The views of those who follow: calendar, coverage, doses on hand, lots that expire; files."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pui.models import LatestStock
from tests.html_rules import assert_sound_html
from tests.vaccines.builders import make_line, planned
from tests.vaccines.corrections.acts import logged_in, rows_of
from vaccines.models import Reception, SupplyLine

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


def test_doses_on_hand_are_those_last_declared(two, omedit):
    LatestStock.objects.create(
        product=two.vaccine.product,
        pui=two.saint_aubin,
        stock=60,
        daily=12,
        due_on=two.first.delivers_on,
        transmitted_at=timezone.now(),
    )
    page = omedit.get(f"{ROOT}doses/")
    assert_sound_html(page)
    (row,) = rows_of(omedit.get(f"{ROOT}doses/telecharger/csv/"))
    assert (row["PUI"], row["Doses en stock"], row["Couverture (jours)"]) == (
        "PUI Saint-Aubin", "60,00", "5,0",
    )  # fmt: skip


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
