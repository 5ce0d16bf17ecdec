import common.migrations
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import establishments.models.directory
import pgtrigger.compiler
import uuid
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
            name='Subject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=30, unique=True, verbose_name='nom dans les adresses')),
                ('label', models.CharField(max_length=100, verbose_name='sujet')),
                ('help_text', models.CharField(blank=True, max_length=300, verbose_name='ce qu’il faut préciser')),
                ('service', models.CharField(choices=[('ars', 'ARS de la région'), ('spf', 'Santé publique France'), ('support', 'Assistance'), ('national', 'Cellule nationale')], max_length=8, verbose_name='qui répond')),
                ('asks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('pui', 'PUI'), ('destinataire', 'établissement destinataire'), ('finess', 'numéro FINESS géographique'), ('ville', 'ville de la PUI')], max_length=12), blank=True, default=list, size=None, verbose_name='champs demandés en plus')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'basse'), (2, 'normale'), (3, 'haute'), (4, 'urgente')], default=2, verbose_name='priorité de départ')),
                ('delay_days', models.PositiveSmallIntegerField(default=2, verbose_name='délai visé (jours ouvrés)')),
                ('is_for_visitors', models.BooleanField(default=False, verbose_name='proposé sans connexion')),
                ('is_open', models.BooleanField(default=True, verbose_name='proposé')),
                ('rank', models.PositiveSmallIntegerField(default=100, verbose_name='rang')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifié par')),
            ],
            options={
                'verbose_name': 'sujet de demande',
                'verbose_name_plural': 'sujets de demande',
                'ordering': ['rank', 'label'],
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(('delay_days__gte', 1), ('delay_days__lte', 20)), name='subject_delay_is_short', violation_error_message='Le délai visé va de 1 à 20 jours ouvrés.')],
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
            name='MailboxChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mailbox', models.EmailField(blank=True, max_length=254, verbose_name='boîte aux lettres')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mailbox_changes', to='establishments.administrativebody', verbose_name='structure')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'boîte aux lettres enregistrée',
                'verbose_name_plural': 'boîtes aux lettres enregistrées',
                'ordering': ['body', '-at', '-pk'],
                'indexes': [models.Index(fields=['body', '-at'], name='mailbox_change_last')],
                'constraints': [],
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
        migrations.CreateModel(
            name='CannedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=100, unique=True, verbose_name='titre')),
                ('text', models.TextField(max_length=5000, verbose_name='texte')),
                ('is_open', models.BooleanField(default=True, verbose_name='proposée')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
                ('updated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifiée par')),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='canned_answers', to='support.subject', verbose_name='sujet')),
            ],
            options={
                'verbose_name': 'réponse type',
                'verbose_name_plural': 'réponses types',
                'ordering': ['title'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, unique=True, verbose_name='jeton')),
                ('title', models.CharField(blank=True, max_length=150, verbose_name='objet')),
                ('service', models.CharField(choices=[('ars', 'ARS de la région'), ('spf', 'Santé publique France'), ('support', 'Assistance'), ('national', 'Cellule nationale')], max_length=8, verbose_name='adressée à')),
                ('state', models.CharField(choices=[('open', 'ouverte'), ('handled', 'en cours'), ('waiting', 'en attente de réponse'), ('resolved', 'résolue'), ('closed', 'close')], default='open', max_length=8, verbose_name='état')),
                ('priority', models.PositiveSmallIntegerField(choices=[(1, 'basse'), (2, 'normale'), (3, 'haute'), (4, 'urgente')], verbose_name='priorité')),
                ('is_blocking', models.BooleanField(default=False, verbose_name='empêche de travailler')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='nom')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='établissement')),
                ('finess', models.CharField(blank=True, max_length=9, verbose_name='numéro FINESS')),
                ('role', models.CharField(blank=True, max_length=300, verbose_name='habilitations')),
                ('identifier', models.CharField(blank=True, max_length=150, verbose_name='identifiant essayé')),
                ('page', models.CharField(blank=True, max_length=200, verbose_name='page')),
                ('incident', models.CharField(blank=True, max_length=12, verbose_name='numéro d’incident')),
                ('answers', models.JSONField(blank=True, default=dict, verbose_name='précisions demandées par le sujet')),
                ('desk', models.EmailField(blank=True, max_length=254, verbose_name='aussi envoyée à')),
                ('assigned_at', models.DateTimeField(blank=True, null=True, verbose_name='prise le')),
                ('opened_at', models.DateTimeField(verbose_name='ouverte le')),
                ('due_at', models.DateTimeField(verbose_name='réponse visée le')),
                ('told_at', models.DateTimeField(verbose_name='dernier message le')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='première réponse le')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='résolue le')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('rating', models.PositiveSmallIntegerField(blank=True, choices=[(3, 'Oui'), (2, 'En partie'), (1, 'Non')], null=True, verbose_name='la réponse a aidé')),
                ('purged_at', models.DateTimeField(blank=True, null=True, verbose_name='anonymisée le')),
                ('assigned_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivie par')),
                ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.administrativebody', verbose_name='structure')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='support.ticket', verbose_name='suite donnée dans')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to=settings.AUTH_USER_MODEL, verbose_name='ouverte par')),
                ('profile', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.profile', verbose_name='profil')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.region', verbose_name='région')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='support.subject', verbose_name='sujet')),
            ],
            options={
                'verbose_name': 'demande d’assistance',
                'verbose_name_plural': 'demandes d’assistance',
                'ordering': ['-opened_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'opened_at'], name='ticket_to_handle'), models.Index(fields=['body', 'state'], name='ticket_of_body'), models.Index(fields=['opened_by', '-told_at'], name='ticket_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('body', None), ('service', 'support')), models.Q(models.Q(('service', 'support'), _negated=True), models.Q(('body', None), _negated=True)), _connector='OR'), name='ticket_has_its_service'), models.CheckConstraint(condition=models.Q(('opened_by__isnull', False), models.Q(('email', ''), _negated=True), ('purged_at__isnull', False), _connector='OR'), name='ticket_is_of_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='ticket_closed_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', False), ('state', 'resolved')), models.Q(('state', 'resolved'), _negated=True), _connector='OR'), name='ticket_resolved_says_when'), models.CheckConstraint(condition=models.Q(('merged_into', None), ('state', 'closed'), _connector='OR'), name='ticket_merged_is_closed'), models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='ticket_not_merged_into_itself'), models.CheckConstraint(condition=models.Q(('purged_at', None), ('state', 'closed'), _connector='OR'), name='ticket_purged_is_closed'), models.CheckConstraint(condition=models.Q(('purged_at', None), models.Q(('desk', ''), ('email', ''), ('identifier', ''), ('name', ''), ('opened_by', None), ('page', ''), ('phone', ''), ('place', ''), ('profile', None), ('title', '')), _connector='OR'), name='ticket_purged_holds_nobody')],
            },
        ),
        migrations.CreateModel(
            name='TicketMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, verbose_name='jeton')),
                ('kind', models.CharField(choices=[('question', 'message'), ('answer', 'réponse'), ('note', 'note interne'), ('step', 'étape')], max_length=8, verbose_name='nature')),
                ('text', models.TextField(max_length=5000, verbose_name='texte')),
                ('author', models.CharField(max_length=150, verbose_name='de la part de')),
                ('at', models.DateTimeField(verbose_name='le')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='support.question', verbose_name='réponse de l’aide jointe')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='support.ticket', verbose_name='demande')),
            ],
            options={
                'verbose_name': 'message d’une demande',
                'verbose_name_plural': 'messages des demandes',
                'ordering': ['ticket', 'at', 'pk'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('ticket', 'token'), name='ticket_message_once')],
            },
        ),
        migrations.CreateModel(
            name='Screenshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField(verbose_name='image')),
                ('width', models.PositiveSmallIntegerField(verbose_name='largeur')),
                ('height', models.PositiveSmallIntegerField(verbose_name='hauteur')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='screenshots', to='support.ticketmessage', verbose_name='message')),
            ],
            options={
                'verbose_name': 'capture d’écran',
                'verbose_name_plural': 'captures d’écran',
                'ordering': ['message', 'pk'],
                'indexes': [],
                'constraints': [],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[('question', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (NEW."answer", NEW."id", NEW."is_published", NEW."keywords", NEW."live", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."question", NEW."rank", NEW."roles", NEW."slug", NEW."source", NEW."theme", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='d2e28e17c7092196a63a76fb3ced941098a7fc6d', operation='INSERT', pgid='pgtrigger_insert_insert_2c64a', table='support_question', when='AFTER'))), ('question', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_published" IS DISTINCT FROM (NEW."is_published") OR OLD."keywords" IS DISTINCT FROM (NEW."keywords") OR OLD."live" IS DISTINCT FROM (NEW."live") OR OLD."question" IS DISTINCT FROM (NEW."question") OR OLD."rank" IS DISTINCT FROM (NEW."rank") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."theme" IS DISTINCT FROM (NEW."theme") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."updated_by_id" IS DISTINCT FROM (NEW."updated_by_id"))', func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (NEW."answer", NEW."id", NEW."is_published", NEW."keywords", NEW."live", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."question", NEW."rank", NEW."roles", NEW."slug", NEW."source", NEW."theme", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='67263195e30a24ca76e2f399604c644d5c8fe58b', operation='UPDATE', pgid='pgtrigger_update_update_a26f2', table='support_question', when='AFTER'))), ('question', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (OLD."answer", OLD."id", OLD."is_published", OLD."keywords", OLD."live", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."question", OLD."rank", OLD."roles", OLD."slug", OLD."source", OLD."theme", OLD."updated_at", OLD."updated_by_id"); RETURN NULL;', hash='a96c9bd0b53adf699cca7faf937dd5bfdd6baea2', operation='DELETE', pgid='pgtrigger_delete_delete_f16ec', table='support_question', when='AFTER')))],
        ),
    ]
