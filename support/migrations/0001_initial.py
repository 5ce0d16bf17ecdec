import common.migrations
import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_region_of_entity'),
        ('accounts', '__first__'),
        ('establishments', '0002_initial'),
    ]

    operations = [
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
            triggers=[],
        ),
    ]
