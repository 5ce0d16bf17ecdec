"""Each figure of a situation is that of its own page: one definition, never two."""

import html
import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from epi_stocks.dashboard.page import read_dashboard
from epi_stocks.dashboard.scope import scope_for as equipment_scope
from epi_stocks.dashboard.territory import territory_for as equipment_territory
from epi_stocks.filters import DashboardFilter
from epi_stocks.models import EquipmentNeed
from orders.dashboard.board import read_board
from orders.dashboard.scope import ScopeForm
from pui.region.filters import RegionFilter
from pui.region.reading import read_page
from pui.region.scope import scope_for as medicine_scope
from steering.models import Alert, AlertDomain, AlertScale
from steering.situation.content import PLACES, Cell, Content, Grid, Heading, Part, Row
from steering.situation.links import measure_links, part_links
from steering.situation.moment import Moment, now
from steering.situation.parts.vaccines import Supply, _covid
from steering.situation.places import places_of
from steering.situation.reading import read_situation
from steering.situation.territory import country, region_territory, whole_reader
from tests.builders import make_person, make_region
from tests.orders.builders import make_pool
from tests.steering.alerts.conftest import make_rule
from tests.steering.situation.conftest import FFP2, WEEK, cell, last_monday, later
from vaccines.corrections.coverage import Covered

pytestmark = pytest.mark.django_db


def query(**asked):
    found = QueryDict(mutable=True)
    found.update(asked)
    return found


def dashboard_of(user):
    territory = equipment_territory(user)
    filters = DashboardFilter(query(), user=user, territory=territory)
    return read_dashboard(equipment_scope(user, territory, filters))


@pytest.fixture(params=["region", "country"])
def seen(request, tense):
    """The same territory, as its situation and as the person who opens each dashboard."""
    if request.param == "country":
        people = {
            domain: make_person("NAT", domain=domain)
            for domain in ("epi_stock", "dispostock", "distrilog")
        }
        return tense, country(), people
    people = dict.fromkeys(
        ("epi_stock", "dispostock", "distrilog"), make_person("ARA", on=tense.region)
    )
    return tense, region_territory(tense.region), people


def test_equipment_is_that_of_the_real_time_view(seen):
    world, territory, people = seen
    part = world.content(territory).part("equipment")
    board = dashboard_of(people["epi_stock"])
    told = {one.key: one for one in part.measures}
    assert told["equipment.declared"].text == board.reporting.rate_text
    assert told["equipment.missing"].value == str(board.reporting.missing)
    tense = [one for one in board.items if one.level.is_tension]
    assert told["equipment.tense"].value == str(len(tense))
    grid = part.grid("items")
    for one in board.items:
        assert cell(grid, one.item.code, "Classe").level == one.level.value
        assert cell(grid, one.item.code, "Couverture").value == text(one.figures.days)
        assert cell(grid, one.item.code, "En rupture").value == str(one.figures.shortage)
    places = part.grid("territoires")
    for place in board.places:
        assert cell(places, place.code, "Inventaires reçus").text == place.reporting.rate_text
    assert {row.key for row in places.rows} == {place.code for place in board.places}


def test_medicines_are_those_of_the_region(seen):
    world, territory, people = seen
    part = world.content(territory).part("medicines")
    form = RegionFilter(query(), user=people["dispostock"])
    page = read_page(medicine_scope(people["dispostock"], form))
    told = {one.key: one for one in part.measures}
    assert told["medicines.declared"].text == page.declared.rate_text
    assert told["medicines.late"].value == str(page.declared.late)
    assert told["medicines.tense"].value == str(
        sum(sums.level.is_tension for sums in page.now.values())
    )
    for name, sums in page.now.items():
        assert cell(part.grid("substances"), name, "Couverture").value == text(sums.days)
    for place in page.places:
        count = cell(part.grid("territoires"), place.code, "DCI prioritaires en tension")
        assert count.value == (str(place.in_tension) if place.groups else "")


