"""What the tests of the grid share: its addresses, and what each kind of browser sends."""

import json
from decimal import Decimal

from django.urls import reverse

from pui.grid.shapes import Key
from pui.models import DraftCell
from pui.services.draft import CellChange, save_cells
from tests.pui.builders import make_list


def url(pui, due_on, name="grid", slug="autres"):
    kwargs = {"slug": slug, "pk": pui.pk, "due_on": due_on}
    return reverse(f"pui:{name}", kwargs=kwargs)


def cell(product, measure="stock"):
    return f"{product.pk}-{measure}"


def send(client, pui, due_on, *cells, slug="autres", **sent):
    """Post cells as the script does: (name, value) or (name, value, seen)."""
    named = [dict(zip(("cell", "value", "seen"), (*one, ""), strict=False)) for one in cells]
    return client.post(
        url(pui, due_on, "grid_cells", slug),
        json.dumps({"profile": "", "cells": named} | sent),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def form_of(response, **typed):
    """What a browser without script would post back."""
    shown = {one.name: one.text for one in response.context["grid"].cells}
    return {"vu": response.context["seen"], "profile": ""} | shown | typed


def fill(by, pui, due_on, product, *, stock=None, daily=None, seen=None):
    """Type in the draft as somebody else does."""
    typed = {"stock": stock, "daily": daily}
    changes = [
        CellChange(Key(product.pk, measure), Decimal(value), seen)
        for measure, value in typed.items()
        if value is not None
    ]
    return save_cells(by=by, pui=pui, monitored_list=make_list(), due_on=due_on, changes=changes)


def held(pui, due_on, product, measure="stock"):
    """The draft's value of a cell; KeyError when nothing was saved."""
    rows = DraftCell.objects.filter(pui=pui, due_on=due_on, product=product, measure=measure)
    return dict(rows.values_list("measure", "value"))[measure]
