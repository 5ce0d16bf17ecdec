from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('pui', '0001_initial'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='draftcell',
            name='version',
        ),
    ]
