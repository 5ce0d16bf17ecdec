"""The same figure read wherever it is: a page, a file, an interface; a number is a number."""

import csv
import io
import re
from decimal import Decimal

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from steering.open_data.catalogue import schema_of
from tests.pui.table_schema import read_table

NUMBER = re.compile(r"\d(?:[\d\u202f\u00a0]*\d)?(?:,\d+)?")
SPACES = str.maketrans("", "", "\u202f\u00a0")


def plain(html):
    """What a person reads of a cell, without what stands under it."""
    cut = html.split('<span class="app-sous">')[0]
    return " ".join(re.sub(r"<[^>]+>", " ", cut).replace("&nbsp;", "\u00a0").split(" ")).strip()


def value_of(told):
    """A number whatever its dress: « 13,0 j », 13.0, « 78 % »; else the word."""
    if told is None or isinstance(told, int | float | Decimal):
        return None if told is None else Decimal(str(told))
    found = NUMBER.search(plain(told))
    if found is None:
        return plain(told).lower()
    return Decimal(found.group().translate(SPACES).replace(",", "."))


def key_figure(response, slug):
    """The value of a figure box, by its indicator."""
    pattern = rf'<p class="app-chiffre" data-indicator="{slug}">(.*?)(?:<small>|</p>)'
    found = re.search(pattern, response.content.decode(), re.DOTALL)
    assert found, f"{slug} is not a figure of the page"
    return value_of(found.group(1))


def table_cell(response, slug, row):
    """The cell of the row that begins with ``row``, under the heading of the indicator."""
    for table in re.findall(r"<table\b.*?</table>", response.content.decode(), re.DOTALL):
        head, _, body = table.partition("</thead>")
        columns = re.findall(r"<th\b(.*?)>", head, re.DOTALL)
        places = [at for at, one in enumerate(columns) if f'data-indicator="{slug}"' in one]
        if not places:
            continue
        for line in re.findall(r"<tr\b.*?</tr>", body, re.DOTALL):
            cells = re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", line, re.DOTALL)
            if plain(cells[0]).startswith(row):
                return value_of(cells[places[0]])
    raise AssertionError(f"no {slug} for {row}")


def told_beside(response, slug, label=""):
    """The value of a list of terms or of a box, under the label that leads to the indicator."""
    address = reverse("steering:indicator", args=[slug])
    pattern = (
        rf'{label}<a class="app-indicateur[^"]*" href="{address}">.*?</a>'
        r"\s*</(?:dt|p)>\s*<(?:dd|p)\b[^>]*>(.*?)(?:<small>|</(?:dd|p)>)"
    )
    found = re.search(pattern, response.content.decode(), re.DOTALL)
    assert found, f"{slug} is not told on the page"
    return value_of(found.group(1))


def summary_mark(response, slug):
    """The value that a line of a situation or of a bulletin marks."""
    pattern = rf'<strong data-indicator="{slug}">(.*?)</strong>'
    found = re.search(pattern, response.content.decode(), re.DOTALL)
    assert found, f"{slug} is not marked on the page"
    return value_of(found.group(1))


def csv_rows(response):
    """A file's lines by their headings, as they are written."""
    text = io.StringIO(b"".join(response).decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=";"))


def xlsx_rows(response):
    sheet = load_workbook(io.BytesIO(b"".join(response)), read_only=True).active
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


READERS = {"csv": csv_rows, "xlsx": xlsx_rows}


def csv_cell(response, column, row):
    text = io.StringIO(b"".join(response).decode("utf-8-sig"), newline="")
    header, *lines = csv.reader(text, delimiter=";")
    return next(value_of(one[header.index(column)]) for one in lines if one[0].startswith(row))


def xlsx_cell(response, column, row):
    sheet = load_workbook(io.BytesIO(b"".join(response)), read_only=True).active
    header, *lines = sheet.iter_rows(values_only=True)
    return next(value_of(one[header.index(column)]) for one in lines if one[0].startswith(row))


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def agreed(found):
    """Everybody says the same; a difference names who."""
    assert len(set(found.values())) == 1, found
    assert next(iter(found.values())) is not None


def open_line(slug, **wanted):
    address = reverse("open_data_file", args=[slug])
    rows, faults = read_table(Client().get(address).getvalue(), schema_of(slug))
    assert faults == []
    return next(one for one in rows if all(one[name] == to for name, to in wanted.items()))


def api_line(slug, **wanted):
    told = Client().get(f"/api/v1/donnees/{slug}", {"limite": 1000}).json()["lignes"]
    return next(one for one in told if all(one[name] == to for name, to in wanted.items()))


def number(value):
    return Decimal(str(value))
