"""Difficulties of supply: who reports, who reads, who closes; the page and its file."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Domain, Role
from establishments.perimeter import Action
from journal.models import Entry
from orders.models import SupplyDifficulty
from orders.services.difficulties import Reported, close_difficulty, report_difficulty
from orders.services.errors import OrderingError
from tests.builders import grant, make_person, make_profile
from tests.locks import before_another

DAY = timedelta(days=1)
PAGE = reverse("orders:difficulties")
NEW = reverse("orders:difficulty_new")


def report(world, by, text="Gants introuvables.", **more):
    typed = Reported(more.pop("item", world.gloves), text, world.today, **more)
    return report_difficulty(by=by, typed=typed)


def log_in(user):
    client = Client()
    client.force_login(user)
    return client


def typed(world, **more):
    return {
        "equipement": world.gloves.pk,
        "description": "Gants introuvables.",
        "reported_on": world.today.isoformat(),
    } | more


def test_an_establishment_reports_under_its_own_name_and_region(world):
    row = report(world, world.operator, source="Quelqu’un d’autre", region=world.lyon)
    assert (row.source, row.region, row.beneficiary) == ("EHPAD du Parc", world.centre, world.home)
    assert Entry.objects.get(verb="orders.difficulty_reported").finess == world.home.finess


def test_an_ars_reports_for_its_region_and_the_cell_says_who_told_it(world):
    assert report(world, world.agent).region == world.centre
    heard = report(world, world.cell, source="Un fournisseur", region=world.lyon)
    assert (heard.source, heard.region) == ("Un fournisseur", world.lyon)
    with pytest.raises(OrderingError, match="Dites qui"):
        report(world, world.cell, "Autre chose.")


def test_a_day_to_come_is_refused(world):
    with pytest.raises(OrderingError, match="pas encore venu"):
        report_difficulty(
            by=world.agent, typed=Reported(world.gloves, "Bientôt.", world.today + DAY)
        )


def test_each_reads_its_own_a_region_those_of_its_places_the_country_all(world):
    own, far = report(world, world.operator), report(world, world.cell, source="X")

    def seen_by(user):
        rows = SupplyDifficulty.objects.for_user(user, to=Action.ORD_QUOTA_READ)
        return set(rows.values_list("pk", flat=True))

    assert seen_by(world.operator) == {own.pk}
    assert seen_by(world.agent) == {own.pk}
    assert seen_by(world.cell) == {own.pk, far.pk}
    assert seen_by(make_person("OCE", on=world.far.place)) == set()


def test_the_cell_is_told_of_those_that_others_report(world):
    report(world, world.cell, source="Un fournisseur")
    assert "difficulté d’approvisionnement" not in log_in(world.cell).get("/").text
    row = report(world, world.operator)
    told = "1 difficulté d’approvisionnement ouverte"
    assert told in log_in(world.cell).get("/").text
    for user in (world.agent, world.operator, make_person("NAL", domain="distrilog")):
        assert told not in log_in(user).get("/").text
    close_difficulty(by=world.agent, difficulty=row, closed_on=world.today, outcome="Livrés.")
    assert told not in log_in(world.cell).get("/").text


def test_closing_says_what_became_of_it_once(world):
    row = report(world, world.operator)
    close = {"closed_on": world.today, "outcome": "Livrés."}
    close_difficulty(by=world.agent, difficulty=row, **close)
    with pytest.raises(OrderingError, match=r"a déjà clos.*Livrés"):
        close_difficulty(by=world.cell, difficulty=row, **close)
    assert Entry.objects.get(verb="orders.difficulty_closed").details["outcome"] == "Livrés."


def test_another_region_closes_nothing_here(world):
    row = report(world, world.operator)
    elsewhere = make_person("ARA", on=world.lyon)
    with pytest.raises(OrderingError, match="ne permet pas"):
        close_difficulty(by=elsewhere, difficulty=row, closed_on=world.today, outcome="Non.")
    address = reverse("orders:difficulty_close", args=[row.pk])
    assert log_in(elsewhere).get(address).status_code == 404


def test_it_is_closed_neither_before_it_was_reported_nor_in_the_future(world):
    row = report(world, world.operator)
    for day in (world.today - DAY, world.today + DAY):
        with pytest.raises(OrderingError, match="entre le jour"):
            close_difficulty(by=world.agent, difficulty=row, closed_on=day, outcome="Livrés.")


@pytest.mark.django_db(transaction=True)
def test_two_clicks_report_once(world):
    operator = world.operator
    with before_another(lambda: report(world, operator)):
        report(world, operator)
    assert SupplyDifficulty.objects.count() == 1


def test_the_form_of_an_establishment_asks_neither_who_nor_where(world):
    client = log_in(world.operator)
    page = client.get(NEW)
    assert "source" not in page.context["form"].fields
    assert "EHPAD du Parc" in page.text
    assert client.post(NEW, typed(world)).status_code == 302
    assert SupplyDifficulty.objects.get().source == "EHPAD du Parc"


def test_what_was_typed_stays_in_a_refused_form(world):
    page = log_in(world.cell).post(NEW, typed(world, source=""))
    assert page.status_code == 422
    assert "Gants introuvables." in page.text
    assert not SupplyDifficulty.objects.exists()


def test_the_open_ones_come_first_and_a_closed_one_shows_its_outcome(world):
    first = report(world, world.operator, "Déjà réglée.")
    report(world, world.operator, "Encore ouverte.")
    close_difficulty(by=world.agent, difficulty=first, closed_on=world.today, outcome="Livrée.")
    text = log_in(world.agent).get(PAGE).text
    assert text.index("Encore ouverte.") < text.index("Déjà réglée.")
    assert "Livrée." in text


def test_filters_keep_an_equipment_or_a_state_and_forget_what_is_not_offered(world):
    report(world, world.operator, "Les gants.")
    report(world, world.operator, "Les masques.", item=world.masks)
    client = log_in(world.agent)
    text = client.get(PAGE, {"equipement": world.masks.pk}).text
    assert "Les masques." in text
    assert "Les gants." not in text
    assert "Les gants." not in client.get(PAGE, {"etat": "closes"}).text
    assert "Les gants." in client.get(PAGE, {"equipement": "zzz", "region": "84"}).text


def test_the_file_is_the_list_and_holds_no_formula(world):
    report(world, world.operator, "=1+1")
    response = log_in(world.agent).get(reverse("orders:difficulties_file", args=["csv"]))
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Équipement", "Région", "Qui la signale", "Difficulté"]
    assert rows[1][3] != "=1+1"
    assert Entry.objects.filter(verb="orders.difficulties_exported").count() == 1
    assert log_in(world.agent).get(PAGE + "fichier/pdf/").status_code == 404


def test_the_list_takes_as_many_queries_for_one_as_for_ten(
    world, client, django_assert_max_num_queries, count_queries
):
    client.force_login(world.agent)
    report(world, world.operator)
    count_queries(PAGE)
    alone = count_queries(PAGE)
    for number in range(10):
        report(world, world.operator, f"Difficulté {number}")
    assert count_queries(PAGE) == alone


def test_what_was_closed_is_reported_again_when_it_comes_back(world):
    first = report(world, world.operator)
    close_difficulty(by=world.agent, difficulty=first, closed_on=world.today, outcome="Livrés.")
    assert report(world, world.operator).pk != first.pk


def test_closing_asks_what_became_of_it(world):
    row = report(world, world.operator)
    with pytest.raises(OrderingError, match="Dites la suite"):
        close_difficulty(by=world.agent, difficulty=row, closed_on=world.today, outcome="  ")


def test_an_order_operator_of_an_ars_reads_those_of_its_region(world):
    body = world.agent.profiles.get().body
    operator = make_person("USR")
    grant(make_profile(operator, body), Domain.DISTRILOG, Role.ORDER_OPERATOR)
    operator.forget_rights()
    row = report(world, world.operator)
    report(world, make_person("OCE", on=world.far.place), "À Lyon.")
    rows = SupplyDifficulty.objects.for_user(operator, to=Action.ORD_QUOTA_READ)
    assert list(rows) == [row]
