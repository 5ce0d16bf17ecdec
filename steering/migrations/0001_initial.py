import common.migrations
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import establishments.models.directory
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_region_of_entity'),
        ('accounts', '__first__'),
        ('establishments', '0002_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60, verbose_name='référence')),
                ('nature', models.CharField(choices=[('action', 'pour action'), ('information', 'pour information')], default='information', max_length=12, verbose_name='nature')),
                ('title', models.CharField(blank=True, max_length=150, verbose_name='objet')),
                ('body', models.TextField(blank=True, max_length=20000, verbose_name='texte')),
                ('signature', models.CharField(blank=True, max_length=200, verbose_name='signature')),
                ('apply_on', models.DateField(blank=True, null=True, verbose_name='à appliquer à partir du')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='à faire avant le')),
                ('shown_until', models.DateField(blank=True, null=True, verbose_name='affiché jusqu’au')),
                ('is_urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('by_mail', models.BooleanField(default=False, verbose_name='aussi par courriel')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None, verbose_name='rôles')),
                ('category_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None, verbose_name='catégories')),
                ('is_countrywide', models.BooleanField(default=True, verbose_name='toute la France')),
                ('region_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='régions')),
                ('department_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='départements')),
                ('state', models.CharField(choices=[('draft', 'brouillon'), ('sent', 'envoyé'), ('withdrawn', 'retiré')], default='draft', max_length=10, verbose_name='état')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='envoyé le')),
                ('people', models.PositiveIntegerField(null=True, verbose_name='personnes touchées')),
                ('places', models.PositiveIntegerField(null=True, verbose_name='structures touchées')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='retiré le')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='motif du retrait')),
                ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(establishments.models.directory.Plain(django.db.models.functions.text.Concat('reference', models.Value(' '), 'title', output_field=models.TextField())), config='french', weight='A'), '||', django.contrib.postgres.search.SearchVector(establishments.models.directory.Plain('body'), config='french', weight='B'), django.contrib.postgres.search.SearchConfig('french')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='steering.message', verbose_name='rectifie')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.administrativebody', verbose_name='expéditeur')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='envoyé par')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='retiré par')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'message',
                'ordering': ['-sent_at', '-pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='message_words'), models.Index(condition=models.Q(('state', 'sent')), fields=['-sent_at'], name='message_sent'), models.Index(condition=models.Q(('is_urgent', True), ('state', 'sent')), fields=['sent_at'], name='message_urgent')],
                'constraints': [models.UniqueConstraint(fields=('sender', 'reference'), name='message_reference_unique_per_sender', violation_error_message='Cette référence est déjà prise.'), models.UniqueConstraint(fields=('corrects',), name='message_corrected_once', violation_error_message='Ce message a déjà un rectificatif.'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', True), ('sent_by__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('sent_at__isnull', False), ('sent_by__isnull', False)), _connector='OR'), name='message_sent_says_by_whom'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('reason', ''), ('withdrawn_at__isnull', True)), _connector='OR'), name='message_withdrawn_says_why'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(models.Q(('title', ''), _negated=True), models.Q(('body', ''), _negated=True), models.Q(models.Q(('roles', []), _negated=True), models.Q(('category_codes', []), _negated=True), _connector='OR'), models.Q(('is_countrywide', True), models.Q(('region_codes', []), _negated=True), models.Q(('department_codes', []), _negated=True), _connector='OR')), _connector='OR'), name='message_sent_is_whole'), models.CheckConstraint(condition=models.Q(('is_countrywide', False), models.Q(('department_codes', []), ('region_codes', [])), _connector='OR'), name='message_countrywide_names_no_place'), models.CheckConstraint(condition=models.Q(models.Q(('nature', 'action'), _negated=True), ('by_mail', True), _connector='OR'), name='message_for_action_is_mailed'), models.CheckConstraint(condition=models.Q(('apply_on__isnull', True), ('due_on__isnull', True), ('due_on__gte', models.F('apply_on')), _connector='OR'), name='message_days_follow')],
            },
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='jour')),
                ('is_reminder', models.BooleanField(default=False, verbose_name='relance')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='essais manqués')),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='à envoyer à partir du')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='envoyé le')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.profile', verbose_name='profil')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mailings', to='steering.message', verbose_name='message')),
            ],
            options={
                'verbose_name': 'courriel d’un message',
                'verbose_name_plural': 'courriels des messages',
                'ordering': ['message', 'pk'],
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['message', 'id'], name='mailing_waiting')],
                'constraints': [models.UniqueConstraint(fields=('message', 'user', 'day'), name='mailing_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='MessageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=60, verbose_name='référence')),
                ('nature', models.CharField(choices=[('action', 'pour action'), ('information', 'pour information')], default='information', max_length=12, verbose_name='nature')),
                ('title', models.CharField(blank=True, max_length=150, verbose_name='objet')),
                ('body', models.TextField(blank=True, max_length=20000, verbose_name='texte')),
                ('signature', models.CharField(blank=True, max_length=200, verbose_name='signature')),
                ('apply_on', models.DateField(blank=True, null=True, verbose_name='à appliquer à partir du')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='à faire avant le')),
                ('shown_until', models.DateField(blank=True, null=True, verbose_name='affiché jusqu’au')),
                ('is_urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('by_mail', models.BooleanField(default=False, verbose_name='aussi par courriel')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None, verbose_name='rôles')),
                ('category_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None, verbose_name='catégories')),
                ('is_countrywide', models.BooleanField(default=True, verbose_name='toute la France')),
                ('region_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='régions')),
                ('department_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='départements')),
                ('state', models.CharField(choices=[('draft', 'brouillon'), ('sent', 'envoyé'), ('withdrawn', 'retiré')], default='draft', max_length=10, verbose_name='état')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='envoyé le')),
                ('people', models.PositiveIntegerField(null=True, verbose_name='personnes touchées')),
                ('places', models.PositiveIntegerField(null=True, verbose_name='structures touchées')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='retiré le')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='motif du retrait')),
                ('corrects', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='steering.message', verbose_name='rectifie')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='steering.message')),
                ('sender', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='establishments.administrativebody', verbose_name='expéditeur')),
                ('sent_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='envoyé par')),
                ('withdrawn_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='retiré par')),
                ('written_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='MessageFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('kind', models.CharField(choices=[('pdf', 'PDF'), ('xlsx', 'classeur'), ('docx', 'document'), ('jpg', 'image')], max_length=4, verbose_name='nature')),
                ('content', models.BinaryField(verbose_name='contenu')),
                ('size', models.PositiveIntegerField(verbose_name='octets')),
                ('digest', models.CharField(max_length=64, verbose_name='empreinte')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='steering.message', verbose_name='message')),
            ],
            options={
                'verbose_name': 'pièce jointe',
                'verbose_name_plural': 'pièces jointes',
                'ordering': ['message', 'pk'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('message', 'digest'), name='message_file_once', violation_error_message='Ce fichier est déjà joint.')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(auto_now_add=True, verbose_name='lu le')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='pris en compte le')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='steering.message', verbose_name='message')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='accounts.profile', verbose_name='profil')),
            ],
            options={
                'verbose_name': 'lecture',
                'ordering': ['message', 'profile'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('message', 'profile'), name='reading_once'), models.CheckConstraint(condition=models.Q(('acknowledged_at__isnull', True), ('acknowledged_at__gte', models.F('read_at')), _connector='OR'), name='reading_comes_first')],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[('message', pgtrigger.compiler.Trigger(name='sent_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'draft\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='22aa74bba2ea93a30c0a5266dd74c94ea4b256e3', operation='DELETE', pgid='pgtrigger_sent_stays_d3e46', table='steering_message', when='BEFORE'))), ('message', pgtrigger.compiler.Trigger(name='sent_is_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT (OLD."state" = \'draft\') AND (OLD."sender_id" IS DISTINCT FROM (NEW."sender_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."nature" IS DISTINCT FROM (NEW."nature") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."signature" IS DISTINCT FROM (NEW."signature") OR OLD."apply_on" IS DISTINCT FROM (NEW."apply_on") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."category_codes" IS DISTINCT FROM (NEW."category_codes") OR OLD."is_countrywide" IS DISTINCT FROM (NEW."is_countrywide") OR OLD."region_codes" IS DISTINCT FROM (NEW."region_codes") OR OLD."department_codes" IS DISTINCT FROM (NEW."department_codes") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."sent_by_id" IS DISTINCT FROM (NEW."sent_by_id") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."people" IS DISTINCT FROM (NEW."people") OR OLD."places" IS DISTINCT FROM (NEW."places")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='eba479926e6ef48365698c2a3cd1a2707cd37d86', operation='UPDATE', pgid='pgtrigger_sent_is_final_2a4d6', table='steering_message', when='BEFORE'))), ('message', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "steering_messageevent" ("apply_on", "body", "by_mail", "category_codes", "changed_at", "corrects_id", "department_codes", "due_on", "id", "is_countrywide", "is_urgent", "nature", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "reason", "reference", "region_codes", "roles", "sender_id", "sent_at", "sent_by_id", "shown_until", "signature", "state", "title", "version", "withdrawn_at", "withdrawn_by_id", "written_by_id") VALUES (NEW."apply_on", NEW."body", NEW."by_mail", NEW."category_codes", NEW."changed_at", NEW."corrects_id", NEW."department_codes", NEW."due_on", NEW."id", NEW."is_countrywide", NEW."is_urgent", NEW."nature", NEW."people", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."places", NEW."reason", NEW."reference", NEW."region_codes", NEW."roles", NEW."sender_id", NEW."sent_at", NEW."sent_by_id", NEW."shown_until", NEW."signature", NEW."state", NEW."title", NEW."version", NEW."withdrawn_at", NEW."withdrawn_by_id", NEW."written_by_id"); RETURN NULL;', hash='ac525e7733bf203662f6968234a956b50e957b4c', operation='INSERT', pgid='pgtrigger_insert_insert_3ba7a', table='steering_message', when='AFTER'))), ('message', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."apply_on" IS DISTINCT FROM (NEW."apply_on") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."by_mail" IS DISTINCT FROM (NEW."by_mail") OR OLD."category_codes" IS DISTINCT FROM (NEW."category_codes") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."department_codes" IS DISTINCT FROM (NEW."department_codes") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_countrywide" IS DISTINCT FROM (NEW."is_countrywide") OR OLD."is_urgent" IS DISTINCT FROM (NEW."is_urgent") OR OLD."nature" IS DISTINCT FROM (NEW."nature") OR OLD."people" IS DISTINCT FROM (NEW."people") OR OLD."places" IS DISTINCT FROM (NEW."places") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."region_codes" IS DISTINCT FROM (NEW."region_codes") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."sender_id" IS DISTINCT FROM (NEW."sender_id") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."sent_by_id" IS DISTINCT FROM (NEW."sent_by_id") OR OLD."shown_until" IS DISTINCT FROM (NEW."shown_until") OR OLD."signature" IS DISTINCT FROM (NEW."signature") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at") OR OLD."withdrawn_by_id" IS DISTINCT FROM (NEW."withdrawn_by_id") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id"))', func='INSERT INTO "steering_messageevent" ("apply_on", "body", "by_mail", "category_codes", "changed_at", "corrects_id", "department_codes", "due_on", "id", "is_countrywide", "is_urgent", "nature", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "reason", "reference", "region_codes", "roles", "sender_id", "sent_at", "sent_by_id", "shown_until", "signature", "state", "title", "version", "withdrawn_at", "withdrawn_by_id", "written_by_id") VALUES (NEW."apply_on", NEW."body", NEW."by_mail", NEW."category_codes", NEW."changed_at", NEW."corrects_id", NEW."department_codes", NEW."due_on", NEW."id", NEW."is_countrywide", NEW."is_urgent", NEW."nature", NEW."people", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."places", NEW."reason", NEW."reference", NEW."region_codes", NEW."roles", NEW."sender_id", NEW."sent_at", NEW."sent_by_id", NEW."shown_until", NEW."signature", NEW."state", NEW."title", NEW."version", NEW."withdrawn_at", NEW."withdrawn_by_id", NEW."written_by_id"); RETURN NULL;', hash='8e6b4b5d933b8c159b5ed680bbefffc78f9aa667', operation='UPDATE', pgid='pgtrigger_update_update_d1c62', table='steering_message', when='AFTER'))), ('message', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "steering_messageevent" ("apply_on", "body", "by_mail", "category_codes", "changed_at", "corrects_id", "department_codes", "due_on", "id", "is_countrywide", "is_urgent", "nature", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "reason", "reference", "region_codes", "roles", "sender_id", "sent_at", "sent_by_id", "shown_until", "signature", "state", "title", "version", "withdrawn_at", "withdrawn_by_id", "written_by_id") VALUES (OLD."apply_on", OLD."body", OLD."by_mail", OLD."category_codes", OLD."changed_at", OLD."corrects_id", OLD."department_codes", OLD."due_on", OLD."id", OLD."is_countrywide", OLD."is_urgent", OLD."nature", OLD."people", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."places", OLD."reason", OLD."reference", OLD."region_codes", OLD."roles", OLD."sender_id", OLD."sent_at", OLD."sent_by_id", OLD."shown_until", OLD."signature", OLD."state", OLD."title", OLD."version", OLD."withdrawn_at", OLD."withdrawn_by_id", OLD."written_by_id"); RETURN NULL;', hash='e14981dca2d90fd9f6002371b120539dc74ef7d9', operation='DELETE', pgid='pgtrigger_delete_delete_42c59', table='steering_message', when='AFTER')))],
        ),
    ]
