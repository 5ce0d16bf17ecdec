"""The national cell, a doctrine in force, and the one that it writes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from orders.doctrine.grid import Grid, GroupGrid, write_grid
from orders.models import Basis
from orders.services.doctrines import copy_doctrine
from tests.builders import make_category, make_person
from tests.orders.builders import GLOVES, LONG_AGO, MASKS, make_doctrine, make_item

TOMORROW = timezone.localdate() + timedelta(days=1)


def make_grid(*groups, label="Doctrine", starts_on=TOMORROW, note=""):
    return Grid(label, starts_on, note, groups)


def group(label="EHPAD", basis=Basis.PLACE, categories=("500",), **ratios):
    """``group("EHPAD", masks="5")``."""
    items = {"masks": MASKS, "gloves": GLOVES}
    values = {items[name]: Decimal(value) for name, value in ratios.items()}
    return GroupGrid(label, basis, values, frozenset(categories))


def written(grid, **fields):
    """A doctrine of these rows, whenever it begins."""
    one = make_doctrine(label=grid.label, starts_on=grid.starts_on, note=grid.note, **fields)
    write_grid(one, grid)
    return one


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(answer):
    text = answer.content.decode()
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


@pytest.fixture
def cell(db):
    make_item()
    for code, label in (("500", "EHPAD"), ("355", "CH"), ("183", "IME")):
        make_category(code, label)
    return make_person("NAT", domain="distrilog")


@pytest.fixture
def in_force(cell):
    groups = group(masks="5", gloves="40"), group("Hôpital", Basis.BED, ("355",), masks="25")
    return written(replace(make_grid(*groups, label="Mars 2020"), starts_on=LONG_AGO))


@pytest.fixture
def coming(cell, in_force):
    return copy_doctrine(by=cell, model=in_force, label="À venir", starts_on=TOMORROW)
