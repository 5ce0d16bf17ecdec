"""What the tests of the weekly grid share: its address, its cells, and what the base holds."""

from common.weeks import current_week
from epi_stocks.models import InventoryLine
from epi_stocks.services.saving import CellChange, save_cells

PASTE = """(cell, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const more = { clipboardData, bubbles: true, cancelable: true };
  cell.dispatchEvent(new ClipboardEvent("paste", more));
}"""


def address(site, week=None):
    return f"/epi-stocks/inventaire/{site.finess}/{week or current_week()}/"


def fill(user, site, *cells, week=None):
    changes = [CellChange(item, measure, value, seen) for item, measure, value, seen in cells]
    save_cells(by=user, week=week or current_week(), establishment_id=site.pk, changes=changes)


def cell(page, name):
    return page.locator(f'input[name="{name}"]')


def state(page, name):
    return page.locator(f'[id="e-{name}"]')


def held(site, name, week=None):
    item, measure = name.split("-")
    line = InventoryLine.objects.filter(
        week=week or current_week(), establishment=site, item=item
    ).first()
    return line and getattr(line, measure)
