import common.migrations
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import journal.models
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        common.migrations.CreateFirst(
            name='Purge',
            fields=[
                ('last', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='dernier lot purgé')),
                ('first', models.PositiveBigIntegerField(unique=True, verbose_name='premier lot purgé')),
                ('count', models.PositiveBigIntegerField(verbose_name='entrées retirées')),
                ('months', models.PositiveIntegerField(verbose_name='mois de conservation')),
                ('at', models.DateTimeField(verbose_name='purgé le')),
                ('key', models.CharField(max_length=8, verbose_name='clé')),
                ('mac', models.CharField(max_length=64, verbose_name='sceau')),
            ],
            options={
                'verbose_name': 'purge du journal',
                'verbose_name_plural': 'purges du journal',
                'ordering': ['last'],
                'indexes': [],
                'constraints': [],
            },
        ),
        common.migrations.CreateFirst(
            name='Seal',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='lot')),
                ('first_id', models.BigIntegerField(verbose_name='première entrée')),
                ('last_id', models.BigIntegerField(unique=True, verbose_name='dernière entrée')),
                ('count', models.PositiveIntegerField(verbose_name='entrées')),
                ('digest', models.CharField(max_length=64, verbose_name='empreinte des entrées')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='empreinte du sceau précédent')),
                ('at', models.DateTimeField(db_index=True, verbose_name='scellé le')),
                ('horizon', models.DateTimeField(null=True, verbose_name='rien d’antérieur ne suit')),
                ('key', models.CharField(max_length=8, verbose_name='clé')),
                ('mac', models.CharField(max_length=64, verbose_name='sceau')),
            ],
            options={
                'verbose_name': 'sceau du journal',
                'verbose_name_plural': 'sceaux du journal',
                'ordering': ['number'],
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1), ('first_id__lte', models.F('last_id')), ('number__gte', 1)), name='journal_seal_has_entries')],
            },
        ),
        common.migrations.CreateFirst(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='le')),
                ('verb', models.CharField(max_length=60, verbose_name='action')),
                ('profile', models.CharField(blank=True, max_length=300, verbose_name='profil')),
                ('target', models.CharField(blank=True, max_length=200, verbose_name='objet')),
                ('finess', models.CharField(blank=True, max_length=9, verbose_name='FINESS')),
                ('region_code', models.CharField(blank=True, max_length=3, verbose_name='région')),
                ('department_code', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('details', models.JSONField(default=dict, verbose_name='détails')),
                ('request_id', models.CharField(blank=True, max_length=32, verbose_name='numéro de requête')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='adresse')),
                ('lexemes', models.GeneratedField(db_persist=True, expression=journal.models.Lexemes(), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='journal_entries', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'entrée du journal',
                'verbose_name_plural': 'journal',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['region_code', '-at'], name='journal_region_at'), models.Index(fields=['verb', '-at'], name='journal_verb_at'), models.Index(fields=['finess', 'verb'], name='journal_finess_verb'), models.Index(fields=['region_code', 'verb'], name='journal_region_verb'), models.Index(django.contrib.postgres.indexes.OpClass('target', name='varchar_pattern_ops'), models.OrderBy(models.F('at'), descending=True), name='journal_target_at'), models.Index(condition=models.Q(('request_id', ''), _negated=True), fields=['request_id'], name='journal_request'), django.contrib.postgres.indexes.GinIndex(fields=['lexemes'], name='journal_words')],
                'constraints': [],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[('purge', pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ee2311c326904b78a821968990f478554c92c608', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_df225', table='journal_purge', when='BEFORE'))), ('seal', pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='04193f21a5bb87d02d024c561dd89a4ee8d084f6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3b26c', table='journal_seal', when='BEFORE'))), ('entry', pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4e2357730d0621f5305f59f950d1d9c44e23f9e8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6d2d9', table='journal_entry', when='BEFORE')))],
        ),
    ]
