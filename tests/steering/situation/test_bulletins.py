"""A bulletin is made once, on Monday, and never rewritten: a correction says what it is."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from common.weeks import PARIS, iso_number, shift
from journal.models import Entry
from steering.models import Bulletin, BulletinWord
from steering.services.bulletins import (
    BulletinError,
    correct,
    prepare_word,
    publish,
    publish_due,
    stamp_of,
)
from steering.situation.comparing import changes_of, class_changes, difference
from steering.situation.content import Cell, Content, Grid, Heading, Measure, Part, Row
from steering.situation.moment import Moment, now
from steering.situation.territory import country, region_territory
from steering.situation.weeks import coming_week, due_week, published_at
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.steering.situation.conftest import WEEK, last_monday

pytestmark = pytest.mark.django_db
LAST = last_monday()


def monday(hour, minute=0):
    return datetime(WEEK.year, WEEK.month, WEEK.day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def bulletin(tense):
    return publish(region_territory(tense.region), Moment(LAST, now().at))


def address(name, bulletin, **asked):
    code = bulletin.region_id or "pays"
    return reverse(f"steering:{name}_of", args=[code, bulletin.week])


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


# when it is made


def test_the_week_ended_is_due_from_seven_on_monday():
    assert due_week(monday(6, 59)) is None
    assert due_week(monday(7)) == LAST
    assert due_week(monday(7).replace(day=monday(7).day)) == LAST


@pytest.mark.parametrize("week", [date(2026, 3, 23), date(2026, 10, 19)])
def test_seven_in_paris_in_summer_and_in_winter(week):
    """The Mondays that follow the nights when the hour changes."""
    at = published_at(week)
    assert (at.hour, at.weekday()) == (7, 0)
    assert due_week(at) == week


def test_the_fifty_third_week_has_its_bulletin_and_the_first_one_after_it():
    week = date(2026, 12, 28)
    assert (iso_number(week), iso_number(shift(week, 1))) == (53, 1)
    assert due_week(datetime(2027, 1, 4, 8, tzinfo=PARIS)) == week
    assert due_week(datetime(2027, 1, 11, 8, tzinfo=PARIS)) == date(2027, 1, 4)


def test_the_coming_one_is_that_of_this_week_once_the_last_is_due():
    assert coming_week(monday(6)) == LAST
    assert coming_week(monday(8)) == WEEK


def test_one_for_the_country_and_one_for_each_region(tense):
    made = publish_due(monday(8))
    assert {one.place_name for one in made} == {
        "France entière",
        "Bretagne",
        "Centre-Val de Loire",
    }
    assert {one.week for one in made} == {LAST}


def test_before_seven_on_monday_nothing_is_published(tense):
    assert publish_due(monday(6, 59)) == []
    assert not Bulletin.objects.exists()


def test_the_task_twice_is_one_bulletin(tense):
    publish_due(monday(8))
    assert publish_due(monday(9)) == []
    assert Bulletin.objects.count() == 3


def test_a_worker_killed_halfway_goes_on_where_it_stopped(tense, bulletin):
    made = publish_due(monday(8))
    assert {one.region_id for one in made} == {None, "53"}


def test_two_workers_at_once_make_one(tense, bulletin):
    assert publish(region_territory(tense.region), Moment(LAST, now().at)) is None
    assert Entry.objects.filter(verb="steering.bulletin_published").count() == 1


# what it keeps


def test_it_keeps_the_figures_of_the_situation(tense, bulletin):
    moment = Moment(LAST, bulletin.read_at)
    kept = Content.read(Bulletin.objects.get().content)
    assert kept == tense.content(moment=moment)


def test_what_changes_afterwards_does_not_change_it(client, tense, bulletin):
    tense.correct("orleans", stock=7_000, week=LAST)
    again = tense.content(moment=Moment(LAST, now().at))
    assert Content.read(Bulletin.objects.get().content) != again


def test_the_database_refuses_to_rewrite_or_delete_it(bulletin):
    for act in (lambda: Bulletin.objects.update(word="autre"), Bulletin.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_database_wants_a_monday_and_one_of_each_version(bulletin):
    for fields in ({"week": date(2026, 11, 17)}, {"week": bulletin.week}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bulletin.objects.create(
                region=bulletin.region, content={}, read_at=bulletin.read_at, **fields
            )


def test_a_correction_without_a_reason_is_refused_by_the_database(bulletin):
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(
            region=bulletin.region,
            week=bulletin.week,
            version=2,
            content={},
            read_at=bulletin.read_at,
            published_by=make_person("ARA"),
        )


# its editor


def test_the_word_prepared_is_in_the_next_bulletin(tense):
    by = make_person("ARA", on=tense.region)
    week = coming_week(now().at)
    first = prepare_word(tense.region, text="Premier essai", week=week, seen="", by=by)
    word = prepare_word(
        tense.region, text="  Les surblouses manquent.\r\n", week=week, seen=stamp_of(first), by=by
    )
    assert BulletinWord.objects.count() == 1
    made = publish(region_territory(tense.region), Moment(word.week, now().at))
    assert made.word == "Les surblouses manquent."


def test_a_word_for_a_bulletin_just_published_is_refused(tense):
    by = make_person("ARA", on=tense.region)
    week = coming_week(now().at)
    publish(region_territory(tense.region), Moment(week, now().at))
    with pytest.raises(BulletinError, match="vient d’être publié"):
        prepare_word(tense.region, text="Trop tard", week=week, seen="", by=by)


def test_a_correction_is_a_new_version_that_says_why(tense, bulletin):
    by = make_person("ARA", on=tense.region)
    made = correct(bulletin, word="Un mot", reason="Mot ajouté.", reads_again=False, by=by)
    assert (made.version, made.word) == (2, "Un mot")
    assert Content.read(made.content) == Content.read(bulletin.content)
    assert (made.reason, made.published_by) == ("Mot ajouté.", by)
    bulletin.refresh_from_db()
    assert (bulletin.version, bulletin.word) == (1, "")
    entry = Entry.objects.get(verb="steering.bulletin_corrected")
    assert (entry.region_code, entry.details["reason"]) == (tense.region.code, "Mot ajouté.")


def test_a_correction_may_read_the_figures_again(tense, bulletin):
    tense.correct("orleans", stock=7_000, week=LAST)
    by = make_person("NAT", domain="epi_stock")
    made = correct(bulletin, word="", reason="Déclaration corrigée.", reads_again=True, by=by)
    was, told = Content.read(bulletin.content), Content.read(made.content)
    again = tense.content(moment=Moment(LAST, made.read_at))
    assert told.part("equipment") != was.part("equipment")
    assert told.part("equipment") == again.part("equipment")


@pytest.mark.parametrize(
    ("word", "reason", "told"),
    [("Un mot", "  ", "Dites en une phrase"), ("", "Pour rien", "Rien ne change")],
)
def test_a_correction_that_says_or_changes_nothing_is_refused(tense, bulletin, word, reason, told):
    by = make_person("ARA", on=tense.region)
    with pytest.raises(BulletinError, match=told):
        correct(bulletin, word=word, reason=reason, reads_again=False, by=by)
    assert Bulletin.objects.count() == 1


def test_two_editors_at_once_the_second_reads_again(tense, bulletin):
    by = make_person("ARA", on=tense.region)
    correct(bulletin, word="Un", reason="Ajout.", reads_again=False, by=by)
    with pytest.raises(BulletinError, match="Une version 2 a été publiée"):
        correct(bulletin, word="Deux", reason="Ajout.", reads_again=False, by=by)


def test_another_agency_or_a_reader_writes_nothing(tense, bulletin):
    readers = make_person("ARL", domain="epi_stock", on=tense.region)
    for by in (make_person("ARA", on=tense.other), readers):
        with pytest.raises(BulletinError, match="ne vous permet pas"):
            correct(bulletin, word="Un", reason="Ajout.", reads_again=False, by=by)
        with pytest.raises(BulletinError, match="ne vous permet pas"):
            prepare_word(tense.region, text="Un", week=WEEK, seen="", by=by)


# its pages


def test_its_page_its_file_and_its_list_say_the_same(client, tense, bulletin):
    client.force_login(make_person("ARA", on=tense.region))
    page = client.get(address("bulletin", bulletin))
    assert_sound_html(page)
    lines = b"".join(client.get(address("bulletin_csv", bulletin)).streaming_content)
    told = lines.decode("utf-8-sig").replace("\u00a0", " ")
    content = Content.read(bulletin.content)
    for one in content.headlines:
        assert one.text.replace("\u00a0", " ") in text_of(page)
        assert f";{one.label};;;{one.value};{one.unit};".replace("\u00a0", " ") in told
    assert "Rupture" in told
    assert str(bulletin.week.strftime("%d/%m/%Y")) in text_of(
        client.get(reverse("steering:bulletins_of", args=["24"]))
    )
    assert Entry.objects.filter(verb="steering.bulletin_exported").count() == 1


def test_a_reader_of_one_domain_finds_only_its_figures_in_the_page_and_the_file(
    client, tense, bulletin
):
    client.force_login(make_person("ARL", domain="dispostock", on=tense.region))
    page = text_of(client.get(address("bulletin", bulletin)))
    told = b"".join(client.get(address("bulletin_csv", bulletin)).streaming_content).decode()
    for text in (page, told):
        assert "PUI à jour" in text
        assert "Inventaires EPI reçus" not in text
        assert "Contingents utilisés" not in text


def test_outside_its_region_a_bulletin_does_not_exist(client, tense, bulletin):
    whole = publish(country(), Moment(LAST, now().at))
    client.force_login(make_person("ARA", on=tense.other))
    for name in ("bulletin", "bulletin_pdf", "bulletin_csv", "bulletin_correct"):
        assert client.get(address(name, bulletin)).status_code == 404
        assert client.get(address(name, whole)).status_code == 404
    client.force_login(make_person("DEP", on=tense.cher))
    assert client.get(address("bulletin", bulletin)).status_code == 404


def test_a_week_without_bulletin_does_not_exist(client, tense, bulletin):
    client.force_login(make_person("ARA", on=tense.region))
    for week in ("2026-11-17", "2020-01-06", "9999-99-99"):
        assert client.get(f"/situation/24/bulletin/{week}/").status_code == 404


def test_the_first_version_stays_readable_and_says_that_it_is_replaced(client, tense, bulletin):
    by = make_person("ARA", on=tense.region)
    client.force_login(by)
    response = client.post(
        address("bulletin_correct", bulletin),
        {"text": "Un <b>mot</b>", "reason": "Mot ajouté.", "seen": "1"},
        follow=True,
    )
    assert "Mot ajouté." in text_of(response)
    assert "Un &lt;b&gt;mot&lt;/b&gt;" in text_of(response)
    first = text_of(client.get(f"{address('bulletin', bulletin)}?version=1"))
    assert "Vous lisez la version 1" in first
    assert "Un &lt;b&gt;" not in first
    assert client.get(f"{address('bulletin', bulletin)}?version=9").status_code == 404


def test_a_correction_without_reason_says_what_is_missing(client, tense, bulletin):
    client.force_login(make_person("ARA", on=tense.region))
    response = client.post(address("bulletin_correct", bulletin), {"text": "Un mot"})
    assert_sound_html(response)
    assert "Dites en une phrase ce qui change" in text_of(response)
    assert Bulletin.objects.count() == 1


def test_a_reader_may_not_correct_nor_write_the_word(client, tense, bulletin):
    client.force_login(make_person("ARL", domain="epi_stock", on=tense.region))
    assert client.get(address("bulletin_correct", bulletin)).status_code == 403
    word = reverse("steering:bulletin_word_of", args=["24"])
    assert client.post(word, {"text": "Un"}).status_code == 403
    assert "Enregistrer le mot" not in text_of(
        client.get(reverse("steering:bulletins_of", args=["24"]))
    )


def test_the_word_of_the_next_one_is_written_on_the_list(client, tense):
    client.force_login(make_person("ARA", on=tense.region))
    word = reverse("steering:bulletin_word_of", args=["24"])
    week = str(coming_week(now().at))
    assert "Le mot de la cellule est enregistré" in text_of(
        client.post(word, {"text": "Attention aux gants.", "semaine": week}, follow=True)
    )
    assert BulletinWord.objects.get().text == "Attention aux gants."
    refused = client.post(word, {"text": "x" * 3001, "semaine": week})
    assert refused.status_code == 200
    assert BulletinWord.objects.get().text == "Attention aux gants."


def test_the_list_takes_as_many_queries_for_one_bulletin_as_for_ten(client, count_queries, tense):
    client.force_login(make_person("ARA", on=tense.region))
    url = reverse("steering:bulletins_of", args=["24"])
    territory = region_territory(tense.region)
    publish(territory, Moment(LAST, now().at))
    client.get(url)  # the first page of a visit has its own questions
    few = count_queries(url)
    for back in range(2, 12):
        publish(territory, Moment(last_monday(back), published_at(last_monday(back))))
    assert count_queries(url) == few


# compared with the week before


def part(value, level="Tendue"):
    grid = Grid(
        "items",
        "Équipements",
        "Équipement",
        (Heading("Classe"),),
        (Row("ffp2", "FFP2", (Cell(level, level=level.lower()),)),),
    )
    measure = Measure("rate", "Taux", f"{value} %", str(value), "%", is_headline=True)
    return Content((Part("equipment", "EPI", "dash.epi", "", (measure,), (grid,)),))


@pytest.mark.parametrize(
    ("now_", "before", "told"),
    [
        (80, 76, "▲ 4 points de plus"),
        (75, 76, "▼ 1 point de moins"),
        (76, 76, "= sans changement"),
    ],
)
def test_a_change_is_told_in_words_beside_its_arrow(now_, before, told):
    found = changes_of(part(now_), part(before))["rate"]
    assert str(found).replace("\u00a0", " ") == told


def test_a_change_of_units_has_a_number_and_no_points():
    assert str(difference(Decimal(7), Decimal(5))) == "▲ 2 de plus"


def test_without_a_bulletin_before_nothing_is_compared():
    assert changes_of(part(80), Content()) == {}
    assert changes_of(part(80), part("")) == {}


def test_a_class_that_changed_says_what_it_was():
    grids = [part(1, level).part("equipment").grid("items") for level in ("Critique", "Tendue")]
    assert class_changes(*grids) == {"ffp2": "était tendue"}
    assert class_changes(grids[0], grids[0]) == {}
    assert class_changes(grids[0], None) == {}
