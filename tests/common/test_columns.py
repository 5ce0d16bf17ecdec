"""A table declared once: how a row of its page is drawn."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.template import engines
from django.utils.html import format_html

from common.columns import Column, Table, drawn_cells


def table(**last):
    columns = [
        Column("PUI", lambda row: row["name"]),
        Column("Site", lambda row: row["site"], under=True),
        Column("Quantité", lambda row: row["count"], is_number=True),
        Column("« Pourquoi »", lambda row: row["why"], **last),
    ]
    return Table("pui", "PUI", columns)


def drawn(row, **last):
    return drawn_cells(table(**last).cells(row))


ROW = {"name": "PUI A & B", "site": "Hôpital <Nord>", "count": 1234567, "why": "<b>"}


def test_the_first_cell_names_the_row_and_the_others_say_their_column():
    assert drawn(ROW | {"count": 5, "why": ""}) == (
        '<th role="rowheader" scope="row">PUI A &amp; B'
        '<span class="app-sous">Hôpital &lt;Nord&gt;</span></th>'
        '<td role="cell" data-label="Quantité" class="app-num">5</td>'
        '<td role="cell" data-label="« Pourquoi »"></td>'
    )


def test_a_text_is_never_markup_and_a_cell_drawn_as_markup_stays_so():
    assert "&lt;b&gt;" in drawn(ROW)
    assert "<b>déjà</b>" in drawn(ROW, cell=lambda row: format_html("<b>{}</b>", "déjà"))


def test_a_cell_says_that_it_is_wide_and_a_number_too():
    assert 'class="app-large"' in drawn(ROW, is_wide=True)
    assert 'class="app-num app-large"' in drawn(ROW, is_number=True, is_wide=True)


def test_a_row_is_drawn_as_a_template_would():
    source = (
        '{% for column, cell in cells %}{% if forloop.first %}<th role="rowheader" scope="row">'
        '{{ cell }}</th>{% else %}<td role="cell" data-label="{{ column.header }}"'
        '{% if column.is_number %} class="app-num"{% endif %}>{{ cell }}</td>{% endif %}'
        "{% endfor %}"
    )
    template = engines["django"].from_string(source)
    moment = datetime(2020, 11, 17, 23, 30, tzinfo=UTC)
    for count, why in (
        (3, date(2020, 11, 24)),
        (Decimal("1.50"), None),
        (1234.5, True),
        ("'", 0),
        (moment, moment.replace(tzinfo=None)),
    ):
        cells = table().cells(ROW | {"count": count, "why": why})
        assert drawn_cells(cells) == template.render({"cells": cells})


def test_a_moment_is_told_in_the_time_of_paris_also_when_it_names_the_row():
    moment = datetime(2020, 11, 17, 23, 30, tzinfo=UTC)
    cells = drawn(ROW | {"name": moment, "why": moment, "site": ""})
    assert cells.count("18 novembre 2020 00:30") == 2
