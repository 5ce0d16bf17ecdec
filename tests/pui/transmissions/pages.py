"""How the tests go through the pages of a transmission."""

from django.urls import reverse

from pui.models import StockLine, Transmission

State = Transmission.State


START = "/dispostock/medicaments/transmission/"


def page(row, name="detail", **kwargs):
    kwargs = {"slug": row.monitored_list_id, "number": row.number} | kwargs
    return reverse(f"pui:transmission_{name}", kwargs=kwargs)


def confirm(web, row, **answers):
    row.refresh_from_db()
    data = {"version": row.report["version"], "refusees": row.report["counts"]["refused"]}
    data |= {name.replace("line", "ligne-"): value for name, value in answers.items()}
    return web.post(page(row, "confirm"), data)


def stocks():
    return dict(StockLine.objects.values_list("product__code", "stock"))
