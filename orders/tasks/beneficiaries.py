"""The list of beneficiaries follows the directory, the categories and the regions, each night.

Soon after midnight in Paris: what is dated holds from the beginning of its day.
"""

from procrastinate.contrib.django import app

from orders.services.beneficiaries import refresh_beneficiaries

ORDERS = "orders"


@app.periodic(cron="5 0 * * *")
@app.task(queue=ORDERS, queueing_lock="orders-beneficiaries", lock="orders-beneficiaries")
def refresh_list(timestamp: int) -> None:
    refresh_beneficiaries(by=None)
