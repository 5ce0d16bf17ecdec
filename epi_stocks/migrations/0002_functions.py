"""What the database itself does for EPI-Stocks: the view, the saving functions, the stale weeks."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
NAMES = ("effective_line", "doubt", "open_grid", "save_cells", "stale_week")
UNDO = """
DROP TRIGGER epi_mark_covered_weeks ON epi_stocks_centralcoverage;
DROP TRIGGER epi_mark_stale_week ON epi_stocks_inventoryline;
DROP FUNCTION
    epi_mark_covered_weeks(),
    epi_mark_stale_week(),
    epi_save_cells(
        bigint, bigint, date, bigint, timestamptz,
        integer[], text[], integer[], integer[], boolean, boolean
    ),
    epi_confirm_doubt(bigint, date, bigint, timestamptz, integer, text, integer, integer),
    epi_saved_rows(date, bigint, integer[]),
    epi_saved_row(date, bigint, integer),
    epi_open_grid(bigint, bigint, date, bigint, timestamptz),
    epi_week_refusal(date, timestamptz, timestamptz),
    epi_granting_profile(bigint, bigint, bigint, date),
    epi_past(text, date, bigint, integer),
    epi_doubt(text, integer, integer, integer[]);
DROP VIEW epi_stocks_effectiveline;
"""


class Migration(migrations.Migration):
    dependencies = [("epi_stocks", "0001_initial")]
    operations = [
        migrations.RunSQL([(SQL / f"{one}.sql").read_text(encoding="utf-8") for one in NAMES], UNDO)
    ]
