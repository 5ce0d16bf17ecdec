"""The triggers that keep the region of each profile, invitation and token that of its entity."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "region_of_entity.sql"
UNDO = "DROP FUNCTION accounts_take_region(), accounts_follow_region() CASCADE"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), UNDO)]
