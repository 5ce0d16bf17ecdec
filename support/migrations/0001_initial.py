import common.migrations
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
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
            name='ForumReader',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='forum_reader', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('pace', models.CharField(choices=[('each', 'à chaque message'), ('daily', 'une fois par jour'), ('never', 'jamais')], default='each', max_length=5, verbose_name='prévenir')),
                ('digest_at', models.DateTimeField(auto_now_add=True, verbose_name='récapitulé jusqu’au')),
                ('all_read_at', models.DateTimeField(auto_now_add=True, verbose_name='tout est lu jusqu’au')),
                ('restricted_until', models.DateField(blank=True, null=True, verbose_name='lecture seule jusqu’au')),
                ('restricted_reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                ('restricted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par')),
            ],
            options={
                'verbose_name': 'lecteur du forum',
                'verbose_name_plural': 'lecteurs du forum',
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('restricted_by__isnull', True), ('restricted_reason', ''), ('restricted_until__isnull', True)), models.Q(('restricted_by__isnull', False), ('restricted_until__isnull', False), models.Q(('restricted_reason', ''), _negated=True)), _connector='OR'), name='forum_restriction_says_why')],
            },
        ),
        migrations.CreateModel(
            name='ForumTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='titre')),
                ('description', models.CharField(max_length=300, verbose_name='ce que l’on y demande')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archivé le')),
            ],
            options={
                'verbose_name': 'thème du forum',
                'verbose_name_plural': 'thèmes du forum',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('title'), name='forum_theme_one_title', violation_error_message='Un thème porte déjà ce titre.')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ForumThemeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=80, verbose_name='titre')),
                ('description', models.CharField(max_length=300, verbose_name='ce que l’on y demande')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archivé le')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='support.forumtheme')),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ForumTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=150, verbose_name='titre')),
                ('opened_at', models.DateTimeField(verbose_name='ouvert le')),
                ('last_post_at', models.DateTimeField(verbose_name='dernier message le')),
                ('is_pinned', models.BooleanField(default=False, verbose_name='épinglé')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='clos le')),
                ('document', django.contrib.postgres.search.SearchVectorField(editable=False, null=True, verbose_name='mots')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clos par')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='support.forumtopic', verbose_name='réuni à')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='topics', to='support.forumtheme', verbose_name='thème')),
            ],
            options={
                'verbose_name': 'sujet du forum',
                'verbose_name_plural': 'sujets du forum',
                'ordering': ['-is_pinned', '-last_post_at', '-pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['document'], name='forum_topic_words'), models.Index(fields=['-is_pinned', '-last_post_at', '-id'], name='forum_topic_recent'), models.Index(fields=['theme', '-last_post_at'], name='forum_topic_of_theme'), models.Index(fields=['opened_by', '-last_post_at'], name='forum_topic_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='forum_topic_has_a_title', violation_error_message='Donnez un titre à votre question.'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='forum_topic_closed_says_who'), models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='forum_topic_not_merged_into_itself')],
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
            name='ForumReaderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pace', models.CharField(choices=[('each', 'à chaque message'), ('daily', 'une fois par jour'), ('never', 'jamais')], default='each', max_length=5, verbose_name='prévenir')),
                ('restricted_until', models.DateField(blank=True, null=True, verbose_name='lecture seule jusqu’au')),
                ('restricted_reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='support.forumreader')),
                ('restricted_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ForumTopicEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(max_length=150, verbose_name='titre')),
                ('opened_at', models.DateTimeField(verbose_name='ouvert le')),
                ('is_pinned', models.BooleanField(default=False, verbose_name='épinglé')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='clos le')),
                ('closed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clos par')),
                ('merged_into', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='support.forumtopic', verbose_name='réuni à')),
                ('opened_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='support.forumtopic')),
                ('theme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='support.forumtheme', verbose_name='thème')),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ForumPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_question', models.BooleanField(default=False, verbose_name='question')),
                ('text', models.TextField(max_length=10000, verbose_name='texte')),
                ('entity', models.CharField(blank=True, max_length=250, verbose_name='entité')),
                ('role', models.CharField(blank=True, max_length=250, verbose_name='rôles')),
                ('badge', models.CharField(blank=True, choices=[('support', 'Assistance'), ('national', 'Cellule nationale'), ('ars', 'ARS')], max_length=8, verbose_name='réponse officielle')),
                ('at', models.DateTimeField(verbose_name='écrit le')),
                ('edited_at', models.DateTimeField(null=True, verbose_name='modifié le')),
                ('hidden_at', models.DateTimeField(null=True, verbose_name='masqué le')),
                ('hidden_reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                ('solution_at', models.DateTimeField(null=True, verbose_name='solution depuis le')),
                ('token', models.UUIDField(default=uuid.uuid4, verbose_name='jeton')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('hidden_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='masqué par')),
                ('solution_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='désignée par')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='support.forumtopic', verbose_name='sujet')),
            ],
            options={
                'verbose_name': 'message du forum',
                'verbose_name_plural': 'messages du forum',
                'ordering': ['topic', 'at', 'pk'],
                'indexes': [models.Index(fields=['topic', 'at'], name='forum_post_of_topic'), models.Index(condition=models.Q(('hidden_at__isnull', False), ('is_question', True)), fields=['topic'], name='forum_question_hidden')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_question', True)), fields=('topic',), name='forum_one_question'), models.UniqueConstraint(condition=models.Q(('solution_at__isnull', False)), fields=('topic',), name='forum_one_solution'), models.UniqueConstraint(fields=('by', 'token'), name='forum_post_one_per_token'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='forum_post_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('solution_at__isnull', True), ('solution_by__isnull', True)), models.Q(('is_question', False), ('solution_at__isnull', False), ('solution_by__isnull', False)), _connector='OR'), name='forum_solution_is_an_answer'), models.CheckConstraint(condition=models.Q(models.Q(('hidden_at__isnull', True), ('hidden_by__isnull', True), ('hidden_reason', '')), models.Q(('hidden_at__isnull', False), ('hidden_by__isnull', False), models.Q(('hidden_reason', ''), _negated=True)), _connector='OR'), name='forum_hidden_says_why')],
            },
        ),
        migrations.CreateModel(
            name='ForumRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(verbose_name='lu jusqu’au')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reads', to='support.forumtopic', verbose_name='sujet')),
            ],
            options={
                'verbose_name': 'lecture',
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('user', 'topic'), name='forum_read_once')],
            },
        ),
        migrations.CreateModel(
            name='ForumFollow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='depuis le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forum_follows', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('theme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='support.forumtheme', verbose_name='thème')),
                ('topic', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='support.forumtopic', verbose_name='sujet')),
            ],
            options={
                'verbose_name': 'abonnement',
                'ordering': ['-at', '-pk'],
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(('topic__isnull', True), ('theme__isnull', True), _connector='XOR'), name='forum_follow_of_one'), models.UniqueConstraint(fields=('user', 'topic'), name='forum_follow_topic_once'), models.UniqueConstraint(fields=('user', 'theme'), name='forum_follow_theme_once')],
            },
        ),
        migrations.CreateModel(
            name='ForumVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='support.forumpost', verbose_name='message')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'avis du forum',
                'verbose_name_plural': 'avis du forum',
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('post', 'user'), name='forum_one_vote_each')],
            },
        ),
        migrations.CreateModel(
            name='ForumImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField(verbose_name='image')),
                ('width', models.PositiveSmallIntegerField(verbose_name='largeur')),
                ('height', models.PositiveSmallIntegerField(verbose_name='hauteur')),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='image', to='support.forumpost', verbose_name='message')),
            ],
            options={
                'verbose_name': 'image du forum',
                'verbose_name_plural': 'images du forum',
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ForumPostEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_question', models.BooleanField(default=False, verbose_name='question')),
                ('text', models.TextField(max_length=10000, verbose_name='texte')),
                ('entity', models.CharField(blank=True, max_length=250, verbose_name='entité')),
                ('role', models.CharField(blank=True, max_length=250, verbose_name='rôles')),
                ('badge', models.CharField(blank=True, choices=[('support', 'Assistance'), ('national', 'Cellule nationale'), ('ars', 'ARS')], max_length=8, verbose_name='réponse officielle')),
                ('at', models.DateTimeField(verbose_name='écrit le')),
                ('edited_at', models.DateTimeField(null=True, verbose_name='modifié le')),
                ('hidden_at', models.DateTimeField(null=True, verbose_name='masqué le')),
                ('hidden_reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                ('solution_at', models.DateTimeField(null=True, verbose_name='solution depuis le')),
                ('token', models.UUIDField(default=uuid.uuid4, verbose_name='jeton')),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('hidden_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='masqué par')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='support.forumpost')),
                ('solution_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='désignée par')),
                ('topic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='support.forumtopic', verbose_name='sujet')),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ForumReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='signalé le')),
                ('reason', models.CharField(choices=[('personal', 'données personnelles ou mot de passe'), ('harsh', 'propos déplacés'), ('wrong', 'information dangereuse ou fausse'), ('elsewhere', 'hors sujet ou publicité')], max_length=10, verbose_name='motif')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='précision')),
                ('outcome', models.CharField(blank=True, choices=[('hidden', 'message masqué'), ('kept', 'message laissé')], max_length=6, verbose_name='suite')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='traité le')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='support.forumpost', verbose_name='message')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='traité par')),
            ],
            options={
                'verbose_name': 'signalement',
                'ordering': ['at', 'pk'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('post', 'by'), name='forum_one_open_report_each'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='forum_report_settled_says_how')],
            },
        ),
        common.migrations.AddTriggers(
            triggers=[('forumtopic', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumtopicevent" ("closed_at", "closed_by_id", "id", "is_pinned", "merged_into_id", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id", "title") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."id", NEW."is_pinned", NEW."merged_into_id", NEW."opened_at", NEW."opened_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."theme_id", NEW."title"); RETURN NULL;', hash='99e235cdfe74d33a26414698dacb6aeb96209ee0', operation='INSERT', pgid='pgtrigger_insert_insert_639bd', table='support_forumtopic', when='AFTER'))), ('forumtopic', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_by_id" IS DISTINCT FROM (NEW."closed_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_pinned" IS DISTINCT FROM (NEW."is_pinned") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."theme_id" IS DISTINCT FROM (NEW."theme_id") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "support_forumtopicevent" ("closed_at", "closed_by_id", "id", "is_pinned", "merged_into_id", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id", "title") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."id", NEW."is_pinned", NEW."merged_into_id", NEW."opened_at", NEW."opened_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."theme_id", NEW."title"); RETURN NULL;', hash='1065d1831c1cd0313b3ebc509d27ec25e75a6f88', operation='UPDATE', pgid='pgtrigger_update_update_e374c', table='support_forumtopic', when='AFTER'))), ('forumtopic', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumtopicevent" ("closed_at", "closed_by_id", "id", "is_pinned", "merged_into_id", "opened_at", "opened_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id", "title") VALUES (OLD."closed_at", OLD."closed_by_id", OLD."id", OLD."is_pinned", OLD."merged_into_id", OLD."opened_at", OLD."opened_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."theme_id", OLD."title"); RETURN NULL;', hash='3c5970fc7106f4520a94e0c6c496548e04caa5a2', operation='DELETE', pgid='pgtrigger_delete_delete_44268', table='support_forumtopic', when='AFTER'))), ('question', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (NEW."answer", NEW."id", NEW."is_published", NEW."keywords", NEW."live", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."question", NEW."rank", NEW."roles", NEW."slug", NEW."source", NEW."theme", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='d2e28e17c7092196a63a76fb3ced941098a7fc6d', operation='INSERT', pgid='pgtrigger_insert_insert_2c64a', table='support_question', when='AFTER'))), ('question', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_published" IS DISTINCT FROM (NEW."is_published") OR OLD."keywords" IS DISTINCT FROM (NEW."keywords") OR OLD."live" IS DISTINCT FROM (NEW."live") OR OLD."question" IS DISTINCT FROM (NEW."question") OR OLD."rank" IS DISTINCT FROM (NEW."rank") OR OLD."roles" IS DISTINCT FROM (NEW."roles") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."theme" IS DISTINCT FROM (NEW."theme") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."updated_by_id" IS DISTINCT FROM (NEW."updated_by_id"))', func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (NEW."answer", NEW."id", NEW."is_published", NEW."keywords", NEW."live", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."question", NEW."rank", NEW."roles", NEW."slug", NEW."source", NEW."theme", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='67263195e30a24ca76e2f399604c644d5c8fe58b', operation='UPDATE', pgid='pgtrigger_update_update_a26f2', table='support_question', when='AFTER'))), ('question', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_questionevent" ("answer", "id", "is_published", "keywords", "live", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "rank", "roles", "slug", "source", "theme", "updated_at", "updated_by_id") VALUES (OLD."answer", OLD."id", OLD."is_published", OLD."keywords", OLD."live", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."question", OLD."rank", OLD."roles", OLD."slug", OLD."source", OLD."theme", OLD."updated_at", OLD."updated_by_id"); RETURN NULL;', hash='a96c9bd0b53adf699cca7faf937dd5bfdd6baea2', operation='DELETE', pgid='pgtrigger_delete_delete_f16ec', table='support_question', when='AFTER'))), ('forumpost', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumpostevent" ("at", "badge", "by_id", "edited_at", "entity", "hidden_at", "hidden_by_id", "hidden_reason", "id", "is_question", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "solution_at", "solution_by_id", "text", "token", "topic_id") VALUES (NEW."at", NEW."badge", NEW."by_id", NEW."edited_at", NEW."entity", NEW."hidden_at", NEW."hidden_by_id", NEW."hidden_reason", NEW."id", NEW."is_question", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."solution_at", NEW."solution_by_id", NEW."text", NEW."token", NEW."topic_id"); RETURN NULL;', hash='2bca040ff573f1f0733ee2c1d10ed40f32065ffc', operation='INSERT', pgid='pgtrigger_insert_insert_e7fa9', table='support_forumpost', when='AFTER'))), ('forumpost', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "support_forumpostevent" ("at", "badge", "by_id", "edited_at", "entity", "hidden_at", "hidden_by_id", "hidden_reason", "id", "is_question", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "solution_at", "solution_by_id", "text", "token", "topic_id") VALUES (NEW."at", NEW."badge", NEW."by_id", NEW."edited_at", NEW."entity", NEW."hidden_at", NEW."hidden_by_id", NEW."hidden_reason", NEW."id", NEW."is_question", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."solution_at", NEW."solution_by_id", NEW."text", NEW."token", NEW."topic_id"); RETURN NULL;', hash='de69abc91873bd6c470cd1e458eda63fb19a059d', operation='UPDATE', pgid='pgtrigger_update_update_e0836', table='support_forumpost', when='AFTER'))), ('forumpost', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumpostevent" ("at", "badge", "by_id", "edited_at", "entity", "hidden_at", "hidden_by_id", "hidden_reason", "id", "is_question", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "solution_at", "solution_by_id", "text", "token", "topic_id") VALUES (OLD."at", OLD."badge", OLD."by_id", OLD."edited_at", OLD."entity", OLD."hidden_at", OLD."hidden_by_id", OLD."hidden_reason", OLD."id", OLD."is_question", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."solution_at", OLD."solution_by_id", OLD."text", OLD."token", OLD."topic_id"); RETURN NULL;', hash='dbb4f6e1ff17e27d19a22c3f3d0084108e958cac', operation='DELETE', pgid='pgtrigger_delete_delete_83263', table='support_forumpost', when='AFTER'))), ('forumreader', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumreaderevent" ("pace", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "restricted_by_id", "restricted_reason", "restricted_until", "user_id") VALUES (NEW."pace", _pgh_attach_context(), NOW(), \'insert\', NEW."user_id", NEW."restricted_by_id", NEW."restricted_reason", NEW."restricted_until", NEW."user_id"); RETURN NULL;', hash='71e514487959eff154a2b6167469b7b6849cbe13', operation='INSERT', pgid='pgtrigger_insert_insert_9fd70', table='support_forumreader', when='AFTER'))), ('forumreader', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."pace" IS DISTINCT FROM (NEW."pace") OR OLD."restricted_by_id" IS DISTINCT FROM (NEW."restricted_by_id") OR OLD."restricted_reason" IS DISTINCT FROM (NEW."restricted_reason") OR OLD."restricted_until" IS DISTINCT FROM (NEW."restricted_until") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "support_forumreaderevent" ("pace", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "restricted_by_id", "restricted_reason", "restricted_until", "user_id") VALUES (NEW."pace", _pgh_attach_context(), NOW(), \'update\', NEW."user_id", NEW."restricted_by_id", NEW."restricted_reason", NEW."restricted_until", NEW."user_id"); RETURN NULL;', hash='bdf624273f04fe4eda239e79b2afba5f2a8caf68', operation='UPDATE', pgid='pgtrigger_update_update_54804', table='support_forumreader', when='AFTER'))), ('forumreader', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumreaderevent" ("pace", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "restricted_by_id", "restricted_reason", "restricted_until", "user_id") VALUES (OLD."pace", _pgh_attach_context(), NOW(), \'delete\', OLD."user_id", OLD."restricted_by_id", OLD."restricted_reason", OLD."restricted_until", OLD."user_id"); RETURN NULL;', hash='8c29c5c0f9c8563325723e849bdba766b9cf8732', operation='DELETE', pgid='pgtrigger_delete_delete_4698a', table='support_forumreader', when='AFTER'))), ('forumtheme', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumthemeevent" ("archived_at", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."archived_at", NEW."description", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."title"); RETURN NULL;', hash='397cbc7893f3ed79e60c6fd56016822ab1c95af0', operation='INSERT', pgid='pgtrigger_insert_insert_0296c', table='support_forumtheme', when='AFTER'))), ('forumtheme', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "support_forumthemeevent" ("archived_at", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."archived_at", NEW."description", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."title"); RETURN NULL;', hash='b898033a6f590e420e796e1b26e965152f03df74', operation='UPDATE', pgid='pgtrigger_update_update_60e75', table='support_forumtheme', when='AFTER'))), ('forumtheme', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "support_forumthemeevent" ("archived_at", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (OLD."archived_at", OLD."description", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."title"); RETURN NULL;', hash='965ce5c0bf0b34d8c89833302ba3e02d04804b23', operation='DELETE', pgid='pgtrigger_delete_delete_07b3b', table='support_forumtheme', when='AFTER')))],
        ),
    ]
