"""Tables that people send: read with every defence, or refused with a sentence."""

from common.tabular.errors import ErrorReport, LineError, MissingColumnsError, TabularError
from common.tabular.length import is_longer
from common.tabular.reading import read_table, read_whole_table
from common.tabular.table import CellValue, ColumnSpec, Limits, Row, Table

__all__ = [
    "CellValue",
    "ColumnSpec",
    "ErrorReport",
    "Limits",
    "LineError",
    "MissingColumnsError",
    "Row",
    "Table",
    "TabularError",
    "is_longer",
    "read_table",
    "read_whole_table",
]
