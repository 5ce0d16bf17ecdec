"""A question on the supply is a request for assistance: nothing of it is kept here any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vaccines", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="SupplyQuestionEvent"),
        migrations.DeleteModel(name="SupplyQuestion"),
    ]
