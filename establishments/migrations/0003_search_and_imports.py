"""Search by words, imports followed on screen, history written by statement."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import establishments.models.directory
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models


WORDS = """
CREATE FUNCTION words(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT ' ' || regexp_replace(public.plain(value), '[^a-z0-9]+', ' ', 'g') $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('establishments', '0002_initial'),
    ]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION words(text)"),
        migrations.CreateModel(
            name='FinessRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=200, verbose_name='fichier')),
                ('line', models.PositiveIntegerField(verbose_name='ligne')),
                ('finess', models.CharField(blank=True, max_length=20, verbose_name='numéro FINESS')),
                ('is_refusal', models.BooleanField(verbose_name='refusée')),
                ('reason', models.TextField(verbose_name='motif')),
            ],
            options={
                'verbose_name': 'remarque d’import',
                'verbose_name_plural': 'remarques d’import',
                'ordering': ['pk'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='establishment',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='establishment',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='establishment',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='legalentity',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='legalentity',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='legalentity',
            name='delete_delete',
        ),
        migrations.RemoveIndex(model_name='establishment', name='establishment_search'),
        migrations.RemoveField(model_name='establishment', name='haystack'),
        migrations.RemoveIndex(model_name='legalentity', name='legal_entity_search'),
        migrations.RemoveField(model_name='legalentity', name='haystack'),
        migrations.RemoveField(
            model_name='establishmentevent',
            name='haystack',
        ),
        migrations.RemoveField(
            model_name='establishmentevent',
            name='sort_name',
        ),
        migrations.RemoveField(
            model_name='legalentityevent',
            name='haystack',
        ),
        migrations.RemoveField(
            model_name='legalentityevent',
            name='sort_name',
        ),
        migrations.AddField(
            model_name='finessimport',
            name='allows_closures',
            field=models.BooleanField(default=False, verbose_name='fermetures autorisées'),
        ),
        migrations.AddField(
            model_name='finessimport',
            name='digest',
            field=models.CharField(db_index=True, default='', max_length=64, verbose_name='empreinte SHA-256'),
        ),
        migrations.AddField(
            model_name='finessimport',
            name='seen_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='dernier signe du traitement'),
        ),
        migrations.AlterField(
            model_name='department',
            name='finess_prefix',
            field=models.CharField(blank=True, max_length=20, verbose_name='préfixe FINESS'),
        ),
        migrations.AddField(
            model_name='establishment',
            name='haystack',
            field=models.GeneratedField(db_persist=True, expression=establishments.models.directory.Words(django.db.models.functions.text.Concat('finess', models.Value(' '), 'name', models.Value(' '), 'long_name', models.Value(' '), 'town')), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='legalentity',
            name='haystack',
            field=models.GeneratedField(db_persist=True, expression=establishments.models.directory.Words(django.db.models.functions.text.Concat('finess', models.Value(' '), 'name', models.Value(' '), 'long_name', models.Value(' '), 'town')), output_field=models.TextField()),
        ),
        migrations.AddIndex(
            model_name='establishment',
            index=GinIndex(OpClass('haystack', name='gin_trgm_ops'), name='establishment_words'),
        ),
        migrations.AddIndex(
            model_name='establishment',
            index=models.Index(fields=['sort_name', 'finess'], name='establishment_by_name'),
        ),
        migrations.AddIndex(
            model_name='legalentity',
            index=GinIndex(OpClass('haystack', name='gin_trgm_ops'), name='legal_entity_words'),
        ),
        migrations.AddIndex(
            model_name='legalentity',
            index=models.Index(fields=['sort_name', 'finess'], name='legal_entity_by_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='establishment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "establishments_establishmentevent" ("address", "ape_code", "category_id", "closed_on", "commune_code", "department_id", "finess", "finess_updated_on", "id", "is_fictitious", "is_main", "legal_entity_id", "long_name", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "region_id", "siret", "sph_code", "town") SELECT new_values."address", new_values."ape_code", new_values."category_id", new_values."closed_on", new_values."commune_code", new_values."department_id", new_values."finess", new_values."finess_updated_on", new_values."id", new_values."is_fictitious", new_values."is_main", new_values."legal_entity_id", new_values."long_name", new_values."name", new_values."opened_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."postal_code", new_values."region_id", new_values."siret", new_values."sph_code", new_values."town" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e3bc57e16921690332fee78aa0d1128feda7486e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a8378', referencing='REFERENCING NEW TABLE AS new_values ', table='establishments_establishment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='establishment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "establishments_establishmentevent" ("address", "ape_code", "category_id", "closed_on", "commune_code", "department_id", "finess", "finess_updated_on", "id", "is_fictitious", "is_main", "legal_entity_id", "long_name", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "region_id", "siret", "sph_code", "town") SELECT new_values."address", new_values."ape_code", new_values."category_id", new_values."closed_on", new_values."commune_code", new_values."department_id", new_values."finess", new_values."finess_updated_on", new_values."id", new_values."is_fictitious", new_values."is_main", new_values."legal_entity_id", new_values."long_name", new_values."name", new_values."opened_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."postal_code", new_values."region_id", new_values."siret", new_values."sph_code", new_values."town" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."address" IS DISTINCT FROM (new_values."address") OR old_values."ape_code" IS DISTINCT FROM (new_values."ape_code") OR old_values."category_id" IS DISTINCT FROM (new_values."category_id") OR old_values."closed_on" IS DISTINCT FROM (new_values."closed_on") OR old_values."commune_code" IS DISTINCT FROM (new_values."commune_code") OR old_values."department_id" IS DISTINCT FROM (new_values."department_id") OR old_values."finess" IS DISTINCT FROM (new_values."finess") OR old_values."finess_updated_on" IS DISTINCT FROM (new_values."finess_updated_on") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_fictitious" IS DISTINCT FROM (new_values."is_fictitious") OR old_values."is_main" IS DISTINCT FROM (new_values."is_main") OR old_values."legal_entity_id" IS DISTINCT FROM (new_values."legal_entity_id") OR old_values."long_name" IS DISTINCT FROM (new_values."long_name") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."opened_on" IS DISTINCT FROM (new_values."opened_on") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."postal_code" IS DISTINCT FROM (new_values."postal_code") OR old_values."region_id" IS DISTINCT FROM (new_values."region_id") OR old_values."siret" IS DISTINCT FROM (new_values."siret") OR old_values."sph_code" IS DISTINCT FROM (new_values."sph_code") OR old_values."town" IS DISTINCT FROM (new_values."town")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='999e5f32eb2b9cd30597efbb50d3b018d97fd6cb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7e3cb', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='establishments_establishment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='establishment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "establishments_establishmentevent" ("address", "ape_code", "category_id", "closed_on", "commune_code", "department_id", "finess", "finess_updated_on", "id", "is_fictitious", "is_main", "legal_entity_id", "long_name", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "region_id", "siret", "sph_code", "town") SELECT old_values."address", old_values."ape_code", old_values."category_id", old_values."closed_on", old_values."commune_code", old_values."department_id", old_values."finess", old_values."finess_updated_on", old_values."id", old_values."is_fictitious", old_values."is_main", old_values."legal_entity_id", old_values."long_name", old_values."name", old_values."opened_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."postal_code", old_values."region_id", old_values."siret", old_values."sph_code", old_values."town" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='16031d003e298f3227ed90adaed1c9663adc4f20', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b5f07', referencing='REFERENCING OLD TABLE AS old_values ', table='establishments_establishment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalentity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "establishments_legalentityevent" ("address", "closed_on", "department_id", "finess", "id", "is_fictitious", "legal_status_id", "long_name", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "region_id", "siren", "town") SELECT new_values."address", new_values."closed_on", new_values."department_id", new_values."finess", new_values."id", new_values."is_fictitious", new_values."legal_status_id", new_values."long_name", new_values."name", new_values."opened_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."postal_code", new_values."region_id", new_values."siren", new_values."town" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='97edde19bf023586e98ed0ce3076a0705f2cb1d7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e4f59', referencing='REFERENCING NEW TABLE AS new_values ', table='establishments_legalentity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalentity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "establishments_legalentityevent" ("address", "closed_on", "department_id", "finess", "id", "is_fictitious", "legal_status_id", "long_name", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "region_id", "siren", "town") SELECT new_values."address", new_values."closed_on", new_values."department_id", new_values."finess", new_values."id", new_values."is_fictitious", new_values."legal_status_id", new_values."long_name", new_values."name", new_values."opened_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."postal_code", new_values."region_id", new_values."siren", new_values."town" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."address" IS DISTINCT FROM (new_values."address") OR old_values."closed_on" IS DISTINCT FROM (new_values."closed_on") OR old_values."department_id" IS DISTINCT FROM (new_values."department_id") OR old_values."finess" IS DISTINCT FROM (new_values."finess") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_fictitious" IS DISTINCT FROM (new_values."is_fictitious") OR old_values."legal_status_id" IS DISTINCT FROM (new_values."legal_status_id") OR old_values."long_name" IS DISTINCT FROM (new_values."long_name") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."opened_on" IS DISTINCT FROM (new_values."opened_on") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."postal_code" IS DISTINCT FROM (new_values."postal_code") OR old_values."region_id" IS DISTINCT FROM (new_values."region_id") OR old_values."siren" IS DISTINCT FROM (new_values."siren") OR old_values."town" IS DISTINCT FROM (new_values."town")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6f11f4b83e1639e20174752d31cc02021b5bacdb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_da0a4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='establishments_legalentity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='legalentity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "establishments_legalentityevent" ("address", "closed_on", "department_id", "finess", "id", "is_fictitious", "legal_status_id", "long_name", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "region_id", "siren", "town") SELECT old_values."address", old_values."closed_on", old_values."department_id", old_values."finess", old_values."id", old_values."is_fictitious", old_values."legal_status_id", old_values."long_name", old_values."name", old_values."opened_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."postal_code", old_values."region_id", old_values."siren", old_values."town" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='3c98c4f62af33e51be6b1f88aa206a11e98c0932', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_177eb', referencing='REFERENCING OLD TABLE AS old_values ', table='establishments_legalentity', when='AFTER')),
        ),
        migrations.AddField(
            model_name='finessremark',
            name='finess_import',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='establishments.finessimport', verbose_name='import'),
        ),
    ]
