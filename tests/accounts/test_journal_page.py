"""The journal of one's perimeter: what is in it, how it is narrowed, what the file holds."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.journal_page import reading
from accounts.services.profiles import create_profile, suspend_profile
from accounts.views.plage import journal as views
from journal.models import Entry
from journal.services import record
from tests.builders import (
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
PAGE = reverse("plage:journal")


@pytest.fixture
def elsewhere():
    region = make_region("28", "Normandie")
    return make_establishment(department=make_department("76", "Seine-Maritime", region))


def shown(client, **query):
    """The objects of the lines of a page."""
    return [line.target for line in client.get(PAGE, query).context["lines"]]


def pages(client, **query):
    """The objects of the lines of all pages, one after the other."""
    seen = []
    while True:
        context = client.get(PAGE, query).context
        seen += [line.target for line in context["lines"]]
        if context["next"] is None:
            return seen
        query["avant"] = context["next"]


def write(place, target, *, by=None, verb="account.profile_created", **details):
    return record(verb, by=by, target=target, place=place, **details)


def test_an_empty_journal_does_not_speak_of_what_was_asked(client_for, site):
    client = client_for("APE", on=site)
    assert "Rien encore au journal" in client.get(PAGE).text
    asked = client.get(PAGE, {"personne": "roche"})
    assert "Rien au journal pour ces critères" in asked.text
    assert_sound_html(asked)


def test_a_change_of_a_profile_reads_as_a_sentence_with_its_details(client_for, site):
    client = client_for("APE", on=site)
    profile = create_profile(make_user(), site, by=client.user)
    suspend_profile(profile, by=client.user, reason="Congé long.")
    response = client.get(PAGE)
    assert_sound_html(response)
    page = response.content.decode()
    assert f"{client.user} a suspendu un profil" in page
    assert "Hôpital de la Rive" in page
    assert "<dt>Motif</dt><dd>Congé long.</dd>" in page
    assert "<dt>Avant</dt><dd>actif</dd>" in page


def offered(client, **query):
    """The actions of the drop-down list, by family."""
    choices = client.get(PAGE, query).context["form"].fields["action"].choices[1:]
    return {family: [verb for verb, _ in verbs] for family, verbs in choices}


@pytest.mark.parametrize("code", ["APE", "ARA", "AUD"])
def test_only_the_actions_that_one_may_read_there_are_offered(client_for, site, elsewhere, code):
    places = {"APE": site, "ARA": site.region, "AUD": None}
    client = client_for(code, on=places[code])
    assert offered(client) == {}
    write(site, "ici")
    write(site, "ici", verb="account.request_refused")
    found = {"Demandes": ["account.request_refused"], "Profils": ["account.profile_created"]}
    assert offered(client) == found
    write(elsewhere, "ailleurs", verb="account.invitation_sent")
    write(None, "nulle part", verb="account.logged_in")
    further = {"Connexions": ["account.logged_in"], "Invitations": ["account.invitation_sent"]}
    assert offered(client) == (found | further if code == "AUD" else found)
    assert '<optgroup label="Demandes">' in client.get(PAGE).text


def test_an_action_asked_for_by_its_address_stays_chosen_though_there_is_none(client_for, site):
    client = client_for("APE", on=site)
    answer = client.get(PAGE, {"action": "account.closed"})
    assert answer.status_code == 200
    assert "Rien au journal pour ces critères" in answer.text
    assert client.get(PAGE, {"action": "inventée"}).status_code == 400


def test_each_one_reads_their_perimeter_and_no_more(client_for, site, elsewhere):
    sister = make_establishment(site.legal_entity)
    write(site, "ici")
    write(sister, "à côté")
    write(site.legal_entity, "au-dessus")
    write(elsewhere, "ailleurs")
    write(None, "nulle part")
    assert shown(client_for("APE", on=site)) == ["ici"]
    assert shown(client_for("APE", on=site.legal_entity)) == ["au-dessus", "à côté", "ici"]
    assert shown(client_for("ARA", on=site.region)) == ["au-dessus", "à côté", "ici"]
    assert shown(client_for("AUD")) == ["nulle part", "ailleurs", "au-dessus", "à côté", "ici"]


@pytest.mark.parametrize("code", ["OIE", "GF", "NAT", "ARL", "SUP", "USR"])
def test_the_others_read_none_of_it(client_for, code):
    client = client_for(code)
    assert client.get(PAGE).status_code == 403
    assert client.get(reverse("plage:journal_file", args=["csv"])).status_code == 403


def test_an_administrator_of_an_empty_entity_reads_nothing(client_for, site):
    write(site, "ici")
    assert shown(client_for("APE", on=make_legal_entity())) == []


def test_dates_action_person_and_place_narrow_the_list(client_for, site, elsewhere, time_machine):
    client = client_for("AUD")
    alix = make_user(username="alix.morel", first_name="Alix", last_name="Morel")
    time_machine.move_to("2026-11-14T23:30:00+01:00", tick=False)
    write(site, "samedi", by=alix)
    time_machine.move_to("2026-11-15T00:30:00+01:00", tick=False)
    write(site, "dimanche", verb="account.profile_ended")
    time_machine.move_to("2026-11-16T12:00:00+01:00", tick=False)
    write(elsewhere, "alix.morel · Ailleurs")
    assert shown(client, du="2026-11-15") == ["alix.morel · Ailleurs", "dimanche"]
    assert shown(client, au="2026-11-14") == ["samedi"]
    assert shown(client, du="15/11/2026", au="15/11/2026") == ["dimanche"]
    assert shown(client, action="account.profile_ended") == ["dimanche"]
    assert shown(client, personne="morel al") == ["alix.morel · Ailleurs", "samedi"]
    assert shown(client, personne="personne de ce nom") == []
    assert shown(client, etablissement="la rive") == ["dimanche", "samedi"]
    assert shown(client, etablissement=elsewhere.finess) == ["alix.morel · Ailleurs"]
    assert shown(client, etablissement=site.legal_entity.finess) == ["dimanche", "samedi"]


def test_an_auditor_finds_by_region_family_words_profile_and_request(client_for, site, elsewhere):
    client = client_for("AUD")
    write(site, "ici", reason="Congé parental de l’été", profile="APE · Hôpital de la Rive")
    write(elsewhere, "ailleurs", verb="account.request_refused", reason="Dossier incomplet")
    Entry.objects.bulk_create([Entry(verb="account.logged_in", target="req", request_id="ab12")])
    assert shown(client, region=elsewhere.region_id) == ["ailleurs"]
    assert shown(client, famille="Demandes") == ["ailleurs"]
    assert shown(client, famille="Demandes", action="account.logged_in") == []
    assert shown(client, mots="conge ete") == ["ici"]
    assert shown(client, mots="congé incomplet") == []
    assert shown(client, mots="INCOMP") == ["ailleurs"]
    assert shown(client, profil="hopital") == ["ici"]
    assert shown(client, requete="AB12") == ["req"]
    assert shown(client, requete="ab1") == []


def test_the_index_is_asked_for_the_words_that_few_hold(client_for):
    """Crossing one that most entries hold with a rare one would gather them all first."""
    client = client_for("AUD")
    Entry.objects.bulk_create(
        Entry(verb="account.logged_in", target=str(n), details={"reason": f"Congé, dossier{n}"})
        for n in range(30)
    )
    with CaptureQueriesContext(connection) as queries:
        assert shown(client, mots="congé dossier17") == ["17"]
    (found,) = (query["sql"] for query in queries if '"target"' in query["sql"])
    assert "COALESCE" in found.partition("'conge:*B'")[0].rpartition("'dossier17:*B'")[2]
    assert shown(client, mots="dossier17 congé", profil="absent") == []
    assert len(shown(client, mots="congé dossier")) == 30


@pytest.mark.parametrize("words", ["!", "e", "' | x:*", "réason\x00", "reason"])
def test_words_that_say_nothing_find_nothing(client_for, site, words):
    """Neither the marks of a query, nor the name of a field of the details."""
    write(site, "ici", reason="Départ")
    answer = client_for("AUD").get(PAGE, {"mots": words})
    assert not answer.context["lines"]


def test_who_reads_one_territory_has_no_region_to_choose(client_for, site, elsewhere):
    write(site, "ici")
    agency = client_for("ARA", on=site.region)
    assert "region" not in agency.get(PAGE).context["form"].fields
    assert shown(agency, region=elsewhere.region_id) == ["ici"]
    assert client_for("AUD").get(PAGE, {"region": "x"}).status_code == 400


def test_a_word_in_the_longest_details_is_no_hindrance(client_for, site):
    write(site, "ici", reason="a" * 3_000 + " " + "mot " * 300_000)
    assert shown(client_for("AUD"), mots="mot") == ["ici"]


def test_the_place_asked_never_widens_the_perimeter(client_for, site, elsewhere):
    write(elsewhere, "ailleurs")
    assert shown(client_for("APE", on=site), etablissement=elsewhere.finess) == []


def test_a_date_that_is_none_is_said_and_nothing_is_shown(client_for, site):
    client = client_for("AUD")
    response = client.get(PAGE, {"du": "hier"})
    assert response.status_code == 400
    assert response.context["lines"] == []
    assert client.get(PAGE, {"du": "2026-11-16", "au": "2026-11-15"}).status_code == 400
    assert (
        client.get(reverse("plage:journal_file", args=["csv"]), {"du": "hier"}).status_code == 404
    )


def test_pages_follow_each_other_without_gap_nor_repetition(client_for, site, monkeypatch):
    client = client_for("AUD")
    monkeypatch.setattr(views, "PER_PAGE", 4)
    moment = timezone.now()
    Entry.objects.bulk_create(
        Entry(verb="account.profile_created", target=str(number)) for number in range(10)
    )
    assert Entry.objects.filter(at__gte=moment).values("at").distinct().count() <= 10
    seen = pages(client, action="account.profile_created")
    assert seen == [str(number) for number in reversed(range(10))]


@pytest.mark.parametrize("walked", [5, 12, 1_000])
@pytest.mark.parametrize("word", ["congé", "dossier1", "impair", "ancien"])
def test_walking_back_or_by_the_index_the_pages_are_the_same(client_for, monkeypatch, walked, word):
    client = client_for("AUD")
    monkeypatch.setattr(views, "PER_PAGE", 4)
    monkeypatch.setattr(reading, "WALKED", walked)
    words = [
        f"congé dossier{n} {'impair' if n % 2 else 'pair'} {'ancien' if n < 3 else ''}"
        for n in range(20)
    ]
    Entry.objects.bulk_create(
        Entry(verb="account.logged_in", target=str(n), details={"reason": reason})
        for n, reason in enumerate(words)
    )
    held = [str(n) for n, one in enumerate(words) if f" {word}" in f" {one}"]
    assert pages(client, mots=word) == held[::-1]


@pytest.mark.parametrize("asked", ["x", "-1", "0", "9" * 30, "²"])
def test_a_place_in_the_list_that_is_none_is_the_first_page(client_for, site, asked):
    write(site, "ici")
    assert "ici" in shown(client_for("AUD"), avant=asked)


def test_the_page_takes_as_many_queries_for_thirty_lines_as_for_two(
    client_for, django_assert_max_num_queries
):
    client = client_for("ARA", on=make_region())
    for count in (2, 30):
        for _ in range(count):
            write(make_establishment(), "ici", by=make_person("APE"))
        with django_assert_max_num_queries(9):
            client.get(PAGE)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_the_lines_of_the_list_and_is_written_in_the_journal(
    client_for, site, elsewhere, kind
):
    client = client_for("APE", on=site)
    write(site, "=1+1", by=client.user, reason="Départ")
    write(site, "autre", verb="account.profile_ended")
    write(elsewhere, "ailleurs")
    response = client.get(
        reverse("plage:journal_file", args=[kind]), {"action": "account.profile_created"}
    )
    content = b"".join(response.streaming_content)
    if kind == "csv":
        _, line = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
        assert line[5] == "'=1+1"
    else:
        _, line = load_workbook(io.BytesIO(content)).active.values
        assert line[5] == "=1+1"
    assert list(line[2:4]) == ["Profil ouvert", str(client.user)]
    assert line[7] == "Motif\u00a0: Départ"
    taken = Entry.objects.get(verb="account.journal_exported")
    assert (taken.by, taken.finess) == (client.user, site.finess)
    assert taken.details["rows"] == 1


def test_a_region_finds_in_its_journal_who_took_it(client_for):
    agency = client_for("ARA")
    b"".join(agency.get(reverse("plage:journal_file", args=["csv"])).streaming_content)
    taken = Entry.objects.get(verb="account.journal_exported")
    assert taken.region_code == agency.user.active_profile.body.region_id != ""


def test_too_many_lines_are_refused_with_what_to_do(client_for, site, monkeypatch):
    monkeypatch.setattr(views, "LARGEST", 1)
    client = client_for("APE", on=site)
    write(site, "a")
    write(site, "b")
    response = client.get(reverse("plage:journal_file", args=["csv"]), follow=True)
    assert "Plus de 1 lignes correspondent" in response.content.decode()
    assert not Entry.objects.filter(verb="account.journal_exported").exists()


def test_a_format_that_is_none_does_not_exist(client_for, site):
    client = client_for("APE", on=site)
    assert client.get(reverse("plage:journal_file", args=["exe"])).status_code == 404
