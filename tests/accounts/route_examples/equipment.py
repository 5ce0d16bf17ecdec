"""The inventory of protective equipment."""

from establishments.perimeter import Action
from tests.accounts.route_examples.example import (
    WEEK,
    Example,
    by_finess,
    by_item,
    by_number,
    by_week,
    plain,
)

EXAMPLES = {
    # epi_stocks
    "epi_stocks:start": plain,
    "epi_stocks:inventory_start": plain,
    "epi_stocks:inventory": Example(
        by_week.args, placed=True, acts=Action.EPI_WRITE, data={"1-stock": "10"}
    ),
    "epi_stocks:inventory_undo": by_week,
    "epi_stocks:inventory_supply": by_week,
    "epi_stocks:inventory_cells": by_week,
    "epi_stocks:inventory_coverage": by_week,
    "epi_stocks:inventory_sites": by_week,
    "epi_stocks:inventory_reopen": by_week,
    "epi_stocks:inventory_copy": by_week,
    "epi_stocks:inventory_total": by_item,
    "epi_stocks:inventory_files": by_finess,
    "epi_stocks:inventory_file": by_finess,
    "epi_stocks:inventory_import": plain,
    "epi_stocks:inventory_import_errors": Example(plain.args, rowless=True),
    "epi_stocks:inventory_import_template": Example(lambda place: [WEEK]),
    "epi_stocks:inventory_import_followed": by_number,
    "epi_stocks:inventory_import_apply": by_number,
    "epi_stocks:inventory_import_cancel": by_number,
    "epi_stocks:inventory_import_restart": by_number,
    "epi_stocks:settings": plain,
    "epi_stocks:visu": plain,
    "epi_stocks:visu_live": plain,
    "epi_stocks:visu_file": Example(lambda place: ["territoires", "csv"], rowless=True),
    "epi_stocks:visu_alerts": Example(plain.args, letters="N"),
    "epi_stocks:visu_elsewhere": Example(plain.args, letters="NR"),
    "epi_stocks:visu_establishment": by_finess,
}
