"""What the task worker does for accounts: write and send the mails, make the rounds."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from accounts.models import SentMail
from accounts.notices import Notice, notify, rounds
from accounts.notices.letters import AUDIENCES, LETTERS
from accounts.notices.mails import write
from accounts.notices.sealed import unseal
from accounts.notices.sending import send_once
from accounts.services.account import anonymise_closed_accounts, forget_old_histories
from accounts.sessions import forget_ended_sessions
from common.background import give_back_stalled

logger = logging.getLogger(__name__)
MAIL = "mail"
KEPT = timedelta(days=30)
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4)  # for a day, less and less often
FIRST = 10  # before the letters: somebody waits for this code, or for what a dead process left


@app.task(queue=MAIL, retry=AGAIN, pass_context=True)
def send_notice(context: JobContext, notice: str, number: int, about: int | None) -> None:
    """Write the mail from the rows as they are now, and send it; nothing if it is out of date."""
    kind = Notice(notice)
    if about is None and kind in AUDIENCES:
        send_to_each(context.job.id, kind, number)
        return
    with transaction.atomic():
        letter = LETTERS[kind](number, about)
        if letter is not None:
            send_once(write(letter.template, letter.to, letter.context), context.job.id)


@app.task(queue=MAIL, retry=AGAIN, pass_context=True, priority=FIRST)
def send_sealed(context: JobContext, sealed: str) -> None:
    """Send a mail that was written with a code or a link inside, while it is of use."""
    message = unseal(sealed)
    if message is None:
        logger.warning("a sealed mail was left: too late, or of another secret")
        return
    send_once(message, context.job.id)


@transaction.atomic
def send_to_each(job: int, notice: Notice, number: int) -> None:
    """One job a person, queued once: what fails for one does not come again to the others."""
    _, is_first = SentMail.objects.get_or_create(job=job)
    if is_first:
        for person in AUDIENCES[notice](number):
            notify(notice, number, about=person)


@app.periodic(cron="* * * * *")
@app.task(queue=MAIL, queueing_lock="request-rounds", lock="request-rounds")
def make_rounds(timestamp: int) -> None:
    """Each minute: who has requests to decide, which have waited for too long."""
    rounds.tell_deciders()
    rounds.write_to_mailboxes()
    rounds.remind_deciders()


@app.periodic(cron="* * * * *")
@app.task(queue=MAIL, queueing_lock="jobs-stalled", priority=FIRST)
async def give_back_jobs(timestamp: int) -> None:
    """Of every queue, from the one that both processes follow; a mail that had left is marked."""
    await give_back_stalled()


@app.periodic(cron="40 3 * * *")
@app.task(queue=MAIL, queueing_lock="job-cleaning")
async def forget_done_jobs(timestamp: int) -> None:
    """Each night: what is done leaves every queue, mails sealed or not; failures stay a month."""
    await app.job_manager.delete_old_jobs(nb_hours=24)
    await app.job_manager.delete_old_jobs(
        nb_hours=int(KEPT.total_seconds()) // 3600, include_failed=True
    )
    await SentMail.objects.filter(sent_at__lt=timezone.now() - KEPT).adelete()


@app.periodic(cron="20 3 * * *")
@app.task(queue=MAIL, queueing_lock="account-cleaning")
def forget_people_and_sessions(timestamp: int) -> None:
    """Each night: accounts closed for long lose their names, sessions long over leave."""
    anonymise_closed_accounts()
    forget_ended_sessions()


@app.periodic(cron="10 4 2 * *")
@app.task(queue=MAIL, queueing_lock="history-cleaning")
def forget_in_histories(timestamp: int) -> None:
    """Each month: the states past their delay lose the names and contacts that they hold."""
    forget_old_histories()
