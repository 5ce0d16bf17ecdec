import common.migrations
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import establishments.models.directory
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='adresse')),
                ('theme', models.CharField(choices=[('connexion', 'Connexion et compte'), ('habilitations', 'Profils et habilitations'), ('finess', 'Établissements et numéros FINESS'), ('epi-stocks', 'EPI-Stocks\xa0: inventaire des équipements'), ('e-dispostock', 'e-Dispostock\xa0: pharmacies et médicaments'), ('vaccins', 'Vaccins grippe et COVID-19'), ('distrilog', 'Distrilog-Santé\xa0: commandes sur le stock de l’État'), ('contingentement', 'Tension et contingentement'), ('factures', 'Consortium et factures'), ('ars', 'ARS, OMEDIT et cellule nationale'), ('assistance', 'Assistance et données')], max_length=20, verbose_name='thème')),
                ('question', models.CharField(max_length=200, verbose_name='question')),
                ('answer', models.TextField(verbose_name='réponse')),
                ('keywords', models.CharField(blank=True, max_length=300, verbose_name='autres mots pour la trouver')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='concerne d’abord')),
                ('live', models.CharField(blank=True, max_length=30, verbose_name='données du jour')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='source')),
                ('rank', models.PositiveIntegerField(default=0, verbose_name='ordre')),
                ('is_published', models.BooleanField(default=True, verbose_name='publiée')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='mise à jour le')),
                ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(establishments.models.directory.Plain('question'), config='french', weight='A'), '||', django.contrib.postgres.search.SearchVector(establishments.models.directory.Plain('keywords'), config='french', weight='B'), django.contrib.postgres.search.SearchConfig('french')), '||', django.contrib.postgres.search.SearchVector(establishments.models.directory.Plain('answer'), config='french', weight='C'), django.contrib.postgres.search.SearchConfig('french')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mise à jour par')),
            ],
            options={
                'verbose_name': 'question',
                'ordering': ['rank', 'pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='question_words')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('question', ''), _negated=True), models.Q(('answer', ''), _negated=True)), name='question_is_answered', violation_error_message='Une question publiée a sa réponse.')],
            },
        ),
        migrations.CreateModel(
            name='TextVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, verbose_name='texte')),
                ('body', models.TextField(blank=True, max_length=10000, verbose_name='contenu')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'version d’un texte',
                'verbose_name_plural': 'versions des textes',
                'ordering': ['slug', '-at', '-pk'],
                'indexes': [models.Index(fields=['slug', '-at', '-id'], name='text_version_last')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='annonce')),
                ('level', models.CharField(choices=[('info', 'information'), ('warning', 'attention')], default='info', max_length=10, verbose_name='ton')),
                ('audience', models.CharField(choices=[('all', 'tout le monde, connecté ou non'), ('known', 'les personnes connectées')], default='all', max_length=10, verbose_name='pour')),
                ('starts_at', models.DateTimeField(verbose_name='à partir du')),
                ('ends_at', models.DateTimeField(verbose_name='jusqu’au')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='écrite le')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'annonce',
                'ordering': ['-starts_at', '-pk'],
                'indexes': [models.Index(fields=['ends_at'], name='announcement_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='announcement_ends_after_it_starts', violation_error_message='L’annonce finit avant de commencer.')],
            },
        ),
        migrations.CreateModel(
            name='QuestionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=80, verbose_name='adresse')),
                ('theme', models.CharField(choices=[('connexion', 'Connexion et compte'), ('habilitations', 'Profils et habilitations'), ('finess', 'Établissements et numéros FINESS'), ('epi-stocks', 'EPI-Stocks\xa0: inventaire des équipements'), ('e-dispostock', 'e-Dispostock\xa0: pharmacies et médicaments'), ('vaccins', 'Vaccins grippe et COVID-19'), ('distrilog', 'Distrilog-Santé\xa0: commandes sur le stock de l’État'), ('contingentement', 'Tension et contingentement'), ('factures', 'Consortium et factures'), ('ars', 'ARS, OMEDIT et cellule nationale'), ('assistance', 'Assistance et données')], max_length=20, verbose_name='thème')),
                ('question', models.CharField(max_length=200, verbose_name='question')),
                ('answer', models.TextField(verbose_name='réponse')),
                ('keywords', models.CharField(blank=True, max_length=300, verbose_name='autres mots pour la trouver')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='concerne d’abord')),
                ('live', models.CharField(blank=True, max_length=30, verbose_name='données du jour')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='source')),
                ('rank', models.PositiveIntegerField(default=0, verbose_name='ordre')),
                ('is_published', models.BooleanField(default=True, verbose_name='publiée')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='mise à jour le')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='support.question')),
                ('updated_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mise à jour par')),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='QuestionOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='jour')),
                ('useful', models.PositiveIntegerField(default=0, verbose_name='utile')),
                ('useless', models.PositiveIntegerField(default=0, verbose_name='pas utile')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='support.question')),
            ],
            options={
                'verbose_name': 'avis sur une question',
                'verbose_name_plural': 'avis sur les questions',
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('question', 'day'), name='question_opinion_per_day')],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[('question', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (NEW."answer", NEW."id", NEW."is_published", NEW."keywords", NEW."live", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."question", NEW."rank", NEW."roles", NEW."slug", NEW."source", NEW."theme", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='d2e28e17c7092196a63a76fb3ced941098a7fc6d', operation='INSERT', pgid='pgtrigger_insert_insert_2c64a', table='support_question', when='AFTER'))), ('question', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_published" IS DISTINCT FROM (NEW."is_published") OR OLD."keywords" IS DISTINCT FROM (NEW."keywords") OR OLD."live" IS DISTINCT FROM (NEW."live") OR OLD."question" IS DISTINCT FROM (NEW."question") OR OLD."rank" IS DISTINCT FROM (NEW."rank") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."theme" IS DISTINCT FROM (NEW."theme") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."updated_by_id" IS DISTINCT FROM (NEW."updated_by_id"))', func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (NEW."answer", NEW."id", NEW."is_published", NEW."keywords", NEW."live", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."question", NEW."rank", NEW."roles", NEW."slug", NEW."source", NEW."theme", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='67263195e30a24ca76e2f399604c644d5c8fe58b', operation='UPDATE', pgid='pgtrigger_update_update_a26f2', table='support_question', when='AFTER'))), ('question', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (OLD."answer", OLD."id", OLD."is_published", OLD."keywords", OLD."live", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."question", OLD."rank", OLD."roles", OLD."slug", OLD."source", OLD."theme", OLD."updated_at", OLD."updated_by_id"); RETURN NULL;', hash='a96c9bd0b53adf699cca7faf937dd5bfdd6baea2', operation='DELETE', pgid='pgtrigger_delete_delete_f16ec', table='support_question', when='AFTER')))],
        ),
    ]
