"""The home page: what is due, the most pressing first; the menu and the missing step."""

from datetime import date

import pytest
from django.urls import reverse

from common.home import Aside, Banner, Card, Figure, Kind, LowStock, MenuItem, Situation
from config import home, views
from epi_stocks.models import ExpectedCategory
from epi_stocks.services.reference import load_epi_reference
from tests.builders import make_establishment, make_person, make_user
from tests.html_rules import assert_sound_html


class FakeApp:
    """What an app's ``home`` module offers."""

    @staticmethod
    def cards(user):
        return [
            Card(Kind.DONE, "Fait", "16/11 par vous"),
            Card(
                Kind.TO_DO,
                "À remplir",
                "Semaine 47 : 3 sites sur 5.",
                url="/x",
                action_label="Ouvrir",
            ),
            Card(Kind.LATE, "En retard d’une semaine", url="/y", action_label="Reprendre"),
        ]

    @staticmethod
    def menu(user):
        return [MenuItem("Second", "/b/", order=2), MenuItem("Premier", "/a/", order=1)]

    @staticmethod
    def banners(user):
        return [
            Banner("Le service ferme vendredi à 18 h."),
            Banner(
                "Les gants manquent partout.", "warning", "/cgu/", "Le lire", "Gants en tension"
            ),
        ]

    @staticmethod
    def situations(user):
        figure = Figure("Inventaires reçus", "78 %", "412 sur 528", "Mardi dernier : 82 %")
        return [Situation("Équipements", [figure], url="/v/", link_label="Ouvrir la vue")]


@pytest.fixture
def fake_app(monkeypatch):
    monkeypatch.setattr(home, "_homes", lambda: [FakeApp])


@pytest.mark.django_db
def test_what_is_late_comes_first_and_what_is_done_apart(client_for, fake_app):
    response = client_for("OIE").get("/")
    assert_sound_html(response)
    page = response.content.decode()
    assert page.index("En retard d’une semaine") < page.index("À remplir") < page.index("par vous")
    assert "1 tâche en retard, 1 à faire, 1 déjà faite." in page
    assert "Le service ferme vendredi à 18 h." in page
    assert "412 sur 528" in page


@pytest.mark.django_db
def test_after_the_home_page_a_banner_is_a_few_words_that_lead_to_it(client_for, fake_app):
    client = client_for("OIE")
    first, after, there = (client.get(path).text for path in ("/", "/mentions-legales/", "/cgu/"))
    assert "Les gants manquent partout." in first
    assert "Gants en tension" not in first
    assert '<a href="/cgu/">Gants en tension</a>' in after
    assert "Les gants manquent partout." not in after
    assert "Gants en tension" not in there
    for page in (first, after, there):
        assert "Le service ferme vendredi à 18 h." in page


@pytest.mark.django_db
def test_the_menu_follows_the_order_that_the_apps_ask(client_for, fake_app):
    labels = [item["label"] for item in client_for("OIE").get("/cgu/").context["main_menu"]]
    assert labels == ["Accueil", "Premier", "Second"]


def test_an_entry_is_current_on_all_that_it_opens():
    assert MenuItem("EPI-Stocks", "/epi-stocks/x/", "/epi-stocks/").is_current("/epi-stocks/visu/")
    assert not MenuItem("EPI-Stocks", "/epi-stocks/").is_current("/profils/")


@pytest.mark.django_db
def test_a_visitor_reads_what_the_service_is_and_how_to_enter(client):
    page = client.get("/").content.decode()
    assert reverse("account_login") in page
    assert reverse("account_signup") in page
    for tool in ("EPI-Stocks", "e-Dispostock", "Distrilog-Santé", "PLAGE"):
        assert tool in page


@pytest.mark.django_db
def test_the_profile_in_use_is_on_every_page_with_its_number_and_roles(client_for):
    place = make_establishment(name="Hôpital Saint-Aubin")
    page = client_for("OIE", on=place).get("/cgu/").content.decode()
    assert "Hôpital Saint-Aubin" in page
    assert place.finess_text in page
    assert "Opérateur d’inventaire EPI" in page
    assert "Changer de profil" not in page


@pytest.mark.django_db
def test_who_has_several_profiles_is_asked_to_choose(client):
    user = make_person("OIE")
    make_person("OIE", user=user)
    client.force_login(user)
    assert reverse("profiles:choose") in client.get("/cgu/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "title"), [("OIE", "Votre semaine"), ("GF", "Bienvenue")])
def test_before_a_profile_is_chosen_the_title_says_whether_something_is_due(client, code, title):
    load_epi_reference()
    site = make_establishment()
    ExpectedCategory.objects.get_or_create(category=site.category, starts_on=date(2020, 1, 6))
    user = make_person(code, on=site)
    make_person(code, user=user)
    client.force_login(user)
    response = client.get("/")
    assert response.context["title"] == title


@pytest.mark.django_db
def test_who_has_no_profile_reads_the_missing_step(client):
    client.force_login(make_user())
    response = client.get("/")
    assert_sound_html(response)
    page = response.content.decode()
    assert "Aucun profil actif" in page
    assert reverse("profiles:list") in page


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["OIE", "ARA", "ARL", "NAT", "SPF", "USR"])
def test_the_home_of_each_role_is_sound(client_for, code):
    response = client_for(code).get("/")
    assert response.status_code == 200
    assert_sound_html(response)


class Unordered:
    """An app that brings the least pressing first."""

    @staticmethod
    def low_stocks(user):
        return [LowStock("Gants", "EHPAD", "9 j", "tendue", "Tendue", "/", order=9), EMPTY]

    @staticmethod
    def asides(user):
        return [Aside("b.html", order=20), Aside("a.html", order=10)]


EMPTY = LowStock("Masques", "EHPAD", "0 j", "rupture", "Rupture", "/", order=0)


def test_the_stock_that_ends_first_and_the_nearest_block_come_first(monkeypatch):
    monkeypatch.setattr(home, "_homes", lambda: [Unordered])
    assert home.low_stocks(None)[0] is EMPTY
    assert [one.template for one in home.asides(None)] == ["a.html", "b.html"]


@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        ([], ""),
        ([Kind.DONE], "1 tâche déjà faite."),
        ([Kind.LATE, Kind.LATE, Kind.DECIDE], "2 tâches en retard, 1 à décider."),
        ([Kind.TO_DO, Kind.TO_FINISH, Kind.DONE, Kind.DONE], "2 tâches à faire, 2 déjà faites."),
        ([Kind.TO_SEE, Kind.TO_DO, Kind.TO_SEE], "1 tâche à faire, 2 à voir."),
    ],
)
def test_the_summary_counts_in_words(kinds, sentence):
    assert views.summary([Card(kind, "x") for kind in kinds]) == sentence