def test_orders_are_those_of_their_dashboard(seen):
    world, territory, people = seen
    make_pool(world.region, granted=500, used=120)
    part = world.content(territory).part("orders")
    board = read_board(ScopeForm(query(), user=people["distrilog"]).scope())
    told = {one.key: one for one in part.measures}
    assert told["orders.used"].text == board.now.share_text
    assert told["orders.pool"].value == str(board.pool.left) == "380"
    assert told["orders.under_way"].value == str(board.under_way)
    row = board.items[0]
    assert cell(part.grid("quotas"), row.code, "Commandé").value == str(row.now.used)
    for place in board.places:
        used = cell(part.grid("territoires"), place.code, "Contingents utilisés")
        assert used.text == place.now.share_text


def text(days):
    return "" if days is None else str(days)


def test_where_names_the_places_of_the_worst_class(tense):
    grid = tense.content().part("equipment").grid("items")
    assert cell(grid, "masques-ffp2", "Où").text == "rupture\u00a0: Cher"
    assert grid.rows[0].key == "masques-ffp2"


def test_the_places_stand_in_one_table_the_most_urgent_first(tense):
    grid = places_of(tense.content())
    assert [row.name for row in grid.rows] == ["Cher", "Loiret"]
    assert [one.label for one in grid.headings] == [
        "Équipement le plus tendu",
        "Inventaires reçus",
        "DCI prioritaires en tension",
        "PUI à jour",
        "Contingents utilisés",
    ]
    assert cell(grid, "18", "Équipement le plus tendu").level == "rupture"
    assert cell(grid, "18", "DCI prioritaires en tension").level == "critique"


def test_in_a_class_the_place_with_the_fewest_days_stands_first():
    def row(code, name, days, level="critique"):
        return Row(code, name, (Cell(f"{days} j", days, level), Cell("50 %", "50")))

    rows = (
        row("18", "Cher", "6.0"),
        row("28", "Eure-et-Loir", "3.7"),
        row("41", "Loir-et-Cher", ""),
        row("45", "Loiret", "11.4", "tendue"),
        row("37", "Indre-et-Loire", "2.5"),
    )
    grid = Grid(PLACES, "", "Département", (Heading("Équipement"), Heading("Reçus")), rows)
    content = Content(parts=(Part("equipment", "Équipements", "", "", grids=(grid,)),))
    assert [one.key for one in places_of(content).rows] == ["37", "28", "18", "41", "45"]


def need_masks(world, *names):
    """Asked for by the agency, which is returned."""
    by = make_person("ARA", on=world.region)
    for name in names:
        EquipmentNeed.objects.create(
            establishment=world.sites[name],
            item_id=FFP2,
            quantity=100,
            reason="Plus rien",
            wanted_on=WEEK,
            opened_by=by,
        )
    return by


def test_mutual_aid_counts_what_is_open_in_the_territory(tense):
    need_masks(tense, "bourges", "rennes")
    assert tense.content().measures["equipment_aid.needs"].value == "1"
    assert tense.content(country()).measures["equipment_aid.needs"].value == "2"


def test_what_has_no_past_is_left_out_of_a_week_long_over(tense):
    old = tense.content(moment=Moment(last_monday(4), later(weeks=-3)))
    keys = {part.key for part in old.parts}
    assert keys == {"equipment", "medicines", "orders"}
    assert all(one.cells[-1].text == "–" for one in old.part("orders").grid("quotas").rows)


def test_an_agency_reads_a_word_of_the_state_stock_and_the_country_weeks(tense):
    region, whole = tense.content(), tense.content(country())
    assert region.part("orders").grid("quotas").headings[-1].unit == ""
    assert whole.part("orders").grid("quotas").headings[-1].unit == "semaines de pic"


def test_without_any_figure_the_situation_holds(db):
    territory = region_territory(make_region())
    content = read_situation(whole_reader(territory), territory, now())
    assert content.measures["orders.used"].text == "–"
    assert content.part("equipment") is None
    assert content.part("medicines") is None


def make_alert(rule, scale, code, **fields):
    return Alert.objects.create(
        rule=rule,
        domain=AlertDomain.EPI,
        scale=scale,
        code=code,
        state=Alert.State.OPEN,
        holds_since=later(days=-2),
        seen_at=later(),
        opened_at=later(days=-1),
        **fields,
    )


