"""The figures of usage: counted once a day, kept, the small ones left untold."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from common.weeks import current_week
from epi_stocks.models import WeeklyInventory
from establishments.models import Establishment
from medications.calendar import calendar_of
from orders.models import Order
from pui.models import Transmission
from steering.figures.counting import count_all
from steering.figures.page import last_usage, public_figures
from steering.models import Statistic
from steering.services.statistics import keep_statistics
from tests.builders import make_establishment, make_line, make_person
from tests.epi_stocks.aid.conftest import MASKS, aid  # noqa: F401
from tests.epi_stocks.visu import FFP2
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_order
from tests.pui.builders import make_followed, make_pui, make_transmission
from tests.pui.table_schema import read_table

PAGE = "/stats/"


def active(count):
    for _ in range(count):
        person = make_person("GF")
        person.last_login = timezone.now()
        person.save()


def counted():
    return {(one.name, one.part): one.value for one in count_all()}


def test_inventories_are_counted_by_week(country):
    make_line(Establishment.objects.first(), current_week(), FFP2, stock=1, daily=1)
    found = counted()
    assert found["inventaires-epi", f"{current_week():%Y-%m-%d}"] == 1
    assert found["etablissements-declarants", ""] == 41


def test_four_people_are_not_told_five_are():
    active(4)
    assert counted()["personnes-actives", "etablissements"] is None
    active(1)
    assert counted()["personnes-actives", "etablissements"] == 5


def test_who_is_closed_or_has_not_come_for_a_month_is_not_active():
    active(6)
    User.objects.filter(pk=User.objects.first().pk).update(is_active=False)
    long_ago = timezone.now() - timedelta(days=31)
    User.objects.filter(pk=User.objects.last().pk).update(last_login=long_ago)
    assert counted()["personnes-actives", "etablissements"] is None


def test_an_inventory_only_opened_is_not_one(country):
    week, place = current_week(), Establishment.objects.first()
    before = counted()
    WeeklyInventory.objects.create(week=week, establishment=place, first_saved_at=None)
    assert counted() == before


def test_a_pharmacy_counts_once_and_each_of_its_stocks():
    site = make_establishment()
    by, product, pui = make_person("GF", on=site), make_followed(), make_pui(on=site)
    due_on = calendar_of("autres").past_dues(timezone.now(), 1)[0]
    for stock in (10, 20):
        make_transmission(pui, {product: (stock, 1)}, by=by, due_on=due_on)
    states = Transmission.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["replaced", "confirmed"]
    found = counted()
    assert found["transmissions-pui", f"{current_week():%Y-%m-%d}"] == 2
    assert found["pui-declarantes", ""] == 1


def test_orders_are_those_sent_for_the_stock_of_the_state():
    for fields in (
        {"state": Order.State.DELIVERED},
        {},
        {"kind": Order.Kind.PAID},
        {"state": Order.State.DRAFT, "submitted_at": None},
        {"submitted_at": timezone.now() - timedelta(weeks=13)},
    ):
        make_order(**fields)
    found = counted()
    assert (found["commandes", ""], found["commandes-livrees", ""]) == (2, 1)


def test_mutual_aid_counts_once_it_was_received(aid):  # noqa: F811
    aid.received()
    aid.declare(aid.bourges, 310, 10, item=MASKS)
    aid.proposed(aid.need(aid.orleans, item=MASKS))
    assert counted()["depannages", ""] == 1


def test_the_figures_of_a_day_are_kept_once(country):
    assert keep_statistics() > 0
    assert keep_statistics() == 0
    assert keep_statistics(timezone.now() + timedelta(days=1)) > 0
    assert Statistic.objects.values("day").distinct().count() == 2


def test_the_page_reads_what_is_kept_in_one_statement(country, client, django_assert_num_queries):
    active(2)
    keep_statistics()
    client.get(PAGE)
    with django_assert_num_queries(1):
        page = client.get(PAGE)
    assert_sound_html(page)
    assert "41" in page.text
    assert "moins de\u00a05" in page.text
    assert "Aucun cookie" in page.text
    assert "Set-Cookie" not in page.headers


def test_nothing_counted_yet_is_said(client):
    page = client.get(PAGE)
    assert_sound_html(page)
    assert "Rien n’est encore compté" in page.text


def test_the_file_holds_every_day_and_validates(country, client):
    keep_statistics()
    schema = client.get("/stats/schema.json").json()
    rows, faults = read_table(client.get("/stats/stats.csv").content, schema)
    assert faults == []
    assert len(rows) == Statistic.objects.count()


def test_the_file_holds_one_year_and_never_a_part_of_a_day(country, client):
    now = timezone.now()
    for days in (0, 365, 366):
        keep_statistics(now - timedelta(days=days))
    rows, _ = read_table(
        client.get("/stats/stats.csv").content, client.get("/stats/schema.json").json()
    )
    assert {row["jour"] for row in rows} == {
        timezone.localdate(now),
        timezone.localdate(now - timedelta(days=365)),
    }


def test_the_public_home_page_shows_three(country, client):
    keep_statistics()
    assert len(public_figures(last_usage())) == 3
    home = client.get("/")
    assert "Établissements qui déclarent" in home.text
    assert_sound_html(home)
