"""The task worker looks at the country, and writes the mail of the morning."""

from procrastinate.contrib.django import app

from steering.services.alert_looks import look_at_alerts
from steering.services.alert_mails import tell_daily

QUEUE = "alerts"


@app.periodic(cron="*/15 * * * *")
@app.task(queue=QUEUE, queueing_lock="alerts", lock="alerts")
def look(timestamp: int) -> None:
    """Every quarter of an hour."""
    look_at_alerts()


@app.periodic(cron="40 7 * * *")
@app.task(queue=QUEUE, queueing_lock="alerts-daily", lock="alerts-daily")
def write_daily(timestamp: int) -> None:
    """Each morning, to those who want one mail a day."""
    tell_daily()
