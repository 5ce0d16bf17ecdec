"""The national screens, the empty states, and where the opening of a region stands."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Domain
from establishments.models import Region
from pui.models import OnboardingLine, SwitchOver
from pui.onboarding.board import Progress
from pui.onboarding.cards import late_sentence
from pui.onboarding.people import people_of
from pui.services.onboarding_national import make_lists
from tests.builders import (
    make_establishment,
    make_person,
)
from tests.pui.onboarding_pages.steps import address, pharmacist

pytestmark = pytest.mark.django_db


def test_the_nation_makes_the_lists_from_files(nation, hospital):
    file = SimpleUploadedFile("a.csv", f"FINESS\r\n{hospital.finess}\r\n".encode(), "text/csv")
    shown = nation.post(address("_sources"), {"arhgos": file})
    assert "1 établissement à ajouter" in shown.text
    assert not OnboardingLine.objects.exists()
    for _ in range(2):
        nation.post(address("_make"), {"content": shown.context["content"]})
    assert OnboardingLine.objects.get().establishment == hospital


def test_the_nation_sets_the_day_of_a_region(nation, hospital):
    page = address("_switch", "24")
    day = {"meeting_at": "2020-11-04T10:00", "switches_on": "2020-11-09", "seen": ""}
    assert nation.post(page, day).status_code == 302
    assert SwitchOver.objects.get().meeting_at.hour == 9  # 10 h in Paris
    assert nation.post(page, day).status_code == 409
    assert "04/11/2020 à 10" in nation.get(address("")).text


def test_empty_states_say_what_to_do(ars, nation, hospital):
    assert "pas encore établie" in ars.get(address("_region", "24")).text
    assert "Établir les listes" in nation.get(address("")).text


def test_the_list_takes_as_many_queries_whatever_its_length(ars, count_queries, made, line):
    page = address("_region", "24")
    count_queries(page)
    few = count_queries(page)
    nation = make_person("NAT", domain=Domain.DISPOSTOCK)
    sites = [make_establishment() for _ in range(12)]
    for site in sites:
        pharmacist(site)
    told = {"mapui": [(rank, one.finess) for rank, one in enumerate(sites)]}
    make_lists(by=nation, told=told, region_codes=frozenset({"24"}))
    assert count_queries(page) == few


def test_an_ars_reads_on_its_home_page_what_the_opening_awaits(ars, nation, line, hospital):
    yesterday = timezone.localdate() - timedelta(days=1)
    SwitchOver.objects.create(region=hospital.region, switches_on=yesterday)
    assert "Ouverture des PUI\u00a0: 1 ligne à faire avancer" in ars.get("/").text
    assert "1 en retard sur la bascule." in ars.get("/").text
    assert "à faire avancer" not in nation.get("/").text
    line.action, line.validated_at = OnboardingLine.Action.DELETE, timezone.now()
    line.validated_by = ars.user
    line.save()
    assert "à faire avancer" not in ars.get("/").text


def test_late_lines_are_counted(ars, line, hospital):
    yesterday = timezone.localdate() - timedelta(days=1)
    SwitchOver.objects.create(region=hospital.region, switches_on=yesterday)
    assert "1 en retard" in ars.get(address("_region", "24")).text


def test_a_line_of_an_entity_without_site_counts_the_people_of_its_sites(made, line, hospital):
    profile = pharmacist(hospital)
    line.establishment = None
    line.save()
    assert [one.profile_id for one in people_of([line])[line.pk].gfs] == [profile.pk]


def test_more_late_than_waiting_is_explained():
    progress = Progress(Region(name="Bretagne"), late=3)
    assert late_sentence(progress, 3) == "3 en retard sur la bascule. "
    told = "3 en retard sur la bascule, premières connexions attendues comprises. "
    assert late_sentence(progress, 2) == told
