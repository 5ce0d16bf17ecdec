"""What the task worker does for the journal: seal it each minute, purge it each night."""

import logging

from procrastinate.contrib.django import app

from journal.sealing.keys import MissingKeyError
from journal.sealing.purging import purge_old
from journal.sealing.seals import seal_pending

JOURNAL = "journal"
logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queue=JOURNAL, queueing_lock="journal-sealing", lock="journal-sealing")
def seal_journal(timestamp: int) -> None:
    """Each minute: what was written since is closed; a worker that stopped catches up at once."""
    try:
        seal_pending()
    except MissingKeyError as error:  # told each minute, and on the page of health
        logger.error("%s", error)


@app.periodic(cron="50 3 * * *")
@app.task(queue=JOURNAL, queueing_lock="journal-purge", lock="journal-purge")
def purge_journal(timestamp: int) -> None:
    """Each night: what is past its delay leaves, by whole batches."""
    purge_old()
