"""The inventory of many establishments by file: template, preview, import, export."""

from epi_stocks.transfer.applying import AppliedImport, TransferError, apply_import
from epi_stocks.transfer.choices import open_weeks
from epi_stocks.transfer.exporting import export_inventory, inventory_template
from epi_stocks.transfer.keeping import forget_old_imports, preview_import
from epi_stocks.transfer.preview import ImportPreview, PreviewCell, ReplacedTotal
from epi_stocks.transfer.report import report_of

__all__ = [
    "AppliedImport",
    "ImportPreview",
    "PreviewCell",
    "ReplacedTotal",
    "TransferError",
    "apply_import",
    "export_inventory",
    "forget_old_imports",
    "inventory_template",
    "open_weeks",
    "preview_import",
    "report_of",
]
