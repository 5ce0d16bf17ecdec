"""A correction reads its week again, and nothing of another week; two editors lose nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from epi_stocks.models import EquipmentNeed
from steering.models import Bulletin, BulletinWord
from steering.services import bulletins as services
from steering.services.bulletins import BulletinError, correct, prepare_word, publish, stamp_of
from steering.situation.content import Content
from steering.situation.moment import Moment, now
from steering.situation.territory import region_territory
from steering.situation.weeks import coming_week, published_at
from tests.builders import make_person
from tests.steering.situation.conftest import FFP2, WEEK, cell, last_monday

LAST = last_monday()


def word_of(region, by, text, seen=""):
    return prepare_word(region, text=text, week=coming_week(timezone.now()), seen=seen, by=by)


@pytest.mark.django_db
def test_what_is_known_at_the_instant_stays_as_published(tense, bulletin):
    by = make_person("ARA", on=tense.region)
    EquipmentNeed.objects.create(
        establishment=tense.sites["bourges"],
        item_id=FFP2,
        quantity=100,
        reason="Plus rien",
        wanted_on=WEEK,
        opened_by=by,
    )
    tense.correct("orleans", stock=7_000, week=LAST)
    made = correct(bulletin, word="", reason="Déclaration corrigée.", reads_again=True, by=by)
    was, told = Content.read(bulletin.content), Content.read(made.content)
    assert [one.key for one in told.parts] == [one.key for one in was.parts]
    assert told.part("equipment") != was.part("equipment")
    assert told.measures["equipment_aid.needs"].value == "0"
    assert told.measures["orders.under_way"] == was.measures["orders.under_way"]
    stocks = [content.part("orders").grid("quotas") for content in (was, told)]
    assert [one.cells[-1] for one in stocks[0].rows] == [one.cells[-1] for one in stocks[1].rows]
    assert made.read_at > bulletin.read_at


@pytest.mark.django_db
def test_the_medicines_of_an_old_week_are_those_of_its_due_day_and_not_of_today(tense):
    territory = region_territory(tense.region)
    old = publish(territory, Moment(last_monday(5), published_at(last_monday(5))))
    assert "medicines.tense" in Content.read(old.content).measures
    by = make_person("ARA", on=tense.region)
    made = correct(old, word="", reason="Relevé de nouveau.", reads_again=True, by=by)
    was, told = Content.read(old.content), Content.read(made.content)
    assert told.measures["medicines.late"].note == was.measures["medicines.late"].note
    today = tense.content().measures["medicines.late"].note
    assert told.measures["medicines.late"].note != today
    assert {one.key for one in told.parts} == {"equipment", "medicines", "orders"}


@pytest.mark.django_db
def test_two_corrections_read_the_instant_of_the_first(tense):
    territory = region_territory(tense.region)
    old = publish(territory, Moment(last_monday(5), published_at(last_monday(5))))
    by = make_person("ARA", on=tense.region)
    second = correct(old, word="", reason="Relevé.", reads_again=True, by=by)
    third = correct(second, word="", reason="Relevé encore.", reads_again=True, by=by)
    notes = [Content.read(one.content).measures["medicines.late"].note for one in (old, third)]
    assert notes[0] == notes[1]


@pytest.mark.django_db
def test_orders_under_way_are_not_told_of_a_week_long_over(tense):
    moment = Moment(last_monday(4), timezone.now() - timedelta(weeks=3))
    assert "orders.under_way" not in tense.content(moment=moment).measures


@pytest.mark.django_db
def test_the_figures_read_again_are_those_of_the_week(tense, bulletin):
    tense.correct("orleans", stock=7_000, week=LAST)
    by = make_person("ARA", on=tense.region)
    made = correct(bulletin, word="", reason="Corrigé.", reads_again=True, by=by)
    items = Content.read(made.content).part("equipment").grid("items")
    again = tense.content(moment=Moment(LAST, now().at)).part("equipment").grid("items")
    assert cell(items, "masques-ffp2", "Couverture") == cell(again, "masques-ffp2", "Couverture")


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_the_same_time_one_is_refused_with_a_sentence(tense, bulletin):
    by = make_person("ARA", on=tense.region)
    together, found = threading.Barrier(2), []

    def go(word):
        try:
            together.wait()
            found.append(correct(bulletin, word=word, reason="Ajout.", reads_again=True, by=by))
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[word]) for word in ("Un", "Deux")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    refused = [one for one in found if isinstance(one, BulletinError)]
    assert len(refused) == 1, found
    assert "Une version 2 a été publiée" in str(refused[0])
    assert Bulletin.objects.count() == 2


@pytest.mark.django_db
def test_a_word_written_over_another_unseen_is_refused_and_shows_it(client, tense):
    first, second = (make_person("ARA", on=tense.region) for _ in range(2))
    word_of(tense.region, first, "Les gants manquent.")
    with pytest.raises(BulletinError, match="pendant que vous"):
        word_of(tense.region, second, "Les masques manquent.")
    client.force_login(second)
    refused = client.post(
        reverse("steering:bulletin_word_of", args=["24"]),
        {"text": "Les masques manquent.", "semaine": str(coming_week(timezone.now())), "vu": ""},
    )
    assert "Les gants manquent." in refused.text
    assert "Les masques manquent." in refused.text
    seen = stamp_of(BulletinWord.objects.get())
    assert f'name="vu" value="{seen}"' in refused.text
    word_of(tense.region, second, "Gants et masques manquent.", seen)
    assert BulletinWord.objects.get().text == "Gants et masques manquent."


@pytest.mark.django_db
@pytest.mark.parametrize("week", [None, last_monday(3), WEEK + timedelta(weeks=3)])
def test_a_word_for_another_week_is_refused(tense, week):
    by = make_person("ARA", on=tense.region)
    with pytest.raises(BulletinError, match="a vieilli"):
        prepare_word(tense.region, text="Un", week=week, seen="", by=by)
    assert not BulletinWord.objects.exists()


@pytest.mark.django_db
def test_a_word_typed_before_the_publication_never_slips_into_the_next_bulletin(tense, bulletin):
    by = make_person("ARA", on=tense.region)
    with pytest.raises(BulletinError, match="vient d’être publié"):
        prepare_word(tense.region, text="Un", week=LAST, seen="", by=by)


@pytest.mark.django_db
def test_a_territory_that_cannot_be_read_deprives_no_other_of_its_bulletin(tense, monkeypatch):
    read = services.read_situation

    def broken(reader, territory, moment):
        if territory.is_country:
            raise ValueError("rien")
        return read(reader, territory, moment)

    monkeypatch.setattr(services, "read_situation", broken)
    with pytest.raises(ExceptionGroup):
        services.publish_due(published_at(LAST) + timedelta(hours=2))
    assert set(Bulletin.objects.values_list("region", flat=True)) == {"24", "53"}
