"""A bulletin is made once, on Monday, and never rewritten: a correction says what it is."""

from datetime import date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

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
from steering.situation.content import Content
from steering.situation.moment import Moment, now
from steering.situation.territory import region_territory
from steering.situation.weeks import coming_week, due_week, published_at
from tests.builders import make_person
from tests.steering.situation.conftest import WEEK, last_monday

pytestmark = pytest.mark.django_db
LAST = last_monday()


def monday(hour, minute=0):
    return datetime(WEEK.year, WEEK.month, WEEK.day, hour, minute, tzinfo=PARIS)


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
