import common.migrations
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        common.migrations.CreateFirst(
            name='Fault',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='le')),
                ('request', models.CharField(max_length=32, verbose_name='numéro de requête')),
                ('name', models.CharField(max_length=120, verbose_name='route')),
                ('method', models.CharField(max_length=8, verbose_name='méthode')),
                ('outcome', models.CharField(max_length=8, verbose_name='état')),
                ('error', models.CharField(blank=True, max_length=80, verbose_name='erreur')),
            ],
            options={
                'verbose_name': 'erreur',
                'verbose_name_plural': 'erreurs',
                'indexes': [],
                'constraints': [],
            },
        ),
        common.migrations.CreateFirst(
            name='SlowStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=32, unique=True, verbose_name='empreinte')),
                ('text', models.TextField(verbose_name='instruction')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='demandée en dernier par')),
                ('count', models.BigIntegerField(verbose_name='nombre')),
                ('millis', models.FloatField(verbose_name='durée totale, en millisecondes')),
                ('slowest', models.FloatField(verbose_name='la plus longue, en millisecondes')),
                ('first_at', models.DateTimeField(verbose_name='la première')),
                ('last_at', models.DateTimeField(db_index=True, verbose_name='la dernière')),
            ],
            options={
                'verbose_name': 'instruction lente',
                'verbose_name_plural': 'instructions lentes',
                'indexes': [],
                'constraints': [],
            },
        ),
        common.migrations.CreateFirst(
            name='Total',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('page', 'page'), ('job', 'travail')], max_length=4, verbose_name='nature')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('method', models.CharField(blank=True, max_length=8, verbose_name='méthode')),
                ('outcome', models.CharField(max_length=8, verbose_name='issue')),
                ('count', models.BigIntegerField(verbose_name='nombre')),
                ('millis', models.FloatField(verbose_name='durée totale, en millisecondes')),
                ('statements', models.BigIntegerField(verbose_name='instructions envoyées à la base')),
                ('statement_millis', models.FloatField(verbose_name='dont durée dans la base, en millisecondes')),
                ('buckets', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='nombres par classe de durée')),
            ],
            options={
                'verbose_name': 'cumul',
                'verbose_name_plural': 'cumuls',
                'constraints': [models.UniqueConstraint(fields=('kind', 'name', 'method', 'outcome'), name='total_once')],
                'indexes': [],
            },
        ),
        common.migrations.CreateFirst(
            name='Traffic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('page', 'page'), ('job', 'travail')], max_length=4, verbose_name='nature')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('method', models.CharField(blank=True, max_length=8, verbose_name='méthode')),
                ('outcome', models.CharField(max_length=8, verbose_name='issue')),
                ('count', models.BigIntegerField(verbose_name='nombre')),
                ('millis', models.FloatField(verbose_name='durée totale, en millisecondes')),
                ('statements', models.BigIntegerField(verbose_name='instructions envoyées à la base')),
                ('statement_millis', models.FloatField(verbose_name='dont durée dans la base, en millisecondes')),
                ('buckets', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='nombres par classe de durée')),
                ('at', models.DateTimeField(verbose_name='à partir de')),
            ],
            options={
                'verbose_name': 'trafic',
                'verbose_name_plural': 'trafic',
                'constraints': [models.UniqueConstraint(fields=('at', 'kind', 'name', 'method', 'outcome'), name='traffic_once')],
                'indexes': [],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[],
        ),
    ]
