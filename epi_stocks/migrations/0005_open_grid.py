from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
NAMES = ("open_grid", "save_cells")


class Migration(migrations.Migration):
    dependencies = [("epi_stocks", "0004_kept_total")]

    operations = [
        migrations.RunSQL(
            [(SQL / f"{name}.sql").read_text(encoding="utf-8") for name in NAMES],
            migrations.RunSQL.noop,
        )
    ]
