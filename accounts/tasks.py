"""What the task worker does for accounts: write and send the mails of the circuits."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.notices import Notice

MAIL = "mail"


@app.task(queue=MAIL, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_notice(notice: str, number: int, about: int | None) -> None:
    """Write the mail from the rows as they are now, and send it; tried again if that fails."""
    Notice(notice)
