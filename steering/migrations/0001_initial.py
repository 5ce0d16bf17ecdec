import common.migrations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_region_of_entity'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.BigIntegerField(verbose_name='session commencée à (secondes depuis 1970)')),
                ('day', models.DateField(verbose_name='jour')),
                ('seen_at', models.DateTimeField(verbose_name='accueil vu le')),
                ('marks', models.JSONField(default=dict, verbose_name='ce qui y était lu')),
                ('before_at', models.DateTimeField(null=True, verbose_name='fin de la visite précédente')),
                ('before_marks', models.JSONField(default=dict, verbose_name='ce qui était lu à la visite précédente')),
                ('profile', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.profile', verbose_name='profil')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'visite',
                'constraints': [models.UniqueConstraint(fields=('user', 'profile'), name='visit_one_a_profile', nulls_distinct=False)],
                'indexes': [],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[],
        ),
    ]
