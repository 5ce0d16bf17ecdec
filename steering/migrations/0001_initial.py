import common.migrations
import django.db.models.deletion
import django.db.models.functions.datetime
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
            name='AlertPreference',
            fields=[
                ('profile', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='alert_preference', serialize=False, to='accounts.profile', verbose_name='profil')),
                ('rhythm', models.CharField(choices=[('at_once', 'Tout de suite'), ('daily', 'Une fois par jour, le matin'), ('never', 'Jamais')], max_length=8, verbose_name='courriels d’alerte')),
            ],
            options={
                'verbose_name': 'préférence de courriels d’alerte',
                'verbose_name_plural': 'préférences de courriels d’alerte',
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='fournie sous le nom')),
                ('label', models.CharField(max_length=120, verbose_name='nom')),
                ('measure', models.CharField(max_length=30, verbose_name='mesure')),
                ('subject', models.CharField(blank=True, max_length=20, verbose_name='produit')),
                ('scale', models.CharField(choices=[('site', 'établissement'), ('department', 'département'), ('region', 'région'), ('country', 'pays')], max_length=10, verbose_name='lieux regardés')),
                ('at_least', models.CharField(blank=True, choices=[('tendue', 'Tendue'), ('critique', 'Critique'), ('rupture', 'Rupture')], max_length=20, verbose_name='à partir de la classe')),
                ('threshold', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='seuil')),
                ('places', models.PositiveSmallIntegerField(default=1, verbose_name='lieux à la fois')),
                ('lasts_days', models.PositiveSmallIntegerField(default=0, verbose_name='tient depuis (jours)')),
                ('calm_hours', models.PositiveSmallIntegerField(default=24, verbose_name='close après (heures de calme)')),
                ('urgency', models.CharField(choices=[('urgent', 'Urgente'), ('high', 'Importante'), ('watch', 'À suivre')], max_length=10, verbose_name='urgence')),
                ('is_active', models.BooleanField(default=True, verbose_name='appliquée')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='écrite le')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrite par')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.department', verbose_name='département')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.region', verbose_name='région')),
            ],
            options={
                'verbose_name': 'règle d’alerte',
                'verbose_name_plural': 'règles d’alerte',
                'ordering': ['label', 'pk'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='alert_rule_of_ours_once'), models.CheckConstraint(condition=models.Q(models.Q(('at_least', ''), ('threshold__isnull', False)), models.Q(models.Q(('at_least', ''), _negated=True), ('threshold__isnull', True)), _connector='OR'), name='alert_rule_one_limit', violation_error_message='Une règle a une classe ou un seuil, pas les deux.'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='alert_rule_ends_after_it_starts', violation_error_message='La règle finit avant de commencer.'), models.CheckConstraint(condition=models.Q(('places', 1), models.Q(('places__gte', 2), ('scale__in', ['department', 'region'])), _connector='OR'), name='alert_rule_several_places_of_one_territory', violation_error_message='Plusieurs lieux à la fois\xa0: des départements ou des régions.'), models.CheckConstraint(condition=models.Q(models.Q(('scale', 'site'), _negated=True), ('region__isnull', False), ('department__isnull', False), _connector='OR'), name='alert_rule_of_sites_within_a_territory', violation_error_message='Pour des établissements, choisissez une région ou un département.')],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(choices=[('epi', 'Équipements de protection'), ('medicines', 'Médicaments'), ('orders', 'Commandes')], max_length=10, verbose_name='domaine')),
                ('subject', models.CharField(blank=True, max_length=20, verbose_name='produit')),
                ('subject_label', models.CharField(max_length=200, verbose_name='nom du produit ou de la mesure')),
                ('scale', models.CharField(choices=[('site', 'établissement'), ('department', 'département'), ('region', 'région'), ('country', 'pays')], max_length=10, verbose_name='échelle')),
                ('code', models.CharField(max_length=12, verbose_name='code du lieu')),
                ('place', models.CharField(max_length=200, verbose_name='lieu')),
                ('region_code', models.CharField(blank=True, max_length=3, verbose_name='région')),
                ('department_code', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('is_spread', models.BooleanField(default=False, verbose_name='s’étend à plusieurs lieux')),
                ('state', models.CharField(choices=[('watched', 'en observation'), ('open', 'à acquitter'), ('acknowledged', 'acquittée'), ('closed', 'close')], default='watched', max_length=12, verbose_name='état')),
                ('level', models.CharField(blank=True, choices=[('rupture', 'Rupture'), ('critique', 'Critique'), ('tendue', 'Tendue'), ('suffisante', 'Suffisante'), ('sans_consommation', 'Sans consommation'), ('inconnue', 'Inconnue')], max_length=20, verbose_name='classe')),
                ('worst_level', models.CharField(blank=True, choices=[('rupture', 'Rupture'), ('critique', 'Critique'), ('tendue', 'Tendue'), ('suffisante', 'Suffisante'), ('sans_consommation', 'Sans consommation'), ('inconnue', 'Inconnue')], max_length=20, verbose_name='pire classe')),
                ('opening_level', models.CharField(blank=True, choices=[('rupture', 'Rupture'), ('critique', 'Critique'), ('tendue', 'Tendue'), ('suffisante', 'Suffisante'), ('sans_consommation', 'Sans consommation'), ('inconnue', 'Inconnue')], max_length=20, verbose_name='classe à l’ouverture')),
                ('told_level', models.CharField(blank=True, choices=[('rupture', 'Rupture'), ('critique', 'Critique'), ('tendue', 'Tendue'), ('suffisante', 'Suffisante'), ('sans_consommation', 'Sans consommation'), ('inconnue', 'Inconnue')], max_length=20, verbose_name='classe annoncée')),
                ('value', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='valeur')),
                ('opening_value', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='à l’ouverture')),
                ('worst_value', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='pire valeur')),
                ('figures', models.JSONField(default=dict, verbose_name='chiffres de l’ouverture')),
                ('last_figures', models.JSONField(default=dict, verbose_name='derniers chiffres')),
                ('places', models.JSONField(default=list, verbose_name='lieux concernés')),
                ('told_places', models.JSONField(default=list, verbose_name='lieux annoncés')),
                ('holds_since', models.DateTimeField(verbose_name='vrai depuis')),
                ('opened_at', models.DateTimeField(null=True, verbose_name='ouverte le')),
                ('seen_at', models.DateTimeField(verbose_name='mesurée le')),
                ('out_since', models.DateTimeField(null=True, verbose_name='calme depuis')),
                ('eased_since', models.DateTimeField(null=True, verbose_name='moins grave depuis')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='close le')),
                ('acknowledged_at', models.DateTimeField(null=True, verbose_name='acquittée le')),
                ('acknowledged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='acquittée par')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='steering.alertrule', verbose_name='règle')),
            ],
            options={
                'verbose_name': 'alerte',
                'ordering': ['-opened_at', '-pk'],
                'indexes': [models.Index(fields=['region_code', 'state'], name='alert_of_region'), models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['state', '-opened_at'], name='alert_under_way'), models.Index(fields=['rule', '-closed_at'], name='alert_lately_closed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('rule', 'subject', 'scale', 'code'), name='alert_one_live', violation_error_message='Cette alerte est déjà suivie.'), models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', True), ('state', 'watched')), models.Q(models.Q(('state', 'watched'), _negated=True), ('opened_at__isnull', False)), _connector='OR'), name='alert_open_since'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='alert_closed_at_the_end'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'acknowledged'), _negated=True), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='alert_acknowledged_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='AlertRuleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='fournie sous le nom')),
                ('label', models.CharField(max_length=120, verbose_name='nom')),
                ('measure', models.CharField(max_length=30, verbose_name='mesure')),
                ('subject', models.CharField(blank=True, max_length=20, verbose_name='produit')),
                ('scale', models.CharField(choices=[('site', 'établissement'), ('department', 'département'), ('region', 'région'), ('country', 'pays')], max_length=10, verbose_name='lieux regardés')),
                ('at_least', models.CharField(blank=True, choices=[('tendue', 'Tendue'), ('critique', 'Critique'), ('rupture', 'Rupture')], max_length=20, verbose_name='à partir de la classe')),
                ('threshold', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='seuil')),
                ('places', models.PositiveSmallIntegerField(default=1, verbose_name='lieux à la fois')),
                ('lasts_days', models.PositiveSmallIntegerField(default=0, verbose_name='tient depuis (jours)')),
                ('calm_hours', models.PositiveSmallIntegerField(default=24, verbose_name='close après (heures de calme)')),
                ('urgency', models.CharField(choices=[('urgent', 'Urgente'), ('high', 'Importante'), ('watch', 'À suivre')], max_length=10, verbose_name='urgence')),
                ('is_active', models.BooleanField(default=True, verbose_name='appliquée')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='écrite le')),
                ('created_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrite par')),
                ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='establishments.department', verbose_name='département')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='steering.alertrule')),
                ('region', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='establishments.region', verbose_name='région')),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AlertEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='le')),
                ('kind', models.CharField(choices=[('opened', 'ouverte'), ('worsened', 'aggravée'), ('spread', 'étendue'), ('eased', 'améliorée'), ('resumed', 'reprise'), ('closed', 'close'), ('acknowledged', 'acquittée'), ('commented', 'commentée')], max_length=12, verbose_name='quoi')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='texte')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='steering.alert', verbose_name='alerte')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'suite d’une alerte',
                'verbose_name_plural': 'suites des alertes',
                'ordering': ['at', 'pk'],
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['acknowledged', 'commented']), _negated=True), ('by__isnull', False), _connector='OR'), name='alert_event_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='AlertSample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='jour')),
                ('value', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='valeur')),
                ('level', models.CharField(blank=True, choices=[('rupture', 'Rupture'), ('critique', 'Critique'), ('tendue', 'Tendue'), ('suffisante', 'Suffisante'), ('sans_consommation', 'Sans consommation'), ('inconnue', 'Inconnue')], max_length=20, verbose_name='classe')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samples', to='steering.alert', verbose_name='alerte')),
            ],
            options={
                'verbose_name': 'mesure d’une alerte',
                'verbose_name_plural': 'mesures des alertes',
                'ordering': ['alert', 'day'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('alert', 'day'), name='alert_sample_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='AlertNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='écrit le')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='steering.alertevent', verbose_name='suite')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.profile', verbose_name='profil')),
            ],
            options={
                'verbose_name': 'courriel d’alerte',
                'verbose_name_plural': 'courriels d’alerte',
                'ordering': ['event', 'pk'],
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['profile'], name='alert_notice_waiting')],
                'constraints': [models.UniqueConstraint(fields=('event', 'profile'), name='alert_notice_once')],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[('alertrule', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "steering_alertruleevent" ("at_least", "calm_hours", "code", "created_at", "created_by_id", "department_id", "ends_on", "id", "is_active", "label", "lasts_days", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "region_id", "scale", "starts_on", "subject", "threshold", "urgency") VALUES (NEW."at_least", NEW."calm_hours", NEW."code", NEW."created_at", NEW."created_by_id", NEW."department_id", NEW."ends_on", NEW."id", NEW."is_active", NEW."label", NEW."lasts_days", NEW."measure", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."places", NEW."region_id", NEW."scale", NEW."starts_on", NEW."subject", NEW."threshold", NEW."urgency"); RETURN NULL;', hash='3a5e99439ef32ca8a39f0d2be1225afe595b19ac', operation='INSERT', pgid='pgtrigger_insert_insert_97e34', table='steering_alertrule', when='AFTER'))), ('alertrule', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "steering_alertruleevent" ("at_least", "calm_hours", "code", "created_at", "created_by_id", "department_id", "ends_on", "id", "is_active", "label", "lasts_days", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "region_id", "scale", "starts_on", "subject", "threshold", "urgency") VALUES (NEW."at_least", NEW."calm_hours", NEW."code", NEW."created_at", NEW."created_by_id", NEW."department_id", NEW."ends_on", NEW."id", NEW."is_active", NEW."label", NEW."lasts_days", NEW."measure", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."places", NEW."region_id", NEW."scale", NEW."starts_on", NEW."subject", NEW."threshold", NEW."urgency"); RETURN NULL;', hash='326f02995981663d41807ea03b26cb940e4f567b', operation='UPDATE', pgid='pgtrigger_update_update_5fcd3', table='steering_alertrule', when='AFTER'))), ('alertrule', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "steering_alertruleevent" ("at_least", "calm_hours", "code", "created_at", "created_by_id", "department_id", "ends_on", "id", "is_active", "label", "lasts_days", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "places", "region_id", "scale", "starts_on", "subject", "threshold", "urgency") VALUES (OLD."at_least", OLD."calm_hours", OLD."code", OLD."created_at", OLD."created_by_id", OLD."department_id", OLD."ends_on", OLD."id", OLD."is_active", OLD."label", OLD."lasts_days", OLD."measure", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."places", OLD."region_id", OLD."scale", OLD."starts_on", OLD."subject", OLD."threshold", OLD."urgency"); RETURN NULL;', hash='a180c5fa46cdf09c93ae156c24acdaa0fbf71e71', operation='DELETE', pgid='pgtrigger_delete_delete_b6246', table='steering_alertrule', when='AFTER')))],
        ),
    ]
