"""Typing in a grid, as tests say it: ``save(person, place, (1, "stock", 10, None))``."""

import threading

from django.db import connection

from common.weeks import current_week
from epi_stocks.models import InventoryLine
from epi_stocks.services.saving import CellChange, save_cells

WEEK = current_week()


def save(person, place, *changes, week=WEEK, **options):
    return save_cells(
        by=person,
        week=week,
        establishment_id=place.pk,
        changes=[CellChange(*change) for change in changes],
        **options,
    )


def verdicts(result):
    return {(cell.item_id, cell.measure): cell.verdict for cell in result.cells}


def held(place, item=1, week=WEEK):
    line = InventoryLine.objects.filter(week=week, establishment=place, item=item).first()
    return (line.stock, line.daily, line.supply) if line else None


def other_thread(work):
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
