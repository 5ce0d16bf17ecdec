"""Large files are read and applied by the task worker, each followed on a page of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


APPLIED = "UPDATE epi_stocks_inventoryimport SET state = 'done' WHERE applied_at IS NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_identifier_is_no_address'),
        ('epi_stocks', '0002_functions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='inventoryimport',
            name='is_followed',
            field=models.BooleanField(default=False, verbose_name='traité en arrière-plan'),
        ),
        migrations.AddField(
            model_name='inventoryimport',
            name='message',
            field=models.TextField(blank=True, verbose_name='message'),
        ),
        migrations.AddField(
            model_name='inventoryimport',
            name='path',
            field=models.FileField(blank=True, upload_to='inventory/', verbose_name='fichier déposé'),
        ),
        migrations.AddField(
            model_name='inventoryimport',
            name='profile',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.profile', verbose_name='sous le profil'),
        ),
        migrations.AddField(
            model_name='inventoryimport',
            name='progress',
            field=models.PositiveIntegerField(default=0, verbose_name='avancement'),
        ),
        migrations.AddField(
            model_name='inventoryimport',
            name='report',
            field=models.JSONField(default=dict, verbose_name='compte rendu'),
        ),
        migrations.AddField(
            model_name='inventoryimport',
            name='seen_at',
            field=models.DateTimeField(null=True, verbose_name='dernier signe du traitement'),
        ),
        migrations.AddField(
            model_name='inventoryimport',
            name='state',
            field=models.CharField(choices=[('reading', 'lecture en cours'), ('ready', 'à confirmer'), ('applying', 'écriture en cours'), ('done', 'terminé'), ('refused', 'refusé'), ('unchanged', 'ne change rien'), ('cancelled', 'abandonné')], default='ready', max_length=12, verbose_name='état'),
        ),
        migrations.RunSQL(APPLIED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='inventoryimport',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'reading')), fields=('by', 'digest', 'week'), name='inventory_import_read_once', violation_error_message='Ce fichier est déjà en cours de lecture.'),
        ),
        migrations.AddConstraint(
            model_name='inventoryimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('applied_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('applied_at__isnull', True)), _connector='OR'), name='inventory_import_done_when_applied'),
        ),
    ]
