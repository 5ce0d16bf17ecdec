from pathlib import Path

from django.db import migrations


SAVE_CELLS = Path(__file__).resolve().parent.parent / "sql" / "save_cells.sql"
OLD = """
DROP FUNCTION IF EXISTS epi_save_cells(bigint, bigint, date, bigint, timestamptz, integer[], text[], integer[], integer[], boolean);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("epi_stocks", "0003_summaries"),
    ]

    operations = [
        migrations.RunSQL([OLD, SAVE_CELLS.read_text(encoding="utf-8")], migrations.RunSQL.noop),
    ]
