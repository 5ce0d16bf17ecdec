"""« Relances automatiques »: what would leave next, the timetable chosen by the ARS, the pause."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from journal.models import Entry
from pui.models import ReminderTimetable
from pui.reminders.late import LateList
from pui.reminders.preview import preview_of
from pui.reminders.timetable import Timetable
from pui.services.rounds import make_rounds
from pui.services.timetables import (
    Setting,
    TimetableChangedError,
    TimetableError,
    follow_country,
    pause,
    resume,
    row_of,
    seen_of,
    set_timetable,
)
from tests.builders import make_establishment, make_person, make_region
from tests.html_rules import assert_sound_html
from tests.pui.builders import make_followed, make_product, make_pui
from tests.pui.region.conftest import NOW, text_of

pytestmark = pytest.mark.django_db
PAGE = "/dispostock/region/relances/"
SET, PAUSE = f"{PAGE}24/regler/", f"{PAGE}24/pause/"
TUESDAY = {"weekdays": ["2"], "hour": "14", "patience": "2"}
PAUSES = ("pui.reminders_paused", "pui.reminders_resumed")
CHOSEN = Setting((2,), time(14), 2)


@pytest.fixture
def user(world):
    return make_person("ARA")


@pytest.fixture
def centre(world):
    return world.orleans.establishment.region


def confirm(client, data=TUESDAY, **more):
    return client.post(SET, data | {"confirmer": "oui", "seen": ""} | more)


def test_the_page_says_what_would_leave_next_and_to_whom(world, ars):
    make_person("GF", on=world.orleans.establishment)
    text = text_of(ars.get(PAGE))
    assert "Demain à 10 h, 1 PUI serait relancée, par 1 courriel." in text
    assert "Gestionnaires de fichiers (GF) : 1 PUI" in text
    assert "Sans adresse de courriel : 1 PUI" in text
    assert "La région suit le calendrier national" in text
    assert "chaque lundi et mercredi à 10 h" in text


def test_who_declares_before_is_not_counted(world, ars):
    make_person("GF", on=world.orleans.establishment)
    world.declare(world.orleans, {world.cis: (5, 1)}, back=1)
    assert "aucune PUI ne serait relancée" in text_of(ars.get(PAGE))


def test_a_due_day_that_passes_before_then_is_counted(world, ars, centre):
    """Fresh today, late next Tuesday if nothing comes by Friday."""
    make_person("GF", on=world.orleans.establishment)
    world.declare(world.orleans, {world.cis: (5, 1)}, back=1)
    ReminderTimetable.objects.create(region=centre, weekdays=[1], at=time(10))
    assert "Le lundi 30/11 à 10 h, 1 PUI serait relancée" in text_of(ars.get(PAGE))


def test_a_timetable_is_read_before_it_is_confirmed(world, ars, centre):
    make_person("GF", on=world.orleans.establishment)
    text = text_of(ars.post(SET, TUESDAY))
    assert "Aujourd’hui à 14 h, 1 PUI serait relancée" in text
    assert "Rien n’est encore enregistré" in text
    assert row_of(centre) is None
    assert confirm(ars).status_code == 302
    row = row_of(centre)
    assert (row.weekdays, row.at, row.patience) == ([2], time(14), 2)
    assert row.changed_by == ars.user
    entry = Entry.objects.get(verb="pui.reminders_set")
    assert entry.region_code == "24"
    assert entry.details["after"]["weekdays"] == ["mardi"]
    assert "Calendrier de la région" in text_of(ars.get(PAGE))


def test_the_same_timetable_sent_twice_is_told_once(world, ars, centre):
    confirm(ars)
    confirm(ars, seen=seen_of(row_of(centre)))
    assert Entry.objects.filter(verb="pui.reminders_set").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        TUESDAY | {"weekdays": []},
        TUESDAY | {"weekdays": ["6"]},
        TUESDAY | {"hour": "23"},
        TUESDAY | {"hour": "٩"},
        TUESDAY | {"patience": "0"},
    ],
)
def test_what_is_no_timetable_is_refused_and_nothing_is_kept(world, ars, centre, data):
    assert ars.post(SET, data | {"confirmer": "oui", "seen": ""}).status_code == 422
    assert row_of(centre) is None


def test_of_two_colleagues_the_second_reads_again(world, user, centre):
    set_timetable(by=user, region=centre, setting=CHOSEN, seen="")
    with pytest.raises(TimetableChangedError):
        set_timetable(by=make_person("ARA"), region=centre, setting=CHOSEN, seen="")
    other = Client()
    other.force_login(make_person("ARA"))
    answer = other.post(
        SET, TUESDAY | {"weekdays": ["5"], "confirmer": "oui", "seen": ""}, follow=True
    )
    assert "Quelqu’un a changé ce calendrier" in text_of(answer)
    assert row_of(centre).weekdays == [2]


def test_a_pause_stops_the_rounds_until_its_day(world, ars, centre):
    confirm(ars)
    make_person("GF", on=world.orleans.establishment)
    seen = seen_of(row_of(centre))
    assert ars.post(PAUSE, {"resumes_on": "2020-12-01", "seen": seen}).status_code == 302
    assert make_rounds(NOW.replace(hour=14)) == []
    text = text_of(ars.get(PAGE))
    assert "en pause jusqu’au 01/12/2020" in text
    assert "Le mardi 01/12 à 14 h" in text
    ars.post(PAUSE, {"reprendre": "oui", "seen": seen_of(row_of(centre))})
    assert len(make_rounds(NOW.replace(hour=14))) == 1
    told = Entry.objects.order_by("pk").values_list("verb", flat=True)
    assert [one for one in told if one in PAUSES] == list(PAUSES)


def test_a_pause_without_a_day_says_that_nothing_will_leave(world, ars, centre):
    ars.post(PAUSE, {"resumes_on": "", "seen": ""})
    assert row_of(centre).is_paused
    text = text_of(ars.get(PAGE))
    assert "Les relances sont en pause : aucune ne partira." in text
    assert "sans date de reprise" in text


def test_a_pause_ends_on_a_day_to_come(world, ars, user, centre):
    assert ars.post(PAUSE, {"resumes_on": "2020-11-24", "seen": ""}).status_code == 422
    with pytest.raises(TimetableError):
        pause(by=user, region=centre, resumes_on=date(2020, 11, 24), seen="")
    with pytest.raises(TimetableError):
        resume(by=user, region=centre, seen="")


def test_a_region_may_follow_the_country_again(world, ars, centre):
    confirm(ars)
    ars.post(SET, {"national": "oui", "seen": seen_of(row_of(centre))})
    assert row_of(centre) is None
    assert Entry.objects.filter(verb="pui.reminders_set").count() == 2


def test_the_country_sets_its_own_and_any_region(world, national, centre):
    text = text_of(national.get(PAGE))
    assert "Calendrier national, pour les régions qui n’en ont pas réglé un" in text
    national.post(f"{PAGE}pays/regler/", TUESDAY | {"confirmer": "oui", "seen": ""})
    assert row_of(None).weekdays == [2]
    national.post(SET, TUESDAY | {"weekdays": ["5"], "confirmer": "oui", "seen": ""})
    assert row_of(centre).weekdays == [5]


def test_an_ars_neither_sees_nor_sets_another_region_nor_the_country(world, ars, user):
    for code in ("84", "pays", "zz"):
        assert ars.get(f"{PAGE}?region={code}").status_code == 404
        assert ars.get(f"{PAGE}{code}/regler/").status_code == 404
        assert ars.post(f"{PAGE}{code}/pause/", {"resumes_on": ""}).status_code == 404
    assert not ReminderTimetable.objects.exists()


def test_a_reader_sees_and_sets_nothing(world, client_for, centre):
    reader = client_for("ARL")
    assert "Changer le calendrier" not in text_of(reader.get(PAGE))
    assert reader.post(SET, TUESDAY).status_code == 403
    assert reader.post(PAUSE, {"resumes_on": ""}).status_code == 403
    assert row_of(centre) is None


def test_a_service_refuses_whoever_may_not(world, centre):
    for code in ("ARL", "GF"):
        for act in (
            lambda by: set_timetable(by=by, region=centre, setting=CHOSEN, seen=""),
            lambda by: pause(by=by, region=centre, resumes_on=None, seen=""),
            lambda by: follow_country(by=by, region=centre, seen=""),
        ):
            with pytest.raises(PermissionDenied):
                act(make_person(code))


def test_what_left_is_in_the_history_of_its_region_alone(world, ars, centre):
    confirm(ars)
    make_person("GF", on=world.orleans.establishment)
    make_rounds(NOW.replace(hour=14))
    assert "24/11/2020" in text_of(ars.get(PAGE))
    other = Client()
    other.force_login(make_person("ARA", on=make_region("84", "Auvergne-Rhône-Alpes")))
    assert "Aucune relance automatique n’est encore partie." in text_of(other.get(PAGE))


def test_a_pharmacy_that_never_answers_is_to_be_called(world, ars, centre):
    confirm(ars)
    gf = make_person("GF", on=world.orleans.establishment)
    for week in range(5):
        make_rounds(NOW.replace(hour=14) + timedelta(days=7 * week))
    text = text_of(ars.get(PAGE))
    assert "5 relances sans réponse" in text
    assert gf.email in text


def test_the_page_of_late_pharmacies_says_when_they_are_written_to(world, ars):
    confirm(ars)
    text = text_of(ars.get("/dispostock/region/retards/"))
    assert "Relances automatiques : chaque mardi à 14 h." in text
    assert f'href="{PAGE}"' in ars.get("/dispostock/region/retards/").text


def test_the_page_takes_as_many_queries_for_two_pharmacies_as_for_ten(client, count_queries, world):
    client.force_login(make_person("ARA"))
    make_person("GF", on=world.orleans.establishment)
    before = count_queries(PAGE)
    for number in range(8):
        make_person("GF", on=make_pui(f"PUI {number}", on=make_establishment()).establishment)
    assert count_queries(PAGE) == before


def test_two_lists_of_one_pharmacy_are_one_pharmacy(world, ars):
    make_followed(make_product("VACCIN GRIPPAL"), slug="grippe")
    make_person("GF", on=world.orleans.establishment)
    assert "1 PUI serait relancée, par 1 courriel" in text_of(ars.get(PAGE))


def test_every_page_is_sound(world, ars, centre):
    make_person("GF", on=world.orleans.establishment)
    for answer in (ars.get(PAGE), ars.get(SET), ars.post(SET, TUESDAY), ars.get(PAUSE)):
        assert_sound_html(answer)
    confirm(ars)
    ars.post(PAUSE, {"resumes_on": "", "seen": seen_of(row_of(centre))})
    for answer in (ars.get(PAGE), ars.get(SET), ars.get(PAUSE)):
        assert_sound_html(answer)


def test_a_pharmacy_that_nobody_can_be_written_to_is_looked_at_once(world, monkeypatch):
    """Not once for each other line of its region."""
    for number in range(8):
        make_pui(f"PUI {number}", on=world.orleans.establishment)
    asked, own = [], LateList.recipients
    monkeypatch.setattr(
        LateList, "recipients", lambda one, step: asked.append(one) or own(one, step)
    )
    preview = preview_of(Timetable((2,), time(14), 2), [world.orleans.establishment.region], NOW)
    assert len(preview.calls) == preview.unreachable == 10
    assert preview.count == len(preview.details) - 1 == 0
    assert len(asked) <= 2 * len(preview.plans[0].late)
