"""A list is read a page at a time, whatever the address says."""

import django_tables2
import pytest
from django.test.signals import template_rendered
from django.urls import reverse

from common.tables import CellColumn, drawn_rows
from tests.builders import make_establishment

pytestmark = pytest.mark.django_db
LISTS = [
    "plage:people",
    "plage:requests",
    "plage:invitations",
    "plage:ape",
    "establishments:search",
]


@pytest.mark.parametrize("name", LISTS)
def test_how_long_a_page_is_cannot_be_asked(client_for, name):
    agent = client_for("ARA", on=make_establishment().region)
    length = agent.get(reverse(name)).context["table"].paginator.per_page
    page = agent.get(reverse(name), {"per_page": "100000"})
    assert page.context["table"].paginator.per_page == length


@pytest.mark.parametrize("number", ["0", "-1", "99", "²", "x", "", "9" * 5000])
def test_a_page_that_does_not_exist_is_another_one(client_for, number):
    agent = client_for("ARA", on=make_establishment().region)
    page = agent.get(reverse("plage:people"), {"page": number, "per_page": "9" * 400})
    assert page.status_code == 200
    assert page.context["table"].page.number == 1


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "order", ["../../etc/passwd", "-", "--name", "name,-town", "²", "a__b", ""]
)
def test_an_order_that_no_column_has_is_not_one(client_for, name, order):
    agent = client_for("ARA", on=make_establishment().region)
    assert agent.get(reverse(name), {"sort": order}).status_code == 200


def test_a_cell_knows_its_record_its_table_and_who_asks_nothing_of_the_page(rf):
    class Lines(django_tables2.Table):
        number = CellColumn(template_name="plage/request_cells/who.html")

    seen = []

    def keep(sender, context, **kwargs):
        if "record" in context:
            seen.append(context.flatten())

    table = Lines([{"who": "Nadia", "may_decide": False}])
    table.request = rf.get("/")
    template_rendered.connect(keep)
    try:
        assert "Nadia" in table.rows[0].get_cell("number")
    finally:
        template_rendered.disconnect(keep)
    known = {"record", "table", "request", "csrf_token"}
    assert [set(one) - {"True", "False", "None"} for one in seen] == [known]


def test_the_cells_of_a_page_carry_the_title_and_the_look_of_their_column(rf):
    class Lines(django_tables2.Table):
        who = CellColumn(template_name="plage/request_cells/who.html", verbose_name="Qui décide")
        since = django_tables2.Column("Depuis", attrs={"td": {"class": "app-num"}})

        class Meta:
            row_attrs = {"class": lambda record: f"de-{record['who']}"}

        def render_since(self, value):
            return f"{value} jours"

    lines = [{"who": "Nadia", "since": 3}, {"who": "Léo", "since": 5}]
    table = Lines(lines, request=rf.get("/"))
    drawn = list(drawn_rows(table))
    assert ["de-Nadia" in drawn[0].attributes, "de-Léo" in drawn[1].attributes] == [True, True]
    columns = [(column.header, column.css) for column, _ in drawn[0].cells]
    assert columns == [("Qui décide", ""), ("Depuis", "app-num")]
    texts = [[cell.strip() for _, cell in row.cells] for row in drawn]
    assert texts == [["Nadia", "3 jours"], ["Léo", "5 jours"]]