def test_alerts_are_those_of_the_list_they_lead_to(client, tense):
    rule = make_rule()
    make_alert(rule, AlertScale.REGION, "24", region_code="24", subject="1")
    make_alert(rule, AlertScale.REGION, "53", region_code="53", subject="1")
    make_alert(rule, AlertScale.COUNTRY, "FR", is_spread=True, subject="2")
    make_alert(rule, AlertScale.COUNTRY, "FR", subject="3")
    national = make_person("NAT", domain="epi_stock")
    agency = make_person("ARA", on=tense.region)
    places = (country(), 4, national), (region_territory(tense.region), 2, national)
    for territory, count, user in (*places, (region_territory(tense.region), 2, agency)):
        assert tense.content(territory).measures["alerts_epi.open"].value == str(count)
        client.force_login(user)
        listed = client.get(part_links(territory)["alerts_epi"][0])
        assert listed.context["page"].paginator.count == count


def test_mutual_aid_is_that_of_its_page(client, tense):
    by = need_masks(tense, "bourges", "orleans")
    client.force_login(by)
    page = client.get(part_links(region_territory(tense.region))["equipment_aid"][0])
    assert tense.content().measures["equipment_aid.needs"].value == str(page.context["needs"].count)


def test_late_pharmacies_are_those_of_their_list(client, world):
    world.declare("orleans", stock=1_000)
    world.refresh()
    client.force_login(make_person("ARA", on=world.region))
    address = measure_links(region_territory(world.region))["medicines.late"]
    assert world.content().measures["medicines.late"].value == "1"
    assert "déclaré\u00a0: 1 PUI sur 2" in client.get(address).text


def test_every_figure_of_the_page_leads_to_a_page_that_its_reader_opens(client, tense):
    people = (("ARA", None), ("OMD", None), ("DEP", None), ("NAT", "epi_stock"))
    more = (("NAT", "dispostock"), ("NAL", "distrilog"), ("ARL", "distrilog"))
    for code, domain in (*people, *more):
        client.force_login(make_person(code, domain=domain))
        page = client.get(reverse("steering:situation")).text
        main = page[page.index("<main") : page.index("</main>")]
        links = {html.unescape(one) for one in re.findall(r'href="(/[^"]*)"', main)}
        assert links
        for one in links:
            assert client.get(one).status_code == 200, (code, domain, one)


@pytest.mark.parametrize(("received", "told"), [(None, ("–", "")), (0, ("0\u00a0%", "0"))])
def test_doses_of_which_nothing_is_typed_are_not_none(received, told):
    row = Covered("45", "Loiret", "24", 10, 10, 20, received, None)
    measure = _covid(Supply([row], lines=1, late=0))[0]
    assert (measure.text, measure.value) == told


def test_from_a_region_every_link_opens_on_that_region_and_from_the_country_on_all(tense):
    """What an agency has of its own is not asked for; the country would read everything."""
    region, whole = region_territory(tense.region), country()
    addresses = [*measure_links(region).values(), *(one for one, _ in part_links(region).values())]
    assert all(re.search(r"[?&](region|territoire)=24\b", one) for one in addresses)
    addresses = [*measure_links(whole).values(), *(one for one, _ in part_links(whole).values())]
    assert not any(re.search(r"(region|territoire)=", one) for one in addresses)


def test_the_country_reads_of_mutual_aid_what_the_situation_of_a_region_counts(client, tense):
    for name in ("bourges", "orleans", "rennes"):
        EquipmentNeed.objects.create(
            establishment=tense.sites[name],
            item_id=FFP2,
            quantity=100,
            reason="Plus rien",
            wanted_on=WEEK,
            opened_by=make_person("ARA", on=tense.region),
        )
    client.force_login(make_person("NAT", domain="epi_stock"))
    page = client.get(part_links(region_territory(tense.region))["equipment_aid"][0])
    assert page.context["part"].key == "epi"
    assert tense.content().measures["equipment_aid.needs"].value == str(page.context["needs"].count)
    assert page.context["needs"].count == 2
