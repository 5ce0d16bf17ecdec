import common.migrations
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
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
            name='Bulletin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(verbose_name='semaine du')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('content', models.JSONField(verbose_name='chiffres')),
                ('word', models.TextField(blank=True, max_length=3000, verbose_name='mot de la cellule')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='motif de la correction')),
                ('read_at', models.DateTimeField(verbose_name='chiffres relevés le')),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='publié le')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='corrigé par')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.region', verbose_name='région')),
            ],
            options={
                'verbose_name': 'bulletin',
                'verbose_name_plural': 'bulletins',
                'ordering': ['-week', 'region', '-version'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('region', 'week', 'version'), name='bulletin_one_of_each_version', nulls_distinct=False, violation_error_message='Ce bulletin existe déjà.'), models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='bulletin_of_a_monday'), models.CheckConstraint(condition=models.Q(models.Q(('published_by__isnull', True), ('reason', ''), ('version', 1)), models.Q(('published_by__isnull', False), ('version__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='bulletin_corrected_by_somebody_who_says_why')],
            },
        ),
        migrations.CreateModel(
            name='BulletinWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(verbose_name='semaine du')),
                ('text', models.TextField(blank=True, max_length=3000, verbose_name='mot de la cellule')),
                ('written_at', models.DateTimeField(auto_now=True, verbose_name='écrit le')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.region', verbose_name='région')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'mot d’un bulletin',
                'verbose_name_plural': 'mots des bulletins',
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('region', 'week'), name='bulletin_word_one_a_week', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='bulletin_word_of_a_monday')],
            },
        ),
        migrations.CreateModel(
            name='DigestSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='abonné le')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='accounts.profile', verbose_name='profil')),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.region', verbose_name='région')),
            ],
            options={
                'verbose_name': 'abonnement au bulletin',
                'verbose_name_plural': 'abonnements au bulletin',
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('profile', 'region'), name='digest_asked_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='DigestSending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField(auto_now_add=True, verbose_name='mis en file le')),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sendings', to='steering.bulletin', verbose_name='bulletin')),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.profile', verbose_name='profil')),
            ],
            options={
                'verbose_name': 'envoi du bulletin',
                'verbose_name_plural': 'envois du bulletin',
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('bulletin', 'profile'), name='digest_sent_once')],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[('bulletin', pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5adf0c7a9d4b0e9714fbb198992aa1e1bc1c9ece', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a3952', table='steering_bulletin', when='BEFORE')))],
        ),
    ]
