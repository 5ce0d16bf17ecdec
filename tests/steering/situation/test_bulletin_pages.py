"""A bulletin on its page, in its file and in the list: who reads, corrects, writes the word."""

import pytest
from django.urls import reverse

from journal.models import Entry
from steering.models import Bulletin, BulletinWord
from steering.services.bulletins import (
    publish,
)
from steering.situation.content import Content
from steering.situation.moment import Moment, now
from steering.situation.territory import country, region_territory
from steering.situation.weeks import coming_week, published_at
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.steering.situation.conftest import last_monday

pytestmark = pytest.mark.django_db
LAST = last_monday()


def address(name, bulletin, **asked):
    code = bulletin.region_id or "pays"
    return reverse(f"steering:{name}_of", args=[code, bulletin.week])


def text_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


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
