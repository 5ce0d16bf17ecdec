"""The inventory of many establishments by file: template, preview, import, export."""

from epi_stocks.transfer.applying import AppliedImport, TransferError, apply_import
from epi_stocks.transfer.choices import open_weeks
from epi_stocks.transfer.exporting import export_inventory, inventory_template
from epi_stocks.transfer.preview import ImportPreview, PreviewCell, ReplacedTotal, preview_import

__all__ = [
    "AppliedImport",
    "ImportPreview",
    "PreviewCell",
    "ReplacedTotal",
    "TransferError",
    "apply_import",
    "export_inventory",
    "inventory_template",
    "open_weeks",
    "preview_import",
]
