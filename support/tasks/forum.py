"""The forum: who is told of a post, each day what came."""

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from accounts.models import SentMail
from accounts.tasks import AGAIN, MAIL
from support.forum.letters import tell_digest, tell_post
from support.models import ForumPost, ForumReader


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def announce_forum_post(context: JobContext, post: int) -> None:
    """Queue the letters of a post, once; hidden meanwhile, nobody is told."""
    with transaction.atomic():
        _, is_first = SentMail.objects.get_or_create(job=context.job.id)
        rows = ForumPost.objects.of_shown_topics().select_related("topic__theme", "by")
        found = rows.filter(pk=post).first()
        if is_first and found is not None:
            tell_post(found)


@app.periodic(cron="15 6 * * *")
@app.task(queue=MAIL, queueing_lock="forum-digests", lock="forum-digests")
def send_forum_digests(timestamp: int) -> None:
    """Each morning; stopped half-way, those who were told are not told twice."""
    daily = ForumReader.objects.filter(pace=ForumReader.Pace.DAILY, user__is_active=True)
    for number in list(daily.values_list("pk", flat=True)):
        with transaction.atomic():
            rows = ForumReader.objects.select_for_update(of=("self",), no_key=True)
            reader = rows.select_related("user").get(pk=number)
            now = timezone.now()
            tell_digest(reader, now)
            reader.digest_at = now
            reader.save(update_fields=["digest_at"])
